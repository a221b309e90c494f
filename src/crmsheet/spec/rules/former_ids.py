"""Former ids: `renamed_from` of tables, fields, lists, items, settings and sheets.

Knows that a former id must be free, and be claimed once. Does not know workbooks that still have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.shapes.document import SpecShape


def check(shape: SpecShape, problems: Problems) -> None:
    """Former ids that are still in use, or that two things claim."""
    for kind, former in _families(shape):
        claimed: set[str] = set()
        for name, (old, path) in former.items():
            if not old:
                continue
            if old in former:
                problems.error(
                    Code.RENAMED,
                    (*path, "renamed_from"),
                    say("the {kind} '{old}' still exists", kind=say(kind), old=old),
                    remedy=say("Remove that {kind}, or this line.", kind=say(kind)),
                )
            elif old in claimed:
                problems.error(
                    Code.RENAMED,
                    (*path, "renamed_from"),
                    say("another {kind} says it was '{old}' before", kind=say(kind), old=old),
                    remedy=say(
                        "Only one {kind} can have been '{old}': keep the line that is true, not that of '{name}'.",
                        kind=say(kind),
                        old=old,
                        name=name,
                    ),
                )
            claimed.add(old)


def _families(shape: SpecShape) -> Iterator[tuple[str, Mapping[str, tuple[str, Path]]]]:
    """Kind of thing, and of each family the ids with their former ids and places."""
    for kind, holder, entries in (
        ("table", "tables", shape.tables),
        ("list", "lists", shape.lists),
        ("setting", "settings", shape.settings),
        ("sheet", "sheets", shape.sheets),
    ):
        yield kind, {name: (given.renamed_from or "", (holder, name)) for name, given in entries.items()}
    for table, given in shape.tables.items():
        yield (
            "field",
            {
                name: (f.renamed_from or "", ("tables", table, "fields", name))
                for name, f in given.fields.items()
            },
        )
    for name, given_list in shape.lists.items():
        yield (
            "item",
            {
                item.id: (item.renamed_from or "", ("lists", name, "items", group, index))
                for group, members in given_list.items.items()
                for index, item in enumerate(members)
            },
        )
