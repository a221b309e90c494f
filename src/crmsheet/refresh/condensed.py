"""The proof outside of the replaced spans for a part that is held condensed.

Knows that what is held only stands for the part: both are expanded once, piece by piece, and compared with the
bytes in the two files. Does not rely on how the part was condensed, nor on how the new one was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmsheet.opc.condensing import Texts
from crmsheet.opc.deflating import crc_of_pieces
from crmsheet.opc.package import Package
from crmsheet.sheetml.spanedit import Replacement, ordered


def condensed_proof(before: Package, after: Package, part: str, replacements: Sequence[Replacement]) -> str:
    """Why a part of `after` is not that of `before` with these spans of its condensed form replaced, in words;
    empty when it is."""
    texts, old, new = before.texts(part), before.find(part), after.find(part)
    if texts is None or old is None or new is None:
        return "the part is not there, or not as it was read"
    summed = crc_of_pieces(old.inflated)
    size = check = 0
    written = after.pieces(part)
    there, at = b"", 0
    for piece, is_old, is_new in _expanded(before.xml(part), texts, replacements):
        if is_old:
            check = summed(piece, check)
            size += len(piece)
        done = 0 if is_new else len(piece)
        while done < len(piece):
            if at == len(there):
                there, at = next(written, b""), 0
                if not there:
                    return "the part ends too soon"
            some = min(len(piece) - done, len(there) - at)
            if not (
                there.startswith(piece, at)
                if some == len(piece)
                else piece[done : done + some] == there[at : at + some]
            ):
                return (
                    "bytes outside of the changed spans changed" if is_old else "a span holds something else"
                )
            done += some
            at += some
    if at < len(there) or any(written):
        return "the part goes on behind its end"
    if (size, check) != (old.inflated, old.crc):
        return "the part that was read is not the one in the file"
    return ""


def _expanded(
    data: bytes, texts: Texts, replacements: Sequence[Replacement]
) -> Iterator[tuple[bytes, bool, bool]]:
    """The expanded part before and after: each piece with whether it is of the one and of the other."""
    done = 0
    for start, end, new in ordered(replacements):
        for piece in texts.pieces(data, done, start):
            yield piece, True, True
        yield texts.expanded(data[start:end]), True, False
        yield texts.expanded(new), False, True
        done = end
    for piece in texts.pieces(data, done):
        yield piece, True, True
