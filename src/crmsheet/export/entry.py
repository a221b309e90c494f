"""Tables and lists as relations.

Knows the ids that stand beside texts: of a row `_id`, of what a reference names and of a list item the field's id with
`_id` behind it. Does not know the star.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import ExcelError, Value
from crmsheet.export.privacy import PrivateFields, kept_rows
from crmsheet.export.relations import Column, Datum, ForeignKey, Kind, Misfit, Relation, Stored, free_name
from crmsheet.export.source import Meaning, Source, Wish
from crmsheet.export.typed import Typed, typed
from crmsheet.model.several import joined, parted, with_signs
from crmsheet.model.spec import Field, FieldType, ListDefinition, Table
from crmsheet.model.state import ListRow
from crmsheet.structs import dataclass, field

ROW_ID: Final = "_id"


@dataclass(frozen=True, slots=True)
class Exported:
    """A field that is exported: its columns (`id_column` is empty where there is none beside it)."""

    own: Field
    meaning: Meaning
    column: str
    id_column: str = ""


@dataclass(slots=True)
class Entry:
    """The tables that are exported, with what is found in them on the way."""

    source: Source
    wish: Wish
    misfits: list[Misfit] = field(default_factory=list)
    private: set[tuple[str, str]] = field(default_factory=set)
    _kept: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _keys: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _items: dict[str, Mapping[str, list[ListRow]]] = field(default_factory=dict)
    _secret: PrivateFields = field(init=False)
    _fields: dict[str, tuple[Exported, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._secret = PrivateFields(self.source.model)

    @property
    def tables(self) -> tuple[Table, ...]:
        wanted = self.wish.tables
        return tuple(t for t in self.source.model.tables if not wanted or t.id in wanted)

    @property
    def lists(self) -> tuple[ListDefinition, ...]:
        """The lists that exported fields choose from, and those that these depend on."""
        used = {e.meaning.list for t in self.tables for e in self.fields(t) if e.meaning.list}
        while more := {self.source.model.list(x).depends_on for x in used} - used - {""}:
            used |= more
        return tuple(x for x in self.source.model.lists if x.id in used)

    def kept(self, table: Table) -> tuple[int, ...]:
        """The indexes of the rows that are exported."""
        if table.id not in self._kept:
            self._kept[table.id] = kept_rows(self.source, table, self.wish)
        return self._kept[table.id]

    def left_out(self, table: Table) -> int:
        return sum(map(bool, self.source.rows(table.id).ids)) - len(self.kept(table))

    def is_private(self, table: Table, own: Field) -> bool:
        return not self.wish.private and self._secret.holds(table, own)

    def fields(self, table: Table) -> tuple[Exported, ...]:
        """The fields that are exported, each with its columns."""
        if table.id not in self._fields:
            self._fields[table.id] = tuple(self._exported(table))
        return self._fields[table.id]

    def _exported(self, table: Table) -> Iterator[Exported]:
        taken = [ROW_ID, *(f.id for f in table.fields)]
        for own in table.fields:
            meaning = self.source.meaning(table, own)
            linked = meaning.kind is FieldType.REFERENCE or meaning.kind is FieldType.CHOICE
            secret = self.is_private(table, own)
            if secret:
                self.private.add((table.id, own.id))
            if secret and (meaning.kind is not FieldType.REFERENCE or own.private):
                continue
            beside = ""
            if linked and (meaning.list or meaning.table):
                beside = free_name(f"{own.id}_id", taken)
                taken.append(beside)
            # What is only known by a private name is known by its id.
            yield Exported(own, meaning, "" if secret else own.id, beside)

    def relation(self, table: Table) -> Relation:
        """The rows of a table, by their ids."""
        kept = self.kept(table)
        ids = [self.source.rows(table.id).ids[i] for i in kept]
        columns = [Column(ROW_ID, Stored.TEXT, tuple(ids))]
        foreign: list[ForeignKey] = []
        for one in self.fields(table):
            cells = self._cells(table, one, kept)
            if one.column:
                done = self._typed(table, one, cells, ids)
                columns.append(Column(one.column, done.stored, done.values))
            if one.id_column:
                columns.append(Column(one.id_column, Stored.TEXT, self._ids(table, one, cells, kept)))
                target = one.meaning.table or list_relation(self.source, one.meaning.list)
                if one.meaning.list or one.meaning.table in {t.id for t in self.tables}:
                    key = ROW_ID if one.meaning.table else "id"
                    foreign.append(ForeignKey(one.id_column, target, key))
        dates = [c.id for c in columns if c.stored in (Stored.DATE, Stored.DATETIME)]
        indexed = (*(f.column for f in foreign), *dates)
        return Relation(table.id, Kind.ENTRY, tuple(columns), ROW_ID, tuple(foreign), indexed)

    def _cells(self, table: Table, one: Exported, kept: Sequence[int]) -> list[Value]:
        """A field's cells, without what they tell of rows that stay out."""
        values = self.source.column(table.id, one.own.id)
        cells: list[Value] = [values[i] for i in kept]
        hidden = self._hidden(table, one.own)
        if hidden is None:
            return cells
        names, gone = hidden
        return [None if names[i] in gone else value for i, value in zip(kept, cells, strict=True)]

    def _hidden(self, table: Table, own: Field) -> tuple[list[str], frozenset[str]] | None:
        """For a reference, and a lookup through one: the rows meant, by their ids, and those that stay out."""
        via = own if own.type is FieldType.REFERENCE else None
        if own.lookup is not None and table.field(own.lookup.via).table:
            via = table.field(own.lookup.via)
        if via is None or via.type is not FieldType.REFERENCE:
            return None
        target = self.source.model.table(via.table)
        if not self.left_out(target):
            return None
        ids = self.source.rows(target.id).ids
        stay = frozenset(ids) - {ids[i] for i in self.kept(target)} - {""}
        known = self._rows_by_key(target)
        column = self.source.column(table.id, via.id)
        return [known.get(_key(value), "") for value in column], stay

    def _typed(self, table: Table, one: Exported, cells: Sequence[Value], ids: Sequence[str]) -> Typed:
        if one.meaning.list and one.meaning.kind in (FieldType.CHOICE, FieldType.MULTI_CHOICE):
            cells = [self._translated(one.meaning, v) for v in cells]
        done = typed(one.meaning.kind, cells, computed=one.own.type.computed)
        for index in done.misfits:
            value = cells[index]
            shown = value.value if isinstance(value, ExcelError) else str(value)
            self.misfits.append(Misfit(table.id, ids[index], one.own.id, shown))
        return done

    def _translated(self, meaning: Meaning, value: Value) -> Value:
        if not isinstance(value, str) or self.source.shown is self.source.language:
            return value
        definition = self.source.model.list(meaning.list)
        many = meaning.kind is FieldType.MULTI_CHOICE
        parts = parted(value, self._signed(meaning.list)) if many else (value,)
        rows = [self.item(meaning.list, part) for part in parts]
        texts = [
            self.source.item_label(definition, r) if r is not None else p
            for r, p in zip(rows, parts, strict=True)
        ]
        return joined(texts, self.source.shown) if many else texts[0]

    def _ids(
        self, table: Table, one: Exported, cells: Sequence[Value], kept: Sequence[int]
    ) -> tuple[Datum, ...]:
        if one.meaning.table:
            known = self._rows_by_key(self.source.model.table(one.meaning.table))
            target = self.source.model.table(one.meaning.table)
            ids = self.source.rows(target.id).ids
            out = {ids[i] for i in self.kept(target)}
            return tuple(found if (found := known.get(_key(v), "")) in out else None for v in cells)
        parents = self._parents(table, one.own)
        found_items = (
            self.item(one.meaning.list, v, parents[i] if parents else "") if isinstance(v, str) else None
            for i, v in zip(kept, cells, strict=True)
        )
        return tuple((row.id or None) if row is not None else None for row in found_items)

    def _parents(self, table: Table, own: Field) -> list[str] | None:
        """Of a choice whose list depends on another field's: the item ids chosen there."""
        if not own.depends_on:
            return None
        parent = table.field(own.depends_on)
        rows = (self.item(parent.list, str(v)) for v in self.source.column(table.id, parent.id))
        return [row.id if row is not None else "" for row in rows]

    def _signed(self, list_id: str) -> frozenset[str]:
        return with_signs(row.label for row in self.source.state.lists.get(list_id, ()))

    def item(self, list_id: str, label: str, parent: str = "") -> ListRow | None:
        """The list row with a label; of several, the one below the parent."""
        if list_id not in self._items:
            by_label: dict[str, list[ListRow]] = {}
            for row in self.source.state.lists.get(list_id, ()):
                by_label.setdefault(row.label.casefold(), []).append(row)
            self._items[list_id] = by_label
        rows = self._items[list_id].get(label.casefold(), [])
        return next((r for r in rows if parent and r.parent == parent), rows[0] if rows else None)

    def _rows_by_key(self, target: Table) -> Mapping[str, str]:
        """The ids of a table's rows by their keys, as Excel finds them: the first, without regard to case."""
        if target.id not in self._keys:
            pairs = list(
                zip(self.source.column(target.id, target.key), self.source.rows(target.id).ids, strict=False)
            )
            self._keys[target.id] = {
                _key(k): row for k, row in reversed(pairs) if row and k not in (None, "")
            }
        return self._keys[target.id]

    def items(self, table: Table, one: Exported) -> Relation:
        """The items of a multi-choice field, a row each."""
        kept = self.kept(table)
        ids = self.source.rows(table.id).ids
        values = self.source.column(table.id, one.own.id)
        definition = self.source.model.list(one.meaning.list)
        rows: list[tuple[str, str | None, str]] = []
        signed = self._signed(one.meaning.list)
        for i in kept:
            for part in _parts(values[i], signed):
                row = self.item(one.meaning.list, part)
                label = self.source.item_label(definition, row) if row is not None else part
                rows.append((ids[i], (row.id or None) if row is not None else None, label))
        return Relation(
            free_name(f"{table.id}__{one.own.id}", (t.id for t in self.source.model.tables)),
            Kind.ITEMS,
            text_columns(("row_id", "item_id", "label"), rows),
            "",
            (
                ForeignKey("row_id", table.id, ROW_ID),
                ForeignKey("item_id", list_relation(self.source, definition.id), "id"),
            ),
            ("row_id", "item_id"),
        )

    def list_rows(self, definition: ListDefinition) -> Relation:
        """A list's items, in the order of the book, with their attributes."""
        rows = [r for r in self.source.state.lists.get(definition.id, ()) if r.id]
        known = {i.id: i for i in definition.items}
        texts = [
            (
                r.id,
                self.source.item_label(definition, r),
                known[r.id].label.zh if r.id in known else r.label,
                known[r.id].label.en if r.id in known else r.label,
                r.parent or None,
            )
            for r in rows
        ]
        columns = list(text_columns(("id", "label", "label_zh", "label_en", "parent_id"), texts))
        columns.append(Column("position", Stored.INTEGER, tuple(range(1, len(rows) + 1))))
        taken = [c.id for c in columns]
        for name in definition.attribute_names:
            columns.append(
                Column(free_name(name, taken), *_attribute([r.attributes.get(name) for r in rows]))
            )
            taken.append(columns[-1].id)
        foreign: tuple[ForeignKey, ...] = ()
        if definition.depends_on:
            foreign = (ForeignKey("parent_id", list_relation(self.source, definition.depends_on), "id"),)
        return Relation(list_relation(self.source, definition.id), Kind.LIST, tuple(columns), "id", foreign)


