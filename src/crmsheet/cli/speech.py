"""What is said to a person, in the language of that person.

Knows which language that is for this run. Does not know what is said.
"""

from __future__ import annotations

import os
from contextvars import ContextVar

import click

from crmsheet.cli import locales
from crmsheet.messages import in_language

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")
_ASKED: ContextVar[bool] = ContextVar("asked", default=False)


def begin() -> None:
    """Speak the language of the system."""
    _LANGUAGE.set(locales.wanted(os.environ))
    _ASKED.set(False)


def choose(language: str) -> None:
    """Speak as the caller asks, in JSON too; `auto` is the language of the system."""
    if language == "auto":
        begin()
        return
    _LANGUAGE.set(language)
    _ASKED.set(True)


def language() -> str:
    """The language of this run."""
    return _LANGUAGE.get()


def told(text: str) -> str:
    """A text as this run says it."""
    return in_language(text, _LANGUAGE.get())


def tell(text: str, *, err: bool = False) -> None:
    """Print a text as this run says it."""
    click.echo(told(text), err=err)


def recorded(text: str) -> str:
    """A text as programs get it: the same wherever they run, unless the caller has asked for a language."""
    return in_language(text, _LANGUAGE.get()) if _ASKED.get() else str(text)
