"""What stays out of an export: private fields, and rows of people who did not consent.

Knows which fields tell what a private one holds, and which rows a table keeps. Does not know files.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.excel.values import Value
from crmsheet.export.source import Source, Wish
from crmsheet.formulas.tree import Cell, Column, walk
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import Consent, Field, FieldType, Model, Table
from crmsheet.structs import dataclass, field

_TELLING = (FieldType.DATE, FieldType.DATETIME)


@dataclass(slots=True)
class PrivateFields:
    """Private are fields that the spec calls so, what is looked up from them, and formulas whose text or date is made of
    them. A number or a truth value that is computed with them (how complete a row is) is not."""

    model: Model
    known: dict[tuple[str, str], bool] = field(default_factory=dict)

    def holds(self, table: Table, own: Field) -> bool:
        at = (table.id, own.id)
        if at not in self.known:
            self.known[at] = own.private
            self.known[at] = own.private or any(
                self.holds(self.model.table(t), self.model.table(t).field(f))
                for t, f in self._read(table, own)
            )
        return self.known[at]

    def _read(self, table: Table, own: Field) -> Iterator[tuple[str, str]]:
        """The fields whose content can be read from a computed one."""
        if own.lookup is not None:
            there = table.field(own.lookup.via).table
            if there and self.model.table(there).has_field(own.lookup.field):
                yield there, own.lookup.field
        elif own.rollup is not None:
            if own.rollup.field and own.rollup.agg in (Aggregation.MIN, Aggregation.MAX):
                yield own.rollup.table, own.rollup.field
        elif own.expr is not None and _tells(own):
            for node in walk(own.expr):
                if isinstance(node, Cell | Column) and self.model.table(node.table).has_field(node.field):
                    yield node.table, node.field
        if own.override:
            yield table.id, own.override
        if own.type is FieldType.REFERENCE and own.table:
            # A reference shows the key of the row that it names.
            yield own.table, self.model.table(own.table).key


def _tells(own: Field) -> bool:
    return (own.result is FieldType.TEXT and not own.list) or own.result in _TELLING


def kept_rows(source: Source, table: Table, wish: Wish) -> tuple[int, ...]:
    """The indexes of a table's rows that are exported: not the blank ones, nor those without consent."""
    rows = source.rows(table.id)
    filled = [i for i, row in enumerate(rows.ids) if row]
    asked = next((f for f in table.fields if f.consent is not None), None)
    if asked is None or wish.without_consent:
        return tuple(filled)
    answers = source.column(table.id, asked.id)
    return tuple(i for i in filled if _agreed(asked.consent, answers[i]))


def _agreed(consent: Consent | None, answer: Value) -> bool:
    """Whether an answer, a truth value that LibreOffice may have saved as a number, lets a row go out."""
    yes = answer not in (None, "") and answer in (True, 1)
    no = answer not in (None, "") and answer in (False, 0)
    return yes if consent is Consent.OPT_IN else not no
