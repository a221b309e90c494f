"""Both libraries pack and unpack alike, and neither gives more than it was allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import pytest

from crmsheet.opc import deflating
from crmsheet.opc.deflating import LARGE, DamagedStreamError, Deflated, crc, deflate, unpacked

CONTENT = b"".join(b"<c><v>%d</v></c>" % (i * 7919 % 10_007) for i in range(1_000))
SIZE = len(CONTENT)


@pytest.fixture(params=["zlib-ng", "zlib"])
def _library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One library, asked for every part however small."""
    if request.param == "zlib-ng":
        pytest.importorskip("zlib_ng.zlib_ng")
    else:
        monkeypatch.setattr(deflating, "import_module", _missing)
    monkeypatch.setattr(deflating, "LARGE", 0)
    deflating._ng.cache_clear()
    yield
    deflating._ng.cache_clear()


def packing(pieces: Iterable[bytes], size: int = SIZE) -> tuple[bytes, Deflated]:
    made: list[bytes] = []
    told = deflate(pieces, size, made.append)
    return b"".join(made), told


def _missing(name: str) -> None:
    raise ImportError(name)


@pytest.mark.usefixtures("_library")
def test_what_is_packed_comes_back_in_whatever_pieces_it_came() -> None:
    packed, told = packing((CONTENT[:5], b"", CONTENT[5:]))
    assert told == Deflated(zlib.crc32(CONTENT), SIZE, len(packed))
    assert b"".join(unpacked(packed, SIZE)) == CONTENT
    assert zlib.decompress(packed, -zlib.MAX_WBITS) == CONTENT
    assert b"".join(unpacked(zlib.compress(CONTENT, wbits=-15), SIZE)) == CONTENT
    assert crc(CONTENT) == told.crc


@pytest.mark.usefixtures("_library")
def test_the_same_content_gives_the_same_bytes() -> None:
    assert packing((CONTENT,)) == packing((CONTENT,))


@pytest.mark.usefixtures("_library")
def test_one_byte_more_than_promised_is_the_most_that_comes() -> None:
    packed, _ = packing((CONTENT,))
    assert sum(map(len, unpacked(packed, 100))) == 101


@pytest.mark.usefixtures("_library")
def test_bytes_that_deflate_never_made_are_told() -> None:
    with pytest.raises(DamagedStreamError):
        list(unpacked(b"\xff" * 64, SIZE))


def test_small_parts_are_packed_as_they_always_were() -> None:
    stream = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    assert LARGE > SIZE
    assert packing((CONTENT,))[0] == stream.compress(CONTENT) + stream.flush()
