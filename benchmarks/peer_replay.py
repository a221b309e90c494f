"""What XlsxWriter alone needs for the workbook of an empty starter: record STARTER CALLS, then replay CALLS OUT.

`record` builds the starter and notes what is asked of XlsxWriter: sheets, formats, columns, rules, names, charts. Our
own cells, tables, links and merged cells, which it never sees, become the typed calls that a script would make for
them. `replay` makes these calls to XlsxWriter as it comes, in a process that imports nothing else. XlsxWriter looks
through each formula for functions newer than 2010; `careful` spares it that, as a script could whose formulas are in
file form already. `load CALLS` only reads them, for what that costs.
"""

from __future__ import annotations

import pickle
import sys
from enum import Enum
from functools import wraps
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet


class Calls:
    """The calls in their order: (object, method, arguments, named arguments, object that came of it)."""

    def __init__(self) -> None:
        self.made: list[tuple[int, str, object, object, int | None]] = []
        self.objects: list[object] = []
        self.depth = 0

    def number(self, one: object) -> int | None:
        return next((i for i, known in enumerate(self.objects) if known is one), None)

    def known(self, one: object) -> int:
        found = self.number(one)
        if found is None:
            self.objects.append(one)
            found = len(self.objects) - 1
            if isinstance(one, Chart):
                kind = next(
                    c.__name__ for c in type(one).__mro__ if c.__module__.startswith("xlsxwriter.chart_")
                )
                options = {"type": kind.removeprefix("Chart").lower()}
                self.made.append((0, "add_chart", (options,), {}, found))
        return found

    def plain(self, value: object) -> object:
        """An argument as it can be stored."""
        if isinstance(value, Format | Worksheet | Chart):
            return _Object(self.known(value))
        if isinstance(value, dict):
            return {str(k): self.plain(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(self.plain, value))
        return str(value) if isinstance(value, str) else value

    def note(self, one: object, name: str, *arguments: object, **named: object) -> None:
        known = self.known(one)
        self.made.append((known, name, self.plain(arguments), self.plain(named), None))

    def cell(
        self, page: Worksheet, row: int, column: int, formula: str, value: object, look: Format | None
    ) -> None:
        """The typed call for one cell."""
        if formula:
            shown = "" if value is None else value.value if isinstance(value, Enum) else value
            self.note(page, "write_formula", row, column, "=" + formula, look, shown)
        elif isinstance(value, bool):
            self.note(page, "write_boolean", row, column, value, look)
        elif isinstance(value, str):
            self.note(page, "write_string", row, column, value, look)
        elif isinstance(value, int | float):
            self.note(page, "write_number", row, column, value, look)
        elif look is not None:
            self.note(page, "write_blank", row, column, None, look)

    def watch(self, kind: type) -> None:
        """Note what is asked of objects of a class from outside of XlsxWriter."""
        for name, method in list(vars(kind).items()):
            if not name.startswith("_") and callable(method) and name not in {"close", "add_chart"}:
                setattr(kind, name, self._watched(name, method))

    def _watched(self, name: str, method):
        @wraps(method)
        def watched(one: object, *arguments: object, **named: object) -> object:
            self.depth += 1
            try:
                result = method(one, *arguments, **named)
            finally:
                self.depth -= 1
            if self.depth == 0 and not isinstance(one, Format):
                known = self.known(one)
                came = self.known(result) if isinstance(result, Format | Worksheet) else None
                given = [a for a in arguments if not isinstance(a, type)]
                self.made.append((known, name, self.plain(tuple(given)), self.plain(named), came))
            return result

        return watched


class _Object(int):
    """An object that came of an earlier call, by its number."""


def record(starter: str, target: Path) -> None:
    from datetime import date

    from crmsheet import api
    from crmsheet.write import book, sheets

    calls = Calls()
    for kind in (Workbook, Worksheet, Chart):
        calls.watch(kind)
    formats: dict[int, Format] = {}

    def hold(page, rows, links) -> None:
        formats.update(
            {f.xf_index: f for f in calls.objects if isinstance(f, Format) and f.xf_index is not None}
        )
        for (row, column), one in rows.cells.items():
            if (row, column) in links:
                calls.note(
                    page, "write_url", row, column, "internal:" + links[row, column], formats.get(one.style)
                )
            calls.cell(page, row, column, one.formula, one.value, formats.get(one.style))
        for fresh in rows.tables:
            for form, values in zip(fresh.formats, fresh.columns, strict=True):
                for row, value in enumerate(values, fresh.first_row):
                    calls.cell(page, row, form.column, form.formula, value, formats.get(form.style))
        held(page, rows, links)

    def add_part(page, properties) -> None:
        columns = [
            {"header": c["name"]} | ({"formula": "=" + c["formula"]} if c["formula"] else {})
            for c in properties["columns"]
        ]
        told = {"name": properties["name"], "style": properties["style"], "columns": columns}
        calls.note(page, "add_table", properties["range"], told)
        added(page, properties)

    def merge(page, area) -> None:
        calls.note(page, "merge_range", area.top, area.left, area.bottom, area.right, "")
        merged(page, area)

    def define(work, name: str, given: str, *, hidden: bool) -> None:
        calls.note(work, "define_name", name, "=" + given)
        defined(work, name, given, hidden=hidden)

    begun = book.Book.__init__

    def begin(work, *arguments: object) -> None:
        calls.objects.append(work)
        calls.depth += 1
        begun(work, *arguments)
        calls.depth -= 1

    held, added, merged = sheets.SheetPart.hold, sheets.SheetPart.add_part, sheets.SheetPart.merge_cells
    defined = book.Book._define
    sheets.SheetPart.hold, sheets.SheetPart.add_part, sheets.SheetPart.merge_cells = hold, add_part, merge
    book.Book._define, book.Book.__init__ = define, begin
    api.build(starter, today=date(2026, 3, 31), as_of=date(2026, 3, 31))
    told = [(one, name, _stored(a), _stored(n), came) for one, name, a, n, came in calls.made]
    target.write_bytes(pickle.dumps(told))


def _stored(value: object) -> object:
    """Without a class of this script, which another process would not find."""
    if isinstance(value, _Object):
        return {"object": int(value)}
    if isinstance(value, dict):
        return {k: _stored(v) for k, v in value.items()}
    return type(value)(map(_stored, value)) if isinstance(value, list | tuple) else value


def replay(calls: Path, target: Path) -> None:
    told = pickle.loads(calls.read_bytes())
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    objects: dict[int, object] = {0: Workbook(str(target), options)}

    def given(value: object) -> object:
        if isinstance(value, dict):
            if value.keys() == {"object"}:
                return objects[value["object"]]
            return {k: given(v) for k, v in value.items()}
        return type(value)(map(given, value)) if isinstance(value, list | tuple) else value

    for one, name, arguments, named, came in told:
        result = getattr(objects[one], name)(*given(arguments), **given(named))
        if came is not None:
            objects[came] = result
    objects[0].close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["record", starter, calls]:
            record(starter, Path(calls))
        case ["replay", calls, target]:
            replay(Path(calls), Path(target))
        case ["careful", calls, target]:
            Worksheet._prepare_formula = lambda _, formula, __=False: formula.removeprefix("=")
            replay(Path(calls), Path(target))
        case ["load", calls]:
            pickle.loads(Path(calls).read_bytes())
        case _:
            raise SystemExit(__doc__)
