"""Large parts are held condensed: what is refreshed is the same, and so is what the proof finds."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.refresh.small_world import TODAY, View, members, sheet_part, typed

from crmsheet import api
from crmsheet.errors import InternalError
from crmsheet.opc import package
from crmsheet.opc.condensing import Texts
from crmsheet.opc.held import HeldBytes
from crmsheet.opc.writer import assemble
from crmsheet.refresh import Patch, Patched, applied, verify
from crmsheet.sheetml import alike
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.splicedbytes import SplicedBytes

api_pass = importlib.import_module("crmsheet.api.recomputing")


@pytest.fixture(autouse=True)
def _condensing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_CONDENSED", 0)


def changed(content: bytes) -> bytes:
    return typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): 5000.0})


def refreshed(content: bytes) -> bytes:
    done = api.refresh(content, name="book.xlsx", today=TODAY).content
    assert done is not None
    return done


def unsealed(content: bytes) -> dict[str, bytes]:
    """The parts of a book; the seal covers how they are packed, too, which is not what is asked here."""
    return {
        part: re.sub(rb"crmsheet-seal 1 [0-9a-f]{64}", b"", data) for part, data in members(content).items()
    }


def test_the_same_is_written_as_of_a_part_held_whole(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    condensed = refreshed(changed(small))
    monkeypatch.setattr(package, "_CONDENSED", 2**40)
    assert unsealed(condensed) == unsealed(refreshed(changed(small)))


def test_the_rows_are_condensed(small: bytes) -> None:
    contents = Contents(package.Package.of(small), condensing=True)
    sheet = contents.sheet("Customers")
    assert sheet is not None
    whole = contents.package.read(sheet.sheet.part)
    texts = contents.package.texts(sheet.sheet.part)
    assert texts is not None
    assert len(sheet.scan.data) < len(whole)
    assert b"".join(texts.pieces(sheet.scan.data)) == whole
    plain = Contents(package.Package.of(small)).sheet("Customers")
    assert plain is not None
    assert dict(sheet.rows) == dict(plain.rows)


def test_what_was_let_go_is_the_same_when_somebody_asks_again(small: bytes) -> None:
    contents = Contents(package.Package.of(small), condensing=True)
    sheet = contents.sheet("Customers")
    assert sheet is not None
    before = dict(sheet.rows)
    held = sheet.scan.data
    contents.let_go([sheet.sheet.part])
    assert sheet.scan.data is not held
    assert sheet.scan.data == held
    assert dict(sheet.rows) == before, "cells are known without it"
    assert contents.package.read(sheet.sheet.part) == members(small)[sheet.sheet.part]


def test_whoever_only_looks_holds_no_bytes_once_the_cells_are_known(small: bytes) -> None:
    contents = Contents(package.Package.of(small), condensing=True, looking=True)
    sheet = contents.sheet("Customers")
    plain = Contents(package.Package.of(small)).sheet("Customers")
    assert sheet is not None
    assert plain is not None
    assert sheet.scan.held.is_let_go
    assert dict(sheet.rows) == dict(plain.rows)
    assert sheet.scan.merges == plain.scan.merges
    assert sheet.scan.held.is_let_go, "nothing of it was asked for"


def test_few_changes_need_no_second_copy(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new part is never held as a whole, and the old one not any more when the new file is read."""
    for name in ("_FEWEST", "_WORTH", "_WORTH_IN_MANY"):
        monkeypatch.setattr(alike, name, 2)
    content = changed(small)
    expected = refreshed(content)
    condensed: list[HeldBytes] = []
    asked: list[HeldBytes] = []
    hold = package.Package.hold_condensed

    def held(self: package.Package, part: str, content: HeldBytes, texts: Texts) -> None:
        condensed.append(content)
        hold(self, part, content, texts)

    class Counted(SplicedBytes):
        @property
        def data(self) -> bytes:
            asked.append(self)
            return super().data

    monkeypatch.setattr(package.Package, "hold_condensed", held)
    monkeypatch.setattr(verify, "SplicedBytes", Counted)
    monkeypatch.setattr(package.Package, "_condensed_anew", lambda *_: pytest.fail("it was let go too soon"))
    assert refreshed(content) == expected
    new = [content for content in condensed if isinstance(content, SplicedBytes)]
    assert new
    assert not any(content is other for content in new for other in asked)


def _another_byte(part: bytes) -> bytes:
    return part.replace(b"<sheetData>", b"<sheetData >", 1)


def _another_formula(part: bytes) -> bytes:
    return part.replace(b"[_used]]=0", b"[_used]]=1", 1)


def _cut(part: bytes) -> bytes:
    return part.replace(b"\n", b"", 1)


def _longer(part: bytes) -> bytes:
    return part + b"\n"


@pytest.mark.parametrize("spoil", [_another_byte, _another_formula, _cut, _longer])
def test_what_else_changed_is_found(
    small: bytes, spoil: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sabotaged(contents: Contents, patch: Patch) -> Patched:
        done = applied(contents, patch)
        part = sheet_part(done.data, "Customers")
        right = {name: members(done.data)[name] for name in done.parts}
        spoilt = spoil(right[part])
        assert spoilt != right[part]
        plain = package.Package.of(contents.package.data)
        return replace(done, data=assemble(plain, {**right, part: spoilt}))

    monkeypatch.setattr(api_pass, "applied", sabotaged)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="book.xlsx", today=TODAY)
    assert "obligation 2" in failure.value.diagnostics[0].reason


def test_a_part_that_was_condensed_wrongly_is_found(small: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks that stand for other texts would be the same before and after."""

    def sabotaged(contents: Contents, patch: Patch) -> Patched:
        texts = contents.package.texts(sheet_part(contents.package.data, "Customers"))
        assert texts is not None
        first, second, *_ = texts.texts
        texts.texts[first], texts.texts[second] = texts.texts[second], texts.texts[first]
        return applied(contents, patch)

    monkeypatch.setattr(api_pass, "applied", sabotaged)
    with pytest.raises(InternalError) as failure:
        api.refresh(changed(small), name="book.xlsx", today=TODAY)
    assert "is not the one in the file" in failure.value.diagnostics[0].reason


def test_a_condensed_part_is_expanded_when_written(small: bytes) -> None:
    held = package.Package.of(small)
    part = sheet_part(small, "Customers")
    held.condense(part)
    assert members(assemble(held, {part: held.xml(part)})) == members(small)
