"""Lengths of time in a spec: `90 days`, `12 months`, `stale_months months`.

Knows their units and that a setting may give the number. Does not know what is measured over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.messages import say
from crmsheet.model.metrics import Span, TimeUnit
from crmsheet.model.spec import FieldType, Setting
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import number_of

_NUMBERS: Final = (FieldType.INTEGER, FieldType.NUMBER)
_MOST: Final = 1200
"""A hundred years of months: what is longer was meant otherwise."""


def span(
    text: str, path: Path, settings: Mapping[str, Setting], problems: Problems, *, looks_back: bool = False
) -> Span | None:
    """The length of time a text means; what is wrong with it is diagnosed. One that looks back may say `within`."""
    words = text.split()
    within = looks_back and words[:1] == ["within"]
    words = words[within:]
    units = {name: unit for unit in TimeUnit for name in (unit.value, unit.value + "s")}
    if len(words) != 2 or words[1].lower() not in units:
        problems.error(
            Code.UNKNOWN_WORD,
            path,
            say("'{text}' is no length of time", text=text),
            remedy=say(
                "Write a number and a unit: 90 days, 12 months, 1 year; or a setting: stale_months months."
            ),
        )
        return None
    unit = units[words[1].lower()]
    number = number_of(words[0])
    if number is not None:
        if 1 <= number <= _MOST and float(number).is_integer():
            return Span(int(number), unit, within)
        problems.error(
            Code.NOT_A_NUMBER,
            path,
            say("'{words}' is no whole number from 1 to {most}", words=words[0], most=_MOST),
            remedy=say("Such as 12 months."),
        )
        return None
    known = [s.id for s in settings.values() if s.type in _NUMBERS]
    if words[0] not in known:
        remedy, allowed = did_you_mean(words[0], known)
        problems.error(
            Code.EXPRESSION_NAME,
            path,
            say("'{words}' is neither a number nor a setting with one", words=words[0]),
            remedy=remedy,
            allowed=allowed,
        )
        return None
    return Span(words[0], unit, within)