def list_relation(source: Source, list_id: str) -> str:
    return free_name(f"list_{list_id}", (t.id for t in source.model.tables))


def text_columns(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> tuple[Column, ...]:
    """Columns of texts from rows; empty text is none."""
    return tuple(
        Column(name, Stored.TEXT, tuple(row[index] or None for row in rows))
        for index, name in enumerate(names)
    )


def _parts(value: Value, signed: frozenset[str]) -> tuple[str, ...]:
    """The texts in a multi-choice cell."""
    return () if value is None or isinstance(value, ExcelError) else parted(str(value), signed)


def _attribute(values: Iterable[Value]) -> tuple[Stored, tuple[Datum, ...]]:
    """A list's attribute, numbers if all of its values are."""
    values = tuple(values)
    filled = [v for v in values if v is not None and v != ""]
    if filled and all(isinstance(v, bool) for v in filled):
        kind = FieldType.BOOLEAN
    elif filled and all(isinstance(v, int | float) and not isinstance(v, bool) for v in filled):
        kind = FieldType.NUMBER
    else:
        kind = FieldType.TEXT
    done = typed(kind, values)
    return done.stored, done.values


def _key(value: Value) -> str:
    """A key as Excel compares it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return general_text(value)
    return "" if value is None or isinstance(value, ExcelError) else str(value).casefold()
