"""A refresh that would break a promise is thrown away: the proof is part of the product."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from tests.refresh.small_world import TODAY, View, members, typed, with_parts

from crmsheet import api

from crmsheet.errors import InternalError
from crmsheet.refresh import Patch, Patched, applied
from crmsheet.sheetml.contents import Contents

api_refresh = importlib.import_module("crmsheet.api.refresh")
Sabotage = Callable[[Patched], Patched]


def changed(content: bytes) -> bytes:
    return typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): 5000.0})


def with_members(done: Patched, edits: Mapping[str, bytes]) -> Patched:
    return replace(done, data=with_parts(done.data, edits))


def _foreign_part(done: Patched) -> Patched:
    part = next(n for n in members(done.data) if n.startswith("xl/theme/"))
    return with_members(done, {part: members(done.data)[part] + b"\n"})


def _new_part(done: Patched) -> Patched:
    return with_members(done, {"xl/media/left.bin": b"x"})


def _foreign_bytes_in_a_patched_part(done: Patched) -> Patched:
    part = next(p for p in done.parts if p.startswith("xl/worksheets/"))
    data = members(done.data)[part]
    return with_members(done, {part: data.replace(b"<pageMargins left", b"<pageMargins  left", 1)})


def _another_cell(done: Patched) -> Patched:
    """A cell outside the patch changes, and the patch pretends to have meant it."""
    part = next(p for p in done.parts if p == "xl/worksheets/sheet4.xml")
    held = done.parts[part]
    at = held.before.index(b'<c r="A9"')
    end = held.before.index(b"</c>", at)
    data = members(done.data)[part]
    old = held.before[at:end]
    assert old in data
    return with_members(done, {part: data.replace(old, b'<c r="A9"><v>1</v>', 1)})


def _wrong_value(done: Patched) -> Patched:
    """Everything is as promised, but one of our values is not what it must be."""
    part = "xl/worksheets/sheet4.xml"
    data = members(done.data)[part]
    return with_members(done, {part: data.replace(b"<v>5000</v>", b"<v>6000</v>", 1)})


def _no_content_type(done: Patched) -> Patched:
    types = "[Content_Types].xml"
    data = members(done.data)[types]
    start = data.index(b'<Override PartName="/xl/styles.xml"')
    end = data.index(b"/>", start) + 2
    return with_members(done, {types: data[:start] + data[end:]})


@pytest.mark.parametrize(
    "sabotage, words",
    [
        (_foreign_part, "obligation 1"),
        (_new_part, "obligation 1"),
        (_foreign_bytes_in_a_patched_part, "obligation 2"),
        (_another_cell, "obligation"),
        (_wrong_value, "obligation"),
        (_no_content_type, "obligation"),
    ],
)
def test_a_sabotaged_result_is_thrown_away(
    small: bytes, monkeypatch: pytest.MonkeyPatch, sabotage: Sabotage, words: str
) -> None:
    def bad(contents: Contents, patch: Patch) -> Patched:
        return sabotage(applied(contents, patch))

    content = changed(small)
    assert api.refresh(content, name="b.xlsx", today=TODAY).content is not None
    monkeypatch.setattr(api_refresh, "applied", bad)
    with pytest.raises(InternalError) as failure:
        api.refresh(content, name="b.xlsx", today=TODAY)
    found = failure.value.diagnostics[0]
    assert found.code == "B101"
    assert words in found.reason
    assert "untouched" in found.remedy


def test_a_patch_that_forgets_something_is_thrown_away(
    small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(contents: Contents, patch: Patch) -> Patched:
        sheet, edits = next((s, e) for s, e in patch.cells.items() if s == "Orders" or s == "_calc")
        return applied(contents, replace(patch, cells={**patch.cells, sheet: edits[1:]}))

    monkeypatch.setattr(api_refresh, "applied", forgetful)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="b.xlsx", today=TODAY)
    assert "obligation 5" in failure.value.diagnostics[0].reason


def test_a_forgotten_span_of_another_sheet_is_caught(
    small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell of a sheet the patch names, but not in the cells it lists."""

    def sly(contents: Contents, patch: Patch) -> Patched:
        done = applied(contents, patch)
        return replace(done, changed_cells={name: frozenset() for name in done.changed_cells})

    monkeypatch.setattr(api_refresh, "applied", sly)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="b.xlsx", today=TODAY)
    assert "obligation 3" in failure.value.diagnostics[0].reason
