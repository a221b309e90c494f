"""What changed between two states of a book, as text for people and as JSON.

Knows how differences read: a group a table, a line a row. Does not know how they are found (`api.compare`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from crmsheet.cli.render import counted
from crmsheet.cli.speech import tell, told
from crmsheet.messages import listed, phrase, say
from crmsheet.structs import dataclass

if TYPE_CHECKING:
    from crmsheet.api.differences.found import (
        CellChange,
        Change,
        Compared,
        Content,
        Figure,
        OneSidedRow,
        RowChange,
        SpecChange,
        TableDifference,
        What,
        Where,
    )

LINES = 20
"""Lines of a group that are shown unless all are asked for."""
_WIDEST = 60
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~"}


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its counts, and a line for each difference; `folded`: listed only with -v."""

    title: str
    lines: Sequence[str]
    folded: bool = False


def show(compared: Compared, *, verbose: bool, lines: int = LINES, indent: str = "") -> None:
    """The differences on stdout, group by group."""
    for group in groups(compared):
        click.echo(f"{indent}{told(group.title)}")
        at_most = len(group.lines) if verbose else 0 if group.folded else lines
        for line in group.lines[:at_most]:
            click.echo(f"{indent}  {told(line)}")
        left = len(group.lines) - at_most
        if left > 0 and not group.folded:
            tell(say("{indent}  … and {left:,} more (-v lists all)", indent=indent, left=left))


def groups(compared: Compared) -> Iterable[Group]:
    """Everything there is to tell, in a fixed order."""
    from crmsheet.api.differences.found import What

    if compared.spec:
        yield Group(
            say("Spec: {changes}", changes=counted(len(compared.spec), "change")),
            [_spec(c) for c in compared.spec],
        )
    for table in compared.tables:
        title = _table_title(table)
        if title:
            yield Group(title, list(_table_lines(table)))
    for title, what in (
        (phrase("Settings"), (What.AS_OF, What.SETTING)),
        (phrase("Selectors"), (What.SELECTOR,)),
        (phrase("Lists"), (What.LIST_ROW,)),
        (phrase("Headers"), (What.HEADER,)),
        (phrase("Sheets"), (What.SHEET,)),
        (phrase("Your own sheets"), (What.OWN_SHEET,)),
    ):
        found = list(compared.of(*what))
        if found:
            yield Group(
                say("{group}: {changes}", group=say(title), changes=counted(len(found), "change")),
                [_change(c) for c in found],
            )
    if compared.figures:
        title = say(
            "Boards: {figures} changed (-v lists them)", figures=counted(len(compared.figures), "figure")
        )
        yield Group(title, [_figure(f) for f in compared.figures], folded=True)
    cells = sum(t.without_value for t in compared.tables)
    figures = compared.figures_without_value
    without = (
        *((counted(cells, "computed cell"),) if cells else ()),
        *((counted(figures, "figure"),) if figures else ()),
    )
    if without:
        # The program that saved the workbook does not compute.
        yield Group(
            say("Not compared, for want of a stored value: {what}", what=listed(without, " and ")), ()
        )


def _table_title(table: TableDifference) -> str:
    """The table with its counts; empty when there is nothing to say."""
    counts = [
        (len(table.added), phrase("{rows} added")),
        (len(table.removed), phrase("{rows} removed")),
        (len(table.changed), phrase("{rows} changed")),
    ]
    said: list[str] = [say(what, rows=counted(n, "row")) for n, what in counts if n]
    if table.computed_changed:
        columns = listed(f"{label} {n:,}" for _, label, n in table.computed)
        values = counted(table.computed_changed, "computed value")
        said.append(say("{values} changed ({columns})", values=values, columns=columns))
    name = (
        table.label
        if table.label == table.sheet
        else say("{table} (sheet {sheet})", table=table.label, sheet=table.sheet)
    )
    return say("{table}: {what}", table=name, what=listed(said)) if said else ""


def _table_lines(table: TableDifference) -> Iterable[str]:
    for changed in table.changed:
        yield _changed_row(changed)
    for sign, rows in (("+", table.added), ("-", table.removed)):
        for row in rows:
            yield f"{sign} {_key(row)} ({row.where.cell or row.where.sheet})"


def _key(row: OneSidedRow | RowChange) -> str:
    return _cut(row.key) or told(say("(no key, id {id})", id=row.id))


