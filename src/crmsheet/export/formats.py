"""The formats of an export, each with what writes it.

Knows which format needs which library, and says so when it is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, assert_never

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.export.relations import Dataset
from crmsheet.messages import say


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"

    @property
    def is_folder(self) -> bool:
        return self in (Format.CSV, Format.PARQUET)


SUFFIXES: Final[Mapping[Format, tuple[str, ...]]] = {
    Format.JSON: (".json",),
    Format.SQLITE: (".sqlite", ".sqlite3", ".db"),
    Format.DUCKDB: (".duckdb", ".db"),
}
"""The endings of files, the usual one first."""


def written(dataset: Dataset, format_: Format) -> Mapping[str, bytes]:
    """The files of an export by their names; of a format that is one file, it alone, without a name. Raises UsageError
    when the library for it is not installed."""
    match format_:
        case Format.CSV:
            from crmsheet.export.csvfiles import csv_files

            return csv_files(dataset)
        case Format.JSON:
            from crmsheet.export.jsonfile import json_file

            return {"": json_file(dataset)}
        case Format.SQLITE:
            from crmsheet.export.sqlitefile import sqlite_file

            return {"": sqlite_file(dataset)}
        case Format.PARQUET:
            try:
                from crmsheet.export.parquet import parquet_files
            except ImportError as missing:
                raise _not_installed("pyarrow", format_) from missing
            return parquet_files(dataset)
        case Format.DUCKDB:
            try:
                from crmsheet.export.duck import duckdb_file
            except ImportError as missing:
                raise _not_installed("duckdb", format_) from missing
            return {"": duckdb_file(dataset)}
        case _:
            assert_never(format_)


def _not_installed(library: str, format_: Format) -> UsageError:
    return UsageError(
        Diagnostic(
            "U150",
            say(
                "{format} files need the library '{library}', which is not installed",
                format=format_.value,
                library=library,
            ),
            remedy=say('Install it:  pip install "crmsheet[{extra}]"', extra=format_.value),
        )
    )
