"""Renamed keys carried into the rows that hold the old ones, as `--apply-renames` does.

Knows when a cell must hold the new key, and when it may. Does not know what else a refresh does.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.judge.package import Value
from tests.refresh.machine.expected import Row, TableModel, World, folded, same_text
from tests.refresh.machine.seen import Seen, same


def carried(world: World, after: Seen, ids: dict[str, list[str]]) -> Iterator[str]:
    """The model follows the cells that hold a new key now; what should and does not is told. `ids` are the
    hidden ids of the rows by table, as the refreshed book has them."""
    for parent in world.tables.values():
        key = world.author.tables[parent.id]["key"]
        keys = {i: r.get(key) for i, r in zip(ids[parent.id], parent.rows, strict=True) if i}
        sure = dict(_sure(parent, key, ids[parent.id]))
        for model in world.tables.values():
            via = world.author.reference(model.id, parent.id)
            if via is None:
                continue
            sheet, part = after.tables[model.id]
            column = part.box[1] + part.names.index(model.column(via).header)
            for index, row in enumerate(model.rows):
                there = after.at(sheet, part.box[0] + 1 + index, column)
                before = row.get(via)
                if isinstance(before, str):
                    if not same(there, before) and _may(parent, keys, before, there):
                        row.values[via] = there
                    elif sure.get(before.casefold()) is not None and same(there, before):
                        yield f"{model.id} row {index} still holds the key {before!r}"


def _may(parent: TableModel, keys: dict[str, Value], before: str, there: Value) -> bool:
    return any(
        same_text(key, there) and before.casefold() in parent.former.get(id_, set())
        for id_, key in keys.items()
    )


def _sure(parent: TableModel, key: str, ids: list[str]) -> Iterator[tuple[str, Value]]:
    """Old keys of rows of which nothing else changed, and that nobody else had or has."""
    known = [str(k.key).casefold() for k in parent.known.values()]
    now = [str(r.get(key)).casefold() for r in parent.rows]
    for row, id_ in zip(parent.rows, ids, strict=True):
        mark = parent.known.get(id_)
        bearers = [r for r in parent.rows if r.cell_id == id_]
        if mark is None or bearers != [row] or not isinstance(mark.key, str):
            continue
        old, new = mark.key.casefold(), row.get(key)
        alone = known.count(old) == 1 and old not in now
        others = [i for i, keys in parent.former.items() if old in keys and i != id_]
        if (
            isinstance(new, str)
            and new.casefold() != old
            and alone
            and not others
            and now.count(new.casefold()) == 1
            and _but_for_the_key(parent, row, key) == _without(parent, mark.content, key)
        ):
            yield old, new


def _but_for_the_key(model: TableModel, row: Row, key: str) -> tuple[Value, ...]:
    return tuple(folded(row.get(c)) for c in _order(model) if c != key)


def _without(model: TableModel, content: tuple[Value, ...], key: str) -> tuple[Value, ...]:
    return tuple(v for c, v in zip(_order(model), content, strict=True) if c != key)


def _order(model: TableModel) -> list[str]:
    return sorted(c.key for c in model.inputs())