def _changed_row(row: RowChange) -> str:
    return f"~ {_key(row)}: {'; '.join(_cell(cell) for cell in row.cells)}"


def _cell(cell: CellChange) -> str:
    text = f"{cell.label} ({cell.where.cell}) {_from_to(cell.old, cell.new)}"
    if cell.new_typed_over and not cell.old_typed_over:
        return told(say("{cell}, typed over the formula", cell=text))
    if cell.old_typed_over and not cell.new_typed_over:
        return told(say("{cell}, the formula is back", cell=text))
    return text


def _change(change: Change) -> str:
    from crmsheet.api.differences.found import What

    sign = _SIGNS[change.kind]
    match change.what:
        case What.SHEET | What.OWN_SHEET:
            return f"{sign} {_arrow(change.old.shown, change.new.shown)}"
        case What.HEADER:
            return f"{sign} {change.where}: {_from_to(change.old, change.new)}"
        case What.LIST_ROW if change.kind in ("added", "removed"):
            return f"{sign} {change.within}: {_cut(change.label)} ({change.where})"
        case What.LIST_ROW if change.kind == "renamed":
            return f"{sign} {change.within} ({change.where}): {_from_to(change.old, change.new)}"
        case What.LIST_ROW:
            label = (
                told(say("{item} · parent", item=change.label))
                if change.attribute == "parent"
                else change.label
            )
            return (
                f"{sign} {change.within}: {_cut(label)} ({change.where}) {_from_to(change.old, change.new)}"
            )
        case What.SELECTOR:
            return (
                f"{sign} {change.within}: {change.label} ({change.where}) {_from_to(change.old, change.new)}"
            )
        case What.AS_OF:
            one, other = (c.shown or told(say("today")) for c in (change.old, change.new))
            return f"{sign} {change.label} ({change.where}) {one} → {other}"
        case _:
            return f"{sign} {change.label} ({change.where}) {_from_to(change.old, change.new)}"


def _figure(figure: Figure) -> str:
    one, other = (c.shown or "—" for c in (figure.old, figure.new))
    return f"~ {figure.label} ({figure.where}) {one} → {other}"


def _spec(change: SpecChange) -> str:
    within = f"{change.within} · " if change.within else ""
    label = change.label or change.old_label or change.id or change.old_id
    what = f"{_SIGNS[change.kind]} {told(say(str(change.what)))} {within}"
    match change.kind.value:
        case "renamed":
            ids = f" (id {change.old_id} → {change.id})" if change.id != change.old_id else ""
            return f"{what}{_arrow(change.old_label, change.label)}{ids}"
        case "changed":
            return f"{what}{label}: {', '.join(change.attributes)}"
        case "removed":
            cells = counted(change.filled, "filled cell")
            left = told(say(" ({cells} left to you)", cells=cells)) if change.filled else ""
            return f"{what}{label}{left}"
        case _:
            return f"{what}{label}"


def _arrow(old: str, new: str) -> str:
    if old and new:
        return f"{old} → {new}" if old != new else new
    return old or new


def _from_to(old: Content, new: Content) -> str:
    """Both contents; where they look alike, what tells them apart."""
    one, other = _line(old.shown), _line(new.shown)
    if one == other:
        return f"{_with_kind(old, one)} → {_with_kind(new, other)}"
    if max(len(one), len(other)) > _WIDEST:
        one, other = _around(one, other)
    empty = told(say("(empty)"))
    return f"{one or empty} → {other or empty}"


def _with_kind(content: Content, shown: str) -> str:
    """A content with what does not show."""
    text = _cut(shown) or told(say("(empty)"))
    if content.formula:
        return f"{text} ({_cut(_line(content.formula))})"
    match content.data:
        case bool():
            return told(say("{value} (true or false)", value=text))
        case int() | float():
            return told(say("{value} (number {number})", value=text, number=repr(content.data)))
        case str():
            return told(say("{value} (text)", value=text))
        case _:
            return text


