"""Workbooks that a password protects: the package inside an encrypted container, as Excel writes it (ECMA-376 agile,
AES-256).

Knows the library that encrypts, and nobody else does. Does not know where a password comes from, and never tells one.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.messages import say
from crmsheet.opc.limits import LIMITS
from crmsheet.opc.refusals import Refusal

if TYPE_CHECKING:
    from types import ModuleType

_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARK: Final = "EncryptedPackage".encode("utf-16-le")
_LONGEST: Final = 255
"""Characters of a password: Excel takes no more."""


def is_encrypted(data: bytes) -> bool:
    """Whether these are the bytes of a workbook that a password protects."""
    return data[:8] == _OLE2 and _MARK in data


def file_is_encrypted(path: Path) -> bool:
    """Whether a file is such a workbook. Raises OSError."""
    with path.open("rb") as handle:
        if handle.read(8) != _OLE2:
            return False
        return path.stat().st_size <= LIMITS.file_bytes and _MARK in handle.read()


def decrypted(data: bytes, password: str, file: str) -> bytes:
    """The workbook inside. Raises WorkbookRefused when the password is another one, or none can open it."""
    library = _library(file)
    inside = BytesIO()
    try:
        container = library.OfficeFile(BytesIO(data))
        # Without the check a wrong password gives bytes that are no workbook; with it, it is told apart from damage.
        container.load_key(password=password, verify_password=True)
        container.decrypt(inside)
    except library.exceptions.InvalidKeyError as wrong:
        raise wrong_password(file) from wrong
    except Exception as problem:
        raise Refusal.DAMAGED.error(
            file, reason=say("It is protected by a password, in a way that cannot be undone here.")
        ) from problem
    return inside.getvalue()


def encrypted(data: bytes, password: str, file: str = "") -> bytes:
    """A workbook protected by a password. Raises UsageError when the library is not there."""
    library = _library(file)
    out = BytesIO()
    library.format.ooxml.OOXMLFile(BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def ensure_usable(password: str, file: str) -> None:
    """Raise UsageError for a password that no workbook can have."""
    if password and len(password) <= _LONGEST and all(c.isprintable() for c in password):
        return
    raise UsageError(
        Diagnostic(
            "U145",
            say("this cannot be a password"),
            FilePlace(file) if file else None,
            reason=say(
                "A password has 1 to {most} characters, on the first line of the file.", most=_LONGEST
            ),
        )
    )


def wrong_password(file: str) -> WorkbookRefused:
    """What is said when a password does not open a workbook."""
    return WorkbookRefused(
        Diagnostic(
            "W230",
            say("the password is not that of the workbook"),
            FilePlace(file),
            remedy=say(
                "Capitals count. Nobody can open it without its password; a backup has the one of its day."
            ),
        )
    )


def _library(file: str) -> ModuleType:
    try:
        import msoffcrypto  # noqa: PLC0415 - few workbooks are encrypted, and it takes its time to load
        import msoffcrypto.exceptions  # noqa: PLC0415 - an extra, for protected workbooks only
        import msoffcrypto.format.ooxml  # noqa: PLC0415 - likewise
    except ImportError as missing:
        raise UsageError(
            Diagnostic(
                "U144",
                say("passwords need a library that is not installed"),
                FilePlace(file) if file else None,
                remedy=say('Install it:  pip install "crmsheet[encrypt]"'),
            )
        ) from missing
    found: ModuleType = msoffcrypto
    return found
