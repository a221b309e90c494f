"""Which row of a table is meant by values from outside: by its key, or by other fields chosen for it.

Knows the forms in which two values are the same thing: phone numbers by their digits, texts without width, case and
spaces. Does not guess: what is only similar is `duplicates`' business.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import Value
from crmsheet.intake.texts import name_form, phone_text
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.read import Reading
from crmsheet.structs import dataclass, field

_DIGITS: Final = re.compile(r"\D+")
_Forms: TypeAlias = tuple[str, ...]
_Raws: TypeAlias = tuple[Value, ...]
Sought: TypeAlias = Sequence[tuple[_Raws, _Forms]]


def form(own: Field, value: Value) -> str:
    """The form in which two values of a field are the same; empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        if own.type is FieldType.PHONE:
            return _DIGITS.sub("", phone_text(value)) or name_form(value)
        return name_form(value)
    if isinstance(value, bool):
        return str(value)
    return general_text(value) if isinstance(value, int | float) else ""


@dataclass(frozen=True, slots=True)
class Matching:
    """The rows of a table by each alternative of fields. Rows of the workbook are told by their ids, rows that are
    added meanwhile by their number."""

    alternatives: tuple[tuple[Field, ...], ...]
    _rows: tuple[dict[_Forms, list[tuple[_Raws, str | int]]], ...] = field(default=(), repr=False)

    @staticmethod
    def of(reading: Reading, table: Table, alternatives: Sequence[tuple[Field, ...]]) -> Matching:
        state = reading.state.tables[table.id]
        found = Matching(tuple(alternatives), tuple({} for _ in alternatives))
        for fields, rows in zip(found.alternatives, found._rows, strict=True):
            columns = [state.columns.get(f.id, (None,) * state.size) for f in fields]
            for id_, raws in zip(state.ids, zip(*columns, strict=True), strict=True):
                forms = _forms(fields, raws)
                if id_ and all(forms):
                    rows.setdefault(forms, []).append((raws, id_))
        return found

    def sought(self, values: Mapping[str, Value]) -> Sought:
        """What a row is found by: of each alternative the values and their forms."""
        found: list[tuple[_Raws, _Forms]] = []
        for fields in self.alternatives:
            raws = tuple([values.get(f.id) for f in fields])
            found.append((raws, _forms(fields, raws)))
        return found

    def found(self, sought: Sought) -> tuple[str | int, ...]:
        """The rows that are meant, by the first alternative that finds any: of several alike that which is the same
        to the letter."""
        for (raws, forms), rows in zip(sought, self._rows, strict=True):
            if forms in rows and all(forms):
                exact = [row for known, row in rows[forms] if known == raws]
                return tuple(exact) if len(exact) == 1 else tuple(row for _, row in rows[forms])
        return ()

    def add(self, sought: Sought, number: int) -> None:
        """A row that is added."""
        for (raws, forms), rows in zip(sought, self._rows, strict=True):
            if all(forms):
                rows.setdefault(forms, []).append((raws, number))


def _forms(fields: Sequence[Field], raws: Sequence[Value]) -> _Forms:
    return tuple([form(own, raw) for own, raw in zip(fields, raws, strict=True)])


def tells_rows_apart(reading: Reading, table: Table) -> bool:
    """Whether each row has a key of its own: it must, it is given by us, or other tables name the rows by it."""
    key = table.field(table.key)
    fields = [f for t in reading.record.model.tables for f in t.fields]
    named = any(f.type is FieldType.REFERENCE and f.table == table.id for f in fields)
    return key.unique or key.type is FieldType.ID or named


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a table that a reference may hold, and the forms that mean them."""

    exact: frozenset[str]
    forms: Mapping[str, str]

    @staticmethod
    def of(reading: Reading, table: str) -> Keys:
        rows = reading.state.tables[table]
        key = reading.record.model.table(table).key
        texts = [k for k in rows.columns.get(key, ()) if isinstance(k, str) and k]
        forms = Counter(map(name_form, texts))
        return Keys(frozenset(texts), {name_form(t): t for t in texts if forms[name_form(t)] == 1})

    def known(self, text: str) -> str | None:
        return text if text in self.exact else self.forms.get(name_form(text))
