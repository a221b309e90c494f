"""References to rows that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.checks.subject import Subject
from crmsheet.checks.words import noun
from crmsheet.diagnostics import Diagnostic
from crmsheet.model.spec import FieldType


def check(subject: Subject) -> Iterator[Diagnostic]:
    for field in subject.inputs():
        if field.type is not FieldType.REFERENCE:
            continue
        target = subject.model.table(field.table)
        rows = subject.state.tables.get(target.id)
        keys = [str(k) for k in (rows.columns.get(target.key, ()) if rows else ()) if k is not None]
        known = {k.casefold() for k in keys}
        label = target.label.text(subject.language)
        for index, value in subject.filled(field):
            text = str(value)
            if text.casefold() not in known:
                from difflib import get_close_matches

                near = get_close_matches(text, keys, 3, 0.5)
                hint = (
                    noun("near", subject.language, near=near[0])
                    if near
                    else noun("add_first", subject.language, target=label)
                )
                yield subject.finding("D106", index, field, allowed=tuple(near), target=label, hint=hint)
