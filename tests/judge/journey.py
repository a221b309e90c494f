"""A foreign workbook's way through crmsheet: a small book is put into it, then ten days of edits and refreshes.

Knows what may differ at the end: the four parts that say what a workbook consists of. Does not know any thing
that people keep in workbooks (`things`).
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from tests.judge.fingerprint import fingerprint, lost
from tests.judge.grafting import into
from tests.judge.package import Package
from tests.judge.things import THINGS
from tests.refresh.small_world import AS_OF, SPEC, View, typed

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.errors import WorkbookRefused
from crmsheet.refresh import Note, NoteKind

DAYS = 10
FEW_DAYS = 3
"""Of workbooks that are looked at in every run."""
CHANGED = SPEC
for _old, _new in (
    (
        "      remark: {type: text, label: Remark}\n",
        "      comment: {type: long_text, label: Comment, renamed_from: remark}\n"
        "      fax: {type: text, label: Fax, max_length: 20}\n"
        "      twice: {type: formula, expr: '[revenue]*2', label: Twice}\n",
    ),
    (
        "      - {id: south, label: South}\n",
        "      - {id: south, label: South}\n      - {id: west, label: West}\n",
    ),
    ("  orders:\n", "    rules:\n      - {id: old, when: '[idle]>10', style: bad, label: Old}\n  orders:\n"),
    (
        "metrics:\n",
        "  crm_notes:\n    label: Crm notes\n    key: no\n    fields:\n      no: {type: id, label: No}\n"
        "      customer: {type: reference, table: customers, label: Customer}\nmetrics:\n",
    ),
    (
        "      - cards: [revenue, n_orders]\n",
        "      - cards: [revenue, n_orders]\n"
        "      - {id: new_chart, chart: {type: bar, metrics: [n_orders], by: region}}\n",
    ),
):
    assert _old in CHANGED, _old
    CHANGED = CHANGED.replace(_old, _new)
CHANGED += (
    "  crm_more:\n    label: Crm more\n    selectors: {period: {}}\n    blocks:\n      - cards: [revenue]\n"
)
"""The spec of the small book with fields, a list item, a rule, a table, a chart and a board more, and a rename."""
_GRAFTED = ("workbook.xml", "workbook.xml.rels", "styles.xml", "[content_types].xml")
"""Parts to which something is added when sheets are."""
_ORDER_OF_CALCULATION = "calcchain.xml"
"""Excel's own note, of which Excel asks that it be dropped when cells of ours have no formula any more."""
_RESULTS = frozenset((NoteKind.USER_FORMULA_COMPUTED, NoteKind.USER_FORMULAS_FILLED))
_NOTES = _RESULTS | {NoteKind.DATE_SET, NoteKind.PIVOT_LEFT, NoteKind.USER_FORMULA_LEFT}
"""All that a refresh may have to say."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The workbook as its program saved it, with the book in it, after the last day, and after another refresh
    with a spec that wants more sheets, columns and charts."""

    name: str
    before: bytes = field(repr=False)
    grafted: bytes = field(repr=False)
    after: bytes = field(repr=False)
    restructured: bytes = field(repr=False)
    refreshes: tuple[Refreshed, ...] = field(repr=False)

    def keeps(self, thing: str) -> None:
        """Assert that the thing is there and as it was, and every other one too as far as bytes tell."""
        was = THINGS[thing](Package(self.before))
        assert was, f"{self.name} has no {thing}"
        for content in (self.after, self.restructured):
            now = THINGS[thing](Package(content))
            assert {where: now.get(where) for where in was} == dict(was)
        assert list(self.changed_members()) == []

    def changed_members(self) -> Iterator[str]:
        """Foreign members whose bytes are not what they were, but for those that have to be."""
        before, grafted, after = map(members, (self.before, self.grafted, self.after))
        recomputed = self._recomputed()
        for name, data in before.items():
            shared = _shared(name)
            if not shared and grafted.get(name) != data:
                yield f"{name}, by grafting"
            if after.get(name) == grafted.get(name):
                continue
            if name in recomputed and _without_results(after[name]) == _without_results(grafted[name]):
                continue
            if not (shared and name.lower().endswith("workbook.xml")):
                yield f"{name}, by refreshing"
            elif _without_calculation(after[name]) != _without_calculation(grafted[name]):
                yield f"{name}, by more than a request to calculate"
        restructured = members(self.restructured)
        for name in before:
            gone = name not in restructured and name.lower().endswith(_ORDER_OF_CALCULATION)
            if not _shared(name) and not gone and restructured.get(name) != after.get(name):
                yield f"{name}, by another spec"

    def _recomputed(self) -> frozenset[str]:
        """The parts of sheets of which it was said that formulas in them have other results now."""
        said = {
            note.sheet for refreshed in self.refreshes for note in refreshed.notes if note.kind in _RESULTS
        }
        return frozenset(s.part.lstrip("/") for s in Package(self.before).sheets if s.name in said)

    def notes(self) -> tuple[Note, ...]:
        """What the last refresh had to say."""
        return self.refreshes[-1].notes

    def lost(self) -> list[str]:
        """What people would miss: things, looks, values."""
        before = fingerprint(self.before)
        return [x for content in (self.after, self.restructured) for x in lost(before, fingerprint(content))]

    @property
    def foreign_members(self) -> int:
        return len(members(self.before))


def journey(content: bytes, name: str, days: int = DAYS) -> Journey | WorkbookRefused:
    """Put the small book into a workbook; each day change an order, refresh with the new date."""
    grafted = into(content, name)
    if isinstance(grafted, WorkbookRefused):
        return grafted
    after = grafted
    done: list[Refreshed] = []
    for day in range(days):
        view = View.of(after)
        sheet, _ = view.table("orders")
        edited = typed(after, sheet, {view.place("orders", "Amount", day): 5000.0 + day})
        today = AS_OF + dt.timedelta(days=day + 1)
        try:
            refreshed = api.refresh(edited, name=name, today=today, as_of=today)
        except WorkbookRefused as refusal:
            return refusal
        assert refreshed.content is not None, "the refresh changed nothing"
        assert {note.kind for note in refreshed.notes} <= _NOTES
        done.append(refreshed)
        after = refreshed.content
    again = api.refresh(after, name=name, today=today)
    assert again.content is None, "a refresh with nothing to do changed something"
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "changed.yaml"
        spec.write_text(CHANGED, encoding="utf-8")
        last = api.refresh(after, name=name, today=today, spec=spec)
    assert last.content is not None
    return Journey(name, content, grafted, after, last.content, tuple(done))


def _shared(member: str) -> bool:
    """Whether something is added to a member when sheets are."""
    return member.replace("\\", "/").rsplit("/", 1)[-1].lower() in _GRAFTED


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _without_results(sheet: bytes) -> bytes:
    """A sheet without what its formulas gave."""
    root = etree.fromstring(sheet)
    for cell in root.iterfind("{*}sheetData/{*}row/{*}c"):
        if cell.find("{*}f") is not None:
            cell.attrib.pop("t", None)
            for value in cell.findall("{*}v"):
                cell.remove(value)
    return bytes(etree.tostring(root, method="c14n"))


def _without_calculation(workbook: bytes) -> bytes:
    """A workbook's own part without the element that asks to calculate it."""
    root = etree.fromstring(workbook)
    for element in root.findall("{*}calcPr"):
        element.attrib.pop("fullCalcOnLoad", None)
        if not element.attrib:
            root.remove(element)
    return bytes(etree.tostring(root, method="c14n"))
