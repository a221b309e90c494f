"""One SQLite file: a table for each relation with its keys and indexes, a view for each flat relation.

Knows SQL. Foreign keys are declared where the table they lead to is in the file.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Final

from crmsheet.export.relations import Dataset, Datum, Kind, Relation, Stored
from crmsheet.export.texts import text_of

_TYPES: Final = {
    Stored.TEXT: "TEXT",
    Stored.INTEGER: "INTEGER",
    Stored.DECIMAL: "NUMERIC",
    Stored.DOUBLE: "REAL",
    Stored.BOOLEAN: "BOOLEAN",
    Stored.DATE: "DATE",
    Stored.DATETIME: "DATETIME",
}


def sqlite_file(dataset: Dataset) -> bytes:
    with tempfile.TemporaryDirectory(prefix="crmsheet-") as folder:
        path = Path(folder) / "export.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=OFF")
            for statement in statements(dataset, _TYPES):
                connection.execute(statement)
            for relation in stored_relations(dataset):
                marks = ", ".join("?" * len(relation.columns))
                rows = ([_value(v) for v in row] for row in relation.rows())
                connection.executemany(f"INSERT INTO {quoted(relation.id)} VALUES ({marks})", rows)
            for statement in (*indexes(dataset), *views(dataset)):
                connection.execute(statement)
            connection.commit()
        return path.read_bytes()


def stored_relations(dataset: Dataset) -> tuple[Relation, ...]:
    """The relations that are tables: all, but flat ones of which the star is there are views."""
    here = {r.id for r in dataset.relations}
    return tuple(r for r in dataset.relations if r.kind is not Kind.FLAT or r.of not in here)


def statements(dataset: Dataset, types: dict[Stored, str], *, foreign: bool = True) -> Iterator[str]:
    """What makes the tables."""
    relations = stored_relations(dataset)
    here = {r.id for r in relations}
    for relation in relations:
        parts = [f"{quoted(c.id)} {types[c.stored]}" for c in relation.columns]
        if relation.key:
            parts.append(f"PRIMARY KEY ({quoted(relation.key)})")
        for f in relation.foreign if foreign else ():
            if f.relation in here:
                parts.append(
                    f"FOREIGN KEY ({quoted(f.column)}) REFERENCES {quoted(f.relation)} ({quoted(f.target)})"
                )
        yield f"CREATE TABLE {quoted(relation.id)} (\n  " + ",\n  ".join(parts) + "\n)"


def indexes(dataset: Dataset) -> Iterator[str]:
    for relation in stored_relations(dataset):
        for column in dict.fromkeys(relation.indexed):
            name = quoted(f"ix_{relation.id}_{column}")
            yield f"CREATE INDEX {name} ON {quoted(relation.id)} ({quoted(column)})"


def views(dataset: Dataset) -> Iterator[str]:
    """A view for each flat relation, joined of its fact and dimensions."""
    tables = {r.id for r in stored_relations(dataset)}
    for relation in dataset.relations:
        if relation.id in tables:
            continue
        fact = dataset.relation(relation.of)
        joins = {f.column: f"d{i}" for i, f in enumerate(fact.foreign)}
        used = {p.via for p in relation.parts if p.via}
        columns = ",\n  ".join(
            f"{joins[p.via] if p.via else 'f'}.{quoted(p.column)} AS {quoted(p.id)}" for p in relation.parts
        )
        joined = "".join(
            f"\nLEFT JOIN {quoted(f.relation)} {joins[f.column]}"
            f" ON {joins[f.column]}.{quoted(f.target)} = f.{quoted(f.column)}"
            for f in fact.foreign
            if f.column in used
        )
        yield f"CREATE VIEW {quoted(relation.id)} AS SELECT\n  {columns}\nFROM {quoted(fact.id)} f{joined}"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(value: Datum) -> int | float | str | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, int | float | str):
        return value
    return text_of(value)
