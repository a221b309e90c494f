"""Tables that a spec drops and a later one has again: what people filled meanwhile is taken up.

Knows a table that was left to people by what the record keeps of it. Does not know how its columns become
fields again: that is the change of structure.
"""

from __future__ import annotations

from crmsheet.model.baseline import Baseline, RetiredTable, TableMark
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.read.bycontent import ROW_ID
from crmsheet.read.columns import tables_by_name
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import replace

_REFERRING = (FieldType.CHOICE, FieldType.MULTI_CHOICE, FieldType.REFERENCE)


def with_returning(record: Baseline, wanted: Model, contents: Contents) -> Baseline | None:
    """The record of a workbook that still has the tables that `wanted` brings back; None when there are none."""
    there = tables_by_name(contents)
    ids = {t.id: t.id for t in wanted.tables} | {
        t.renamed_from: t.id for t in wanted.tables if t.renamed_from
    }
    found = {
        i: kept
        for i, kept in record.retired.items()
        if i in ids and not any(t.id == i for t in record.model.tables) and kept.mark.name.casefold() in there
    }
    if not found:
        return None
    tables = (*record.model.tables, *(_stub(kept) for kept in found.values()))
    return replace(
        record,
        model=replace(record.model, tables=tables),
        tables={**record.tables, **{i: _known(kept) for i, kept in found.items()}},
        sheets={**record.sheets, **{i: kept.sheet for i, kept in found.items()}},
        anchors={
            **record.anchors,
            **{a: size for kept in found.values() for a, size in kept.anchors.items()},
        },
        retired={i: kept for i, kept in record.retired.items() if i not in found},
    )


def _stub(kept: RetiredTable) -> Table:
    """The table with what people fill in, and nothing that needs other tables, lists or settings."""
    fields = tuple(_alone(f) for f in kept.table.fields if not f.type.computed)
    return replace(kept.table, fields=fields, rules=(), groups=(), segments=(), display=())


def _alone(field: Field) -> Field:
    return replace(
        field,
        type=FieldType.TEXT if field.type in _REFERRING else field.type,
        list="",
        table="",
        depends_on="",
        group="",
        default=None,
        minimum=None,
        maximum=None,
        required_when=None,
    )


def _known(kept: RetiredTable) -> TableMark:
    inputs = {f.id for f in kept.table.fields if not f.type.computed} | {ROW_ID}
    return replace(kept.mark, columns=tuple(c for c in kept.mark.columns if c.id in inputs))
