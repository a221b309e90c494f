"""Names that join a workbook: of cells, of tables. Names are taken whoever uses them.

Knows that tables and workbook names share one space, and that a name whose cells are gone is free. Does not
know what a name is for.
"""

from __future__ import annotations

from crmsheet.messages import say
from crmsheet.opc.package import Package
from crmsheet.refresh.graft.refusals import Refusal
from crmsheet.sheetml.names import NameEdit, defined_names, name_edits
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.tables import tables_of

_GONE = "#REF!"


class Names:
    """The names of the target and those that join them."""

    def __init__(self, target: Package) -> None:
        self.edits: list[NameEdit] = []
        self._target = target
        tables = [t for s in target.workbook.sheets for t in tables_of(target, s.part)]
        self._tables = {t.name.casefold() for t in tables}
        self._last_id = max((t.id for t in tables), default=0)
        names = defined_names(target)
        self._names = {n.name.casefold(): n.text for n in names if n.sheet_index is None}
        self._local = {n.name.casefold() for n in names if n.sheet_index is not None}

    def next_table_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def take_table(self, name: str) -> None:
        """A table joins; refused when its name is taken."""
        key = name.casefold()
        if key in self._tables:
            raise self._taken("table", name, say("a table"))
        if key in self._names or key in self._local:
            raise self._taken("table", name, say("a name"))
        self._tables.add(key)

    def carry(self, scratch: Package, name: str) -> None:
        """A workbook name as the scratch has it."""
        found = next(
            (
                n
                for n in defined_names(scratch)
                if n.sheet_index is None and n.name.casefold() == name.casefold()
            ),
            None,
        )
        if found is None:
            raise ValueError(f"the scratch workbook has no name {name}")
        key = name.casefold()
        there = self._names.get(key)
        if there == found.text:
            return
        if key in self._tables:
            raise self._taken("name", name, say("a table"))
        if there is not None and _GONE not in there:
            raise self._taken("name", name, say("another name"))
        self._names[key] = found.text
        self.edits.append(NameEdit(found.name, found.text, None, found.hidden))

    def carry_local(self, scratch: Package, old_index: int, new_index: int) -> None:
        """The names that belong to a sheet: print titles, print areas."""
        self.edits += [
            NameEdit(n.name, n.text, new_index, n.hidden)
            for n in defined_names(scratch)
            if n.sheet_index == old_index
        ]

    @staticmethod
    def global_names(scratch: Package) -> tuple[str, ...]:
        """The names of the whole scratch workbook."""
        return tuple(n.name for n in defined_names(scratch) if n.sheet_index is None)

    def replacements(self) -> tuple[Replacement, ...]:
        """What changes in the target's workbook part; the last word on a name counts."""
        final = {(edit.name.casefold(), edit.sheet_index): edit for edit in self.edits}
        return name_edits(self._target, tuple(final.values()))

    def _taken(self, what: str, name: str, by: str) -> Exception:
        return Refusal.NAME_TAKEN.error(self._target.file, what=what, name=name, by=by)
