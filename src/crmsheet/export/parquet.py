"""A folder of Parquet files, one a relation, and their description. The only importer of pyarrow.

Knows Arrow's types. Every column carries its labels nowhere: the data dictionary does.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from crmsheet.export import packages
from crmsheet.export.csvfiles import by_file
from crmsheet.export.relations import Dataset, Relation, Stored
from crmsheet.export.typed import PLACES

_TYPES: Final = {
    Stored.TEXT: pa.string(),
    Stored.INTEGER: pa.int64(),
    Stored.DECIMAL: pa.decimal128(19, PLACES),
    Stored.DOUBLE: pa.float64(),
    Stored.BOOLEAN: pa.bool_(),
    Stored.DATE: pa.date32(),
    Stored.DATETIME: pa.timestamp("s"),
}


def parquet_files(dataset: Dataset) -> Mapping[str, bytes]:
    named = by_file(dataset, ".parquet")
    files = {name: _file(relation) for name, relation in named.items()}
    files[packages.NAME] = packages.described(dataset, named, encoding="", format_="parquet")
    return files


def _file(relation: Relation) -> bytes:
    schema = pa.schema([pa.field(c.id, _TYPES[c.stored]) for c in relation.columns])
    table = pa.table([pa.array(c.values, type=_TYPES[c.stored]) for c in relation.columns], schema=schema)
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()
