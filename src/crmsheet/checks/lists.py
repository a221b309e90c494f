"""Choices that are not in their list, and children that do not belong to their parent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crmsheet.checks.subject import Subject
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import listed
from crmsheet.model.several import parted, with_signs
from crmsheet.model.spec import Field, FieldType
from crmsheet.model.state import ListRow

_SHOWN = 8


def check(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if field.type is FieldType.CHOICE:
            yield from _choices(subject, field)
        elif field.type is FieldType.MULTI_CHOICE:
            yield from _several(subject, field)


def _choices(subject: Subject, field: Field) -> Iterator[Diagnostic]:
    rows = subject.state.lists.get(field.list, ())
    labels = subject.labels.get(field.list, frozenset())
    texts = subject.distinct(field, str)
    if not field.depends_on and texts is not None and all(str(t).casefold() in labels for t in texts if t):
        return
    every = _options(rows)
    children: dict[str, set[str]] = {}
    parent_values: Sequence[object] = ()
    if field.depends_on:
        parent_field = subject.table.field(field.depends_on)
        parent_values = subject.values(parent_field)
        parent_labels = {r.id: r.label for r in subject.state.lists.get(parent_field.list, ())}
        for row in rows:
            if row.label:
                children.setdefault(parent_labels.get(row.parent, "").casefold(), set()).add(row.label)
    for index, value in subject.filled(field):
        text = str(value).casefold() if isinstance(value, str | int | float) else ""
        if text not in labels:
            yield _not_in_list(subject, index, field, str(value), every)
        elif field.depends_on:
            parent = str(parent_values[index] or "")
            fitting = children.get(parent.casefold(), set())
            if text not in {f.casefold() for f in fitting}:
                options = sorted(fitting, key=every.index)
                yield subject.finding(
                    "D110",
                    index,
                    field,
                    allowed=tuple(options),
                    parent=parent,
                    options=_listed(subject, options),
                )


def _options(rows: Iterable[ListRow]) -> list[str]:
    """What there is to choose from, each once; options whose labels people cleared are none."""
    return list(dict.fromkeys(row.label for row in rows if row.label))


def _several(subject: Subject, field: Field) -> Iterator[Diagnostic]:
    labels = subject.labels.get(field.list, frozenset())
    every = _options(subject.state.lists.get(field.list, ()))
    signed = with_signs(every)
    for index, value in subject.filled(field):
        for part in parted(str(value), signed):
            if part.casefold() not in labels:
                yield _not_in_list(subject, index, field, part, every)


def _not_in_list(subject: Subject, index: int, field: Field, text: str, every: list[str]) -> Diagnostic:
    from difflib import get_close_matches

    near = (
        get_close_matches(text, every, 3, 0.5) or [e for e in every if text and (text in e or e in text)][:3]
    )
    ordered = near + [e for e in every if e not in near]
    return subject.finding("D103", index, field, allowed=tuple(ordered), options=_listed(subject, ordered))


def _listed(subject: Subject, options: Sequence[str]) -> str:
    text = listed(options[:_SHOWN], language=subject.language.value)
    if len(options) > _SHOWN:
        text += " " + noun("and_more", subject.language, count=len(options) - _SHOWN)
    return text
