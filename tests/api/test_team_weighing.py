"""Three sides as plain data: of random changes to copies and master none is lost, and only what both changed is asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.team_world import SPEC

from crmsheet.api.team.sides import Cells, CopySide, Wording
from crmsheet.api.team.weighing import Weighed, Weighing
from crmsheet.model.baseline import Given, Origin
from crmsheet.model.changelog import Audited
from crmsheet.model.merged import ROW_ITSELF, Brought
from crmsheet.model.spec import Model
from crmsheet.spec import load

FIELDS = ("name", "remark")
BASE = {f"m-{n}": {"name": f"'Firma{n}", "remark": f"'old{n}"} for n in range(4)}
Rows = dict[str, dict[str, str]]


@cache
def model() -> Model:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "team.yaml"
        path.write_text(SPEC, encoding="utf-8")
        return load(path)


def copy(number: int, rows: Rows) -> CopySide:
    given = Given(Audited("\n".join(BASE), {f: "\n".join(row[f] for row in BASE.values()) for f in FIELDS}))
    origin = Origin("mast", "", "", 1, {"customers": given})
    tables = {t.id: Cells(rows if t.id == "customers" else {}) for t in model().tables}
    return CopySide(f"copy{number}", f"cop{number}", origin, model(), tables, frozenset(), {})


def weighed(master: Rows, copies: list[Rows], before: dict[str, Brought] | None = None) -> Weighed:
    return Weighing(
        model(),
        {t.id: Cells(master if t.id == "customers" else {}) for t in model().tables},
        Wording(model(), {}, {}, {}, {}),
        [copy(n, rows) for n, rows in enumerate(copies)],
        before or {},
        {},
        frozenset(master) | frozenset(BASE),
    ).weighed()


def applied(master: Rows, found: Weighed) -> Rows:
    rows = {row: dict(tokens) for row, tokens in master.items()}
    for row in found.removals.get("customers", ()):
        del rows[row]
    for row, tokens in found.updates.get("customers", {}).items():
        rows[row].update(tokens)
    for row, added in found.additions.get("customers", {}).items():
        assert row not in rows
        rows[row] = dict(added)
    return rows


@st.composite
def sides(draw: st.DrawFn) -> tuple[Rows, list[Rows]]:
    def one(name: str) -> Rows:
        rows = {}
        for row, tokens in BASE.items():
            match draw(st.sampled_from(["same", "same", "edit", "gone"])):
                case "same":
                    rows[row] = dict(tokens)
                case "edit":
                    rows[row] = {
                        **tokens,
                        "remark": draw(st.sampled_from(["'a", "'b", tokens["remark"], ""])),
                    }
        for n in range(draw(st.integers(0, 2))):
            rows[f"{name}-{n}"] = {"name": f"'{name} {n}", "remark": draw(st.sampled_from(["", "'x"]))}
        return rows

    return one("mast"), [one(f"cop{n}") for n in range(draw(st.integers(1, 3)))]


@settings(max_examples=50)
@given(sides())
def test_no_change_is_lost_and_no_other_is_made(case: tuple[Rows, list[Rows]]) -> None:
    master, copies = case
    found = weighed(master, copies)
    after = applied(master, found)
    asked = {(one.row, one.column) for one in found.conflicts}
    for rows in copies:
        for row, tokens in rows.items():
            if row not in BASE:
                assert after[row] == tokens
    for row, tokens in BASE.items():
        changed = [rows[row]["remark"] for rows in copies if row in rows and rows[row] != tokens]
        cut = any(row not in rows for rows in copies)
        here = master.get(row)
        if here is None:
            assert row not in after
            assert ((row, ROW_ITSELF) in asked) == bool(changed)
            continue
        if cut and here == tokens and not changed:
            assert row not in after
            assert not any(r == row for r, _ in asked)
            continue
        assert ((row, ROW_ITSELF) in asked) == cut
        wanted = {text for text in changed if text != here["remark"]}
        taken = len(wanted) == 1 and here == tokens
        assert after[row]["remark"] == (wanted.pop() if taken else here["remark"])
        assert ((row, "remark") in asked) == (bool(wanted) and not taken)
    assert after.keys() - BASE.keys() == {r for rows in (master, *copies) for r in rows if r not in BASE}


@settings(max_examples=50)
@given(sides())
def test_what_was_merged_is_not_merged_again(case: tuple[Rows, list[Rows]]) -> None:
    master, copies = case
    first = weighed(master, copies)
    after = applied(master, first)
    second = weighed(after, copies, first.brought)
    assert (second.updates, second.additions, second.removals, second.conflicts) == ({}, {}, {}, [])
    assert second.brought == first.brought


@settings(max_examples=50)
@given(sides(), st.sampled_from(["'later", ""]))
def test_a_copy_that_goes_on_brings_what_is_new(case: tuple[Rows, list[Rows]], text: str) -> None:
    master, copies = case
    first = weighed(master, copies)
    after = applied(master, first)
    rows = {row: dict(tokens) for row, tokens in copies[0].items()}
    mine = [row for row in rows if after.get(row) == rows[row] and rows[row]["remark"] != text]
    for row in mine:
        rows[row]["remark"] = text
    second = weighed(after, [rows], first.brought)
    assert second.conflicts == []
    assert second.updates.get("customers", {}) == {row: {"remark": text} for row in mine}
