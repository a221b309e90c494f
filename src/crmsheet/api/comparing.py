"""Compare: what changed between two states of a book, by row id and field. Changes nothing.

Knows what belongs into a comparison and how it is narrowed. Does not know how differences are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches

from crmsheet.api.differences.figures import Figures, figures
from crmsheet.api.differences.found import Change, Compared, Kind, SpecChange, TableDifference
from crmsheet.api.differences.inputs import date_change, list_changes, selector_changes, setting_changes
from crmsheet.api.differences.names import header_changes, sheet_changes
from crmsheet.api.differences.pairing import pairs_of, with_boards
from crmsheet.api.differences.sides import Side, opened
from crmsheet.api.differences.specs import spec_changes
from crmsheet.api.differences.tables import Wish, compared_table, one_sided
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.excel.dates import date_system
from crmsheet.messages import say
from crmsheet.model.spec import Table
from crmsheet.model.succession import Succession

__all__ = ["Compared", "compare"]


def compare(
    old: bytes,
    new: bytes,
    *,
    old_name: str,
    new_name: str,
    today: date,
    tables: Iterable[str] = (),
    fields: Iterable[str] = (),
    computed: bool = False,
) -> Compared:
    """What differs from the old workbook to the new one. `tables` and `fields` (ids, labels, headers) narrow it;
    `computed` lists computed cells that changed, which otherwise are counted.

    Raises WorkbookRefused for what is no workbook of ours, UsageError for tables or fields that neither has.
    """
    before, after = opened(old, old_name, today), opened(new, new_name, today)
    with date_system(since_1904=False):
        return _Comparison(before, after, tuple(tables), tuple(fields), computed=computed).result()


class _Comparison:
    """Two books that were read."""

    def __init__(
        self, old: Side, new: Side, tables: tuple[str, ...], fields: tuple[str, ...], *, computed: bool
    ) -> None:
        self._old, self._new = old, new
        self._before = with_boards(old.model, old.reading.record.left_out)
        self._after = with_boards(new.model, new.reading.record.left_out)
        self._pairs: Succession = pairs_of(self._before, self._after)
        self._by_key = old.reading.record.book_code != new.reading.record.book_code
        self._all = not tables and not fields
        self._tables = self._chosen_tables(tables)
        self._wish = Wish(self._chosen_fields(fields) if fields else None, computed)

    def result(self) -> Compared:
        changes: list[Change] = []
        differences: list[TableDifference] = []
        for was, now in self._tables:
            differences.append(self._difference(was, now))
            if was is not None and now is not None:
                changes += (
                    c
                    for c in header_changes(self._old, self._new, was, now, self._pairs)
                    if self._wish.looks_at(now.id, c.id)
                )
        if self._all:
            changes = [
                *date_change(self._old, self._new),
                *setting_changes(self._old, self._new, self._pairs),
                *selector_changes(self._old, self._new, self._pairs),
                *list_changes(self._old, self._new, self._pairs),
                *changes,
                *sheet_changes(self._old, self._new, self._pairs),
            ]
        numbers = figures(self._old, self._new, self._pairs) if self._all else Figures((), 0)
        return Compared(
            self._old.state(),
            self._new.state(),
            self._by_key,
            tuple(d for d in differences if d.id or d.old_id),
            tuple(changes),
            numbers.changed,
            numbers.without_value,
            tuple(self._spec()),
        )

    def _difference(self, was: Table | None, now: Table | None) -> TableDifference:
        if was is not None and now is not None:
            pairs = self._pairs.fields.get(now.id, {})
            return compared_table(self._old, self._new, was, now, pairs, self._wish, by_key=self._by_key)
        if now is not None:
            return one_sided(self._new, now, self._wish, is_new=True)
        assert was is not None
        return one_sided(self._old, was, self._wish, is_new=False)

    def _spec(self) -> Iterator[SpecChange]:
        shown = {now.id for _, now in self._tables if now is not None}
        gone = {was.id for was, now in self._tables if was is not None and now is None}
        for change in spec_changes(self._old, self._new, self._before, self._after, self._pairs):
            match change.what:
                case _ if self._all:
                    yield change
                case "field":
                    if change.within_id in shown and self._wish.looks_at(change.within_id, change.id):
                        yield change
                case "rule":
                    if change.within_id in shown and self._wish.fields is None:
                        yield change
                case "table":
                    names = (change.old_id in gone) if change.kind is Kind.REMOVED else (change.id in shown)
                    if names and self._wish.fields is None:
                        yield change
                case _:
                    pass

    # What is asked for

    def _both(self) -> list[tuple[Table | None, Table | None]]:
        """All tables, in the new book's order, then those that are gone."""
        old = {t.id: t for t in self._old.model.tables}
        found: list[tuple[Table | None, Table | None]] = [
            (old.pop(self._pairs.tables.get(t.id, ""), None), t) for t in self._new.model.tables
        ]
        return [*found, *((t, None) for t in old.values())]

    def _chosen_tables(self, wanted: tuple[str, ...]) -> list[tuple[Table | None, Table | None]]:
        everything = self._both()
        if not wanted:
            return everything
        words = [
            {w for side, table in ((self._old, was), (self._new, now)) if table for w in _names(side, table)}
            for was, now in everything
        ]
        chosen = {i for name in wanted for i in _found("table", name, words, self._new.name)}
        return [pair for i, pair in enumerate(everything) if i in chosen]

    def _chosen_fields(self, wanted: tuple[str, ...]) -> frozenset[tuple[str, str]]:
        ids: list[tuple[str, str]] = []
        words: list[set[str]] = []
        for was, now in self._tables:
            if now is None:
                continue
            for field in now.fields:
                former = self._pairs.fields.get(now.id, {}).get(field.id, "")
                own = {field.id, field.label.zh, field.label.en, former}
                own.add(self._new.reading.layout.tables[now.id].headers.get(field.id, ""))
                if was is not None:
                    own.add(self._old.reading.layout.tables[was.id].headers.get(former, ""))
                ids.append((now.id, field.id))
                words.append(own - {""})
        return frozenset(ids[i] for name in wanted for i in _found("field", name, words, self._new.name))


def _names(side: Side, table: Table) -> set[str]:
    """What people may call a table."""
    place = side.reading.layout.tables[table.id]
    return {table.id, table.label.zh, table.label.en, place.sheet, place.name}


def _found(what: str, name: str, words: list[set[str]], file: str) -> list[int]:
    """The things that bear a name. Raises UsageError when none does."""
    wanted = name.strip().casefold()
    found = [i for i, own in enumerate(words) if wanted in {w.strip().casefold() for w in own}]
    if found:
        return found
    every = list(dict.fromkeys(w for own in words for w in sorted(own)))
    near = get_close_matches(name, every, 3)
    raise UsageError(
        Diagnostic(
            "U111",
            say("there is no {what} '{name}'", what=what, name=name),
            FilePlace(file),
            remedy=say("Did you mean '{near}'?", near=near[0])
            if near
            else say("Give the id, the label or the header of a {what}.", what=what),
            allowed=tuple(near or every),
        )
    )
