"""The whole collection of workbooks that stands beside the repository: served without a loss, or refused for a
reason. Each gets a crmsheet book, and is edited and refreshed for ten days. With `-s` it says what was compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.judge.journey import Journey, journey
from tests.judge.package import Package
from tests.judge.saved import COLLECTION
from tests.judge.things import THINGS

from crmsheet.errors import WorkbookRefused

FILES = sorted(COLLECTION.glob("*.xl[st]*")) if COLLECTION.is_dir() else []
REFUSED = {
    "ClosedXML__universal-content-strict.xlsx": "W232",
    "ExcelDataReader__EmptyZipFile.xlsx": "W105",
    "ExcelDataReader__Test_Issue_11573_BlankValues.xlsx": "W232",
    "Open-XML-SDK__OLE-O12-XL-OLE.xlsx": "W232",
    "Open-XML-SDK__ProjectStatusReport_TP10094814.xltx": "W232",
    "Open-XML-SDK__Revision_NameCommentChange.xlsx": "W108",
    "excelize__encryptAES.xlsx": "W102",
    "poi__54764-2.xlsx": "W112",
    "poi__54764.xlsx": "W112",
    "poi__clusterfuzz-testcase-minimized-POIFuzzer-5040805309710336.xlsx": "W106",
    "poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-5265527465181184.xlsx": "W106",
    "poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": "W106",
    "poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6594557414080512.xlsx": "W106",
    "poi__crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx": "W102",
    "poi__invalid.xlsx": "W105",
    "poi__workbookProtection_workbook_revision_protected.xlsx": "W108",
}
"""Strict and pre-standard editions, damaged, encrypted or hostile files, old shared workbooks with a history."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILES, reason=f"no collection of workbooks at {COLLECTION}"),
]
SERVED = [path for path in FILES if path.name not in REFUSED]


@pytest.mark.parametrize("path", SERVED or [Path("none")], ids=lambda p: p.name[:60])
def test_served_without_a_loss(path: Path) -> None:
    done = journey(path.read_bytes(), path.name)
    assert isinstance(done, Journey), done
    changed = list(done.changed_members())
    print(f"{path.name}: {done.foreign_members} members compared, {len(changed)} differ")
    assert changed == []
    assert list(_otherwise(done)) == []
    assert done.lost() == []


def _otherwise(done: Journey) -> Iterator[str]:
    """Things that are not as they were."""
    before, after = Package(done.before), Package(done.after)
    for name, see in THINGS.items():
        now = see(after)
        yield from (f"{name}: {where}" for where, was in see(before).items() if now.get(where) != was)


@pytest.mark.parametrize("name", REFUSED, ids=lambda name: name[:60])
def test_refused_for_a_reason(name: str) -> None:
    found = journey((COLLECTION / name).read_bytes(), name)
    assert isinstance(found, WorkbookRefused)
    said = found.diagnostics[0]
    print(f"{name}: {said.code} {said.message}")
    assert said.code == REFUSED[name]
    assert said.remedy
