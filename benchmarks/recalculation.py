"""Times LibreOffice over the follow-up workbook: everything computed anew, and after one edited cell.

`python benchmarks/recalculation.py [CUSTOMERS]` builds the workbook with demo data (3,000 customers have some 20,000
activities), opens it without computing, then computes all of it once and after each of some edits. Seconds of wall
clock and of CPU; the edits are those that account managers make. Writes its section of RESULTS.md when run with 3,000
customers.
Runs itself a second time under the system's Python, which has LibreOffice's bridge (package python3-uno).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from results import write_section

Edit = tuple[str, Sequence[str], str]
"""Sheet, headers of the cells that change, and what that is; always in the same row."""
Steps = dict[str, tuple[float, float]]
"""Wall and CPU seconds by step."""
SYSTEM_PYTHON = "/usr/bin/python3"
CUSTOMERS = 3_000
AS_OF = date(2026, 3, 31)
TITLE = "## Recalculation in LibreOffice"
FULL, EDIT = 30, 5
"""Seconds that computing everything, and computing after an edit, may take."""
EDITS: tuple[Edit, ...] = (
    (
        "跟进记录",
        ("沟通日期", "客户", "沟通方式", "沟通结果", "跟进人", "计划日期"),
        "an activity: another one",
    ),
    ("跟进记录", ("计划日期",), "an activity's due date"),
    ("跟进记录", ("完成日期",), "an activity's day done"),
    ("商机", ("销售阶段",), "a deal's stage"),
    ("商机", ("预计金额",), "a deal's amount"),
    ("交易记录", ("数量",), "an order's quantity"),
    ("客户", ("客户名称",), "a customer's name"),
    ("客户", ("负责人",), "a customer's owner"),
    ("客户", ("联系电话",), "a customer's phone"),
)
_ROW, _OTHER = 10, range(40, 140)
"""Rows: of the edited cells, and from where they get other contents."""
_OWN_TEXTS = ("客户名称", "联系电话")
"""Columns where no two rows hold the same."""
_NEVER = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">\
<value>1</value></prop></item>
</oor:items>
"""


def cpu_seconds(profile: str) -> float:
    """What the office with this profile has used so far; 0 where there is no /proc."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if profile.encode() in (process / "cmdline").read_bytes():
                fields = (process / "stat").read_text("utf-8").rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return total


def places(cells: Any, headers: Iterable[str]) -> dict[str, int]:
    """The columns of a sheet that have these headers."""
    at = {cells.getCellByPosition(c, r).String: c for r in range(5, -1, -1) for c in range(60)}
    return {header: at[header] for header in headers}


def edit(cells: Any, columns: Mapping[str, int]) -> None:
    """Change cells of one row of a sheet, each to what might stand there."""
    for header, column in columns.items():
        cell = cells.getCellByPosition(column, _ROW)
        if cell.Value:
            cell.setValue(cell.Value + 1)
        elif header in _OWN_TEXTS:
            cell.setString(cell.String + "1")
        else:
            others = (cells.getCellByPosition(column, row) for row in _OTHER)
            other = next(o for o in others if o.String not in ("", cell.String))
            if other.Value:
                cell.setValue(other.Value)
            else:
                cell.setString(other.String)


def measured(book: Path, profile: Path, edits: Iterable[Edit]) -> Steps:
    """Under the system's Python: the seconds of each step, wall and CPU."""
    import uno  # noqa: PLC0415 - only the system's Python has it

    def made(kind: str, **values: Any) -> Any:
        struct = uno.createUnoStruct("com.sun.star." + kind)
        for name, value in values.items():
            setattr(struct, name, value)
        return struct

    pipe = "bench" + uuid.uuid4().hex
    command = [
        "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
    ]
    office = subprocess.Popen([*command, f"--accept=pipe,name={pipe};urp;"])
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(300):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:  # noqa: BLE001 - the bridge raises its own kinds until the office listens
            time.sleep(0.2)
    else:
        raise SystemExit("LibreOffice did not answer")
    desktop = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    found: Steps = {}

    def timed(what: str, step: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), cpu_seconds(profile.as_uri())
        result = step()
        found[what] = time.perf_counter() - wall, cpu_seconds(profile.as_uri()) - cpu
        return result

    hidden = (made("beans.PropertyValue", Name="Hidden", Value=True),)
    try:
        opened = timed("open", lambda: desktop.loadComponentFromURL(book.as_uri(), "_blank", 0, hidden))
        timed("everything", opened.calculateAll)
        for sheet, headers, what in edits:
            cells = opened.Sheets.getByName(sheet)

            def changed(cells: Any = cells, columns: Mapping[str, int] = places(cells, headers)) -> None:
                edit(cells, columns)
                opened.calculate()

            timed(what, changed)
        opened.close(True)
    finally:
        desktop.terminate()
        office.wait(60)
    return found


def seconds(content: bytes, edits: Sequence[Edit]) -> Steps:
    """The seconds that LibreOffice takes to open a workbook, compute everything, and after each edit."""
    with tempfile.TemporaryDirectory() as folder:
        book, profile = Path(folder) / "book.xlsx", Path(folder) / "profile"
        book.write_bytes(content)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_NEVER, "utf-8")
        clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
        command = [SYSTEM_PYTHON, __file__, "--measure", str(book), str(profile), json.dumps(edits)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=clean).stdout
    return {what: (wall, cpu) for what, (wall, cpu) in json.loads(said.splitlines()[-1]).items()}


def lines(found: Steps, size: str) -> list[str]:
    edits = [(f"… after {what}", found[what], f"{EDIT} s") for _, _, what in EDITS]
    rows = [
        ("open, nothing computed", found["open"], ""),
        ("compute everything", found["everything"], f"{FULL} s"),
        *edits,
    ]
    return [
        TITLE,
        "",
        f"follow-up with {size}; one run of LibreOffice with its own settings, seconds.",
        "",
        "| | wall | CPU | target |",
        "|---|--:|--:|--:|",
        *(f"| {what} | {wall:.1f} | {cpu:.1f} | {target} |" for what, (wall, cpu), target in rows),
    ]


def main() -> int:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measured(Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4]))))
        return 0
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice (soffice) is not installed")
    from crmsheet import api  # noqa: PLC0415 - not for the system's Python

    customers = int(sys.argv[1]) if sys.argv[1:] else CUSTOMERS
    built = api.build("follow-up", today=AS_OF, as_of=AS_OF, language="zh", demo=True, customers=customers)
    found = seconds(built.content, EDITS)
    size = ", ".join(f"{built.rows[t]:,} {t}" for t in ("customers", "activities", "deals", "transactions"))
    section = lines(found, size)
    print("\n".join(section), flush=True)
    if customers == CUSTOMERS:
        write_section(section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
