"""Ids: legal, not reserved, and unique where two would be mixed up.

Knows the namespaces. Fields, rules, segments and metrics of one table share one; settings, tables and metrics
stand bare in expressions and become names of the workbook, so they share another.
"""

from __future__ import annotations

import re
from typing import Final

from crmsheet.excel.names import like_reference
from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import AS_OF
from crmsheet.spec.rules.sheets import GENERATED
from crmsheet.spec.shapes.document import SpecShape

LONGEST: Final = 60
_WORD: Final = re.compile(r"[^\W\d]\w*")
_RESERVED: Final = frozenset((AS_OF, "true", "false", "and", "or", "not", "in", "null", "all"))
_PARTS_OF_BOARDS: Final = frozenset(("top", "selectors", "window", "band"))
"""What stands on every board by that name: title, drop-downs, the window in words, warnings."""


def check(shape: SpecShape, problems: Problems) -> None:
    """All ids of a spec."""
    for kind, ids in (
        ("setting", shape.settings),
        ("list", shape.lists),
        ("table", shape.tables),
        ("metric", shape.metrics),
        ("sheet", shape.sheets),
        ("role", shape.roles),
        ("reminder", shape.reminders or {}),
    ):
        for name in ids:
            reserved = frozenset(GENERATED) if kind == "table" else frozenset[str]()
            bare = kind in ("setting", "table", "metric")
            _legal(name, kind, (f"{kind}s", name), problems, bare=bare, reserved=reserved)
    for table, given in shape.tables.items():
        base: Path = ("tables", table)
        for name in given.fields:
            _legal(name, "field", (*base, "fields", name), problems)
        for index, rule in enumerate(given.rules):
            _legal(rule.id, "rule", (*base, "rules", index, "id"), problems)
        for name in given.segments:
            _legal(name, "segment", (*base, "segments", name), problems)
        for name in given.groups:
            _legal(name, "group", (*base, "groups", name), problems)
    for board, given_board in shape.sheets.items():
        for name in given_board.selectors:
            _legal(name, "selector", ("sheets", board, "selectors", name), problems)
        for index, block in enumerate(given_board.blocks):
            if block.id is not None:
                at: Path = ("sheets", board, "blocks", index, "id")
                _legal(block.id, "block", at, problems, reserved=_PARTS_OF_BOARDS)
    _unique_in_tables(shape, problems)
    _unique_names(shape, problems)


def _legal(
    name: str,
    kind: str,
    path: Path,
    problems: Problems,
    *,
    bare: bool = False,
    reserved: frozenset[str] = frozenset(),
) -> None:
    if not _WORD.fullmatch(name):
        problems.error(
            Code.ILLEGAL_ID,
            path,
            say("'{name}' is not a legal {kind} id", name=name, kind=say(kind)),
            reason=say("Ids are letters (Chinese ones too), digits and _, and begin with a letter."),
            remedy=say(
                "Write: {legal_form}, and put the wording into `label`.", legal_form=_legal_form(name)
            ),
            key=True,
        )
    elif len(name) > LONGEST:
        problems.error(
            Code.ILLEGAL_ID,
            path,
            say(
                "the {kind} id has {count} characters; at most {longest} are allowed",
                kind=say(kind),
                count=len(name),
                longest=LONGEST,
            ),
            remedy=say("Put the long wording into `label`."),
            key=True,
        )
    elif name.lower() in _RESERVED | reserved:
        problems.error(
            Code.RESERVED_ID,
            path,
            say("'{name}' has a meaning of its own and cannot be a {kind} id", name=name, kind=say(kind)),
            remedy=say("Write for example: {name}_{kind}", name=name, kind=kind),
            key=True,
        )
    elif bare and like_reference(name):
        problems.error(
            Code.RESERVED_ID,
            path,
            say("'{name}' reads as a cell of a sheet and cannot be a {kind} id", name=name, kind=say(kind)),
            remedy=say("Write for example: {kind}_{name} or {name}_", kind=kind, name=name),
            key=True,
        )


def _legal_form(name: str) -> str:
    form = re.sub(r"\W+", "_", name).strip("_")
    return form if _WORD.fullmatch(form) else f"n_{form}".rstrip("_")


def _unique_in_tables(shape: SpecShape, problems: Problems) -> None:
    for table, given in shape.tables.items():
        base: Path = ("tables", table)
        taken: dict[str, tuple[str, Path]] = {}
        named: list[tuple[str, str, Path]] = [
            *((name, "field", (*base, "fields", name)) for name in given.fields),
            *((rule.id, "rule", (*base, "rules", i, "id")) for i, rule in enumerate(given.rules)),
            *((name, "segment", (*base, "segments", name)) for name in given.segments),
            *((n, "metric", ("metrics", n)) for n, metric in shape.metrics.items() if metric.table == table),
        ]
        for name, kind, path in named:
            _claim(taken, name, kind, path, problems, say(" in the table '{table}'", table=table))


def _unique_names(shape: SpecShape, problems: Problems) -> None:
    taken: dict[str, tuple[str, Path]] = {}
    for kind, ids in (("setting", shape.settings), ("table", shape.tables), ("metric", shape.metrics)):
        for name in ids:
            _claim(taken, name, kind, (f"{kind}s", name), problems, "")


def _claim(
    taken: dict[str, tuple[str, Path]], name: str, kind: str, path: Path, problems: Problems, where: str
) -> None:
    """Excel does not tell names apart by case, so ids are compared without it."""
    folded = name.casefold()
    if folded not in taken:
        taken[folded] = (kind, path)
        return
    other, first = taken[folded]
    problems.error(
        Code.TAKEN_ID,
        path,
        say("the id '{name}' is taken by a {other}", name=name, other=say(other)) + where,
        reason=say(
            "It stands at {place}; expressions could not tell the two apart.",
            place=problems.place(first, key=True),
        ),
        remedy=say("Write for example: {name}_{kind}", name=name, kind=kind),
        key=True,
    )
