"""Masks tell no more than they say, and files of copies have names that every system takes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.api.team.masking import Scrubber, distinct, masked
from crmsheet.api.team.splitting import file_names
from crmsheet.model.spec import FieldType

VALUES = st.one_of(
    st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.none(), st.booleans()
)


def test_masks_by_example() -> None:
    assert masked("13812345678", FieldType.PHONE) == "138****5678"
    assert masked("+86 138 1234 5678", FieldType.PHONE) == "138****5678"
    assert masked(13812345678, FieldType.PHONE) == "138****5678"
    assert masked("62790001", FieldType.PHONE) == "6****"
    assert masked("王建国", FieldType.TEXT) == "王****"
    assert masked("a@b.cn", FieldType.EMAIL) == "a****"
    assert masked("", FieldType.TEXT) is None


@given(VALUES, st.sampled_from((FieldType.TEXT, FieldType.PHONE, FieldType.EMAIL)))
def test_a_mask_tells_the_beginning_at_most(value: object, kind: FieldType) -> None:
    found = masked(value, kind)  # type: ignore[arg-type]
    if value in (None, ""):
        assert found is None
    else:
        assert isinstance(found, str)
        limit = r"\d{0,3}\*{4}\d{0,4}" if kind is FieldType.PHONE else r".?\*{4}"
        assert re.fullmatch(limit, found, re.DOTALL)


@given(st.lists(st.sampled_from(["王****", "李****", "F****"])))
def test_masked_names_differ(names: list[str]) -> None:
    found = distinct(list(names))
    assert len(set(found)) == len(names)
    assert all(str(f).startswith(n) for f, n in zip(found, names, strict=True))


def test_hidden_numbers_are_found_however_they_are_written() -> None:
    scrubber = Scrubber([(FieldType.PHONE, ("13812345678",)), (FieldType.EMAIL, ("Li@shop.example",))])
    assert scrubber.scrubbed("打 138-1234-5678 或 li@Shop.example。") == "打 138****5678 或 l****。"
    assert scrubber.scrubbed("+86 13812345678") == "138****5678"
    assert scrubber.scrubbed("order 13812345679") == "order 13812345679"


@given(st.lists(st.text(min_size=1, max_size=300), max_size=8))
def test_files_have_names_that_windows_takes(names: list[str]) -> None:
    files = file_names("客户跟进表", names)
    assert len({f.casefold() for f in files}) == len(names)
    for file in files:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', file)
        assert len(file.encode("utf-8")) < 160
        assert not file.removesuffix(".xlsx").endswith((" ", "."))
