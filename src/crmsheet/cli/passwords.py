"""Passwords of workbooks: where they come from, and files that are read and written with them.

Knows a file that holds a password and a prompt on a terminal. A password is never taken from the command line, which
others can see, and never told anywhere. Does not know how anything is encrypted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import click

from crmsheet.structs import dataclass, field

_F = TypeVar("_F", bound=Callable[..., object])
_OPENING: Final = "crmsheet.password"
_COPIES: Final = "crmsheet.copy_password"
_NONE: Final = "crmsheet.no_copy_password"


def _remembered(key: str) -> Callable[[click.Context, click.Parameter, object], object]:
    def callback(context: click.Context, _: click.Parameter, value: object) -> object:
        context.meta[key] = value
        return value

    return callback


def password_file(command: _F) -> _F:
    """`--password-file`: of a workbook that is read, and written back so."""
    return click.option(
        "--password-file",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_remembered(_OPENING),
        help="A file whose first line is the password of BOOK; without it, it is asked for.",
    )(command)


def copy_password_file(command: _F) -> _F:
    """`--copy-password-file`, `--no-copy-password`: of workbooks that are written."""
    command = click.option(
        "--no-copy-password",
        is_flag=True,
        expose_value=False,
        callback=_remembered(_NONE),
        help="Copies of a protected workbook need no password.",
    )(command)
    return click.option(
        "--copy-password-file",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_remembered(_COPIES),
        help="Protect what is written by the password on the first line of this file; - asks for one.",
    )(command)


def new_password_file(command: _F) -> _F:
    """`--password-file`: of a workbook that is written for the first time."""
    return click.option(
        "--password-file",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_remembered(_OPENING),
        help="Protect the workbook by the password on the first line of this file; - asks for one.",
    )(command)


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook's file as it is, what is inside, and its password, empty if it has none."""

    raw: bytes = field(repr=False)
    content: bytes = field(repr=False)
    password: str = field(repr=False)

    def written(self, content: bytes) -> bytes:
        """The bytes of a file with other content, protected as this one is."""
        return written(content, self.password)


def opened(book: Path, shown: Path | None = None) -> Opened:
    """A workbook, opened with its password if it has one. Raises CrmsheetError or OSError."""
    from crmsheet import api

    if not api.is_encrypted(book):
        content = api.read_workbook(book)
        return Opened(content, content, "")
    password = password_of(shown or book)
    raw = book.read_bytes()
    return Opened(raw, api.decrypted(raw, password, str(shown or book)), password)


def read(book: Path) -> bytes:
    """The content of a workbook, opened with its password if it has one. Raises CrmsheetError or OSError."""
    return opened(book).content


def written(content: bytes, password: str) -> bytes:
    """The bytes of the file: protected, if there is a password."""
    from crmsheet import api

    return api.encrypted(content, password) if password else content


def password_of(book: Path) -> str:
    """The password of a protected workbook: from the file named, else asked for. Raises CrmsheetError."""
    from crmsheet.diagnostics import Diagnostic, FilePlace
    from crmsheet.errors import WorkbookRefused
    from crmsheet.messages import say

    context = click.get_current_context(silent=True)
    known = context.meta.get(_OPENING) if context is not None else None
    if isinstance(known, Path):
        return from_file(known)
    if context is not None and _OPENING in context.meta and _may_ask():
        return _asked(say("Password of {book}", book=book))
    raise WorkbookRefused(
        Diagnostic(
            "W102",
            say("the workbook is protected by a password"),
            FilePlace(str(book)),
            remedy=say("Put the password on the first line of a file, and name it:  --password-file FILE"),
        )
    )


def password_of_copies(book: Path, own: str) -> str:
    """The password that copies get; empty for none. `own` is that of the workbook: what is protected stays so,
    unless it is said that it need not."""
    from crmsheet.diagnostics import Diagnostic, FilePlace
    from crmsheet.errors import UsageError
    from crmsheet.messages import say

    meta = click.get_current_context().meta
    file = meta.get(_COPIES)
    if isinstance(file, Path):
        if str(file) == "-":
            return _asked(say("Password of the copies"), confirm=True)
        return from_file(file)
    if own and not meta.get(_NONE):
        raise UsageError(
            Diagnostic(
                "U146",
                say("the workbook is protected, and nothing is said of its copies"),
                FilePlace(str(book)),
                remedy=say(
                    "Give them a password of their own with --copy-password-file FILE,\nor say --no-copy-password."
                ),
            )
        )
    return ""


def password_of_new() -> str:
    """The password that a new workbook gets; empty for none."""
    file = click.get_current_context().meta.get(_OPENING)
    if not isinstance(file, Path):
        return ""
    return _asked("Password", confirm=True) if str(file) == "-" else from_file(file)


def from_file(file: Path) -> str:
    """The password in a file: its first line. Raises UsageError."""
    from crmsheet import api
    from crmsheet.diagnostics import Diagnostic, FilePlace
    from crmsheet.errors import UsageError
    from crmsheet.messages import say

    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(
            Diagnostic(
                "U145",
                say("the file of the password cannot be read"),
                FilePlace(str(file)),
                remedy=say("It is a text file in UTF-8 that holds the password on its first line."),
            )
        ) from problem
    password = text.split("\n", 1)[0].rstrip("\r")
    api.ensure_usable(password, str(file))
    return password


def _may_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _asked(prompt: str, *, confirm: bool = False) -> str:
    from crmsheet import api

    found: str = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    api.ensure_usable(found, "")
    return found
