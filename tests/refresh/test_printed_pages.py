"""Parts of a long board that print on a page of their own, after its spec changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.refresh.small_world import SPEC, TODAY, members, with_cells, with_text

from crmsheet.api.building import built_from
from crmsheet.api.refreshing import Refreshed, refresh
from crmsheet.model.words import Language
from crmsheet.opc.package import Package
from crmsheet.sheetml.names import defined_names
from crmsheet.spec import load

LONG = SPEC + "".join(
    f"      - {{id: list{n}, list: {{table: customers, columns: [name, region], sort: -revenue, limit: 40}}}}\n"
    for n in range(3)
)
LONGER = LONG + LONG.splitlines()[-1].replace("list2", "list3") + "\n"


@pytest.fixture(scope="module")
def long_book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("long") / "long.yaml"
    path.write_text(LONG, encoding="utf-8")
    return built_from(load(path), {}, Language.EN, today=TODAY).content


def followed(content: bytes, spec: str, folder: Path) -> Refreshed:
    path = folder / "changed.yaml"
    path.write_text(spec, encoding="utf-8")
    return refresh(content, name="book.xlsx", today=TODAY, spec=path)


def areas(content: bytes | None) -> list[str]:
    assert content is not None
    names = [n.text for n in defined_names(Package.of(content)) if n.name == "_xlnm.Print_Area"]
    return [area for text in names for area in text.split(",")]


def test_the_parts_follow_the_board(long_book: bytes, tmp_path: Path) -> None:
    before = areas(long_book)
    done = followed(long_book, LONGER, tmp_path)
    after = areas(done.content)
    assert len(after) == len(before) + 1
    assert after[0] == before[0]
    short = followed(done.content or b"", SPEC, tmp_path)
    assert areas(short.content) == []


def test_a_board_that_got_a_block_below_prints_whole(long_book: bytes, tmp_path: Path) -> None:
    mine = with_cells(long_book, "Board", {"C180": ' t="inlineStr"><is><t>our plan</t></is>'})
    done = followed(mine, LONGER, tmp_path)
    assert areas(done.content) == []


def test_areas_that_people_set_stay(long_book: bytes, tmp_path: Path) -> None:
    own = "Board!$A$1:$F$12"
    whole = ",".join(areas(long_book))
    mine = with_text(long_book, "xl/workbook.xml", lambda text: text.replace(whole, own))
    assert own in members(mine)["xl/workbook.xml"].decode()
    assert areas(followed(mine, LONGER, tmp_path).content) == [own]
