"""One DuckDB file: as the SQLite one, with DuckDB's types. The only importer of duckdb.

Knows how many rows are loaded at once: through a file of JSON lines, which takes texts as they are. Foreign keys and
indexes are not declared: DuckDB takes no two tables that refer to each other, and reads whole columns anyway.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Final

import duckdb

from crmsheet.export.relations import Dataset, Datum, Relation, Stored
from crmsheet.export.sqlitefile import quoted, statements, stored_relations, views
from crmsheet.export.texts import text_of
from crmsheet.export.typed import PLACES

_TYPES: Final = {
    Stored.TEXT: "VARCHAR",
    Stored.INTEGER: "BIGINT",
    Stored.DECIMAL: f"DECIMAL(19,{PLACES})",
    Stored.DOUBLE: "DOUBLE",
    Stored.BOOLEAN: "BOOLEAN",
    Stored.DATE: "DATE",
    Stored.DATETIME: "TIMESTAMP",
}


def duckdb_file(dataset: Dataset) -> bytes:
    with tempfile.TemporaryDirectory(prefix="crmsheet-") as folder:
        path = Path(folder) / "export.duckdb"
        with duckdb.connect(str(path)) as connection:
            for statement in statements(dataset, _TYPES, foreign=False):
                connection.execute(statement)
            for relation in stored_relations(dataset):
                if relation.size:
                    _load(connection, relation, Path(folder) / "rows.jsonl")
            for statement in views(dataset):
                connection.execute(statement)
            connection.execute("CHECKPOINT")
        return path.read_bytes()


def _load(connection: duckdb.DuckDBPyConnection, relation: Relation, file: Path) -> None:
    # Columns are numbered in the file: names of people's may be anything.
    with file.open("w", encoding="utf-8", errors="replace", newline="\n") as lines:
        for row in relation.rows():
            lines.write(json.dumps([_value(v) for v in row], ensure_ascii=True) + "\n")
    reading = ", ".join(
        f"(json->>'$[{i}]')::{_TYPES[c.stored]} AS {quoted(c.id)}" for i, c in enumerate(relation.columns)
    )
    connection.execute(
        f"INSERT INTO {quoted(relation.id)} SELECT {reading} FROM read_ndjson_objects(?)", [str(file)]
    )


def _value(value: Datum) -> str | None:
    return None if value is None else text_of(value)