def _line(text: str) -> str:
    """On one line, in characters that every console has."""
    return text.replace("\r\n", "\n").replace("\n", " / ").replace("\t", " ")


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _around(one: str, other: str) -> tuple[str, str]:
    """Both texts, cut so that the first place where they differ is seen."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    start = max(0, (min(len(one), len(other)) if at is None else at) - _WIDEST // 3)
    start = 0 if start < _WIDEST // 3 else start
    before = "…" if start else ""
    return before + _cut(one[start:]), before + _cut(other[start:])


# JSON


def as_json(compared: Compared) -> dict[str, object]:
    """All of it, with the same keys whatever differs."""
    from crmsheet.api.differences.found import What

    return {
        "same": compared.same,
        "old": _book(compared, new=False),
        "new": _book(compared, new=True),
        "matched_by": "key" if compared.by_key else "row id",
        "spec": [_spec_json(c) for c in compared.spec],
        "tables": [_table_json(t) for t in compared.tables],
        "as_of": next((_change_json(c) for c in compared.of(What.AS_OF)), None),
        "settings": _changes_json(compared, What.SETTING),
        "selectors": _changes_json(compared, What.SELECTOR),
        "lists": _changes_json(compared, What.LIST_ROW),
        "headers": _changes_json(compared, What.HEADER),
        "sheets": _changes_json(compared, What.SHEET),
        "own_sheets": _changes_json(compared, What.OWN_SHEET),
        "figures": {
            "changed": [_figure_json(f) for f in compared.figures],
            "without_value": compared.figures_without_value,
        },
    }


def _book(compared: Compared, *, new: bool) -> dict[str, object]:
    book = compared.new if new else compared.old
    return {
        "workbook": book.name,
        "as_of": book.as_of or None,
        "language": book.language,
        "code": book.code,
    }


def _changes_json(compared: Compared, what: What) -> list[dict[str, object]]:
    return [_change_json(c) for c in compared.of(what)]


def _table_json(table: TableDifference) -> dict[str, object]:
    return {
        "id": table.id or None,
        "old_id": table.old_id or None,
        "label": table.label,
        "sheet": table.sheet,
        "rows": {"old": table.old_rows, "new": table.new_rows},
        "added": [_row_json(r) for r in table.added],
        "removed": [_row_json(r) for r in table.removed],
        "changed": [
            {
                "id": r.id,
                "key": r.key,
                "old_key": r.old_key,
                **_where_json(r.where),
                "fields": [_cell_json(c) for c in r.cells],
            }
            for r in table.changed
        ],
        "computed": {
            "changed": table.computed_changed,
            "by_field": [{"field": f, "label": label, "changed": n} for f, label, n in table.computed],
            "without_value": table.without_value,
        },
    }


def _row_json(row: OneSidedRow) -> dict[str, object]:
    return {
        "id": row.id,
        "key": row.key,
        **_where_json(row.where),
        "values": {field: _content_json(content) for field, _, content in row.values},
    }


def _cell_json(cell: CellChange) -> dict[str, object]:
    return {
        "field": cell.field,
        "label": cell.label,
        "type": cell.type,
        **_where_json(cell.where),
        "computed": cell.computed,
        "old": {**_content_json(cell.old), "typed_over": cell.old_typed_over},
        "new": {**_content_json(cell.new), "typed_over": cell.new_typed_over},
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind.value,
        "id": change.id or None,
        "label": change.label,
        "within": {"id": change.within_id, "label": change.within} if change.within_id else None,
        "attribute": change.attribute or None,
        **_where_json(change.where),
        "old": _content_json(change.old),
        "new": _content_json(change.new),
    }


def _figure_json(figure: Figure) -> dict[str, object]:
    return {
        "board": figure.board,
        "block": figure.block,
        "metric": figure.metric,
        "figure": figure.part,
        "label": figure.label,
        **_where_json(figure.where),
        "old": _content_json(figure.old),
        "new": _content_json(figure.new),
    }


def _spec_json(change: SpecChange) -> dict[str, object]:
    return {
        "kind": change.kind.value,
        "what": change.what,
        "id": change.id or None,
        "old_id": change.old_id or None,
        "label": change.label or None,
        "old_label": change.old_label or None,
        "within": {"id": change.within_id, "label": change.within} if change.within_id else None,
        "attributes": list(change.attributes),
        "filled": change.filled,
    }


def _where_json(where: Where) -> dict[str, object]:
    return {"sheet": where.sheet, "cell": where.cell}


def _content_json(content: Content) -> dict[str, object]:
    from crmsheet.excel.values import ExcelError

    data = content.data
    return {
        "value": {"error": data.value} if isinstance(data, ExcelError) else data,
        "shown": content.shown,
        "formula": content.formula or None,
    }
