"""Chooses a region on a board of the benchmark workbook, as its reader would: IN OUT [BOARD]. Only indicators
change."""

from __future__ import annotations

import sys
from pathlib import Path

from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.read import read_book
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.splice import patched_sheet

board = sys.argv[3] if len(sys.argv) > 3 else "board"
contents = Contents(Package.open(Path(sys.argv[1])))
reading = read_book(contents)
anchor, row, column = reading.record.inputs[f"selectors.{board}.region"]
place = reading.layout.anchors[anchor]
sheet = contents.sheet(place.sheet)
assert sheet is not None
edit = CellEdit(place.rows[row], place.columns[column], EditKind.VALUE, "North")
done = patched_sheet(sheet.scan, [edit])
Path(sys.argv[2]).write_bytes(assemble(contents.package, {sheet.sheet.part: done.data}))
