"""What somebody may have meant who names a field or metric that there is not.

Knows labels, which people see and write instead of ids, and ways through references. Does not know where names stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from crmsheet.messages import listed, say
from crmsheet.model.spec import FieldType
from crmsheet.spec.glossary import known_label
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import LabelShape


class Labelled(Protocol):
    """A form that may have a label."""

    @property
    def label(self) -> LabelShape | None: ...


def labels_of(shape: Labelled, name: str) -> tuple[str, ...]:
    """What a thing is called, in both languages."""
    given = (shape.label.zh, shape.label.en) if shape.label else (None, None)
    known = known_label(name)
    if not any(given) and known:
        given = (known.zh, known.en)
    return tuple(dict.fromkeys(text.strip() for text in given if text))


def by_label(things: Mapping[str, Labelled], word: str) -> str:
    """The id of the only thing with this label, empty when there is none or several."""
    folded = word.strip().casefold()
    found = [
        name for name, shape in things.items() if folded in (t.casefold() for t in labels_of(shape, name))
    ]
    return found[0] if len(found) == 1 else ""


def field_meant(shape: SpecShape, table: str, word: str) -> str:
    """The remedy for a word in brackets that names no field of a table; empty when nothing is known of it."""
    own = shape.tables.get(table)
    if own is None:
        return ""
    if found := by_label(own.fields, word):
        return say("'{word}' is the label of {id}; write  [{id}]", word=word, id=found)
    first, dot, second = word.partition(".")
    for name, field in own.fields.items():
        target = shape.tables.get(field.table or "") if field.type is FieldType.REFERENCE else None
        wanted = second if dot and first in (name, field.table) else "" if dot else word
        if target is None or not wanted or wanted not in target.fields:
            continue
        new = f"{name}_{wanted}"
        return say(
            "It is a field of '{target}': add a lookup to '{table}',\n  {new}: {{type: lookup, path: {path}}}\n"
            "and write  [{new}]",
            target=field.table,
            table=table,
            new=new,
            path=f"{name}.{wanted}",
        )
    return ""


def named_field(shape: SpecShape, table: str, word: str) -> tuple[str, tuple[str, ...]]:
    """The remedy for a word that stands where the id of a field belongs, and the words to offer."""
    own = shape.tables.get(table)
    return _named(own.fields if own else {}, word)


def named_metric(shape: SpecShape, word: str, declared: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The same for a metric."""
    remedy, offered = _named(shape.metrics, word)
    if offered == (by_label(shape.metrics, word),):
        return remedy, offered
    parts = [part.strip() for part in word.replace("，", ",").replace("、", ",").split(",")]
    if len(parts) > 1 and all(part in shape.metrics for part in parts):
        return say("Write:  [{words}]", words=listed(parts)), tuple(parts)
    tables = [name for name, table in shape.tables.items() if word in table.fields]
    if tables:
        return say(
            "It is a field of '{table}'; a metric counts or adds it up:\n"
            "  {word}_total: {{type: simple, table: {table}, agg: sum, field: {word}}}",
            word=word,
            table=tables[0],
        ), ()
    return did_you_mean(word, declared)


def _named(things: Mapping[str, Labelled], word: str) -> tuple[str, tuple[str, ...]]:
    if found := by_label(things, word):
        return say("'{word}' is the label of {id}; write  {id}", word=word, id=found), (found,)
    return did_you_mean(word, things)
