"""LibreOffice loads a workbook, computes everything anew and saves it: IN OUT PROFILE."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">\
<value>0</value></prop></item>
</oor:items>
"""

source, target, profile = (Path(a).resolve() for a in sys.argv[1:4])
settings = profile / "user" / "registrymodifications.xcu"
if not settings.exists():
    settings.parent.mkdir(parents=True)
    settings.write_text(ALWAYS, "utf-8")
with tempfile.TemporaryDirectory() as folder:
    office = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    subprocess.run(
        [*office, "--convert-to", "xlsx", "--outdir", folder, str(source)], check=True, capture_output=True
    )
    (Path(folder) / f"{source.stem}.xlsx").replace(target)
