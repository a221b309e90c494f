"""Deflate: large parts by the fastest library there is, all others by zlib.

Knows two libraries and that either can read what the other wrote. zlib-ng packs and unpacks a sheet three times
faster than zlib, to the same size; zlib does it where there is no wheel of it. Small parts are left to zlib, so that
they are the same bytes everywhere. Does not know what is packed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Final, Protocol, cast

from crmsheet.structs import dataclass

LARGE: Final = 2**20
_LEVEL: Final = 6
_NG_LEVEL: Final = 5
"""Its sheets are as small as those of zlib's level 6."""
_PIECE: Final = 2**12
"""Packed bytes that are unpacked at a time: a table inflates to some thirty times of that, which should stay in
the processor's cache."""


class _Packing(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Unpacking(Protocol):
    def decompress(self, data: bytes | memoryview, max_length: int = ..., /) -> bytes: ...


class _Ng(Protocol):
    """What of `zlib_ng.zlib_ng` is used; the package has no need to be installed."""

    error: type[Exception]
    DEFLATED: int

    def crc32(self, data: bytes, value: int = ..., /) -> int: ...
    def compressobj(self, level: int, method: int, wbits: int) -> _Packing: ...
    def decompressobj(self, wbits: int) -> _Unpacking: ...


class DamagedStreamError(ValueError):
    """The packed bytes are none that deflate could have made."""


@cache
def _ng() -> _Ng | None:
    """Loaded when a large part is met first."""
    try:
        return cast("_Ng", import_module("zlib_ng.zlib_ng"))
    except ImportError:
        return None


def crc(data: bytes, start: int = 0) -> int:
    """The CRC-32 of zip, going on from `start`."""
    fast = _ng() if len(data) >= LARGE else None
    return zlib.crc32(data, start) if fast is None else fast.crc32(data, start)


def crc_of_pieces(size: int) -> Callable[[bytes, int], int]:
    """The same for what comes in pieces and is so long as a whole."""
    fast = _ng() if size >= LARGE else None
    return zlib.crc32 if fast is None else fast.crc32


def unpacked(packed: bytes | memoryview, size: int) -> Iterator[bytes]:
    """What was packed, in pieces; at most one byte more than `size`. Raises DamagedStreamError."""
    fast = _ng() if size >= LARGE else None
    stream: _Unpacking = zlib.decompressobj(-zlib.MAX_WBITS) if fast is None else fast.decompressobj(-15)
    damage = zlib.error if fast is None else fast.error
    left = size + 1
    try:
        for at in range(0, len(packed), _PIECE):
            piece = stream.decompress(packed[at : at + _PIECE], left)
            left -= len(piece)
            yield piece
            if not left:
                return
    except damage as problem:
        raise DamagedStreamError(str(problem)) from problem


@dataclass(frozen=True, slots=True)
class Deflated:
    """What is to be told of a packed stream: CRC-32 and size of what was packed, size of the stream."""

    crc: int
    inflated: int
    deflated: int


def deflate(pieces: Iterable[bytes], size: int, put: Callable[[bytes], object]) -> Deflated:
    """Put pieces of about so many bytes together as one packed stream somewhere, as it is made: what is large is
    not to stand in the memory twice."""
    fast = _ng() if size >= LARGE else None
    stream: _Packing
    if fast is not None:
        stream = fast.compressobj(_NG_LEVEL, fast.DEFLATED, -15)
    else:
        stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    summed = crc_of_pieces(size)
    total = check = made = 0
    for piece in pieces:
        check = summed(piece, check)
        total += len(piece)
        if done := stream.compress(piece):
            made += len(done)
            put(done)
    done = stream.flush()
    put(done)
    return Deflated(check, total, made + len(done))
