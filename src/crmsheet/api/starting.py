"""Starters and the schema: what one needs before there is a spec."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def starters() -> tuple[tuple[str, str], ...]:
    """The starters as (name, title in both languages)."""
    from crmsheet.starters import starter_names, starter_title

    return tuple((name, f"{starter_title(name).zh} / {starter_title(name).en}") for name in starter_names())


def packs() -> tuple[tuple[str, str], ...]:
    """The packs a starter's spec may include, as (name, title in both languages)."""
    from crmsheet.starters import PACKS

    return tuple((pack.name, f"{pack.title.zh} / {pack.title.en}") for pack in PACKS)


def new(template: str, destination: Path, packs: Iterable[str] = ()) -> tuple[Path, ...]:
    """Copy a starter's files into a folder; the spec itself first, which includes these packs.

    Raises UsageError, never overwrites.
    """
    from crmsheet.starters import copied

    return copied(template, destination, packs)


def schema() -> dict[str, object]:
    """The JSON Schema of a spec."""
    from crmsheet.spec import json_schema

    return json_schema()
