"""Columns that say what a text speaks of, by the words of a list below the topics of another.

Knows which words count: those on the sheet Lists, as people have them; for each of the spec's, its other spellings
(`aliases`) and its label in the other language too, for customers write in both. A word whose cell people cleared
counts in no spelling. Does not know how words are found in a text (`analysis.topics`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from crmsheet.analysis.topics import Lexicon, Mention, lexicon
from crmsheet.compile.pieces import ColumnFilling, Rows
from crmsheet.compile.scope import Scope
from crmsheet.excel.values import Value
from crmsheet.model.spec import Field
from crmsheet.model.words import Language


def topics(scope: Scope, table: str, own: Field) -> ColumnFilling:
    """The topic that each text speaks of most; empty text where no word is known."""
    return _filling(scope, table, own, lambda found: found[0].topic if found else "")


def topics_with_words(scope: Scope, table: str, own: Field) -> ColumnFilling:
    """All topics of each text, each with the words that tell."""
    between, behind, end = (scope.say(f"topic_{part}") for part in ("join", "colon", "end"))

    def told(found: Sequence[Mention]) -> str:
        return end.join(f"{mention.topic}{behind}{between.join(mention.words)}" for mention in found)

    return _filling(scope, table, own, told)


def _filling(
    scope: Scope, table: str, own: Field, shown: Callable[[Sequence[Mention]], str]
) -> ColumnFilling:
    def values(rows: Rows) -> Sequence[Value]:
        known = rows.remembered(("topics", own.words), lambda: _lexicon(scope, own.words))
        found = rows.remembered(
            ("topics", own.words, table, own.of),
            lambda: [known.mentions(t) if isinstance(t, str) else () for t in rows.column(table, own.of)],
        )
        return [shown(mentions) for mentions in found]

    return values


def _lexicon(scope: Scope, list_id: str) -> Lexicon:
    return lexicon(_words(scope, list_id))


def _words(scope: Scope, list_id: str) -> Iterator[tuple[str, str]]:
    """Pairs of a topic's label in this workbook and a word."""
    shape = scope.lists[list_id]
    labels = {row.id: row.label for row in scope.lists[shape.definition.depends_on].rows}
    items = {item.id: item for item in shape.definition.items}
    for row in shape.rows:
        topic = labels.get(row.parent, "")
        if not topic or not row.label:
            continue
        yield topic, row.label
        item = items.get(row.id)
        if item is None:
            continue
        own = scope.context.text(item.label)
        for word in (*item.aliases, *(item.label.text(language) for language in Language)):
            if word != own:
                yield topic, word
