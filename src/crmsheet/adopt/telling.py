"""What is told of a table's sheet, rows and columns once they are read: kept, joined or left out.

Knows the words. Does not know how regions and kinds are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.adopt.drafts import Remark
from crmsheet.adopt.kinds import Kind, missing
from crmsheet.adopt.surface import Region
from crmsheet.excel.references import a1, column_letters
from crmsheet.intake.books import BookSheet
from crmsheet.messages import listed, phrase, say
from crmsheet.model.spec import FieldType

_WHY: Final = {
    "title": phrase("a title"),
    "total": phrase("a total"),
    "note": phrase("a note"),
    "section": phrase("a heading between the rows"),
    "header": phrase("the header again"),
    "units": phrase("a row of units"),
}


def tell_region(sheet: BookSheet, region: Region, remarks: list[Remark]) -> None:
    if sheet.hidden:
        remarks.append(
            Remark(sheet.name, "", say("the sheet is hidden; its table is shown now"), understood=True)
        )
    if len(region.header_rows) > 1:
        remarks.append(
            Remark(
                sheet.name,
                _rows(region.header_rows),
                say("headers of {count} rows were joined", count=len(region.header_rows)),
                understood=True,
            )
        )
    if not region.header_rows:
        remarks.append(
            Remark(
                sheet.name,
                area(region),
                say("there is no row of headers; columns are called by their letters"),
            )
        )
    for why in ("title", "units", "total", "section", "header", "note"):
        rows = [x for x in region.left_out if x.why == why]
        if rows:
            text = rows[0].text if len(rows) == 1 else f"{rows[0].text}…"
            kept = why == "section" and region.sections is not None
            remarks.append(
                Remark(
                    sheet.name,
                    _rows([x.row for x in rows]),
                    say("{why} stands in a column of its own now: {text}", why=say(_WHY[why]), text=text)
                    if kept
                    else say("{why} was left out: {text}", why=say(_WHY[why]), text=text),
                    understood=True,
                )
            )


def _rows(rows: Sequence[int]) -> str:
    numbers = sorted(r + 1 for r in rows)
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}:{numbers[-1]}"
    shown_rows = ", ".join(str(n) for n in numbers[:5])
    return shown_rows + ("…" if len(numbers) > 5 else "")


def area(region: Region) -> str:
    rows = (*region.header_rows, *region.rows)
    return f"{a1(min(rows), region.columns[0])}:{a1(max(rows), region.columns[-1])}"


def comment(kind: Kind, raw: Sequence[object]) -> str:
    held = sum(v is not None and v != "" for v in raw)
    if not held:
        return say("no values yet")
    words = [say(kind.why)] if kind.why else []
    if kind.misfits:
        words.append(say("{count} of {held} values are something else", count=kind.misfits, held=held))
    return listed(words, "; ")


def tell_column(
    sheet: BookSheet,
    column: int,
    header: str,
    kind: Kind,
    raw: Sequence[object],
    places: Sequence[tuple[int, int]],
    about: str,
    remarks: list[Remark],
) -> None:
    letters = column_letters(column)
    if kind.misfits:
        remarks.append(
            Remark(
                sheet.name,
                f"{letters}{places[0][0] + 1}:{letters}{places[-1][0] + 1}",
                say(
                    "'{header}' is mostly {type}; {count} values are something else and stay as they are",
                    header=header,
                    type=kind.type.value,
                    count=kind.misfits,
                ),
                about=about,
            )
        )
    gone = sum(isinstance(v, str) and missing(v) for v in raw)
    if gone and kind.type not in (
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.PHONE,
        FieldType.EMAIL,
        FieldType.URL,
    ):
        remarks.append(
            Remark(
                sheet.name,
                f"{letters}{places[0][0] + 1}:{letters}{places[-1][0] + 1}",
                say(
                    "'{header}': {count} cells that say there is nothing are blank now",
                    header=header,
                    count=gone,
                ),
            )
        )
