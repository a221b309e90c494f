"""A refreshed workbook against the model: what differs, in words.

Reads packages with the judge's reader. Does not know how a refresh works, and never mends the model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.judge.package import Cell, CellError, Value
from tests.judge.repair_table import Table
from tests.refresh.machine.board_checks import board_problems
from tests.refresh.machine.cellrefs import Box, box_of, unquoted
from tests.refresh.machine.expected import Kind, Note, Row, Sums, TableModel, World, same_text
from tests.refresh.machine.seen import Seen, same
from tests.refresh.machine.wording import formula_text

_HELPER = re.compile(r"_.*|\w+(\.\w+)+|Data check")


def is_helper(header: str) -> bool:
    """Whether a column is one that crmsheet needs for itself."""
    return _HELPER.fullmatch(header) is not None


def problems(
    world: World, before: Seen, after: Seen, *, retyped: set[tuple[str, str]] | None
) -> Iterator[str]:
    """Everything in the book that is not as the model says. `retyped` are the fields (by table) whose type a
    changed spec changed; None without one."""
    yield from _sheets(world, after)
    sums = Sums(world)
    for model in world.tables.values():
        if model.id not in after.tables:
            yield f"the table {model.id} is gone"
            return
        yield from _table(world, model, sums, after)
    yield from _inputs(world, after)
    for note in world.notes:
        yield from _note(world, note, after)
    yield from board_problems(world, sums, after)
    yield from _elsewhere(world, before, after, restructured=retyped is not None)
    yield from _paints(world, before, after)
    yield from _row_looks(world, before, after, retyped or set())
    yield from _members(world, before, after)


def _sheets(world: World, after: Seen) -> Iterator[str]:
    for id_, name in world.sheets.items():
        if name not in after.cells:
            yield f"the sheet {id_} should be called {name!r}: {list(after.cells)}"


def _table(world: World, model: TableModel, sums: Sums, after: Seen) -> Iterator[str]:
    sheet, part = after.tables[model.id]
    if world.sheets[model.id] != sheet:
        yield f"{model.id} stands on {sheet!r}, not on {world.sheets[model.id]!r}"
        return
    top, left, bottom, _ = part.box
    shown = [n for n in part.names if not is_helper(n)]
    wanted = [c.header for c in model.columns if c.kind is not Kind.HELPER]
    if shown != wanted:
        yield f"{model.id} has the columns {shown}, not {wanted}"
        return
    count = max(1, len(model.rows))
    if bottom - top != count:
        yield f"{model.id} has {bottom - top} rows, not {count}"
        return
    ids: list[str] = []
    at = {name: left + i for i, name in enumerate(part.names)}
    for index, row in enumerate(model.rows):
        line = top + 1 + index
        for c in model.columns:
            if c.kind is Kind.HELPER or c.frozen:
                continue
            there = after.at(sheet, line, at[c.header])
            place = f"{model.id}.{c.key} row {index} ({sheet}, {line})"
            if c.kind is Kind.COMPUTED:
                value = sums.computed(model, row, c.key)
                if not same(there, value):
                    yield f"{place} shows {there!r}, not {value!r}"
                continue
            if _numbered(world, model, c.key, row, sums):
                if not isinstance(there, str) or not there:
                    yield f"{place} has no number"
            elif not same(there, row.values.get(c.key)):
                yield f"{place} holds {there!r}, not {row.values.get(c.key)!r}"
            fill = row.fills.get(c.key, "")
            if fill and after.fill(sheet, line, at[c.header]) != fill:
                yield f"{place} has not the background {fill}"
        id_ = after.at(sheet, line, at["_id"])
        filled = any(row.get(c.key) is not None for c in model.inputs())
        if filled and sums.used(model, row) and not (isinstance(id_, str) and id_):
            yield f"{model.id} row {index} has no id"
        if isinstance(id_, str) and id_:
            ids.append(id_)
        yield from _identity(model, world.author.tables[model.id]["key"], index, id_)
    for id_, number in Counter(ids).items():
        if number > 1:
            yield f"{model.id}: {number} rows have the id {id_}"


def _numbered(world: World, model: TableModel, key: str, row: Row, sums: Sums) -> bool:
    """Whether a cell is one that a refresh fills with a number."""
    f = world.author.fields(model.id).get(key)
    return f is not None and f["type"] == "id" and row.get(key) is None and sums.used(model, row)


def _identity(model: TableModel, key: str, index: int, id_: Value) -> Iterator[str]:
    """A row whose content is that of exactly one known row keeps that one's id, unless another row has that
    one's key by now: then it may as well be that row, changed."""
    row = model.rows[index]
    content = model.content(row)
    bearers = [i for i, known in model.known.items() if known.content == content]
    others = [r for r in model.rows if model.content(r) == content or same_text(r.get(key), row.get(key))]
    if len(bearers) == 1 and len(others) == 1 and id_ != bearers[0]:
        yield f"{model.id} row {index} was {bearers[0]} and is {id_!r}"


