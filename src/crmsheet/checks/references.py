"""References to rows that do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from crmsheet.checks.subject import Subject
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.model.spec import Field, FieldType

_MOST_GUESSED: Final = 100
"""Texts of a column for which a similar key is looked for: among thousands of keys that takes a while."""
_SLIP: Final = 2
"""Characters that may be mistyped."""
_ALIKE: Final = 0.5
"""How alike texts must be for one to be taken for the other."""


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

    near = (
        [key for key in get_close_matches(text, keys, 3, _ALIKE) if _may_be_meant(text, key)] if keys else []
    )
    if near:
        return near, noun("near", subject.language, near=near[0])
    label = subject.model.table(field.table).label.text(subject.language)
    return (), noun("add_first", subject.language, target=label)


def _may_be_meant(text: str, key: str) -> bool:
    """Whether a text may be a slip or a short form of a key; most names of companies end alike."""
    from difflib import SequenceMatcher

    begin = _begin_alike(text, key)
    one, other = text[begin:], key[begin:]
    end = _begin_alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    return len(one) <= _SLIP or not other or SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _begin_alike(one: str, other: str) -> int:
    """How many characters two texts have in common from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
