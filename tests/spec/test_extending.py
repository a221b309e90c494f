"""An entry of an included file that another file extends: what becomes of it, and where its parts stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsheet.diagnostics import TextPlace
from crmsheet.model.spec import FieldType, Model
from crmsheet.spec import SpecResult, read

BASE = """\
lists:
  region: [north, south]
  size:
    - {id: small, label: Small, weight: 1}
    - {id: large, label: Large, weight: 3}
tables:
  customers:
    label: Customers
    help: One each
    key: name
    groups: {basic: Basics, more: More}
    fields:
      name: {type: text, required: true, group: basic}
      region: {type: choice, group: basic, view: detail}
      size: {type: choice, group: more}
      remark: text
    rules:
      - {id: northern, when: '[region]="north"', style: info}
metrics:
  n: {type: simple, label: Customers, table: customers, agg: count}
sheets:
  board:
    label: Board
    selectors: {region: {}}
    blocks:
      - {id: count, cards: [n]}
"""


def _read(folder: Path, **files: str) -> SpecResult:
    for name, text in {"base": BASE, **files}.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return read(folder / "main.yaml")


def _model(folder: Path, **files: str) -> Model:
    result = _read(folder, **files)
    assert [d.text() for d in result.diagnostics] == []
    assert result.model is not None
    return result.model


def _main(body: str, include: str = "[base.yaml]") -> str:
    return f"crmsheet: 1\ninclude: {include}\n{body}"


def test_a_field_stands_behind_the_last_one_of_its_group(tmp_path: Path) -> None:
    model = _model(
        tmp_path,
        main=_main(
            "tables:\n  customers:\n    extend: true\n    groups: {third: Third}\n    fields:\n"
            "      branch: {type: text, group: basic}\n      a: {type: text, group: third}\n      b: text\n"
        ),
    )
    table = model.table("customers")
    assert [f.id for f in table.fields] == ["name", "region", "branch", "size", "remark", "a", "b"]
    assert [g.id for g in table.groups] == ["basic", "more", "third"]
    assert table.key == "name"


def test_an_extended_field_keeps_what_is_not_named(tmp_path: Path) -> None:
    model = _model(
        tmp_path,
        main=_main(
            "tables:\n  customers:\n    extend: true\n    help: Another\n    fields:\n"
            "      region: {extend: true, required: true, view: entry}\n      remark: {extend: true, max_length: 9}\n"
        ),
    )
    table = model.table("customers")
    region = table.field("region")
    assert (region.type, region.group, region.required, region.view) == (
        FieldType.CHOICE,
        "basic",
        True,
        "entry",
    )
    assert (table.field("remark").type, table.field("remark").max_length) == (FieldType.TEXT, 9)
    assert table.help is not None
    assert table.help.en == "Another"


def test_what_is_omitted_is_gone_and_may_be_defined_anew(tmp_path: Path) -> None:
    model = _model(
        tmp_path,
        main=_main(
            "lists:\n  size: {extend: true, omit: large, items: [{id: huge, label: Huge, weight: 9}]}\n"
            "  region: {extend: true, items: [west]}\n"
            "tables:\n  customers:\n    extend: true\n    omit: [remark, northern]\n    fields:\n"
            "      remark: long_text\n    rules: {western: {when: '[region]=\"west\"'}}\n"
            "sheets:\n  board:\n    extend: true\n    omit: [region, count]\n    blocks: [{id: new, note: Hello}]\n"
        ),
    )
    table = model.table("customers")
    assert table.field("remark").type is FieldType.LONG_TEXT
    assert [rule.id for rule in table.rules] == ["western"]
    assert [item.id for item in model.list("size").items] == ["small", "huge"]
    assert [item.id for item in model.list("region").items] == ["north", "south", "west"]
    (board,) = model.boards
    assert [block.id for block in board.blocks] == ["new"]
    assert not board.selectors


def test_a_metric_changes_what_it_names(tmp_path: Path) -> None:
    model = _model(
        tmp_path,
        main=_main("metrics:\n  n: {extend: true, label: Northerners, filter: '[region]=\"north\"'}\n"),
    )
    (metric,) = model.metrics
    assert metric.label.en == "Northerners"
    assert metric.filter is not None


def test_each_file_adds_to_what_the_ones_before_it_made(tmp_path: Path) -> None:
    pack = "tables:\n  customers:\n    extend: true\n    fields: {branch: text}\n"
    model = _model(
        tmp_path,
        pack="include: [base.yaml]\n" + pack,
        main=_main(
            "tables:\n  customers:\n    extend: true\n    fields: {branch: {extend: true, max_length: 3}}\n"
            "  others:\n    label: Others\n    fields: {text: text}\n",
            "[pack.yaml]",
        ),
    )
    assert [t.id for t in model.tables] == ["customers", "others"]
    assert model.table("customers").field("branch").max_length == 3


@pytest.mark.parametrize(
    ("line", "code", "file", "number"),
    [
        ("      remark: {extend: true, type: choice, list: sizes}", "S212", "main.yaml", 7),
        ("      more: {type: lookup, via: region, field: no}", "S211", "main.yaml", 7),
        ("      size: {extend: true, type: text, list: region}", "S138", "main.yaml", 7),
        ("      region: {extend: maybe}", "S122", "main.yaml", 7),
    ],
)
def test_a_problem_is_told_where_it_was_written(
    tmp_path: Path, line: str, code: str, file: str, number: int
) -> None:
    found = _read(
        tmp_path, main=_main(f"tables:\n  customers:\n    extend: true\n    fields:\n{line}\n")
    ).diagnostics
    assert [d.code for d in found] == [code]
    place = found[0].place
    assert isinstance(place, TextPlace)
    assert (Path(place.file).name, place.line) == (file, number)


def test_what_an_extension_breaks_is_told_where_it_stands(tmp_path: Path) -> None:
    found = _read(tmp_path, main=_main("tables:\n  customers: {extend: true, omit: [region]}\n")).diagnostics
    assert {Path(d.place.file).name for d in found if isinstance(d.place, TextPlace)} == {"base.yaml"}
    assert "S221" in {d.code for d in found}


def test_both_places_of_an_id_are_told(tmp_path: Path) -> None:
    (found,) = _read(
        tmp_path, main=_main("tables:\n  customers:\n    extend: true\n    fields: {name: text}\n")
    ).diagnostics
    assert found.code == "S122"
    assert "base.yaml:13:7" in found.reason
    assert "extend: true" in found.remedy