def _inputs(world: World, after: Seen) -> Iterator[str]:
    for name, wanted in world.settings.items():
        sheet, _, ref = after.package.names["", name].partition("!")
        row, column, _, _ = box_of(ref)
        there = after.at(unquoted(sheet), row, column)
        if not same(there, wanted):
            yield f"the setting {name} is {there!r}, not {wanted!r}"
    for name, rows in world.lists.items():
        sheet, (top, left, bottom, _) = after.blocks[f"lists.{name}"]
        labels = [v for r in range(top, bottom + 1) if (v := after.at(sheet, r, left)) not in (None, "")]
        if labels != [i.label for i in rows]:
            yield f"the list {name} is {labels}, not {[i.label for i in rows]}"
    for board, chosen in world.selectors.items():
        if board in world.sheets and f"{board}.selectors" in after.blocks:
            sheet, (top, left, bottom, right) = after.blocks[f"{board}.selectors"]
            held = {
                v
                for r in range(top, bottom + 1)
                for c in range(left, right + 1)
                if (v := after.at(sheet, r, c)) is not None
            }
            for selector, value in chosen.items():
                if value not in held:
                    yield f"the selector {board}.{selector} is not {value!r}: {held}"


def _note(world: World, note: Note, after: Seen) -> Iterator[str]:
    sheet = world.sheets[note.sheet]
    cell = after.cells[sheet].get((note.row, note.column))
    place = f"the cell of people {sheet}({note.row}, {note.column})"
    there = None if cell is None else cell.value
    if note.formula:
        wanted = formula_text(world, note)
        if cell is None or cell.formula != wanted:
            yield f"{place} has the formula {cell and cell.formula!r}, not {wanted!r}"
            return
        value = _formula_value(world, note, after)
        if not same(there, value):
            yield f"{place} {wanted!r} shows {there!r}, not {value!r}"
    elif not same(there, note.value):
        yield f"{place} holds {there!r}, not {note.value!r}"
    if note.fill and after.fill(sheet, note.row, note.column) != note.fill:
        yield f"{place} lost its background"


def _formula_value(world: World, note: Note, after: Seen) -> Value:
    match note.formula:
        case ("cell", sheet, row, column):
            value = after.at(world.sheets[sheet], int(row), int(column))
            return 0.0 if value is None else value
        case ("setting", name):
            return world.settings[name] * 2
        case (kind, table, key):
            home, part = after.tables[table]
            at = part.box[1] + part.names.index(world.tables[table].column(key).header)
            values = [after.at(home, r, at) for r in range(part.box[0] + 1, part.box[2] + 1)]
            if kind == "count":
                return float(sum(v is not None for v in values))
            error = next((v for v in values if isinstance(v, CellError)), None)
            return error or sum(v for v in values if isinstance(v, float) and not isinstance(v, bool))
        case _:
            raise ValueError(note.formula)


def _inside(box: Box, place: tuple[int, int]) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]


