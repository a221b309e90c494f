"""The life of one workbook: doings of people and of the spec's author, refreshes between them, the model beside.

Knows the order and what a refresh may refuse. Does not draw steps.
"""

from __future__ import annotations

import io
import warnings
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import openpyxl
from tests.judge.package import Value
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.machine.book_edits import Book
from tests.refresh.machine.chances import Dice
from tests.refresh.machine.checking import is_helper, problems
from tests.refresh.machine.doings import Hands
from tests.refresh.machine.expected import (
    Column,
    Item,
    Kind,
    Known,
    Row,
    TableModel,
    World,
    folded,
    followed,
    relabelled,
    restored,
)
from tests.refresh.machine.key_renames import carried
from tests.refresh.machine.repertoire import DOINGS
from tests.refresh.machine.seen import Seen
from tests.refresh.machine.spec_edits import CHANGES, COMPUTED, Author
from tests.refresh.machine.wording import formula_text
from tests.refresh.small_world import AS_OF, CUSTOMERS, ORDERS, TODAY, built, with_parts, with_text

from crmsheet.api.refreshing import Refreshed, refresh
from crmsheet.errors import WorkbookRefused
from crmsheet.excel.dates import serial_of_date

NAME = "book.xlsx"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"


@cache
def first_book(folder: Path) -> bytes:
    """The small book with fewer rows, so that a refresh takes little."""
    content = built(folder, customers=CUSTOMERS[:8], orders=ORDERS[:12])
    relations = "xl/_rels/workbook.xml.rels"
    target = (
        f'<Relationship Id="rIdForeign" Type="{_CUSTOM}" Target="../customXml/item1.xml"/></Relationships>'
    )
    content = with_text(content, relations, lambda text: text.replace("</Relationships>", target))
    return with_parts(content, {"customXml/item1.xml": b"<notes>\r\n  <of who='somebody'/></notes>"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a refresh was asked to do."""

    accept_deletions: bool = False
    apply_renames: bool = False
    restore_sheets: bool = False

    def __str__(self) -> str:
        return " ".join("--" + f.name.replace("_", "-") for f in fields(self) if getattr(self, f.name))


class Broken(AssertionError):
    """The book is not as the model says."""


class Life:
    """A workbook, its model, and what was met. `folder` is for specs."""

    def __init__(self, folder: Path, met: Counter[str] | None = None) -> None:
        self.folder = folder
        self.met: Counter[str] = Counter() if met is None else met
        self.told: list[str] = []
        self.content = first_book(folder)
        self.world = _first_world()
        self.book = Book(self.content)
        self._sync(Seen(self.content))
        self._keep()

    def _keep(self) -> None:
        """The workbook and the model as the last refresh left them, to come back to after a refusal."""
        self._last = self.content, self.world.copy()
        self.book = Book(self.content)

    def do(self, name: str, seed: int) -> None:
        """One doing of people."""
        told = DOINGS[name][0](Hands(self.book, self.world), Dice(seed))
        self.told.append(f"{name}: {told}")
        if told is not None:
            self.met[name] += 1

    def refresh(self, seed: int) -> None:
        """A refresh without a spec."""
        dice = Dice(seed)
        restore = bool(self.world.gone_boards or self.world.lost) and dice.chance(0.3)
        asked = Asked(dice.chance(0.5), dice.chance(0.3), restore)
        self._refreshed(None, asked, judged=dice.chance(0.05), twice=dice.chance(0.4))

    def change_spec(self, seed: int) -> None:
        """The author changes the spec, and the book is refreshed by it."""
        dice = Dice(seed)
        author = self.world.author.copy()
        for _ in range(dice.number(1, 3)):
            said = (
                author.adopt(dice, self._theirs()) if dice.chance(0.05) else dice.pick(CHANGES)(author, dice)
            )
            if said is not None:
                self.told.append(f"spec: {said}")
                self.met["spec change"] += 1
        self._refreshed(author, Asked(dice.chance(0.5)), judged=dice.chance(0.1), twice=True)

    def _theirs(self) -> dict[str, list[str]]:
        """Headers of columns that people added or that the spec left to them, by table."""
        return {
            t.id: [c.header for c in t.columns if c.kind is Kind.THEIRS and not c.frozen]
            for t in self.world.tables.values()
        }

    def openpyxl_saves(self) -> None:
        """A script of somebody opens the book and saves it."""
        self._drop_values()
        stream = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            openpyxl.load_workbook(io.BytesIO(self.book.content())).save(stream)
        self.book = Book(stream.getvalue())
        self.world.program = True
        self.told.append("openpyxl saves the book")
        self.met["saved by openpyxl"] += 1

    def _refreshed(self, author: Author | None, asked: Asked, *, judged: bool, twice: bool) -> None:
        """A refresh, and all that must be so after it. `twice`: another one is seen to change nothing, which the
        proof of every refresh says, too; `judged`: Excel's own rules for the file are applied."""
        self._drop_values()
        before = Seen(self.book.content())
        spec = None
        if author is not None:
            spec = self.folder / "changed.yaml"
            spec.write_text(author.text(), encoding="utf-8")
        known, missing = _doubts(self.world)
        self.told.append(f"refresh{' --spec' if spec else ''} {asked}")
        try:
            done = _run(before.content, spec, asked)
        except WorkbookRefused as refused:
            self._refused(refused, known, missing, accept=asked.accept_deletions)
            return
        self.met["refresh"] += 1
        after = Seen(done.content or before.content)
        found: list[str] = []
        relabelled(self.world)
        if asked.apply_renames:
            found += carried(self.world, after, self._ids(after))
        if asked.restore_sheets:
            restored(self.world)
            self.met["sheet restored"] += 1
        retyped = followed(self.world, author) if author is not None else None
        found += problems(self.world, before, after, retyped=retyped)
        if not found and twice:
            again = _run(after.content, None, Asked())
            if again.content is not None:
                found.append(f"a second refresh changes the book: {again.notes}")
        if not found and judged:
            self.met["judged"] += 1
            found += [*repair_causes(after.content, dialect=False), *schema_errors(after.content)]
        if found:
            raise Broken("\n".join(found[:12]))
        self.content = after.content
        self._sync(after)
        self._keep()

    def _ids(self, after: Seen) -> dict[str, list[str]]:
        """The hidden ids of all rows."""
        found = {}
        for model in self.world.tables.values():
            sheet, part = after.tables[model.id]
            column = part.box[1] + part.names.index("_id")
            cells = [after.at(sheet, part.box[0] + 1 + i, column) for i in range(len(model.rows))]
            found[model.id] = [c if isinstance(c, str) else "" for c in cells]
        return found

    def _refused(
        self, refused: WorkbookRefused, doubtful: int, missing: dict[str, int], *, accept: bool
    ) -> None:
        code = refused.diagnostics[0].code
        self.told.append(f"refused: {code}")
        self.met[f"refused {code}"] += 1
        match code:
            case "W208" if doubtful > 3:
                pass
            case "W209" if not accept and any(n > 3 for n in missing.values()):
                pass
            case _:
                raise Broken(f"refused: {refused}") from refused
        self.content, world = self._last
        self.world = world.copy()
        self._keep()

    def _drop_values(self) -> None:
        """Formulas of people have no value until somebody computes them."""
        for note in self.world.notes:
            if note.formula:
                page = self.book.pages[self.world.sheets[note.sheet]]
                page.put(note.row, note.column, None, formula_text(self.world, note))

    def _sync(self, after: Seen) -> None:
        """What the model cannot know before: ids, numbers, the places of helper columns."""
        for model in self.world.tables.values():
            sheet, part = after.tables[model.id]
            top, left, _, _ = part.box
            ours = {c.header: c for c in model.columns if c.kind is not Kind.HELPER}
            model.columns = [
                Column(name, name, Kind.HELPER) if is_helper(name) else ours[name] for name in part.names
            ]
            column = left + part.names.index("_id")
            numbers = [c for c in model.inputs() if self.world.field(model.id, c.key)["type"] == "id"]
            model.known = {}
            for index, row in enumerate(model.rows):
                id_ = after.at(sheet, top + 1 + index, column)
                row.cell_id = id_ if isinstance(id_, str) and id_ else None
                for c in numbers:
                    row.values[c.key] = after.at(sheet, top + 1 + index, left + part.names.index(c.header))
            key = self.world.author.tables[model.id]["key"]
            for row in model.rows:
                if row.cell_id is not None:
                    value = folded(row.get(key))
                    model.known[row.cell_id] = Known(model.content(row), value)
                    model.former.setdefault(row.cell_id, set()).add(str(value).casefold())
        for items in self.world.lists.values():
            for item in items:
                item.written = item.label


def _run(content: bytes, spec: Path | None, asked: Asked) -> Refreshed:
    return refresh(
        content,
        name=NAME,
        today=TODAY,
        spec=spec,
        accept_deletions=asked.accept_deletions,
        apply_renames=asked.apply_renames,
        restore_sheets=asked.restore_sheets,
    )


def _doubts(world: World) -> tuple[int, dict[str, int]]:
    """How many rows at most no longer agree with their ids, and how many at most are gone, by table."""
    doubtful = 0
    missing: dict[str, int] = {}
    for model in world.tables.values():
        key = world.author.tables[model.id]["key"]
        contents = Counter(k.content for k in model.known.values())
        here = Counter(model.content(r) for r in model.rows)
        for row in model.rows:
            known = model.known.get(row.cell_id or "")
            sure = contents[model.content(row)] == 1
            if known is not None and not sure and folded(row.get(key)) != known.key:
                doubtful += 1
        missing[model.id] = sum(not here[k.content] for k in model.known.values())
    return doubtful, missing


def _first_world() -> World:
    author = Author.begins()
    tables = {}
    given: dict[str, list[dict[str, Value]]] = {
        "customers": [dict(r) for r in CUSTOMERS[:8]],
        "orders": [dict(r) for r in ORDERS[:12]],
    }
    for id_ in author.tables:
        columns = [
            Column(i, f["label"], Kind.COMPUTED if f["type"] in COMPUTED else Kind.INPUT, f["label"])
            for i, f in author.fields(id_).items()
        ]
        tables[id_] = TableModel(id_, columns, [Row(deepcopy(values)) for values in given[id_]])
    labels = {"board": "Board", "customers": "Customers", "orders": "Orders"}
    return World(
        author,
        {**labels, "settings": "Settings", "lists": "Lists", "guide": "Guide"},
        labels,
        tables,
        {
            name: [Item(i["id"], i["label"], i["label"], i["label"]) for i in definition["items"]]
            for name, definition in author.tree["lists"].items()
        },
        {i: float(s["value"]) for i, s in author.tree["settings"].items()},
        {i: float(s["value"]) for i, s in author.tree["settings"].items()},
        {"board": {"period": "This month", "region": "All"}},
        [],
        serial_of_date(AS_OF),
    )
