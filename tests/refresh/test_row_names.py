"""Names that hold long formulas of rows: healed, followed, upgraded to, and left to retired tables."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.refresh.small_world import (
    AS_OF,
    CUSTOMERS,
    ORDERS,
    SPEC,
    TODAY,
    View,
    built,
    member,
    sheet_part,
    typed,
    with_text,
)

from crmsheet import api
from crmsheet.api import marks
from crmsheet.api.building import built_from
from crmsheet.compile import rownames
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind
from crmsheet.spec import load

BOOK = "xl/workbook.xml"
CHECK = "Data check"
SAID = 'IF(customers[[#This Row],[_used]]=0,"",check_customers)'


def named(text: str, name: str, meaning: str) -> str:
    """The workbook part with another meaning of a name; nothing takes it away."""
    pattern = rf'<definedName name="{name}"([^>]*)>[^<]*</definedName>'
    return re.sub(
        pattern, lambda m: meaning and f'<definedName name="{name}"{m[1]}>{meaning}</definedName>', text
    )


def meaning(content: bytes | None, name: str) -> str:
    return View.of(content).name(name)


def test_each_row_says_the_name(small: bytes) -> None:
    view = View.of(small)
    assert view.formula("Customers", view.place("customers", CHECK, 0)) == SAID
    table = html.unescape(member(small, "xl/tables/table1.xml").decode())
    assert f"<calculatedColumnFormula>{SAID}<" in table
    assert "Customers!$A1" in view.name("check_customers")
    assert "[#This Row]" not in view.name("check_customers")


def test_a_hidden_column_says_no_more_than_the_name(small: bytes) -> None:
    """Rows count as used while columns are elsewhere than the name looks for them."""
    view = View.of(small)
    assert view.formula("Customers", view.place("customers", "_used", 0)) == "_row.customers._used"
    assert re.fullmatch(
        r"IF\(IFERROR\(_calc!\$A\$\d+,TRUE\),1,IF\(COUNTA\(Customers!\$A1,.*\)=0,0,1\)\)",
        view.name("_row.customers._used"),
    )
    assert "COUNTA" in (view.formula("Orders", view.place("orders", "_used", 0)) or "")


@pytest.mark.parametrize(
    "broken",
    [
        lambda _: "",
        lambda _: "#REF!",
        lambda own: own.replace("$A1", "$B1"),
        lambda own: own.replace("$A1", "$A$1"),
    ],
    ids=["gone", "lost", "elsewhere", "fixed"],
)
def test_a_broken_name_is_restored(small: bytes, broken: Callable[[str], str]) -> None:
    def edit(text: str) -> str:
        own = re.search(r'name="check_customers"[^>]*>([^<]*)<', text)
        assert own is not None
        return named(text, "check_customers", broken(own[1]))

    done = api.refresh(with_text(small, BOOK, edit), name="b.xlsx", today=TODAY)
    assert meaning(done.content, "check_customers") == meaning(small, "check_customers")
    assert [n.kind for n in done.notes] == [NoteKind.NAME_RESTORED]


def test_rows_put_in_on_top_change_nothing(small: bytes) -> None:
    """Excel and LibreOffice move what is fixed in the first row down."""
    content = with_text(small, BOOK, lambda t: re.sub(r"(COLUMN\(Customers!\$[A-Z]\$)1\)", r"\g<1>3)", t))
    assert api.refresh(content, name="b.xlsx", today=TODAY).notes == ()


def test_names_look_where_columns_are(small: bytes) -> None:
    """Cells of a table were moved to the right, with nothing beside them: what programs do not tell names of."""
    view = View.of(small)
    sheet, table = view.table("orders")
    part = sheet_part(small, sheet)
    top, left, bottom, right = table.box
    assert left == 1

    def shifted(text: str) -> str:
        def cell(m: re.Match[str]) -> str:
            row = int(m[2])
            column = chr(ord(m[1]) + 1) if top <= row <= bottom else m[1]
            return f'<c r="{column}{row}"'

        return re.sub(r'<c r="([A-Z])(\d+)"', cell, text)

    old = f"A{top}:{chr(64 + right)}{bottom}"
    new = f"B{top}:{chr(65 + right)}{bottom}"
    content = with_text(small, part, shifted)
    tables = next(
        n for n in ("xl/tables/table1.xml", "xl/tables/table2.xml") if old in member(small, n).decode()
    )
    content = with_text(content, tables, lambda t: t.replace(old, new))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    check = meaning(done.content, "check_orders")
    assert "Orders!$B1" in check
    assert "Orders!$A1" not in check
    assert "COLUMN(Orders!$B$1)" in meaning(done.content, "moved_orders")
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The book as an earlier version built it: each row holds its check whole."""
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(rownames, "LONG", 100_000)
        earlier.setattr(rownames, "LONG_HIDDEN", 100_000)
        earlier.setattr(marks, "edition", lambda: "0.0.9")
        content = built(tmp_path_factory.mktemp("old"))
    assert ("", "check_customers") not in View.of(content).package.names
    return content