def _elsewhere(world: World, before: Seen, after: Seen, *, restructured: bool) -> Iterator[str]:
    """Cells outside of blocks and tables are as they were; so are those of tables that are none of ours."""
    names = {s.part: s.name for s in after.package.worksheets}
    owned: dict[str, list[Box]] = {}
    for seen in (before, after):
        now = {s.name: names.get(s.part, "") for s in seen.package.worksheets}
        for sheet, box in seen.blocks.values():
            owned.setdefault(now.get(sheet, ""), []).append(box)
        for name, (sheet, part) in seen.tables.items():
            if name in world.tables or (seen is before and name not in after.tables):
                owned.setdefault(now[sheet], []).append(part.box)
            elif restructured and name in world.leaving:
                owned.setdefault(now[sheet], []).extend(_last_results(part, world.leaving[name]))
    for page in before.package.worksheets:
        name = names.get(page.part, "")
        if not name or page.state != "visible" or name == world.sheets["guide"]:
            continue
        boxes = owned.get(name, [])
        was, now_cells = before.cells[page.name], after.cells[name]
        for place in sorted(was.keys() | now_cells.keys()):
            if any(_inside(box, place) for box in boxes):
                continue
            one, other = was.get(place), now_cells.get(place)
            if one is not None and one.formula is not None:
                if not restructured and (other is None or other.formula != one.formula):
                    yield f"{name}{place}: the formula {one.formula!r} became {other and other.formula!r}"
                continue
            if not same(_value(one), _value(other)):
                yield f"{name}{place}: {_value(one)!r} became {_value(other)!r}"
            elif (
                one is not None
                and other is not None
                and (before.looks[one.style] != after.looks[other.style])
            ):
                yield f"{name}{place}: it looks otherwise"


def _last_results(part: Table, computed: frozenset[str]) -> Iterator[Box]:
    """The columns of a retired table without input: rows that came since get their results and ids a last time."""
    top, left, bottom, _ = part.box
    for index, name in enumerate(part.names):
        if name in computed or is_helper(name):
            yield top + 1, left + index, bottom, left + index


def _value(cell: Cell | None) -> Value:
    return None if cell is None else cell.value


def _row_looks(world: World, before: Seen, after: Seen, retyped: set[tuple[str, str]]) -> Iterator[str]:
    """Input cells of rows look as they did, but for those that are of another type now."""
    for model in world.tables.values():
        sheet, part = after.tables[model.id]
        home = next(s.part for s in after.package.worksheets if s.name == sheet)
        old = next((s.name for s in before.package.worksheets if s.part == home), None)
        if old is None:
            continue
        for c in model.columns:
            if c.kind in (Kind.HELPER, Kind.COMPUTED) or c.frozen or (model.id, c.key) in retyped:
                continue
            column = part.box[1] + part.names.index(c.header)
            for row in range(part.box[0] + 1, part.box[2] + 1):
                one, other = before.cells[old].get((row, column)), after.cells[sheet].get((row, column))
                if (
                    one is not None
                    and other is not None
                    and one.value is not None
                    and (before.looks[one.style] != after.looks[other.style])
                ):
                    yield f"{model.id}.{c.key} in row {row} looks otherwise"


def _paints(world: World, before: Seen, after: Seen) -> Iterator[str]:
    """Blocks that are there are as colourful as before; of a card that is gone the colour goes with it."""
    for anchor, rgb in world.paints.items():
        if anchor not in after.blocks or anchor not in before.blocks:
            continue
        sheet, (top, left, bottom, right) = after.blocks[anchor]
        area = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        was, old = before.blocks[anchor]
        text = before.at(was, old[0], old[1])
        kept = not anchor.endswith(".cards") or any(after.at(sheet, *at) == text for at in area)
        if kept and not any(after.fill(sheet, *at) == rgb for at in area):
            yield f"the colour of {anchor} is gone"


def _members(world: World, before: Seen, after: Seen) -> Iterator[str]:
    """Members that are nobody's business are byte for byte what they were."""
    plain = {n.sheet for n in world.notes if n.formula}
    own = {
        s.part
        for s in after.package.worksheets
        for id_, name in world.sheets.items()
        if name == s.name and id_.startswith("own") and ":" not in id_ and id_ not in plain
    }
    for name in before.package.parts:
        foreign = name in own or name.startswith(("xl/theme", "customXml", "xl/media", "docProps/app"))
        if foreign and (not after.package.has(name) or before.package.read(name) != after.package.read(name)):
            yield f"the member {name} changed"
