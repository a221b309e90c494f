"""Rules (validations, conditional formats) before and after a change of structure.

Knows which of the old ones are still ours, and how they are called by then. Does not know how rules are compared.
"""

from __future__ import annotations

from crmsheet.api.restructuring.change import Change
from crmsheet.formulas.renaming import Renames
from crmsheet.model.layout import Layout
from crmsheet.plan.book import Plan
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.rules import RuleRepair, rule_edits
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import replace


def remaining(change: Change, plan: Plan, arrangement: Arrangement, frozen: frozenset[str]) -> Plan:
    """The old plan without the blocks that lose their place, and without boards that are only a picture of
    the past from now on: nothing is chosen there any more."""
    kept = {change.pairs.anchor(b.anchor) for b in plan.blocks if b.anchor not in arrangement.fresh}
    boards = {b.id for b in change.old.boards}
    kept |= {b.anchor for b in change.old_plan.blocks if b.anchor in frozen and b.sheet not in boards}
    return replace(change.old_plan, blocks=tuple(b for b in change.old_plan.blocks if b.anchor in kept))


def succeeded(change: Change, left: Plan, frozen: frozenset[str]) -> Plan:
    """What of it the new plan goes on with: rules on retired columns, tables and blocks are people's."""
    tables = []
    for table, former in change.pairs.tables.items():
        planned = next((t for t in left.tables if t.id == former), None)
        if planned is None:
            continue
        fields = set(change.pairs.fields[table].values())
        gone = {f.id for f in change.old.table(former).fields} - fields
        columns = tuple(c for c in planned.columns if c.id not in gone)
        tables.append(replace(planned, columns=columns))
    blocks = tuple(b for b in left.blocks if b.anchor not in frozen)
    return replace(left, tables=tuple(tables), blocks=blocks)


def rules_off(change: Change, left: Plan) -> RuleRepair:
    """The edits that take away the rules of what loses its place."""
    layout = change.reading.layout
    meanings = Meanings.of(change.contents)
    return rule_edits(
        change.contents,
        left,
        layout,
        meanings,
        before=change.old_plan,
        before_layout=layout,
        age=change.age,
    )


def rules_on(
    change: Change, contents: Contents, plan: Plan, arrangement: Arrangement, before: Plan, renames: Renames
) -> RuleRepair:
    """The edits that give everything the rules of the new plan; `before` are those that are still ours."""
    old = change.reading.layout
    layout = Layout(
        {i: renames.sheet(n) for i, n in old.sheets.items()},
        {
            i: replace(
                p,
                sheet=renames.sheet(p.sheet),
                name=renames.table(p.name),
                headers={c: renames.header(p.name, h) for c, h in p.headers.items()},
            )
            for i, p in old.tables.items()
        },
        {a: replace(p, sheet=renames.sheet(p.sheet)) for a, p in old.anchors.items()},
    )
    named = replace(before, names=tuple(replace(n, name=renames.name(n.name)) for n in before.names))
    meanings = Meanings.of(contents)
    return rule_edits(
        contents,
        plan,
        arrangement.layout,
        meanings,
        before=named,
        before_layout=layout,
        age=change.age,
    )
