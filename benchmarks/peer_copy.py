"""Copies a workbook as a library does that changes nothing: every member inflated and deflated again. IN OUT [LEVEL]."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

LEVEL = int(sys.argv[3]) if len(sys.argv) > 3 else None

with (
    zipfile.ZipFile(Path(sys.argv[1])) as source,
    zipfile.ZipFile(Path(sys.argv[2]), "w", zipfile.ZIP_DEFLATED) as target,
):
    for member in source.infolist():
        target.writestr(member, source.read(member), compresslevel=LEVEL)
