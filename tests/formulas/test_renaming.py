"""Formulas after a rename: only what mentions the renamed thing changes, and the meaning stays."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.formulas.rename_cases import RenameCase, rename_cases

from crmsheet.excel.escaping import column_specifier, text_literal
from crmsheet.excel.references import RangeRef, parse_range, quoted_sheet, sheet_name_problem
from crmsheet.formulas.excel_pieces import Piece, PieceKind, pieces, specifiers
from crmsheet.formulas.excel_text import canonical, same_meaning
from crmsheet.formulas.places import FormulaPlace, TableShape, header_key
from crmsheet.formulas.renaming import Renames, renamed

CASES = tuple(rename_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.place)
def test_cases(case: RenameCase) -> None:
    assert renamed(case.before, case.renames, own_table=case.own_table, sheet=case.sheet) == case.after


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.place)
def test_cases_backwards_mean_what_they_meant(case: RenameCase) -> None:
    back = renamed(
        case.after,
        case.renames.inverse(),
        own_table=case.renames.table(case.own_table),
        sheet=case.renames.sheet(case.sheet),
    )
    assert _comparable(back) == _comparable(case.before)


def _comparable(text: str) -> tuple[object, ...]:
    """The pieces without how they are written: quotes around sheets, brackets around one column."""
    return tuple(_read(piece) for piece in pieces(text))


def _read(piece: Piece) -> object:
    match piece.kind:
        case PieceKind.SHEET | PieceKind.SHEETS | PieceKind.BOOK:
            return piece.text.replace("'", "").lower()
        case PieceKind.BRACKETS:
            items, columns = specifiers(piece.text)
            return items, tuple(header_key(column.header) for column in columns)
        case _:
            return piece.text.lower()


def test_all_kinds_of_change_have_cases() -> None:
    for kind in ("sheets", "tables", "columns", "names", "moves"):
        assert any(getattr(c.renames, kind) for c in CASES)


# Worlds of names: every name in them may be renamed to any other word.

HEADERS = ("amount", "two words", "a[b]", "x\ny", "E-m@il", "it's #1", "金额")
NEW_HEADERS = ("b", "new words", "'[", "p\nq", "#This Row", "a,b", "数量", "@x")
SHEETS = ("Data", "数据", "two words", "it's", "2024", "B2", "a-b")
NEW_SHEETS = ("Facts", "R1C1", "new one", "he's 'in'", "事实", "TRUE")
LITERALS = ("Data!A1", "Deals[amount]", "rate", "'two words'!A1", 'a "quoted" one', "B2")


def _table(name: str, sheet: str, headers: tuple[str, ...]) -> dict[str, TableShape]:
    return {name.lower(): TableShape(sheet, 0, 1, 9, 0, headers)}


@st.composite
def _formulas(draw: st.DrawFn) -> tuple[str, ...]:
    """What a formula is made of: literal stretches, and marks for things that have names."""
    return tuple(
        draw(
            st.lists(
                st.one_of(
                    st.sampled_from(("+", "-", "*", "SUM(", ")", ",", " ", "1.5", "&")),
                    st.sampled_from(LITERALS).map(text_literal),
                    st.sampled_from(SHEETS).map(lambda s: f"sheet:{s}"),
                    st.sampled_from(HEADERS).map(lambda h: f"cell:{h}"),
                    st.sampled_from(HEADERS).map(lambda h: f"column:{h}"),
                    st.sampled_from(("name:rate", "name:today", "foreign:", "[1]Data!B2", "LOG10(")),
                ),
                max_size=8,
            )
        )
    )


def _built(
    parts: tuple[str, ...], sheets: dict[str, str], table: str, headers: dict[str, str], rate: str
) -> str:
    """The formula with things called as given; words never touch each other."""
    out: list[str] = []
    for part in parts:
        kind, colon, what = part.partition(":")
        match kind if colon and not part.startswith('"') else "":
            case "sheet":
                out.append(f"{quoted_sheet(sheets.get(what, what))}!$A$1:B9")
            case "cell":
                out.append(f"{table}[[#This Row],[{column_specifier(headers.get(what, what))}]]")
            case "column":
                out.append(f"{table}[{column_specifier(headers.get(what, what))}]")
            case "name":
                out.append(rate if what == "rate" else what)
            case "foreign":
                out.append("'[1]two words'!Deals[amount]")
            case _:
                out.append(part)
    return " + ".join(out)


_RENAMED_HEADERS = st.dictionaries(st.sampled_from(HEADERS), st.sampled_from(NEW_HEADERS), max_size=4).filter(
    lambda d: len(set(d.values())) == len(d)
)
_RENAMED_SHEETS = st.dictionaries(st.sampled_from(SHEETS), st.sampled_from(NEW_SHEETS), max_size=3).filter(
    lambda d: len(set(d.values())) == len(d)
)


@given(
    _formulas(),
    _RENAMED_SHEETS,
    st.sampled_from(("Deals", "商机")),
    _RENAMED_HEADERS,
    st.sampled_from(("rate", "x.y")),
)
def test_a_rename_gives_what_would_have_been_built(
    parts: tuple[str, ...], sheets: dict[str, str], table: str, headers: dict[str, str], rate: str
) -> None:
    renames = Renames(sheets, {"deals": table}, {"DEALS": headers}, {"Rate": rate})
    before = _built(parts, {}, "Deals", {}, "rate")
    after = renamed(before, renames)
    assert after == _built(parts, sheets, table, headers, rate)

    back = renamed(after, renames.inverse())
    place = FormulaPlace("Here", 3, 3, _table("Deals", "Data", HEADERS))
    assert same_meaning(back, before, place)


@given(_formulas(), _RENAMED_SHEETS, _RENAMED_HEADERS)
def test_what_was_text_or_foreign_is_as_it_was(
    parts: tuple[str, ...], sheets: dict[str, str], headers: dict[str, str]
) -> None:
    before = _built(parts, {}, "Deals", {}, "rate")
    after = renamed(before, Renames(sheets, {"Deals": "商机"}, {"Deals": headers}, {"rate": "kurs"}))
    old, new = tuple(pieces(before)), tuple(pieces(after))
    for kind in (PieceKind.TEXT, PieceKind.NUMBER, PieceKind.OPERATOR, PieceKind.BOOK, PieceKind.CELL):
        assert [p.text for p in old if p.kind is kind] == [p.text for p in new if p.kind is kind]
    assert [p.kind for p in old] == [p.kind for p in new]


@given(st.text(max_size=40))
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(p.text for p in pieces(text)) == text
    assert [p.start for p in pieces(text)] == _starts(text)


def _starts(text: str) -> list[int]:
    starts, at = [], 0
    for piece in pieces(text):
        starts.append(at)
        at += len(piece.text)
    return starts


@given(st.text(alphabet="AD1$:!'\"[]#@, +Deals数", max_size=30))
def test_any_text_that_mentions_nothing_is_returned_itself(text: str) -> None:
    renames = Renames({"Nowhere": "x"}, {"Nothing": "y"}, {"Nothing": {"a b": "c"}}, {"none": "z"})
    assert renamed(text, renames, own_table="Deals", sheet="Data") is text
    assert renamed(text, Renames()) is text


@given(st.text(alphabet="Deals[]'@#,: ab\n!1(", max_size=30))
def test_any_text_can_be_renamed(text: str) -> None:
    renames = Renames({"a": "b c"}, {"Deals": "D"}, {"Deals": {"a": "[", "b": "a"}}, {"b": "c"})
    after = renamed(text, renames, own_table="Deals", sheet="a")
    assert "".join(p.text for p in pieces(after)) == after


@given(st.text(min_size=1, max_size=31), st.sampled_from(("Data", "it's", "two words")))
def test_any_sheet_name_is_read_back(new: str, old: str) -> None:
    assume(not sheet_name_problem(new) and "\n" not in new and new.strip() == new)
    after = renamed(f"{quoted_sheet(old)}!A1+1", Renames({old: new}))
    assert canonical(after, FormulaPlace("S")) == canonical(f"{quoted_sheet(new)}!A1+1", FormulaPlace("S"))
    assert renamed(after, Renames({new: old})) == f"{quoted_sheet(old)}!A1+1"


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5), st.integers(0, 5))
def test_areas_inside_what_moved_go_along(top: int, left: int, rows: int, columns: int) -> None:
    old, new = parse_range("B2:H8"), parse_range("M20:S26")
    area = RangeRef(top, left, top + rows, left + columns)
    inside = old.contains(area.top, area.left) and old.contains(area.bottom, area.right)
    expected = RangeRef(top + 18, left + 11, top + rows + 18, left + columns + 11) if inside else area
    renames = Renames(moves={"Data": ((old, new),)})
    assert renamed(str(area), renames, sheet="DATA") == str(expected)
    assert renamed(area.absolute(), renames, sheet="Data") == expected.absolute()
    assert renamed(f"Data!{area}", renames, sheet="Other") == f"Data!{expected}"
    assert renamed(str(area), renames, sheet="Other") == str(area)
    assert renames.moved("data", area) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Data!$B$2:$C$3", "Data!$M$20:$N$21"),
        ("Data!B2+Data!$B2+Data!B$2", "Data!B2+Data!$B2+Data!B$2"),
        ("Data!$B$2:Data!$C3", "Data!$B$2:Data!$C3"),
    ],
)
def test_names_follow_moves_only_with_what_is_fixed(before: str, after: str) -> None:
    renames = Renames(moves={"Data": ((parse_range("B2:H8"), parse_range("M20:S26")),)})
    assert renamed(before, renames, fixed_only=True) == after


def test_a_move_keeps_its_size() -> None:
    with pytest.raises(ValueError, match="another size"):
        Renames(moves={"Data": ((parse_range("A1:B2"), parse_range("A1:B3")),)})


def test_names_of_the_sheet_hide_those_of_the_workbook() -> None:
    renames = Renames(names={"Rate": "kurs", "x": "y"})
    assert renamed("rate+x", renames.without_names(frozenset({"rate"}))) == "rate+y"
    assert renames.without_names(frozenset({"other"})) is renames
