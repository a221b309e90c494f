"""Attributes: which of them mean something for which type of field.

Knows the table of types. Does not know what the attributes do.
"""

from __future__ import annotations

from typing import Final

from crmsheet.messages import say
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.kinds import CHOICES, NUMERIC, TEMPORAL, TEXTUAL
from crmsheet.spec.shapes.tables import FieldShape

_COMPUTED: Final = frozenset((FieldType.LOOKUP, FieldType.ROLLUP, FieldType.FORMULA))
_INPUT: Final = frozenset(t for t in FieldType if not t.computed)
_ORDERED: Final = NUMERIC | TEMPORAL
SUITS: Final[dict[str, frozenset[FieldType]]] = {
    "required": _INPUT - {FieldType.ID},
    "required_when": _INPUT - {FieldType.ID},
    "unique": _INPUT,
    "default": _INPUT - {FieldType.ID},
    "min": _ORDERED,
    "max": _ORDERED,
    "pattern": TEXTUAL - {FieldType.ID},
    "max_length": TEXTUAL - {FieldType.ID},
    "list": CHOICES | {FieldType.FORMULA},
    "depends_on": frozenset((FieldType.CHOICE,)),
    "table": frozenset((FieldType.REFERENCE, FieldType.ROLLUP)),
    "via": frozenset((FieldType.LOOKUP, FieldType.ROLLUP)),
    "field": frozenset((FieldType.LOOKUP, FieldType.ROLLUP)),
    "path": frozenset((FieldType.LOOKUP,)),
    "agg": frozenset((FieldType.ROLLUP,)),
    "where": frozenset((FieldType.ROLLUP,)),
    "expr": frozenset((FieldType.FORMULA,)),
    "of": frozenset(t for t in FieldType if t.reads_text),
    "words": frozenset((FieldType.TOPIC, FieldType.TOPIC_WORDS)),
    "consent": frozenset((FieldType.BOOLEAN,)),
    "override": _COMPUTED,
    "live": _COMPUTED,
    "excel": frozenset((FieldType.FORMULA,)),
    "uncached": frozenset((FieldType.FORMULA,)),
}
"""Attributes that mean something only for some types."""


def check_attributes(shape: FieldShape, path: Path, problems: Problems) -> None:
    """Reports attributes that mean nothing for the field's type."""
    for name, types in SUITS.items():
        if name in shape.model_fields_set and shape.type not in types:
            suiting = ", ".join(t for t in FieldType if t in types)
            problems.error(
                Code.DOES_NOT_APPLY,
                (*path, name),
                say("`{name}` means nothing for a field of type {type}", name=name, type=shape.type),
                remedy=say("Remove it, or make the type one of {suiting}.", suiting=suiting)
                if len(types) > 1
                else say("Remove it, or make the type {suiting}.", suiting=suiting),
                key=True,
            )


def missing(path: Path, attribute: str, shape: FieldShape, remedy: str, problems: Problems) -> None:
    """Reports that a field lacks what its type needs, unless something there is malformed anyway."""
    if not problems.is_broken(*path):
        problems.error(
            Code.MISSING_KEY,
            path,
            say("a {type} needs `{attribute}`", type=shape.type, attribute=attribute),
            remedy=remedy,
            key=True,
        )
