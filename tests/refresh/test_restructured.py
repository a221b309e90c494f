"""A changed spec on a filled workbook: what it gains, what is renamed, what is retired, what stays people's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from tests.judge.charts import stale_points
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.once import made_once
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.small_world import (
    SPEC,
    TODAY,
    View,
    members,
    sheet_part,
    with_cell,
    with_cells,
    with_parts,
    with_text,
)

from crmsheet.api.refreshing import Refreshed, refresh
from crmsheet.errors import WorkbookRefused
from crmsheet.refresh import NoteKind

FIELD = "      remark: {type: text, label: Remark}\n"
FAX = FIELD + "      fax: {type: text, label: Fax, max_length: 20}\n"
NORTH = "      - {id: north, label: North}\n"
SOUTH = "      - {id: south, label: South}\n"
FIRST_BLOCK = "      - cards: [revenue, n_orders]\n"
SETTING = "  stale_days: {value: 30, type: integer, label: Stale after}\n"
NOTES = """\
  notes:
    label: Notes
    key: no
    fields:
      no: {type: id, label: No}
      customer: {type: reference, table: customers, label: Customer}
      text: {type: text, label: Text}
metrics:
"""
SECOND = """\
  second:
    label: Second
    selectors: {period: {}}
    blocks:
      - cards: [revenue]
      - {id: c2, chart: {type: line, metrics: [revenue], by: month}}