def test_a_book_whose_rows_hold_their_checks_comes_to_name_them(small: bytes, old: bytes) -> None:
    done = api.refresh(old, name="b.xlsx", today=TODAY)
    before, after = View.of(old), View.of(done.content)
    assert after.formula("Customers", after.place("customers", CHECK, 0)) == SAID
    for name in ("check_customers", "check_orders", "moved_orders"):
        assert (
            meaning(done.content, name).partition("_calc!")[0] == meaning(small, name).partition("_calc!")[0]
        )
    assert after.column("customers", CHECK) == before.column("customers", CHECK)
    assert [(n.kind, n.sheet, n.new) for n in done.notes] == [
        (NoteKind.UPGRADED, "Customers", "2 columns"),
        (NoteKind.UPGRADED, "Orders", "30 cells"),
    ]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_what_the_names_ask_is_put_below_what_people_left_on_the_hidden_sheet(old: bytes) -> None:
    content = typed(old, "_calc", {"C9000": "mine"})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    after = View.of(done.content)
    assert after.value("_calc", "C9000") == "mine"
    assert after.name("_crm.calc.columns.customers") == "_calc!$A$9002"
    assert "_calc!$A$9002" in after.name("check_customers")
    assert after.formula("_calc", "A9002") == "moved_customers"


@pytest.mark.parametrize(
    "theirs",
    [
        '<definedName name="check_orders">42</definedName>',
        '<definedName name="CHECK_Orders">Board!$A$1</definedName>',
        '<definedName name="Moved_orders" comment="of people">TRUE</definedName>',
        '<definedName name="check_orders" localSheetId="1">42</definedName>',
        '<definedName name="MOVED_ORDERS" localSheetId="2">42</definedName>',
    ],
    ids=["check", "another case", "moved", "of a sheet", "of another sheet"],
)
def test_names_of_people_that_are_called_so_stay(old: bytes, theirs: str) -> None:
    content = with_text(old, BOOK, lambda t: t.replace("<definedNames>", "<definedNames>" + theirs))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert theirs in member(done.content or b"", BOOK).decode()
    before, after = View.of(content), View.of(done.content)
    at = before.place("orders", CHECK, 0)
    assert after.formula("Orders", at) == before.formula("Orders", at)
    assert ours(done.content) == {"check_customers", "moved_customers"}
    assert after.formula("Customers", after.place("customers", CHECK, 0)) == SAID
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None
    freed = with_text(done.content or b"", BOOK, lambda t: t.replace(theirs, ""))
    done = api.refresh(freed, name="b.xlsx", today=TODAY)
    assert "check_orders" in (View.of(done.content).formula("Orders", at) or "")
    assert ours(done.content) == {"check_customers", "check_orders", "moved_customers", "moved_orders"}


def ours(content: bytes | None) -> set[str]:
    """The names of checks that mean what ours do."""
    names = View.of(content).package.names
    return {n for (_, n), text in names.items() if n.startswith(("check_", "moved_")) and "(" in text}


def test_names_of_a_renamed_table_make_way_for_those_of_people(small: bytes, tmp_path: Path) -> None:
    theirs = '<definedName name="Check_Deals">42</definedName>'
    content = with_text(small, BOOK, lambda t: t.replace("<definedNames>", "<definedNames>" + theirs))
    text = SPEC.replace("  orders:\n", "  deals:\n    renamed_from: orders\n").replace(
        "table: orders", "table: deals"
    )
    path = tmp_path / "renamed.yaml"
    path.write_text(text.replace("orders: customer.region", "deals: customer.region"), encoding="utf-8")
    done = api.refresh(content, name="b.xlsx", today=TODAY, spec=path)
    assert theirs in member(done.content or b"", BOOK).decode()
    assert ours(done.content) == {"check_customers", "moved_customers"}
    after = View.of(done.content)
    assert "Amount is not a number" in (after.formula("Orders", after.place("deals", CHECK, 0)) or "")
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_board_may_be_called_as_what_the_names_need(tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    text = SPEC.replace("  board:\n", "  columns:\n").replace("- cards: [", "- {id: orders, cards: [")
    path.write_text(text.replace("n_orders]\n      - {id: by_month", "n_orders]}\n      - {id: by_month"))
    rows = {"customers": [dict(r) for r in CUSTOMERS], "orders": [dict(r) for r in ORDERS]}
    made = built_from(load(path), rows, Language.EN, today=TODAY, as_of=AS_OF)  # type: ignore[arg-type] # rows loosely typed
    assert ours(made.content) == {"check_customers", "moved_customers"}


def test_rows_of_a_retired_table_keep_the_name(small: bytes, tmp_path: Path) -> None:
    orders = SPEC.index("  orders:\n")
    text = SPEC[:orders] + SPEC[SPEC.index("metrics:\n") :]
    text = text[: text.index("metrics:\n")]
    text = "".join(line + "\n" for line in text.splitlines() if "table: orders" not in line)
    text = re.sub(r"      idle: .*\n.*\n", "", text)
    path = tmp_path / "without.yaml"
    path.write_text(text, encoding="utf-8")
    done = api.refresh(small, name="b.xlsx", today=TODAY, spec=path)
    view = View.of(done.content)
    at = view.place("orders", CHECK, 0)
    assert "check_orders" in (view.formula("Orders", at) or "")
    assert meaning(done.content, "check_orders") == meaning(small, "check_orders")
