"""The content of a package's members.

Knows that nothing the directory of a file promises is believed: at most the promised size is inflated, and size and
checksum are those told, or the file is refused. Does not know what the content is.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from crmsheet.messages import say
from crmsheet.opc.deflating import DamagedStreamError, crc, crc_of_pieces, unpacked
from crmsheet.opc.directory import STORED, Member
from crmsheet.opc.refusals import Refusal


def inflated(data: bytes, member: Member, file: str) -> bytes:
    """The member's content, in pieces, so that it is never held twice."""
    if member.method == STORED:
        return b"".join(pieces_of(data, member, file))
    whole = BytesIO()
    for piece in pieces_of(data, member, file):
        whole.write(piece)
    return whole.getvalue()


def pieces_of(data: bytes, member: Member, file: str) -> Iterator[bytes]:
    """The member's content. What the directory promised is all that is ever inflated; at the end it is known
    to be what was stored."""
    if member.method == STORED:
        packed = data[member.data_start : member.data_start + member.deflated]
        if len(packed) != member.inflated or crc(packed) != member.crc:
            raise Refusal.DAMAGED.error(file, member.part, say("Its checksum is wrong."))
        yield packed
        return
    size = check = 0
    summed = crc_of_pieces(member.inflated)
    try:
        # A view: large parts are looked at several times, and two of them at once.
        for piece in unpacked(
            memoryview(data)[member.data_start : member.data_start + member.deflated], member.inflated
        ):
            size += len(piece)
            if size > member.inflated:
                raise Refusal.BOMB.error(file, member.part, say("It inflates to more than the file says."))
            check = summed(piece, check)
            yield piece
    except DamagedStreamError as problem:
        raise Refusal.DAMAGED.error(file, member.part, say("It cannot be inflated.")) from problem.__cause__
    if size != member.inflated or check != member.crc:
        raise Refusal.DAMAGED.error(file, member.part, say("Its checksum is wrong."))