"""
TO_SALES = (
    ("  orders:\n    label: Orders", "  sales:\n    renamed_from: orders\n    label: Sales"),
    ("table: orders", "table: sales"),
    ("orders: customer", "sales: customer"),
)


def changed(*pairs: tuple[str, str], spec: str = SPEC) -> str:
    """The spec with texts replaced; each must be there."""
    for old, new in pairs:
        assert old in spec, old
        spec = spec.replace(old, new)
    return spec


@dataclass(frozen=True, slots=True)
class Change:
    """A spec change and what people had done before."""

    spec: str
    edit: Callable[[bytes], bytes] = lambda content: content


CHANGES: Mapping[str, Change] = {
    "a field": Change(changed((FIELD, FAX))),
    "computed fields": Change(
        changed(
            (FIELD, FIELD + "      twice: {type: formula, expr: '[revenue]*2', label: Twice}\n"),
            (
                "      late:",
                "      zone: {type: lookup, via: customer, field: region, label: Zone}\n      late:",
            ),
        )
    ),
    "a list item": Change(changed((SOUTH, SOUTH + "      - {id: west, label: West}\n"))),
    "a list": Change(
        changed(
            ("tables:\n", "  kind: [A, B]\ntables:\n"),
            (FIELD, FIELD + "      kind: {type: choice, list: kind, label: Kind}\n"),
        )
    ),
    "a rule": Change(
        changed(
            (
                "  orders:\n",
                "    rules:\n      - {id: old, when: '[idle]>10', style: bad, label: Old}\n  orders:\n",
            )
        )
    ),
    "a metric": Change(
        changed(
            (
                "sheets:\n",
                "  average: {type: ratio, numerator: revenue, denominator: n_orders, label: Average}\nsheets:\n",
            ),
            ("cards: [revenue, n_orders]", "cards: [revenue, n_orders, average]"),
        )
    ),
    "blocks": Change(
        changed(
            (
                FIRST_BLOCK,
                FIRST_BLOCK
                + "      - {id: new_table, table: {metrics: [revenue], by: month}}\n"
                + "      - {id: new_chart, chart: {type: bar, metrics: [n_orders], by: region}}\n",
            )
        )
    ),
    "an analysis": Change(
        changed(
            (
                FIRST_BLOCK,
                FIRST_BLOCK
                + "      - {id: kept, analysis: {type: cohort_retention, metrics: n_orders, entity: customer}}\n",
            )
        )
    ),
    "a table": Change(changed(("metrics:\n", NOTES))),
    "a board": Change(SPEC + SECOND),
    "settings": Change(changed((SETTING, "  first: {value: 5, type: integer, label: First}\n" + SETTING))),
    "renames": Change(
        changed(
            (FIELD, "      comment: {type: text, label: Comment, renamed_from: remark}\n"),
            (NORTH, "      - {id: nord, label: Nord, renamed_from: north}\n"),
            ("  board:\n    label: Board", "  front:\n    renamed_from: board\n    label: Front"),
            *TO_SALES,
        )
    ),
    "a wider type": Change(
        changed(
            ("amount: {type: number,", "amount: {type: currency,"),
            ("remark: {type: text", "remark: {type: long_text"),
        )
    ),
    "another chart": Change(changed(("chart: {type: column", "chart: {type: line"))),
    "a block less": Change(
        changed(
            ("      - {id: by_month, chart: {type: column, metrics: [revenue], by: month, last: 6}}\n", "")
        )
    ),
    "a field less": Change(changed((FIELD, ""))),
    "a board less": Change(changed((SPEC[SPEC.index("sheets:\n") :], ""))),
    "labels": Change(
        changed(
            ("label: Revenue}", "label: Turnover}"),
            ("label: Idle days", "label: Days idle"),
            ("label: Board", "label: Overview"),
        )
    ),
}


@pytest.fixture(scope="module")
def results(small: bytes, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Refreshed]:
    """Every change carried out, by name."""

    def made() -> Mapping[str, Refreshed]:
        return {
            name: followed(change.edit(small), change.spec, tmp_path_factory.mktemp("spec"))
            for name, change in CHANGES.items()
        }

    return made_once(tmp_path_factory, "restructured", made)


def followed(content: bytes, spec: str, folder: Path) -> Refreshed:
    path = folder / "changed.yaml"
    path.write_text(spec, encoding="utf-8")
    return refresh(content, name="book.xlsx", today=TODAY, spec=path)


def again(content: bytes) -> Refreshed:
    return refresh(content, name="book.xlsx", today=TODAY)


def told(done: Refreshed, kind: NoteKind) -> list[str]:
    return [n.new or n.old for n in done.notes if n.kind is kind]


@pytest.mark.parametrize("name", CHANGES)
def test_the_result_is_sound_and_settled(results: Mapping[str, Refreshed], name: str) -> None:
    content = results[name].content
    assert content is not None
    assert schema_errors(content) == []
    assert repair_causes(content) == []
    assert stale_points(content) == []
    assert again(content).content is None


@needs_libreoffice
def test_libreoffice_computes_the_same(results: Mapping[str, Refreshed], tmp_path: Path) -> None:
    paths = []
    for number, done in enumerate(results.values()):
        assert done.content is not None
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(done.content)
    differences = compare_all(paths, tmp_path)
    assert {name: found[:5] for name, found in zip(results, differences.values(), strict=True) if found} == {}


def test_a_new_field_stands_at_the_right_end_with_its_rules(results: Mapping[str, Refreshed]) -> None:
    done = results["a field"]
    view = View.of(done.content)
    _, table = view.table("customers")
    assert table.names[-1] == "Fax"
    assert told(done, NoteKind.ADDED) == ["Fax"]
    sheet = _opened(done.content)["Customers"]
    lengths = [v for v in sheet.data_validations.dataValidation if "M4" in v.sqref]
    assert [v.type for v in lengths] == ["textLength"]
    assert view.column("customers", "Customer")[:2] == ["Company 01", "Company 02"]


def test_new_computed_fields_have_their_values(results: Mapping[str, Refreshed]) -> None:
    view = View.of(results["computed fields"].content)
    revenue, twice = view.column("customers", "Revenue"), view.column("customers", "Twice")
    assert twice == [2 * float(r) for r in revenue if isinstance(r, float | int)]
    assert set(view.column("orders", "Zone")) <= {"East", "North", "South"}


def test_renames_reach_what_mentions_them(results: Mapping[str, Refreshed]) -> None:
    done = results["renames"]
    view = View.of(done.content)
    sheet, table = view.table("sales")
    assert sheet == "Sales"
    assert "Order no." in table.names
    assert "Comment" in view.table("customers")[1].names
    assert "North" not in view.column("customers", "Region")
    assert view.column("customers", "Region").count("Nord") == 4
    assert {"Front", "Sales"} <= set(_opened(done.content).sheetnames)
    assert "sales[Amount]" in str(view.formula("Customers", view.place("customers", "Revenue", 0)))


def test_people_s_formulas_follow_renames(small: bytes, tmp_path: Path) -> None:
    mine = with_cell(
        small, "Guide", "Z50", "><f>SUM(orders[Amount])+COUNTA(customers[Remark])</f><v>6051</v>"
    )
    done = followed(mine, CHANGES["renames"].spec, tmp_path)
    assert View.of(done.content).formula("Guide", "Z50") == "SUM(sales[Amount])+COUNTA(customers[Comment])"


def test_a_wider_type_looks_like_it(small: bytes, results: Mapping[str, Refreshed]) -> None:
    ref = View.of(small).place("orders", "Amount", 0)
    before, after = _opened(small)["Orders"][ref], _opened(results["a wider type"].content)["Orders"][ref]
    assert before.number_format != after.number_format
    assert "¥" in after.number_format
    assert before.value == after.value


def test_a_retired_field_stays_as_people_s_column(results: Mapping[str, Refreshed]) -> None:
    done = results["a field less"]
    assert told(done, NoteKind.RETIRED) == ["Remark"]
    assert View.of(done.content).column("customers", "Remark")[1] == "remark 2"


def test_a_retired_board_keeps_its_last_values(small: bytes, results: Mapping[str, Refreshed]) -> None:
    before, after = View.of(small), View.of(results["a board less"].content)
    for ref in ("B9", "H11"):
        assert after.value("Board", ref) == before.value("Board", ref) is not None
        assert after.formula("Board", ref) is None
    assert "Board" in _opened(results["a board less"].content).sheetnames


def test_a_field_that_returns_takes_its_column_back(results: Mapping[str, Refreshed], tmp_path: Path) -> None:
    content = results["a field less"].content
    assert content is not None
    done = followed(content, SPEC, tmp_path)
    view = View.of(done.content)
    assert view.table("customers")[1].names.count("Remark") == 1
    assert told(done, NoteKind.COLUMN_CLAIMED)
    assert view.column("customers", "Remark")[1] == "remark 2"
    assert again(done.content or b"").content is None


def test_a_table_that_returns_is_taken_up_with_its_rows(small: bytes, tmp_path: Path) -> None:
    without = changed(
        (SPEC[SPEC.index("  orders:\n") : SPEC.index("metrics:\n")], ""),
        (SPEC[SPEC.index("metrics:\n") :], ""),
        ("      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}\n", ""),
        ("      last_order: {type: rollup, table: orders, agg: max, field: date, label: Last order}\n", ""),
        (SPEC[SPEC.index("      idle:") : SPEC.index("  orders:\n")], ""),
    )
    dropped = followed(small, without, tmp_path)
    assert dropped.content is not None
    assert "Orders" in told(dropped, NoteKind.RETIRED)
    assert again(dropped.content).content is None
    ref = View.of(dropped.content).place("orders", "Amount", 0)
    typed = with_cell(dropped.content, "Orders", ref, "><v>5000</v>")
    done = followed(typed, SPEC, tmp_path)
    before, after = View.of(small), View.of(done.content)
    assert after.column("orders", "Customer") == before.column("orders", "Customer")
    assert after.column("orders", "Amount")[1:] == before.column("orders", "Amount")[1:]
    assert after.column("orders", "Amount")[0] == 5000
    assert after.table("orders")[1].names.count("Data check") == 1
    assert repair_causes(done.content or b"") == []
    assert again(done.content or b"").content is None


@pytest.mark.slow
def test_there_and_back_again(results: Mapping[str, Refreshed], tmp_path: Path) -> None:
    for name in ("blocks", "an analysis", "a list", "settings", "a board less"):
        content = results[name].content
        assert content is not None
        back = followed(content, SPEC, tmp_path)
        assert back.content is not None
        assert repair_causes(back.content) == []
        assert again(back.content).content is None
        once_more = followed(back.content, CHANGES[name].spec, tmp_path)
        assert again(once_more.content or back.content).content is None


# What people changed stays theirs


def test_a_header_that_people_renamed_stays(small: bytes, tmp_path: Path) -> None:
    mine = _renamed_header(small, "Remark", "My remark")
    done = followed(mine, changed((FIELD, "      remark: {type: text, label: Comment}\n")), tmp_path)
    assert "My remark" in View.of(done.content).table("customers")[1].names
    kept = [n for n in done.notes if n.kind is NoteKind.KEPT_YOURS]
    assert [(n.old, n.new) for n in kept] == [("My remark", "Comment")]


def test_a_list_value_that_people_relabelled_stays(small: bytes, tmp_path: Path) -> None:
    lists = View.of(small)
    ref = next(c.ref for c in lists.package.cells(lists.package.sheet("Lists")) if c.value == "North")
    mine = with_cell(small, "Lists", ref, ' t="inlineStr"><is><t>Far North</t></is>')
    done = followed(mine, changed((NORTH, "      - {id: north, label: Nordic}\n")), tmp_path)
    view = View.of(done.content)
    assert view.column("customers", "Region").count("Far North") == 4
    assert [(n.old, n.new) for n in done.notes if n.kind is NoteKind.KEPT_YOURS] == [("Far North", "Nordic")]


@pytest.mark.parametrize(("mine", "wanted", "conflict"), [(30, 40, False), (25, 40, True), (40, 40, False)])
def test_a_threshold_that_people_changed_stays(
    small: bytes, tmp_path: Path, mine: int, wanted: int, conflict: bool
) -> None:
    content = with_cell(small, "Settings", "B9", f"><v>{mine}</v>")
    assert View.of(small).value("Settings", "A9") == "Stale after"
    done = followed(content, changed(("value: 30", f"value: {wanted}")), tmp_path)
    assert View.of(done.content).value("Settings", "B9") == (mine if conflict else wanted)
    assert bool([n for n in done.notes if n.kind is NoteKind.KEPT_YOURS]) == conflict


def test_a_new_column_needs_free_cells(small: bytes, tmp_path: Path) -> None:
    _, table = View.of(small).table("customers")
    right = table.box[3]
    ref = f"{_letters(right + 1)}6"
    mine = with_cell(small, "Customers", ref, ' t="inlineStr"><is><t>my note</t></is>')
    with pytest.raises(WorkbookRefused) as refused:
        followed(mine, CHANGES["a field"].spec, tmp_path)
    problem = refused.value.diagnostics[0]
    assert problem.code == "W216"
    assert ref in str(problem.place)


def test_a_column_that_people_added_becomes_the_new_field_s(small: bytes, tmp_path: Path) -> None:
    first = followed(small, CHANGES["a field"].spec, tmp_path)
    retired = followed(first.content or b"", SPEC, tmp_path)
    ref = View.of(retired.content).place("customers", "Fax", 2)
    typed = with_cell(retired.content or b"", "Customers", ref, ' t="inlineStr"><is><t>12345</t></is>')
    done = followed(typed, CHANGES["a field"].spec, tmp_path)
    assert View.of(done.content).column("customers", "Fax")[2] == "12345"
    assert told(done, NoteKind.COLUMN_CLAIMED)


def test_a_board_with_notes_of_people_is_not_laid_out_anew(small: bytes, tmp_path: Path) -> None:
    mine = with_cells(
        small, "Board", {"B60": ' t="inlineStr"><is><t>our plan for May</t></is>', "C61": "><v>7</v>"}
    )
    mine = _with_note(mine, "Board", "B9")
    done = followed(mine, CHANGES["blocks"].spec, tmp_path)
    before, after = View.of(mine), View.of(done.content)
    for ref in ("B9", "B14", "Z16", "Z19", "B60", "C61"):
        assert bool(after.formula("Board", ref)) == bool(before.formula("Board", ref))
        assert after.value("Board", ref) == before.value("Board", ref)
    added = [n for n in done.notes if n.kind is NoteKind.ADDED and n.column == "block"]
    assert added
    assert all(int(n.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) > 61 for n in added)
    assert again(done.content or b"").content is None


@pytest.mark.parametrize("name", ["blocks", "another chart"])
def test_a_chart_that_people_moved_stays_there(small: bytes, tmp_path: Path, name: str) -> None:
    """Even when its own block moves, or when the spec makes it another kind of chart."""
    part = next(p for p in members(small) if p.startswith("xl/drawings/drawing"))
    first = re.search(r"<xdr:from>.*?<xdr:row>(\d+)</xdr:row>", members(small)[part].decode(), re.DOTALL)
    assert first is not None
    place = f"<xdr:row>{first[1]}</xdr:row>"
    mine = with_text(small, part, lambda t: t.replace(place, "<xdr:row>70</xdr:row>", 1))
    done = followed(mine, CHANGES[name].spec, tmp_path)
    drawing = members(done.content or b"")[part].decode()
    starts = re.findall(r"<xdr:from>.*?<xdr:row>(\d+)</xdr:row>", drawing, re.DOTALL)
    assert "70" in starts
    assert len(starts) == (2 if name == "blocks" else 1)
    assert again(done.content or b"").content is None


def test_a_width_that_people_chose_stays(small: bytes, tmp_path: Path) -> None:
    part = sheet_part(small, "Customers")
    wide = re.compile(r'(<col min="1" max="1" width=")[^"]*"')
    mine = with_text(small, part, lambda t: wide.sub(r'\g<1>61.5"', t))
    done = followed(mine, CHANGES["a field"].spec, tmp_path)
    assert _opened(done.content)["Customers"].column_dimensions["A"].width == 61.5


def test_nothing_of_another_kind_changes(small: bytes, tmp_path: Path) -> None:
    mine = with_parts(small, {"custom/thing.bin": b"\x00\x01theirs"})
    mine = with_text(
        mine,
        "[Content_Types].xml",
        lambda t: t.replace("<Override", '<Default Extension="bin" ContentType="a/b"/><Override', 1),
    )
    done = followed(mine, CHANGES["blocks"].spec, tmp_path)
    before, after = members(mine), members(done.content or b"")
    named = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/calcChain.xml",
    }
    ours = {sheet_part(mine, s) for s in ("Board", "_calc", "_crmsheet", "Guide")}
    for part, data in before.items():
        if part not in named | ours and "drawing" not in part and "chart" not in part:
            assert after[part] == data, part


# Brought back


def test_a_deleted_board_stays_away_until_it_is_asked_for(small: bytes, tmp_path: Path) -> None:
    mine = _without_sheet(small, "Board", tmp_path)
    done = again(mine)
    assert told(done, NoteKind.SHEET_LEFT_OUT) == ["Board"]
    assert done.content is not None
    assert again(done.content).content is None
    kept_away = followed(done.content, changed((FIELD, FAX)), tmp_path)
    assert "Board" not in _opened(kept_away.content).sheetnames
    back = refresh(kept_away.content or b"", name="b", today=TODAY, restore_sheets=True)
    assert "Board" in _opened(back.content).sheetnames
    assert repair_causes(back.content or b"") == []
    assert again(back.content or b"").content is None


def test_what_formulas_need_is_refused_and_can_be_asked_for(small: bytes, tmp_path: Path) -> None:
    mine = _without_sheet(small, "Settings", tmp_path)
    with pytest.raises(WorkbookRefused) as refused:
        again(mine)
    assert refused.value.diagnostics[0].code == "W213"
    assert "--restore-sheets" in refused.value.diagnostics[0].remedy
    back = refresh(mine, name="b", today=TODAY, restore_sheets=True)
    assert "Settings" in _opened(back.content).sheetnames
    assert again(back.content or b"").content is None


def test_what_becomes_another_thing_is_refused(small: bytes, tmp_path: Path) -> None:
    spec = changed((FIELD, "      remark: {type: formula, expr: '[name]&\"!\"', label: Remark}\n"))
    with pytest.raises(WorkbookRefused) as refused:
        followed(small, spec, tmp_path)
    assert refused.value.diagnostics[0].code == "W212"


def _opened(content: bytes | None) -> openpyxl.Workbook:
    import io

    assert content is not None
    return openpyxl.load_workbook(io.BytesIO(content))


def _letters(column: int) -> str:
    from tests.judge.package import column_letters

    return column_letters(column)


def _renamed_header(content: bytes, old: str, new: str) -> bytes:
    view = View.of(content)
    sheet, table = view.table("customers")
    top, left, _, _ = table.box
    part = next(
        name
        for name, data in members(content).items()
        if "tables/" in name and b'displayName="customers"' in data
    )
    content = with_text(content, part, lambda t: t.replace(f'name="{old}"', f'name="{new}"'))
    ref = f"{_letters(left + table.names.index(old))}{top}"
    return with_cell(content, sheet, ref, f' t="inlineStr"><is><t>{new}</t></is>')


def _with_note(content: bytes, sheet: str, ref: str) -> bytes:
    """A note on a cell, as Excel writes one, without its drawing."""
    part = sheet_part(content, sheet)
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    note = (
        f'<comments xmlns="{main}"><authors><author>me</author></authors><commentList>'
        f'<comment ref="{ref}" authorId="0"><text><t>why so low?</t></text></comment></commentList></comments>'
    )
    content = with_parts(content, {"xl/comments9.xml": note.encode()})
    relation = f'<Relationship Id="rId99" Type="{kinds}/comments" Target="../comments9.xml"/>'
    end = "</Relationships>"
    content = with_text(content, rels, lambda t: t.replace(end, relation + end))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    return with_text(
        content,
        "[Content_Types].xml",
        lambda t: t.replace(
            "</Types>", f'<Override PartName="/xl/comments9.xml" ContentType="{kind}"/></Types>'
        ),
    )


def _without_sheet(content: bytes, name: str, folder: Path) -> bytes:
    """A sheet deleted, as a program does it that then writes `#REF!` where it was mentioned."""
    parts = members(content)
    book = parts["xl/workbook.xml"].decode()
    sheets = re.findall(r'<sheet name="([^"]*)"', book)
    index = sheets.index(name)
    element = re.search(rf'<sheet name="{name}"[^>]*r:id="(rId\d+)"/>', book)
    assert element is not None
    book = book.replace(element[0], "")
    book = re.sub(rf'<definedName [^>]*localSheetId="{index}"[^>]*>[^<]*</definedName>', "", book)
    book = re.sub(
        r'localSheetId="(\d+)"', lambda m: f'localSheetId="{int(m[1]) - (int(m[1]) > index)}"', book
    )
    place = re.compile(rf"(?<![\w'])'?{name}'?!\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?")
    book = place.sub("#REF!", book)
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    relation = re.search(rf'<Relationship Id="{element[1]}"[^>]*Target="([^"]*)"[^>]*/>', rels)
    assert relation is not None
    gone = "xl/" + relation[1]
    types = parts["[Content_Types].xml"].decode()
    types = re.sub(rf'<Override PartName="/{re.escape(gone)}"[^>]*/>', "", types)
    kept = {}
    for part, data in parts.items():
        if part in (gone, gone.replace("worksheets/", "worksheets/_rels/") + ".rels"):
            continue
        is_sheet = part.startswith("xl/worksheets/sheet")
        kept[part] = place.sub("#REF!", data.decode()).encode() if is_sheet else data
    kept |= {
        "xl/workbook.xml": book.encode(),
        "xl/_rels/workbook.xml.rels": rels.replace(relation[0], "").encode(),
        "[Content_Types].xml": types.encode(),
    }
    import zipfile

    path = folder / "without.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in kept.items():
            archive.writestr(part, data)
    return path.read_bytes()
