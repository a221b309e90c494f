"""Export: a book's rows for other programs. Changes nothing.

Knows how tables are named by a user, and which columns an export needs. Does not know files (`crmsheet.export`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from crmsheet import __version__
from crmsheet.api.standing import Standing, standing
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.export.formats import Format, written
from crmsheet.export.relations import Kind, Misfit
from crmsheet.export.source import Shape, Source, Wish
from crmsheet.export.whole import dataset
from crmsheet.messages import say
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, field

__all__ = ["Exported", "export"]


_USUAL: Final[Mapping[Format, tuple[Shape, ...]]] = {Format.JSON: (Shape.TABLES,)}
"""What is exported without being asked for shapes, where it is not all of them: no BI tool is fed with JSON."""


@dataclass(frozen=True, slots=True)
class Exported:
    """`files` by name; of a format that is one file, it alone, without a name. `rows` by relation, `tables` by
    the labels of those that people fill. `left_out` are
    the rows of each table that stay out for want of consent, `private` the number of fields that do."""

    files: Mapping[str, bytes] = field(repr=False)
    language: str
    as_of: date
    rows: Mapping[str, int]
    tables: Mapping[str, int]
    left_out: Mapping[str, int]
    private: int
    misfits: tuple[Misfit, ...]


def export(
    content: bytes,
    *,
    name: str,
    to: str,
    today: date,
    as_of: date | None = None,
    tables: Sequence[str] = (),
    shapes: Sequence[str] = (),
    language: str | None = None,
    private: bool = False,
    include_without_consent: bool = False,
) -> Exported:
    """A workbook's rows as the files of a format. Raises WorkbookRefused or UsageError; writes nothing."""
    with standing(content, name=name, today=today, as_of=as_of, rows_only=True) as book:
        wish = Wish(
            tuple(dict.fromkeys(_table(book.model, t) for t in tables)),
            tuple(s for s in Shape if s.value in shapes) if shapes else _USUAL.get(Format(to), tuple(Shape)),
            private,
            include_without_consent,
        )
        found = dataset(_source(book, Language(language) if language else book.language), wish)
    files = written(found, Format(to))
    return Exported(
        files,
        found.about["language"],
        book.effective,
        {r.id: r.size for r in found.relations},
        {
            book.model.table(r.id).label.text(book.language): r.size
            for r in found.relations
            if r.kind is Kind.ENTRY
        },
        dict(found.left_out or {}),
        found.private,
        found.misfits,
    )


def _source(book: Standing, shown: Language) -> Source:
    values = {}
    for table in book.model.tables:
        size = book.reading.state.tables[table.id].size
        entered = book.reading.state.tables[table.id].columns
        for own in table.fields:
            known = own.type.computed or own.id in entered
            values[table.id, own.id] = book.column(table, own.id) if known else (None,) * size
    return Source(
        book.model,
        book.reading.state,
        book.language,
        shown,
        book.effective,
        book.reading.record.book_code,
        __version__,
        values,
    )


def _table(model: Model, wanted: str) -> str:
    """The table that a user calls by its id or a label."""
    for table in model.tables:
        names = (table.id, table.label.zh, table.label.en, *table.aliases)
        if wanted.strip().casefold() in {n.casefold() for n in names}:
            return table.id
    raise UsageError(
        Diagnostic(
            "U151",
            say("there is no table '{table}' in this workbook", table=wanted),
            remedy=say("Give its id or its label."),
            allowed=tuple(t.id for t in model.tables),
        )
    )
