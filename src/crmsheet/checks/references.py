"""References to rows that do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from crmsheet.checks.subject import Subject
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.model.spec import Field, FieldType

_MOST_GUESSED: Final = 100
"""Texts of a column for which a similar key is looked for: among thousands of keys that takes a while."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if field.type is FieldType.REFERENCE:
            yield from _of_field(subject, field)


def _of_field(subject: Subject, field: Field) -> Iterator[Diagnostic]:
    target = subject.model.table(field.table)
    rows = subject.state.tables.get(target.id)
    keys = [str(k) for k in (rows.columns.get(target.key, ()) if rows else ()) if k is not None]
    known = {k.casefold() for k in keys}
    label = target.label.text(subject.language)
    said: dict[str, tuple[Sequence[str], str]] = {}
    for index, value in subject.filled(field):
        text = str(value)
        if text.casefold() in known:
            continue
        if text not in said:
            said[text] = _remedy(subject, field, text, keys if len(said) < _MOST_GUESSED else ())
        near, hint = said[text]
        yield subject.finding("D106", index, field, allowed=tuple(near), target=label, hint=hint)


def _remedy(subject: Subject, field: Field, text: str, keys: Sequence[str]) -> tuple[Sequence[str], str]:
    """The keys that may be meant, and what to do."""
    new = subject.renamed.get((field.table, text.casefold()))
    if new is not None:
        return (new,), noun("renamed", subject.language, new=new)
    from difflib import get_close_matches

    near = get_close_matches(text, keys, 3, 0.5) if keys else []
    if near:
        return near, noun("near", subject.language, near=near[0])
    label = subject.model.table(field.table).label.text(subject.language)
    return (), noun("add_first", subject.language, target=label)
