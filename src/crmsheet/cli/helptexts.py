"""Help, and Click's own sentences, in the language of the run.

Knows how Click words things and where its texts can be reached. Does not know the translations: they stand in the
catalogue, by the English text, paragraph by paragraph; lines behind `\b` one by one, examples as they are.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Final
from unicodedata import east_asian_width

import click

from crmsheet.cli.speech import told
from crmsheet.messages import Said

_MODULES: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_KEPT: Final = "\b"
_WIDE: Final = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef“”‘’…—"
_PIECE: Final = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+|\s+")
_NEVER_FIRST: Final = "，。、；：！？）】》”’…"


def translate_click() -> None:
    """Let Click word its messages through the catalogue.

    Click asks gettext, which wants compiled files and looks at the locale alone. Its modules hold gettext's two
    functions under fixed names; a name that another version lacks leaves that text in English.
    """
    for name in _MODULES:
        names = vars(import_module(f"click.{name}"))
        for theirs, ours in (("_", _one), ("ngettext", _counted)):
            if theirs in names:
                names[theirs] = ours


def _one(text: str) -> str:
    """A sentence of Click's; its places stay, Click fills them in."""
    return told(Said(text, text, {name: _Place(name) for name in re.findall(r"\{(\w+)", text)}))


def _counted(one: str, many: str, number: int) -> str:
    return _one(one if number == 1 else many)


class _Place:
    """A value that is written as the place it stands in."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __format__(self, how: str) -> str:
        return "{" + self.name + (f":{how}" if how else "") + "}"

    def __str__(self) -> str:
        return "{" + self.name + "}"

    def __repr__(self) -> str:
        return "{" + self.name + "!r}"


def translated(command: click.Command) -> click.Command:
    """A command whose help and options are worded in the language of the run."""
    if command.help:
        command.help = help_in(told_plain, command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = told_plain(parameter.help)
    return command


def told_plain(text: str) -> str:
    """A text without places in the language of the run."""
    return told(Said(text, text.replace("{", "{{").replace("}", "}}")))


def help_in(say_it: Callable[[str], str], text: str) -> str:
    """A help text, each piece of it passed through `say_it`."""
    return "\n\n".join(
        "\n".join(_line(say_it, line) for line in paragraph.splitlines())
        if paragraph.startswith(_KEPT)
        else say_it(" ".join(paragraph.split()))
        for paragraph in inspect.cleandoc(text).split("\n\n")
    )


def _line(say_it: Callable[[str], str], line: str) -> str:
    return line if line == _KEPT or line.startswith("  ") or not line.strip() else say_it(line)


def pieces(command: click.Command) -> Iterator[str]:
    """Every text of a command that a translator has to know."""
    found: list[str] = []

    def noted(text: str) -> str:
        found.append(text)
        return text

    help_in(noted, command.help or "")
    yield from found
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield parameter.help


class WideFormatter(click.HelpFormatter):
    """Help in which Chinese text is broken where it fills the line: each character is two columns wide."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.strip("\n").split("\n\n")):
            if number:
                self.write("\n")
            lines = paragraph.split("\n")
            if lines[0] == _KEPT:
                shown = lines[1:]
            else:
                shown = _wrapped(" ".join(paragraph.split()), self.width - self.current_indent)
            for line in shown:
                self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        entries = list(rows)
        first = min(max((_columns(a) for a, _ in entries), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, text in entries:
            lines = _wrapped(text, self.width - self.current_indent - first)
            if _columns(name) > first - col_spacing:
                self.write(f"{indent}{name}\n{indent}{' ' * first}{lines[0]}\n")
            else:
                self.write(f"{indent}{name}{' ' * (first - _columns(name))}{lines[0]}\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * first}{line}\n")


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines no wider than `width`: broken at spaces, and between Chinese characters but never before punctuation."""
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if _columns(line + piece.rstrip()) > width and line.strip() and piece not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
