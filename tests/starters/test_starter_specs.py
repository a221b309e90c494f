"""The starters' specs: complete in both languages, and their names agree with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from tests.judge.starter_rules import COMPUTED, Tree, merged_spec, section

from crmsheet.compile.theme import text_width
from crmsheet.model.words import Language
from crmsheet.spec import load, read
from crmsheet.starters import PACKS, demo_rows, starter, starter_names, starter_path

HAN = re.compile(r"[\u4e00-\u9fff]")
SHOWN = ("label", "help", "title", "description", "empty")
SIGN = 3
"""The room of a sign before an option."""
PROMPT = 255
"""What Excel shows of a cell prompt."""


@pytest.fixture(scope="module", params=starter_names())
def spec(request: pytest.FixtureRequest) -> Tree:
    return merged_spec(starter_path(str(request.param)))


def _texts(tree: object, path: str = "") -> Iterator[tuple[str, str, Tree]]:
    """Every shown text with its place and kind."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in SHOWN and isinstance(value, dict) and "type" not in value:
                yield f"{path}.{key}", key, value
            elif key == "groups" and isinstance(value, dict):
                yield from ((f"{path}.groups.{name}", "label", label) for name, label in value.items())
            else:
                yield from _texts(value, f"{path}.{key}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from _texts(value, f"{path}[{number}]")


def _fields(spec: Tree) -> Iterator[tuple[str, str, Tree]]:
    for name, table in section(spec, "tables").items():
        for field, shape in section(table, "fields").items():
            yield name, field, shape


def _metric_names(block: Tree) -> list[str]:
    if "cards" in block:
        return _names(block["cards"])
    for kind in ("chart", "table", "kpis"):
        if kind in block:
            return _names(cast("Tree", block[kind])["metrics"])
    return []


def _shown(spec: Tree) -> set[str]:
    """The metrics that boards show; the others are parts of them, or wait in the catalogue."""
    return {
        metric
        for sheet in section(spec, "sheets").values()
        for block in cast("list[Tree]", sheet["blocks"])
        for metric in _metric_names(block)
    }


def _names(found: object) -> list[str]:
    """Metrics, each by its id or as a map that names it; or a map that holds them."""
    things = cast("Tree", found)["metrics"] if isinstance(found, dict) else found
    return [str(x["metric"]) if isinstance(x, dict) else str(x) for x in cast("list[object]", things)]


@pytest.mark.parametrize("name", starter_names())
def test_it_loads_without_any_diagnostic(name: str) -> None:
    result = read(starter_path(name))
    assert [d.text() for d in result.diagnostics] == []
    assert result.model is not None


@pytest.mark.parametrize("name", starter_names())
def test_the_demo_fills_the_input_fields_of_the_model(name: str) -> None:
    rows = demo_rows(name, Language.ZH, date(2026, 6, 24), 30)
    for table in load(starter_path(name)).tables:
        inputs = {f.id for f in table.fields if not f.type.computed}
        assert set(rows[table.id][0]) == inputs, table.id


def test_every_shown_text_is_there_in_both_languages(spec: Tree) -> None:
    found = list(_texts(spec))
    assert len(found) > 400
    for path, kind, text in found:
        assert set(text) == {"zh", "en"}, path
        chinese, english = str(text["zh"]), str(text["en"])
        assert chinese.strip()
        assert english.strip(), path
        assert not HAN.search(english.replace("“、”", "")), path
        assert HAN.search(chinese) or not re.search("[A-Za-z]{3}", chinese), path
        if kind == "help":
            assert max(len(chinese), len(english)) <= PROMPT, path


def test_everything_that_is_shown_has_a_label(spec: Tree) -> None:
    named = ["tables", "sheets", "lists"]
    missing = [
        f"{part}.{name}" for part in named for name, x in section(spec, part).items() if "label" not in x
    ]
    missing += [f"{table}.{field}" for table, field, shape in _fields(spec) if "label" not in shape]
    for name, table in section(spec, "tables").items():
        rules = cast("list[Tree]", table.get("rules", []))
        missing += [f"{name}.{rule['id']}" for rule in rules if "label" not in rule]
    assert missing == []


def test_labels_tell_the_columns_of_a_table_apart(spec: Tree) -> None:
    for name, table in section(spec, "tables").items():
        for language in Language:
            labels = [str(section(f, "label")[language.value]) for f in section(table, "fields").values()]
            assert len({label.casefold() for label in labels}) == len(labels), (name, language)


def test_every_figure_says_what_it_means(spec: Tree) -> None:
    metrics = section(spec, "metrics")
    for name in _shown(spec):
        assert "label" in metrics[name], name
        assert {"description", "definition"} & set(metrics[name]), name
        assert "format" in metrics[name], name
        assert metrics[name].get("good") in ("up", "down", "none"), name


def test_an_entry_sheet_is_narrow_enough_to_fill_in(spec: Tree) -> None:
    for name, table in section(spec, "tables").items():
        shapes = section(table, "fields").values()
        visible = [f for f in shapes if f.get("view") != "detail" and not f.get("hidden")]
        typed = [f for f in visible if f["type"] not in COMPUTED]
        assert len(visible) <= 12, name
        assert len(typed) <= 12, name


@pytest.mark.parametrize("name", starter_names())
def test_a_width_that_is_given_has_room_for_all_options(name: str) -> None:
    model = load(starter_path(name))
    given = [(t, f) for t in model.tables for f in t.fields if f.width is not None and f.list]
    narrow = [
        f"{table.id}.{field.id}"
        for table, field in given
        for item in model.list(field.list).items
        for language in Language
        if text_width(item.label.text(language)) + SIGN > (field.width or 0)
    ]
    assert narrow == []


def _leaves(tree: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a spec with its place."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, f"{path}.{key}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from _leaves(value, f"{path}.{number}")
    elif isinstance(tree, str):
        yield path, tree


def test_no_format_ends_a_whole_number_with_a_point(spec: Tree) -> None:
    """Excel shows 58 in `#,##0.##` as `58.`; LibreOffice leaves the point out."""
    formats = [(path, text) for path, text in _leaves(spec) if path.endswith(".format")]
    assert formats
    assert [path for path, text in formats if re.search(r"\.[#?]", text)] == []


def test_no_space_stands_before_a_sign_of_per_cent_in_english(spec: Tree) -> None:
    english = [(path, text) for path, text in _leaves(spec) if path.endswith(".en")]
    assert english
    assert [path for path, text in english if re.search(r"\d %", text)] == []


def test_a_rule_that_the_prompt_tells_is_not_told_by_the_help_too(spec: Tree) -> None:
    helped = [
        (f"{t}.{f}", cast("Tree", field["help"])["en"]) for t, f, field in _fields(spec) if "help" in field
    ]
    assert helped
    assert [place for place, text in helped if "must be unique" in str(text).lower()] == []


def test_a_sheet_that_is_named_is_there(spec: Tree) -> None:
    """Help of a shared field may not lead to a table that only some starters have."""
    sheets = (*section(spec, "tables").values(), *section(spec, "sheets").values())
    names = {str(cast("Tree", sheet["label"])["en"]) for sheet in sheets}
    named = [
        (path, found[1])
        for path, text in _leaves(spec)
        if path.endswith(".en") and (found := re.search(r"the ([A-Z][\w ]*?) sheet", text))
    ]
    assert [one for one in named if one[1] not in names | {"Lists", "Settings", "Guide"}] == []


def test_what_must_be_filled_is_in_view_or_fills_itself(spec: Tree) -> None:
    hidden = [
        f"{table}.{field}"
        for table, field, shape in _fields(spec)
        if shape.get("required") and shape.get("view") == "detail" and "default" not in shape
    ]
    assert hidden == []


def test_ids_of_fields_rules_and_metrics_of_a_table_differ(spec: Tree) -> None:
    metrics = section(spec, "metrics")
    for name, table in section(spec, "tables").items():
        ids = [*section(table, "fields")]
        ids += [str(rule["id"]) for rule in cast("list[Tree]", table.get("rules", []))]
        ids += [metric for metric, shape in metrics.items() if shape.get("table") == name]
        assert len(set(ids)) == len(ids), sorted(x for x in ids if ids.count(x) > 1)


def test_every_list_and_every_group_is_used(spec: Tree) -> None:
    lists = {str(shape[key]) for _, _, shape in _fields(spec) for key in ("list", "words") if key in shape}
    assert lists == set(section(spec, "lists"))
    for name, table in section(spec, "tables").items():
        groups = {f["group"] for f in section(table, "fields").values() if "group" in f}
        assert groups == set(section(table, "groups")), name
    assert _shown(spec) <= set(section(spec, "metrics"))


def test_block_ids_of_a_sheet_differ(spec: Tree) -> None:
    for name, sheet in section(spec, "sheets").items():
        ids = [block["id"] for block in cast("list[Tree]", sheet["blocks"])]
        assert len(set(ids)) == len(ids), name


def test_a_board_is_not_crowded(spec: Tree) -> None:
    for name, sheet in section(spec, "sheets").items():
        blocks = cast("list[Tree]", sheet.get("blocks", []))
        assert sum(len(_metric_names(b)) for b in blocks if "cards" in b) <= 8, name
        assert sum("chart" in b for b in blocks) <= 8, name


FILES = sorted(
    {file for name in starter_names() for file in starter(name).files} | {pack.file for pack in PACKS}
)


@pytest.mark.parametrize("file", FILES)
def test_each_file_tells_editors_where_its_schema_is(file: str) -> None:
    first = (starter_path("follow-up").parent / file).read_text("utf-8").splitlines()[0]
    depth = "../" * file.count("/")
    assert first == f"# yaml-language-server: $schema={depth}crmsheet.schema.json"


def test_every_file_of_the_templates_belongs_to_a_starter_or_is_a_pack() -> None:
    folder = starter_path("follow-up").parent
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*.yaml")} == set(FILES)


@pytest.mark.parametrize("name", starter_names())
def test_a_starter_names_every_file_it_includes(name: str) -> None:
    found = starter(name)
    tree = merged_spec(found.spec_path)
    assert [found.files[0], *cast("list[str]", tree["include"])] == list(found.files)
    assert all((Path(found.spec_path).parent / file).is_file() for file in found.files)


def test_a_sheet_that_is_named_in_chinese_is_there(spec: Tree) -> None:
    labels = [cast("Tree", table["label"]) for table in section(spec, "tables").values()]
    sheets = {"设置", "选项", *(str(label["zh"]) for label in labels)}
    named = {
        (path, sheet)
        for path, _, text in _texts(spec)
        for sheet in re.findall(r"“([^”]+)”表", str(text.get("zh", "")))
    }
    assert {(path, sheet) for path, sheet in named if sheet not in sheets} == set()
