"""What people do to the book between two refreshes: each doing changes the file and the model alike.

Knows where things stand by names, headers and words of the model. Does not know what a refresh makes of it.
"""

from __future__ import annotations

import datetime as dt
from copy import deepcopy

from tests.judge.package import Value
from tests.refresh.machine.book_edits import Book, Page, TableHere
from tests.refresh.machine.cellrefs import Box, Shift, box_of, unquoted
from tests.refresh.machine.chances import Dice
from tests.refresh.machine.expected import Column, Item, Kind, Note, Row, TableModel, World
from tests.refresh.machine.wording import formula_text

_EPOCH = dt.date(1899, 12, 30)
_TEXTS = ("plain", "with * star", "q?mark", "~tilde", "=no formula", "中文 备注", "a & b < c", " padded ", "")
_FIRST_FREE = 40
"""Notes beside tables stand this far right, beyond what a spec may add."""


class Hands:
    """A workbook open before somebody who also keeps the model."""

    def __init__(self, book: Book, world: World) -> None:
        self.book = book
        self.world = world

    # Where things are

    def place(self, table: TableModel) -> TableHere:
        return self.book.table(table.id)

    def row_of(self, table: TableModel, index: int) -> int:
        return self.place(table).box[0] + 1 + index

    def at(self, table: TableModel, index: int, column: Column) -> tuple[Page, int, int]:
        place = self.place(table)
        return place.page, place.box[0] + 1 + index, place.column(column.header)

    def area(self, name: str) -> tuple[Page, Box]:
        """Where a workbook name points."""
        sheet, _, ref = self.book.names()[name].partition("!")
        return self.book.pages[unquoted(sheet)], box_of(ref)

    def id_column(self, table: TableModel) -> int:
        return self.place(table).column("_id")

    def selector(self, board: str, selector: str) -> tuple[Page, int, int]:
        """The cell of a selector: the first filled one below its label, in the order of the spec."""
        page, (top, left, bottom, right) = self.area(f"_crm.{board}.selectors")
        labels = [c for c in range(left, right + 1) if not page.blank(top, c)]
        column = labels[list(self.world.selectors[board]).index(selector)]
        row = next(r for r in range(top + 1, bottom + 1) if not page.blank(r, column))
        return page, row, column

    def pick_table(self, dice: Dice, *, least: int = 1) -> TableModel | None:
        found = [t for t in self.world.tables.values() if len(t.rows) >= least]
        return dice.pick(found) if found else None

    # Values

    def value(self, table: TableModel, column: Column, dice: Dice) -> Value:
        """Something for a cell, now and then something wrong."""
        if column.kind is not Kind.INPUT:
            return f"mine {self.world.fresh()}"
        f = self.world.field(table.id, column.key)
        if dice.chance(0.05):
            return f"wrong {self.world.fresh()}"
        match f["type"]:
            case "id":
                return None
            case "number" | "integer" | "currency" | "percent":
                return float(dice.number(-50, 500))
            case "date":
                return float(self.world.as_of - dice.number(-3, 400))
            case "boolean":
                return dice.chance(0.5)
            case "choice":
                return dice.pick([i.label for i in self.world.lists[f["list"]] if i.label])
            case "reference":
                other = self.world.tables[f["table"]]
                key = self.world.author.tables[other.id]["key"]
                names = [v for r in other.rows if isinstance(v := r.get(key), str)]
                name = dice.pick(names) if names and dice.chance(0.93) else f"Nobody {self.world.fresh()}"
                return name.upper() if dice.chance(0.1) else name
            case _ if self.world.author.tables[table.id]["key"] == column.key:
                return f"Firm {dice.pick(_TEXTS)}{self.world.fresh()}"
            case _:
                return (dice.pick(_TEXTS) + str(self.world.fresh())) if dice.chance(0.8) else None

    def write(self, table: TableModel, index: int, column: Column, value: Value) -> None:
        page, row, at = self.at(table, index, column)
        page.put(row, at, value)
        table.rows[index].values[column.key] = value

    # Cells of tables

    def type_value(self, dice: Dice) -> str | None:
        table = self.pick_table(dice)
        if table is None:
            return None
        index = dice.number(0, len(table.rows) - 1)
        column = dice.pick(
            [c for c in table.columns if c.kind is Kind.INPUT or (c.kind is Kind.THEIRS and not c.frozen)]
        )
        value = self.value(table, column, dice)
        self.write(table, index, column, value)
        return f"type {value!r} into {table.id}.{column.key} row {index}"

    def clear_value(self, dice: Dice) -> str | None:
        table = self.pick_table(dice)
        if table is None:
            return None
        index = dice.number(0, len(table.rows) - 1)
        column = dice.pick(table.inputs())
        self.write(table, index, column, None)
        return f"clear {table.id}.{column.key} row {index}"

    def rename_key(self, dice: Dice) -> str | None:
        table = self.pick_table(dice)
        if table is None:
            return None
        key = self.world.author.tables[table.id]["key"]
        if self.world.field(table.id, key)["type"] != "text":
            return None
        index = dice.number(0, len(table.rows) - 1)
        name = f"Renamed {self.world.fresh()}"
        old = table.rows[index].get(key)
        self.write(table, index, table.column(key), name)
        return f"rename {old!r} to {name!r} in {table.id}"

    def new_rows(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.world.tables.values()))
        if len(table.rows) > 40:
            return None
        count = dice.number(1, 4)
        place = self.place(table)
        stretched = dice.chance(0.5)
        for _ in range(count):
            table.rows.append(Row())
            index = len(table.rows) - 1
            _, row, _ = self.at(table, index, table.columns[0])
            if not self._free(place.page, row, place.box):
                table.rows.pop()
                return None
            for column in table.inputs():
                value = self.value(table, column, dice)
                if value is None and self.world.field(table.id, column.key)["type"] != "id":
                    value = f"filled {self.world.fresh()}"
                self.write(table, index, column, value)
            if stretched and row > place.box[2]:
                place.stretch(row)
        return f"{count} new rows in {table.id}{', stretched' if stretched else ''}"

    def _free(self, page: Page, row: int, box: Box) -> bool:
        return row <= box[2] or all(page.blank(row, c) for c in range(box[1], box[3] + 1))

    def delete_rows(self, dice: Dice) -> str | None:
        table = self.pick_table(dice, least=5)
        if table is None:
            return None
        count = 1 if dice.chance(0.8) else dice.number(1, 3)
        first = dice.number(0, len(table.rows) - count)
        self.settle_below(table)
        row = self.row_of(table, first)
        self._shift(table.id, Shift(row, -count))
        del table.rows[first : first + count]
        return f"delete {count} rows of {table.id} from {first}"

    def settle_below(self, table: TableModel) -> None:
        """Stretch the table over the rows typed below it, as Excel does when rows are moved."""
        place = self.place(table)
        last = self.row_of(table, len(table.rows) - 1)
        if last > place.box[2]:
            place.stretch(last)

    def _shift(self, sheet: str, shift: Shift) -> None:
        """Rows inserted or deleted on a sheet; what people wrote there moves along."""
        world = self.world
        for note in [n for n in world.notes if n.formula[:1] == ("cell",)]:
            if note.formula[1] == sheet and shift.row(int(note.formula[2])) is None:
                self._forget(note)
        for note in [n for n in world.notes if n.sheet == sheet and shift.row(n.row) is None]:
            self._forget(note)
        self.book.shift_rows(world.sheets[sheet], shift)
        for note in world.notes:
            if note.sheet == sheet:
                note.row = shift.row(note.row) or 0
            if note.formula[:1] == ("cell",) and note.formula[1] == sheet:
                row = shift.row(int(note.formula[2])) or 0
                note.formula = ("cell", sheet, str(row), note.formula[3])

    def _forget(self, note: Note) -> None:
        self.world.notes.remove(note)
        self.book.pages[self.world.sheets[note.sheet]].put(note.row, note.column, None)

    def insert_rows(self, dice: Dice) -> str | None:
        boards = [b for b in self.world.author.tree["sheets"] if b in self.world.sheets]
        sheet = dice.pick([*boards, *boards, *self.world.tables, "settings", "lists"])
        count = dice.number(1, 2)
        if sheet in self.world.tables:
            row = dice.number(1, self.place(self.world.tables[sheet]).box[0])
        else:
            row = dice.number(1, 35)
        self._shift(sheet, Shift(row, count))
        return f"insert {count} rows above {row} on {sheet}"

    def sort(self, dice: Dice) -> str | None:
        return self._sorted(dice, with_ids=True)

    def sort_without_ids(self, dice: Dice) -> str | None:
        return self._sorted(dice, with_ids=False)

    def _sorted(self, dice: Dice, *, with_ids: bool) -> str | None:
        table = self.pick_table(dice, least=3)
        if table is None:
            return None
        self.settle_below(table)
        place = self.place(table)
        page, (_, left, _, right) = place.page, place.box
        by = dice.pick(table.inputs())
        keys = [(r.get(by.key) is None, str(type(r.get(by.key))), str(r.get(by.key))) for r in table.rows]
        order = sorted(range(len(table.rows)), key=lambda i: keys[i], reverse=dice.chance(0.5))
        columns = [c for c in range(left, right + 1) if with_ids or c != self.id_column(table)]
        held = {(i, c): page.held(self.row_of(table, i), c) for i in range(len(order)) for c in columns}
        for target, source in enumerate(order):
            for c in columns:
                page.hold(self.row_of(table, target), c, held[source, c])
        ids = [r.cell_id for r in table.rows]
        table.rows = [table.rows[i] for i in order]
        if not with_ids:
            for row, id_ in zip(table.rows, ids, strict=True):
                row.cell_id = id_
        return f"sort {table.id} by {by.key}{'' if with_ids else ' without ids'}"

    def paste_block(self, dice: Dice) -> str | None:
        table = self.pick_table(dice, least=4)
        if table is None:
            return None
        self.settle_below(table)
        shown = [i for i, c in enumerate(table.columns) if c.kind is not Kind.HELPER]
        runs = [i for i in shown if i + 1 in shown] or shown
        first = dice.pick(runs)
        columns = [c for c in table.columns[first : first + dice.number(1, 3)] if c.kind is not Kind.HELPER]
        height = dice.number(1, 3)
        source, target = (dice.number(0, len(table.rows) - height) for _ in range(2))
        formats = dice.chance(0.7)
        held = []
        for offset in range(height):
            for column in columns:
                page, row, at = self.at(table, source + offset, column)
                held.append(page.held(row, at))
        copies = [deepcopy(table.rows[source + offset]) for offset in range(height)]
        for offset in range(height):
            for column in columns:
                page, row, at = self.at(table, target + offset, column)
                page.hold(row, at, held.pop(0), formats=formats)
                copy, to = copies[offset], table.rows[target + offset]
                if column.kind is not Kind.COMPUTED:
                    to.values[column.key] = copy.values.get(column.key)
                if formats:
                    to.fills.pop(column.key, None)
                    if column.key in copy.fills:
                        to.fills[column.key] = copy.fills[column.key]
        return f"paste {height} x {[c.key for c in columns]} of {table.id} from {source} to {target}"

    def paste_rows(self, dice: Dice) -> str | None:
        """Copied rows pasted below the table, hidden ids and all."""
        table = self.pick_table(dice)
        if table is None or len(table.rows) > 40:
            return None
        self.settle_below(table)
        place = self.place(table)
        page, (_, left, _, right) = place.page, place.box
        count = dice.number(1, min(3, len(table.rows)))
        first = dice.number(0, len(table.rows) - count)
        if any(all(r.get(c.key) is None for c in table.inputs()) for r in table.rows[first : first + count]):
            return None
        if any(not _like_a_row(self.world, table, r) for r in table.rows[first : first + count]):
            return None
        for offset in range(count):
            index = len(table.rows)
            row = self.row_of(table, index)
            if not self._free(page, row, place.box):
                break
            for c in range(left, right + 1):
                page.hold(row, c, page.held(self.row_of(table, first + offset), c))
            table.rows.append(deepcopy(table.rows[first + offset]))
        if dice.chance(0.7):
            self.settle_below(table)
        return f"paste {count} rows of {table.id} from {first} below"

    def overtype(self, dice: Dice) -> str | None:
        table = self.pick_table(dice)
        if table is None:
            return None
        found = [c for c in table.columns if c.kind is Kind.COMPUTED]
        if not found:
            return None
        index = dice.number(0, len(table.rows) - 1)
        column = dice.pick(found)
        page, row, at = self.at(table, index, column)
        page.put(row, at, dice.pick((123.0, "typed over", None)))
        return f"overtype {table.id}.{column.key} row {index}"

    def colour(self, dice: Dice) -> str | None:
        table = self.pick_table(dice)
        if table is None:
            return None
        rgb = dice.pick(("FFEE00", "00CC99", "CC99FF"))
        index = dice.number(0, len(table.rows) - 1)
        column = dice.pick([c for c in table.columns if c.kind in (Kind.INPUT, Kind.THEIRS)])
        page, row, at = self.at(table, index, column)
        self.book.colour(page, row, at, rgb)
        table.rows[index].fills[column.key] = rgb
        return f"colour {table.id}.{column.key} row {index}"

    def move_column(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.world.tables.values()))
        inner = table.columns[1:-1]
        if len(inner) < 3:
            return None
        moved, before = dice.pick(inner[1:]), dice.pick(inner[1:])
        if moved is before or table.column("_id") in (moved, before):
            return None
        now = self.book.move_column(table.id, moved.header, before.header)
        table.columns.remove(moved)
        table.columns.insert(table.columns.index(before), moved)
        for note in self.world.notes:
            if note.formula[:1] == ("cell",) and note.formula[1] == table.id:
                _, sheet, row, column = note.formula
                if int(row) >= self.place(table).box[0]:
                    note.formula = ("cell", sheet, row, str(now.get(int(column), int(column))))
        return f"move {table.id}.{moved.key} before {before.key}"

    def add_column(self, dice: Dice) -> str | None:
        """A header typed right of a table: the table grows by a column."""
        table = dice.pick(list(self.world.tables.values()))
        if sum(c.kind is Kind.THEIRS for c in table.columns) > 3:
            return None
        place = self.place(table)
        top, _, bottom, right = place.box
        last = max(bottom, self.row_of(table, len(table.rows) - 1))
        if any(not place.page.blank(row, right + 1) for row in range(top, last + 1)):
            return None
        header = f"{dice.pick(('Own', '自己的'))} {self.world.fresh()}"
        self.book.add_column(table.id, header)
        table.columns.append(Column(f"own:{self.world.fresh()}", header, Kind.THEIRS))
        return f"add the column {header!r} to {table.id}"

    def rename_header(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.world.tables.values()))
        column = dice.pick([c for c in table.columns if c.kind is not Kind.HELPER])
        new = f"{dice.pick(('Mine', '我的', 'Kunde'))} {self.world.fresh()}"
        old, column.header = column.header, new
        self.book.rename_column(table.id, old, new)
        return f"rename header {old!r} of {table.id} to {new!r}"

    # Sheets and what stands beside tables

    def rename_sheet(self, dice: Dice) -> str | None:
        sheet = dice.pick(list(self.world.sheets))
        new = f"{dice.pick(('My sheet', '表', 'Übersicht', 'Q1-Q2'))} {self.world.fresh()}"
        old, self.world.sheets[sheet] = self.world.sheets[sheet], new
        self.book.rename_sheet(old, new)
        return f"rename sheet {old!r} to {new!r}"

    def add_sheet(self, dice: Dice) -> str | None:
        own = [s for s in self.world.sheets if s.startswith("own")]
        if len(own) > 5:
            return None
        id_ = f"own{self.world.fresh()}"
        name = self.world.sheets[id_] = f"{dice.pick(('Notes', '我的表'))} {self.world.fresh()}"
        self.book.add_sheet(name)
        return f"add sheet {name!r}"

    def _free_cell(self, dice: Dice) -> tuple[str, Page, int, int] | None:
        sheet = dice.pick(list(self.world.sheets))
        page = self.book.pages[self.world.sheets[sheet]]
        if sheet.startswith("own"):
            row, column = dice.number(1, 20), dice.number(1, 8)
            if not sheet.startswith("own:"):
                return (sheet, page, row, column) if page.blank(row, column) else None
        row, column = dice.number(1, 50), dice.number(_FIRST_FREE, _FIRST_FREE + 5)
        if sheet in self.world.author.tree["sheets"]:
            column += 20
        if self._in_a_block(page, row, column):
            return None
        return (sheet, page, row, column) if page.blank(row, column) else None

    def _in_a_block(self, page: Page, row: int, column: int) -> bool:
        """Whether a cell belongs to crmsheet, blank or not."""
        for name, text in self.book.names().items():
            sheet, _, ref = text.partition("!")
            if name.startswith("_crm.") and "#" not in text and unquoted(sheet) == page.name:
                top, left, bottom, right = box_of(ref)
                if top <= row <= bottom and left <= column <= right:
                    return True
        return False

    def note(self, dice: Dice) -> str | None:
        free = self._free_cell(dice)
        if free is None or len(self.world.notes) > 40:
            return None
        sheet, page, row, column = free
        values: list[Value] = [f"note {self.world.fresh()}", float(self.world.fresh()), True, "0012", "=x"]
        value = dice.pick(values)
        page.put(row, column, value)
        note = Note(sheet, row, column, value)
        if dice.chance(0.3):
            note.fill = "FFAA00"
            self.book.colour(page, row, column, note.fill)
        self.world.notes.append(note)
        return f"note {value!r} on {sheet} at {row}, {column}"

    def user_formula(self, dice: Dice) -> str | None:
        free = self._free_cell(dice)
        table = self.pick_table(dice)
        if free is None or table is None or len(self.world.notes) > 40:
            return None
        sheet, page, row, column = free
        formula: tuple[str, ...]
        match dice.number(0, 3):
            case 0:
                found = [
                    c
                    for c in table.columns
                    if c.kind is Kind.COMPUTED
                    or (c.kind is Kind.INPUT and self.world.field(table.id, c.key)["type"] == "number")
                ]
                if not found:
                    return None
                formula = ("total", table.id, dice.pick(found).key)
            case 1:
                formula = ("count", table.id, self.world.author.tables[table.id]["key"])
            case 2:
                found = [c for c in table.columns if c.kind in (Kind.COMPUTED, Kind.INPUT)]
                _, there, at = self.at(table, dice.number(0, len(table.rows) - 1), dice.pick(found))
                formula = ("cell", table.id, str(there), str(at))
            case _:
                formula = ("setting", dice.pick(list(self.world.settings)))
        note = Note(sheet, row, column, None, formula)
        page.put(row, column, None, formula_text(self.world, note))
        self.world.notes.append(note)
        return f"formula {formula} on {sheet} at {row}, {column}"

    def change_note(self, dice: Dice) -> str | None:
        found = [n for n in self.world.notes if not n.formula]
        if not found:
            return None
        note = dice.pick(found)
        note.value = f"changed {self.world.fresh()}"
        self.book.pages[self.world.sheets[note.sheet]].put(note.row, note.column, note.value)
        return f"change note on {note.sheet}"

    # Settings, selectors, lists

    def list_cells(self, name: str) -> tuple[Page, int, list[int], int]:
        """The Lists sheet, the label column, the rows that hold the items, the last row of the block."""
        page, (top, left, bottom, _) = self.area(f"_crm.lists.{name}")
        return page, left, [r for r in range(top, bottom + 1) if not page.blank(r, left)], bottom

    def relabel(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.world.lists))
        page, column, rows, _ = self.list_cells(name)
        index = dice.number(0, len(rows) - 1)
        item = self.world.lists[name][index]
        old, item.label = item.label, f"{dice.pick(('Zone', '区'))} {self.world.fresh()}"
        page.put(rows[index], column, item.label)
        return f"relabel {name} {old!r} to {item.label!r}"

    def add_value(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.world.lists))
        page, column, rows, bottom = self.list_cells(name)
        if rows[-1] >= bottom or len(rows) > 8:
            return None
        label = f"Added {self.world.fresh()}"
        page.put(rows[-1] + 1, column, label)
        self.world.lists[name].append(Item("", label, "", ""))
        return f"add {label!r} to {name}"

    def change_setting(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.world.settings))
        if name not in self.book.names():
            return None
        page, (row, column, _, _) = self.area(name)
        self.world.settings[name] = float(dice.number(1, 90))
        page.put(row, column, self.world.settings[name])
        return f"setting {name} is {self.world.settings[name]}"

    def change_date(self, dice: Dice) -> str | None:
        if "as_of" not in self.book.names():
            return None
        page, (row, column, _, _) = self.area("as_of")
        formula = page.formula(row, column)
        if formula is None:
            return None
        row, column, _, _ = box_of(formula.partition("!")[2].partition("=")[0])
        self.world.as_of += dice.number(-20, 40)
        page.put(row, column, float(self.world.as_of))
        return f"as of {self.world.as_of}"

    def select(self, dice: Dice) -> str | None:
        boards = [b for b in self.world.selectors if b in self.world.sheets and self.world.selectors[b]]
        if not boards:
            return None
        board = dice.pick(boards)
        which = dice.pick(list(self.world.selectors[board]))
        choices = {
            "period": ["This month", "Last month", "This year", "Last 30 days", "All time"],
            "region": ["All", *(i.label for i in next(iter(self.world.lists.values())) if i.label)],
        }
        value = dice.pick(choices[which])
        page, row, column = self.selector(board, which)
        self.world.selectors[board][which] = value
        page.put(row, column, value)
        return f"select {value!r} on {board}"

    # Damage

    def delete_name(self, dice: Dice) -> str | None:
        found = [n for n in self.book.names() if not n.startswith("_crm.") and n != "as_of"]
        found = [n for n in found if n not in self.world.settings]
        if not found:
            return None
        name = dice.pick(found)
        self.book.delete_name(name)
        return f"delete the name {name}"

    def delete_calc_row(self, dice: Dice) -> str | None:
        page = self.book.pages.get("_calc")
        if page is None or not page.rows:
            return None
        row = dice.pick(list(page.rows))
        self.book.shift_rows("_calc", Shift(row, -1))
        return f"delete row {row} of _calc"

    def drop_rules(self, dice: Dice) -> str | None:
        sheet = dice.pick([*self.world.tables])
        kind = dice.pick(("dataValidations", "conditionalFormatting"))
        self.book.drop_rules(self.world.sheets[sheet], kind)
        return f"drop {kind} of {sheet}"

    def _blocks(self, board: str) -> dict[str, Box]:
        """Where the blocks of a board stand that are there."""
        return {
            b.get("id", "cards"): self.area(f"_crm.{board}.{b.get('id', 'cards')}")[1]
            for b in self.world.author.tree["sheets"][board]["blocks"]
            if "#" not in self.book.names().get(f"_crm.{board}.{b.get('id', 'cards')}", "#")
        }

    def paint_board(self, dice: Dice) -> str | None:
        """The first cell of a block gets a background."""
        boards = [b for b in self.world.author.tree["sheets"] if b in self.world.sheets]
        found = ((b, name, box) for b in boards for name, box in self._blocks(b).items())
        blocks = [one for one in found if one[1] not in self.world.lost]
        if not blocks:
            return None
        board, name, (top, left, _, _) = dice.pick(blocks)
        rgb = f"F0F{self.world.fresh() % 4096:03X}"
        self.book.colour(self.book.pages[self.world.sheets[board]], top, left, rgb)
        self.world.paints[f"{board}.{name}"] = rgb
        return f"paint {board}.{name}"

    def cut_board(self, dice: Dice) -> str | None:
        """Rows deleted on a board below its selectors: what they belonged to is cut."""
        boards = [b for b in self.world.author.tree["sheets"] if b in self.world.sheets]
        if not boards:
            return None
        board = dice.pick(boards)
        blocks = self._blocks(board)
        if not blocks:
            return None
        top = min(box[0] for box in blocks.values())
        row = dice.number(top, max(box[2] for box in blocks.values()))
        cut = {name for name, box in blocks.items() if box[0] <= row <= box[2]}
        self._shift(board, Shift(row, -1))
        self.world.lost |= cut
        for name in cut:
            self.world.paints.pop(f"{board}.{name}", None)
        return f"delete row {row} of {board}, cutting {sorted(cut)}"

    def delete_board(self, dice: Dice) -> str | None:
        boards = [b for b in self.world.author.tree["sheets"] if b in self.world.sheets]
        if len(boards) < 2:
            return None
        board = dice.pick(boards)
        self.book.delete_sheet(self.world.sheets.pop(board))
        self.world.gone_boards.add(board)
        self.world.paints = {a: c for a, c in self.world.paints.items() if not a.startswith(f"{board}.")}
        self.world.notes = [n for n in self.world.notes if n.sheet != board]
        return f"delete the sheet of {board}"


def _like_a_row(world: World, table: TableModel, row: Row) -> bool:
    """Whether a row below the table is surely taken for one of it."""
    fields = world.author.fields(table.id)
    filled = [c for c in table.inputs() if row.get(c.key) is not None]
    key = world.author.tables[table.id]["key"]
    wrong = [
        c
        for c in filled
        if fields[c.key]["type"] in ("number", "integer", "date") and isinstance(row.get(c.key), str)
    ]
    return (
        len(filled) >= 3
        and 2 * len(wrong) < len(filled)
        and (row.get(key) is not None or fields[key]["type"] == "id")
    )
