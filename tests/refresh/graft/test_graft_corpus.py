"""Every workbook of the corpus gets a crmsheet book put into it; independent readers find nothing else changed,
and `refresh` serves the result."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.judge import schema
from tests.judge.grafting import grafted, grafting, into, small_book
from tests.judge.package import Package as Outside
from tests.judge.repair import repair_causes
from tests.judge.sampling import sampled
from tests.judge.schema import schema_errors
from tests.refresh.small_world import TODAY, members, with_text

from crmsheet.api.refreshing import refresh
from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.opc.workbook import SheetKind
from crmsheet.refresh import applied, broken_promises
from crmsheet.refresh.graft.transplant import Transplant
from crmsheet.sheetml.charts import charts_of
from crmsheet.sheetml.contents import Contents

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.xl*")) if CORPUS.is_dir() else []
OTHER_EDITIONS = {
    "ClosedXML__universal-content-strict.xlsx",
    "ExcelDataReader__Test_Issue_11573_BlankValues.xlsx",
    "Open-XML-SDK__OLE-O12-XL-OLE.xlsx",
    "Open-XML-SDK__ProjectStatusReport_TP10094814.xltx",
}
NO_REFRESH = {"poi__54764.xlsx": "W112"}
"""Its shared strings, which grafting does not read, declare a document type."""

pytestmark = [
    pytest.mark.skipif(not FILES, reason="the corpus of workbooks is not beside the repository"),
    pytest.mark.skipif(
        not schema.available(), reason="the schemas of the format are not beside the repository"
    ),
]


def opened(path: Path) -> bytes | None:
    """The content of a workbook that crmsheet can open as a package."""
    try:
        Package.open(path)
    except WorkbookRefused:
        return None
    return path.read_bytes()


def readable(content: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            openpyxl.load_workbook(io.BytesIO(content))
        except Exception:  # noqa: BLE001 - whatever openpyxl says of a foreign workbook
            return False
    return True


def causes(content: bytes) -> Counter[str]:
    """What makes Excel repair a workbook; how many sheets there are is not said."""
    return Counter(cause.rsplit(" of ", 1)[0] for cause in repair_causes(content, dialect=False))


@pytest.fixture(scope="module")
def counted() -> Iterator[Counter[str]]:
    found: Counter[str] = Counter()
    yield found
    if found:
        print("\ngrafted into the corpus:", ", ".join(f"{n:,} {what}" for what, n in sorted(found.items())))


@pytest.mark.parametrize("path", sampled(FILES), ids=lambda p: p.name[:60])
def test_a_book_put_into_a_foreign_workbook(path: Path, counted: Counter[str]) -> None:
    content = opened(path)
    if content is None:
        counted["workbooks that do not open"] += 1
        pytest.skip("crmsheet does not open it as a package")
    if path.name in OTHER_EDITIONS:
        refused = into(content, path.name)
        assert isinstance(refused, WorkbookRefused)
        assert refused.diagnostics[0].code == "W232"
        counted["refusals: W232"] += 1
        return
    target, patched = grafted(content, path.name)
    after = Contents(Package.of(patched.data, path.name))
    assert list(broken_promises(target, patched, after)) == []
    named = {*patched.parts}
    workbook = target.package.workbook.part
    kinds = {part.rsplit("/", 1)[-1].lower() for part in named}
    assert len(named) <= 4, kinds  # workbook, its relationships, content types, styles
    assert workbook in named
    before, now = members(content), members(patched.data)
    foreign = [m for m in before if m.replace("\\", "/").lstrip("/") not in named]
    assert [m for m in foreign if before[m] != now.get(m)] == []
    counted["workbooks"] += 1
    counted["foreign members compared"] += len(foreign)
    counted["parts named"] += len(named)
    counted["differences"] += sum(before[m] != now.get(m) for m in foreign)
    assert set(schema_errors(patched.data)) - set(schema_errors(content)) == set()
    assert causes(patched.data) - causes(content) == Counter()
    assert not readable(content) or readable(patched.data)

    with pytest.raises(WorkbookRefused) as again:
        grafting(patched.data, path.name)
    assert again.value.diagnostics[0].code == "W231"

    if path.name in NO_REFRESH:
        with pytest.raises(WorkbookRefused) as refusal:
            refresh(patched.data, name=path.name, today=TODAY)
        assert refusal.value.diagnostics[0].code == NO_REFRESH[path.name]
        counted[f"refusals of refresh: {NO_REFRESH[path.name]}"] += 1
        return
    assert refresh(patched.data, name=path.name, today=TODAY).content is None
    later = refresh(patched.data, name=path.name, today=TODAY, as_of=dt.date(2026, 1, 31))
    assert later.content is not None
    old, new = Outside(content), Outside(later.content)
    for sheet in old.worksheets:
        counted["user cells compared"] += sum(1 for _ in old.cells(sheet))
        theirs = [(c.ref, c.formula, c.value) for c in old.cells(sheet)]
        kept = [(c.ref, c.formula, c.value) for c in new.cells(new.sheet(sheet.name))]
        assert [c[:2] for c in kept] == [c[:2] for c in theirs]
        computed = {n.cell for n in later.notes if n.sheet == sheet.name}
        changed = {a[0] for a, b in zip(theirs, kept, strict=True) if a != b and repr(a[2]) != repr(b[2])}
        assert changed <= computed


def renamed_board(name: str) -> bytes:
    """The small book with its board under another sheet name."""
    quoted = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace(">", "&gt;")
    return with_text(
        small_book(), "xl/workbook.xml", lambda t: t.replace('<sheet name="Board"', f'<sheet name="{quoted}"')
    )


@pytest.mark.parametrize("path", sampled(FILES), ids=lambda p: p.name[:60])
def test_a_chart_put_on_every_sheet_and_taken_out_again(path: Path, counted: Counter[str]) -> None:
    content = opened(path)
    if content is None or path.name in OTHER_EDITIONS:
        pytest.skip("nothing can be put into it")
    base = into(content, path.name)
    assert isinstance(base, bytes)
    own = [s.name for s in Package.of(content).workbook.sheets if s.kind is SheetKind.WORKSHEET]
    known, known_causes, was_readable = set(schema_errors(content)), causes(content), readable(content)
    for name in own[:1]:
        target = Contents(Package.of(base, path.name))
        there = charts_of(target.package, target.package.workbook.sheet(name).part)  # type: ignore[union-attr]
        scratch = Contents(Package.of(renamed_board(name)))
        transplant = Transplant(target, scratch)
        transplant.chart(name, 0)
        transplant.chart(name, 0)
        patched = applied(target, transplant.patch())
        after = Contents(Package.of(patched.data, path.name))
        assert list(broken_promises(target, patched, after)) == []
        sheet = after.package.workbook.sheet(name)
        assert sheet is not None
        charts = charts_of(after.package, sheet.part)
        assert [c.part for c in charts[: len(there)]] == [c.part for c in there]
        ours = charts[len(there) :]
        assert len(ours) == 2
        assert all(ref.formula.startswith("_calc!") for chart in ours for ref in chart.refs)
        assert set(schema_errors(patched.data)) - known == set()
        assert causes(patched.data) - known_causes == Counter()
        assert not was_readable or readable(patched.data)
        counted["charts put on sheets of others"] += 2

        back = Transplant(after, scratch)
        for chart in ours:
            back.without_chart(chart.part)
        undone = applied(after, back.patch())
        rest = Contents(Package.of(undone.data, path.name))
        assert list(broken_promises(after, undone, rest)) == []
        assert [c.part for c in charts_of(rest.package, sheet.part)] == [c.part for c in there]
        left = set(members(undone.data)) - set(members(base))
        assert all("drawing" in part or part.endswith(".rels") for part in left)
        before, now = members(base), members(undone.data)
        for part in before:
            if part.startswith("xl/drawings/") and not part.endswith(".rels"):
                assert now[part] == before[part]
