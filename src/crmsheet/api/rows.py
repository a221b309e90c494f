"""Rows from outside (demo data, CSV files) as the State of a new workbook.

Knows how values of each field type are written by people and programs. Does not judge them: what does not
fit stays as it is, and `checks` says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, Severity, TextPlace
from crmsheet.errors import UsageError
from crmsheet.excel.dates import serial
from crmsheet.excel.values import Value
from crmsheet.messages import say
from crmsheet.model.identity import row_id
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.visible_ids import filled
from crmsheet.model.words import Language

Raw = Value | date | Sequence[str]
"""A value as it comes: dates may be Python dates, multi_choice a sequence of items."""
Rows = Mapping[str, Sequence[Mapping[str, Raw]]]

_TRUE = {"true", "yes", "y", "1", "是", "对", "√"}
_FALSE = {"false", "no", "n", "0", "否", "×"}


def initial_state(
    model: Model, language: Language, rows: Rows, book_code: str
) -> tuple[State, int, dict[str, int]]:
    """The State of a new workbook, the next row number, and the next visible number by `table.field`."""
    next_row = 1
    next_ids: dict[str, int] = {}
    tables: dict[str, TableState] = {}
    lists = {
        x.id: tuple(ListRow(i.id, i.label.text(language), i.parent, dict(i.attributes)) for i in x.items)
        for x in model.lists
    }
    for table in model.tables:
        given = rows.get(table.id, ())
        ids = tuple(row_id(book_code, next_row + i) for i in range(len(given)))
        next_row += len(given)
        columns: dict[str, tuple[Value, ...]] = {}
        for field in table.fields:
            if not field.type.computed:
                convert = _Converter(model, language, field)
                columns[field.id] = tuple(convert(r.get(field.id)) for r in given)
        for field in table.fields:
            if field.type is FieldType.ID:
                columns[field.id], next_ids[f"{table.id}.{field.id}"] = filled(
                    columns[field.id], [False] * len(ids), field.format, 1
                )
        tables[table.id] = TableState(ids, columns)
    settings = {s.id: s.value for s in model.settings}
    return State(tables, lists, settings), next_row, next_ids


class _Converter:
    """Turns raw values of one field into cell values; labels of lists are looked up once."""

    def __init__(self, model: Model, language: Language, field: Field) -> None:
        self.type = field.type
        self.labels: dict[str, str] = {}
        if field.list:
            for item in model.list(field.list).items:
                label = item.label.text(language)
                for word in (*item.aliases, item.label.zh, item.label.en, item.id):
                    self.labels[word] = label

    def __call__(self, raw: Raw) -> Value:
        if raw is None or raw == "":
            return None
        if isinstance(raw, datetime | date):
            return serial(raw)
        if isinstance(raw, str):
            return self._text(raw)
        if isinstance(raw, Sequence):
            return "、".join(self.labels.get(item, item) for item in raw)
        return raw

    def _text(self, text: str) -> Value:
        match self.type:
            case FieldType.CHOICE:
                return self.labels.get(text, text)
            case FieldType.MULTI_CHOICE:
                return "、".join(self.labels.get(t.strip(), t.strip()) for t in text.split("、"))
            case FieldType.DATE | FieldType.DATETIME:
                return _date(text)
            case FieldType.BOOLEAN:
                word = text.strip().casefold()
                return True if word in _TRUE else False if word in _FALSE else text
            case (
                FieldType.NUMBER
                | FieldType.INTEGER
                | FieldType.CURRENCY
                | FieldType.PERCENT
                | FieldType.RATING
            ):
                return _number(text)
            case _:
                return text


def _date(text: str) -> Value:
    try:
        moment = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return text
    return serial(moment)


def _number(text: str) -> Value:
    plain = text.strip().replace(",", "")
    scale = 1.0
    if plain.endswith("%"):
        plain, scale = plain[:-1], 0.01
    try:
        number = float(plain) * scale
    except ValueError:
        return text
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def csv_rows(model: Model, folder: Path) -> tuple[Rows, tuple[Diagnostic, ...]]:
    """The rows of `folder/<table>.csv` (UTF-8 or GB18030), headers matched by id, label or alias.

    Returns what was read and a warning for each column that is not a field. Raises UsageError when the
    folder has no file for any table.
    """
    rows: dict[str, list[dict[str, Raw]]] = {}
    findings: list[Diagnostic] = []
    for table in model.tables:
        for file in _files(folder, table):
            names = _header_names(table)
            read, unknown = _read_csv(file, names)
            rows.setdefault(table.id, []).extend(read)
            findings += [
                Diagnostic(
                    "U104",
                    say(
                        "column '{header}' is no input field of {table}; it was left out",
                        header=header,
                        table=table.id,
                    ),
                    TextPlace(str(file), 1, 1),
                    Severity.WARNING,
                    allowed=tuple(f.id for f in table.fields if not f.type.computed),
                )
                for header in unknown
            ]
    if not rows:
        expected = ", ".join(f"{t.id}.csv" for t in model.tables)
        raise UsageError(
            Diagnostic(
                "U103",
                say("no data found in '{folder}'", folder=folder),
                remedy=say("Name the files after the tables: {expected}", expected=expected),
            )
        )
    return rows, tuple(findings)


def _files(folder: Path, table: Table) -> Iterable[Path]:
    stems = {table.id, table.label.zh, table.label.en, *table.aliases}
    return [f for f in sorted(folder.glob("*.csv")) if f.stem in stems]


def _header_names(table: Table) -> dict[str, str]:
    names: dict[str, str] = {}
    for field in table.fields:
        if not field.type.computed:
            for word in (*field.aliases, field.label.zh, field.label.en, field.id):
                names[word.strip().casefold()] = field.id
    return names


def _read_csv(file: Path, names: Mapping[str, str]) -> tuple[list[dict[str, Raw]], list[str]]:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    reader = csv.reader(text.splitlines(keepends=True))
    headers = next(reader, [])
    fields = [names.get(h.strip().casefold()) for h in headers]
    rows: list[dict[str, Raw]] = []
    for line in reader:
        row: dict[str, Raw] = {f: v for f, v in zip(fields, line, strict=False) if f is not None}
        if any(v != "" for v in row.values()):
            rows.append(row)
    return rows, [h for h, f in zip(headers, fields, strict=True) if f is None]
