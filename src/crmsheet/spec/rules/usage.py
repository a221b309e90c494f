"""Things that are defined and never used.

Knows who uses lists. A warning only: a list may be meant for later.
"""

from __future__ import annotations

from crmsheet.formulas.tree import Item, Node, walk
from crmsheet.messages import say
from crmsheet.model.spec import Model
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems


def check(model: Model, problems: Problems) -> None:
    """Lists that no field and no other list uses."""
    used = {name for table in model.tables for field in table.fields for name in (field.list, field.words)}
    used |= {definition.depends_on for definition in model.lists}
    for table in model.tables:
        for field in table.fields:
            used |= _lists_in(field.expr)
    for definition in model.lists:
        if definition.id not in used:
            problems.warning(
                Code.UNUSED_LIST,
                ("lists", definition.id),
                say("no field uses the list '{definition}'", definition=definition.id),
                remedy=say("Remove it, or name it in a field:  {{type: choice, list: ") + definition.id + "}",
                key=True,
            )


def _lists_in(node: Node | None) -> set[str]:
    return {n.list for n in walk(node) if isinstance(n, Item)} if node is not None else set()
