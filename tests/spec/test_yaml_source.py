"""YAML text becomes a tree whose every character knows its place."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.spec.nodes import (
    MapNode,
    Node,
    ScalarNode,
    SeqNode,
    SourceText,
    data_of,
    find,
    scalars,
    without,
)
from crmsheet.spec.yaml_source import character_place, parsed

_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn"), exclude_characters="\ufeff\ufffe\uffff"
)
_TEXTS = st.text(_CHARACTERS, max_size=20) | st.sampled_from(
    ["yes", "No", "0o17", "12:30", "1e3", "[a]", "a: b"]
)
_TREES = st.recursive(
    _TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(_CHARACTERS, min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


def _parse(text: str) -> Node:
    result = parsed(SourceText.of("spec.yaml", "spec.yaml", text))
    assert result.problems == ()
    assert result.root is not None
    return result.root


def _texts(node: Node) -> object:
    match node:
        case ScalarNode():
            return node.value
        case SeqNode():
            return [_texts(item) for item in node.items]
        case MapNode():
            return {key.value: _texts(value) for key, value in node.entries}


@given(_TREES, st.sampled_from([None, True, False]), st.sampled_from([None, "'", '"', "|", ">"]))
def test_what_was_written_is_read(tree: object, flow: bool | None, style: str | None) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, default_style=style, width=30)
    assert _texts(_parse(text)) == tree


@given(_TEXTS.filter(lambda t: t.strip()), st.sampled_from([None, "'", '"', "|", ">"]), st.integers(8, 40))
def test_every_character_is_found_where_it_stands(value: str, style: str | None, width: int) -> None:
    text = yaml.safe_dump({"key": value}, allow_unicode=True, default_style=style, width=width)
    lines = SourceText.of("s", "s", text).lines
    *_, node = scalars(_parse(text))
    assert node.value == value
    seen = []
    for offset, wanted in enumerate(value):
        line, column = character_place(node, offset)
        seen.append((line, column))
        found = lines[line][column : column + 1]
        escaped = found == "\\" and style in (None, '"')
        assert escaped or found == wanted or (wanted in " \n" and found == "")
    assert seen == sorted(set(seen))


def test_core_scalars_are_left_to_their_place() -> None:
    root = _parse("a: Yes\nb: 'Yes'\nc: ~\nd:\ne: 010\nf: 2024-01-01\n")
    data = data_of(root)
    assert isinstance(data, dict)
    assert {k: (type(v).__name__, v) for k, v in data.items()} == {
        "a": ("Plain", "Yes"),
        "b": ("Quoted", "Yes"),
        "c": ("NoneType", None),
        "d": ("NoneType", None),
        "e": ("Plain", "010"),
        "f": ("Plain", "2024-01-01"),
    }


def test_find_goes_through_short_forms() -> None:
    root = _parse("lists:\n  region: [east, west]\nrules:\n  - {id: stale, when: x}\n")

    def place(*path: str | int) -> tuple[int, int]:
        span = find(root, path)[1].span
        return span.line, span.column

    assert place("lists", "region", "items", "", 1) == (1, 17)
    assert place("rules", "stale", "when") == (3, 22)
    assert place("rules", 0, "id") == (3, 9)
    assert place("lists", "nowhere") == (1, 2)


def test_without_leaves_out_the_node_and_its_key() -> None:
    root = _parse("a: 1\nb: [x, y]\n")
    gone = find(root, ("b", 0))[1]
    assert data_of(without(root, frozenset((id(gone),)))) == {"a": "1", "b": ["y"]}
    assert data_of(without(root, frozenset((id(find(root, ("a",))[1]),)))) == {"b": ["x", "y"]}


def test_aliases_are_followed() -> None:
    root = _parse("a: &list [x, y]\nb: *list\n")
    assert data_of(root) == {"a": ["x", "y"], "b": ["x", "y"]}


def test_line_ends_of_windows() -> None:
    root = _parse("a: 1\r\nb: two\r\n")
    span = find(root, ("b",))[1].span
    assert (span.line, span.column, span.source.lines[1]) == (1, 3, "b: two")


@given(st.text(max_size=60))
def test_no_text_crashes_the_parser(text: str) -> None:
    result = parsed(SourceText.of("s", "s", text))
    assert result.root is not None or result.problems
