"""A refresh that would break a promise is thrown away: the proof is part of the product."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from tests.refresh.small_world import TODAY, View, members, typed, with_parts

from crmsheet import api
from crmsheet.errors import InternalError
from crmsheet.opc.writer import assemble
from crmsheet.refresh import Patch, Patched, applied
from crmsheet.refresh.patch import PatchedPart
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.spanedit import Replacement

api_pass = importlib.import_module("crmsheet.api.recomputing")
Sabotage = Callable[[Contents, Patched], Patched]


def changed(content: bytes) -> bytes:
    return typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): 5000.0})


def with_members(contents: Contents, done: Patched, edits: Mapping[str, bytes]) -> Patched:
    """The result with other bytes in some parts, packed as carefully as the real one."""
    parts = {part: patched.after for part, patched in done.parts.items()}
    return replace(done, data=assemble(contents.package, {**parts, **edits}, removed=done.removed))


def _foreign_part(contents: Contents, done: Patched) -> Patched:
    part = next(n for n in members(done.data) if n.startswith("xl/theme/"))
    return with_members(contents, done, {part: members(done.data)[part] + b"\n"})


def _new_part(_contents: Contents, done: Patched) -> Patched:
    return replace(done, data=with_parts(done.data, {"xl/media/left.bin": b"x"}))


def _foreign_bytes_in_a_patched_part(contents: Contents, done: Patched) -> Patched:
    part = next(p for p in done.parts if p.startswith("xl/worksheets/"))
    data = done.parts[part].after
    spoilt = data.replace(b"<sheetData>", b"<sheetData >", 1)
    assert spoilt != data
    return with_members(contents, done, {part: spoilt})


def _no_content_type(contents: Contents, done: Patched) -> Patched:
    """The patch pretends that it had to change the content types."""
    types = "[Content_Types].xml"
    data = contents.package.xml(types)
    start = data.index(b'<Override PartName="/xl/styles.xml"')
    end = data.index(b"/>", start) + 2
    spoilt = data[:start] + data[end:].replace(b'Extension="xml"', b'Extension="xmx"')
    spoilt = spoilt.replace(b'Extension="xml"', b'Extension="xmx"')
    span = PatchedPart(data, (Replacement(0, len(data), spoilt),))
    return replace(with_members(contents, done, {types: spoilt}), parts={**done.parts, types: span})


@pytest.mark.parametrize(
    ("sabotage", "words"),
    [
        (_foreign_part, "obligation 1"),
        (_new_part, "obligation 1"),
        (_foreign_bytes_in_a_patched_part, "obligation 2"),
        (_no_content_type, "obligation 4"),
    ],
)
def test_a_sabotaged_result_is_thrown_away(
    small: bytes, monkeypatch: pytest.MonkeyPatch, sabotage: Sabotage, words: str
) -> None:
    def bad(contents: Contents, patch: Patch) -> Patched:
        return sabotage(contents, applied(contents, patch))

    content = changed(small)
    assert api.refresh(content, name="b.xlsx", today=TODAY).content is not None
    monkeypatch.setattr(api_pass, "applied", bad)
    with pytest.raises(InternalError) as failure:
        api.refresh(content, name="b.xlsx", today=TODAY)
    found = failure.value.diagnostics[0]
    assert found.code == "B101"
    assert words in found.reason
    assert "untouched" in found.remedy


def test_a_patch_that_forgets_something_is_thrown_away(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(contents: Contents, patch: Patch) -> Patched:
        sheet, edits = next((s, e) for s, e in patch.cells.items() if s in ("Orders", "_calc"))
        return applied(contents, replace(patch, cells={**patch.cells, sheet: edits[1:]}))

    monkeypatch.setattr(api_pass, "applied", forgetful)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="b.xlsx", today=TODAY)
    assert "obligation 5" in failure.value.diagnostics[0].reason


def test_a_forgotten_span_of_another_sheet_is_caught(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell of a sheet the patch names, but not in the cells it lists."""

    def sly(contents: Contents, patch: Patch) -> Patched:
        done = applied(contents, patch)
        return replace(done, changed_cells={name: frozenset() for name in done.changed_cells})

    monkeypatch.setattr(api_pass, "applied", sly)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="b.xlsx", today=TODAY)
    assert "obligation 3" in failure.value.diagnostics[0].reason


def _others(patch: Patch) -> str:
    """A sheet of people's that the patch names."""
    return next(name for name in patch.cells if name == "Customers")


def test_a_changed_cell_of_the_people_is_caught(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(contents: Contents, patch: Patch) -> Patched:
        sheet = _others(patch)
        meant = applied(contents, patch)
        edit = CellEdit(5, 0, EditKind.VALUE, "Somebody else")
        done = applied(contents, replace(patch, cells={**patch.cells, sheet: (*patch.cells[sheet], edit)}))
        return replace(done, changed_cells=meant.changed_cells)

    monkeypatch.setattr(api_pass, "applied", greedy)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="b.xlsx", today=TODAY)
    assert "obligation 3, the cell Customers!A6 changed" in failure.value.diagnostics[0].reason


def test_a_wrong_value_of_ours_is_caught(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(contents: Contents, patch: Patch) -> Patched:
        sheet = _others(patch)
        first, *rest = patch.cells[sheet]
        return applied(
            contents, replace(patch, cells={**patch.cells, sheet: (replace(first, value=6000.0), *rest)})
        )

    monkeypatch.setattr(api_pass, "applied", wrong)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="b.xlsx", today=TODAY)
    assert "obligation 5" in failure.value.diagnostics[0].reason
