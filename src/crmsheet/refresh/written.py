"""What a crmsheet writes of a plan, as prints, and what an earlier one wrote otherwise.

Knows which things of a plan have a print of their own. Does not know what follows from a difference (`aging`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import add

from crmsheet.model.baseline import TableMark
from crmsheet.model.written import PRINT, SCHEME, Written, prints
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.plan.place import Addresses, addresses, default_layout, in_place, name_text
from crmsheet.plan.prints import (
    Looks,
    block_form,
    block_words,
    chart_print,
    column_looks,
    column_prints,
    print_of,
    widths_of,
    words_of,
)
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.plan.rules import (
    as_built,
    block_highlights,
    block_validations,
    table_highlights,
    table_validations,
)
from crmsheet.refresh.aging import Aged
from crmsheet.refresh.rules.prints import wanted_format, wanted_validation
from crmsheet.structs import replace


def written_by(plan: Plan, edition: str, standing: Addresses | None = None) -> Written:
    """What an edition of crmsheet writes of a plan. `standing` are the places of things in the workbook: where these
    are those of a new one, so are the formulas."""
    new = default_layout(plan)
    shared = standing.texts if standing is not None and in_place(plan, standing.layout, new) else None
    places, looks = addresses(plan, new, shared), Looks()
    return Written(
        edition,
        SCHEME,
        {t.id: "".join(map(add, column_looks(t, looks), column_prints(t, places))) for t in plan.tables},
        {b.anchor: block_form(b, looks) + block_words(b, places) for b in _blocks(plan)},
        "".join(sorted(set(_rules(plan, places)))),
        "".join(sorted({print_of(n.name, words_of(name_text(n, places))) for n in plan.names})),
        chart_print(plan.charts),
        dict(widths_of(plan)),
    )


def _blocks(plan: Plan) -> Iterator[Block]:
    return (b for b in plan.blocks if b.anchored and b.anchor != RECORD_ANCHOR)


def _rules(plan: Plan, places: Addresses) -> Iterator[str]:
    for table in plan.tables:
        ruled = as_built(table)
        yield from map(wanted_validation, table_validations(table, ruled, places))
        yield from map(wanted_format, table_highlights(table, ruled, places))
    for block in plan.blocks:
        place = places.layout.anchors[block.anchor]
        yield from map(wanted_validation, block_validations(block, place, places))
        yield from map(wanted_format, block_highlights(block, place, places))


def with_looks_of(new: Written, old: Written, marks: Mapping[str, TableMark]) -> Written:
    """What was written by one who left all looks as they were. `marks` are the tables by now."""
    known = {t: dict(_columns(t, text, marks.get(t))) for t, text in old.tables.items()}
    tables = {
        t: "".join(
            known.get(t, {}).get(at, pair)[0] + pair[1] for at, pair in _columns(t, text, marks.get(t))
        )
        for t, text in new.tables.items()
    }
    blocks = {a: old.blocks.get(a, text)[:PRINT] + text[PRINT:] for a, text in new.blocks.items()}
    widths = {**new.widths, **old.widths}
    return replace(new, tables=tables, blocks=blocks, charts=old.charts, widths=widths, formats=old.formats)


def aged(
    written: Written | None,
    plan: Plan,
    edition: str,
    marks: Mapping[str, TableMark],
    standing: Addresses | None = None,
) -> Aged:
    """Compare what was written with what an edition writes of a plan. `marks` are the tables as remembered with it."""
    if written is None or written.scheme != SCHEME:
        return Aged(known=False, charts=True)
    if written.by == edition:
        return Aged(edition, rules=frozenset(prints(written.rules)))
    now = written_by(plan, edition, standing)
    before = {at: p for t, text in written.tables.items() for at, p in _columns(t, text, marks.get(t))}
    columns = {
        (t.id, c.id): p for t in plan.tables for c, p in zip(t.columns, _pairs(now.tables[t.id]), strict=True)
    }
    shared = columns.keys() & before.keys()
    both = [a for a in now.blocks if a in written.blocks]
    return Aged(
        written.by,
        columns={at: before[at][1] for at in shared if before[at][1] != columns[at][1]},
        styles=frozenset(at for at in shared if before[at][0] != columns[at][0]),
        words=frozenset(a for a in both if written.blocks[a][PRINT:] != now.blocks[a][PRINT:]),
        forms=frozenset(a for a in both if written.blocks[a][:PRINT] != now.blocks[a][:PRINT]),
        charts=written.charts != now.charts,
        widths={sheet: text for sheet, text in written.widths.items() if now.widths.get(sheet, text) != text},
        rules=frozenset(prints(written.rules)),
        names=frozenset(prints(written.names)),
        now=now,
    )


def _columns(
    table: str, text: str, mark: TableMark | None
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    if mark is not None:
        yield from zip(((table, c.id) for c in mark.columns), _pairs(text), strict=False)


def _pairs(text: str) -> list[tuple[str, str]]:
    """The two prints of each thing."""
    found = prints(text)
    return list(zip(found[::2], found[1::2], strict=True))
