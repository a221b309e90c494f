"""A word to a waiting person: only on a terminal, only past one second."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

import click

from crmsheet.cli.speech import told
from crmsheet.messages import say


@contextlib.contextmanager
def working(message: str, *, quiet: bool = False) -> Iterator[None]:
    """Print `message` on stderr if the block takes more than a second and stderr is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    words = told(say("{doing} …", doing=message))
    timer = threading.Timer(1.0, lambda: click.echo(words, err=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
