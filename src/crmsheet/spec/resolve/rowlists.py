"""List blocks, rows of a table: from their form to the Model.

Knows columns and which selectors filter the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from crmsheet.messages import listed, say
from crmsheet.model.boards import (
    ListBlock,
    ListColumn,
)
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.ground import MOST_LIVE_ROWS, BoardGround
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.shapes.boards import (
    BlockShape,
    ListBlockShape,
    ListColumnShape,
)
from crmsheet.spec.shapes.words import LabelShape


def list_block(ground: BoardGround, block: BlockShape, shape: ListBlockShape, path: Path) -> ListBlock | None:
    table = shape.table
    if not ground.paths.known_table(table, (*path, "table")):
        return None
    columns = shown_fields(ground, table, shape.columns, (*path, "columns"))
    sort = (shape.sort or "").lstrip("-+")
    if sort:
        ground.paths.checked(table, sort, (*path, "sort"))
    ground.within(shape.limit, MOST_LIVE_ROWS, "limit", path)
    return ListBlock(
        ground.id(block, "list", (table, *_rule_names(shape.where))),
        table,
        columns,
        ground.title(block, shape.title, path[:-1]),
        ground.expressions.condition(shape.where, (*path, "where"), table) if shape.where else None,
        sort,
        (shape.sort or "").startswith("-"),
        shape.limit,
        _list_paths(ground, table, ground.ignored(shape.ignores, path), path),
        ground.labels.text(shape.empty, (*path, "empty")),
        shape.link,
    )


def shown_fields(
    ground: BoardGround, table: str, shapes: Sequence[ListColumnShape], path: Path
) -> tuple[ListColumn, ...]:
    """The fields and paths of a table that a block shows."""
    return tuple(
        ListColumn(column.path, _column_label(ground, table, column.path, column.label, (*path, i)))
        for i, column in enumerate(shapes)
        if ground.paths.checked(table, column.path, (*path, i))
    )


def _column_label(ground: BoardGround, table: str, text: str, given: object, path: Path) -> Label:
    if isinstance(given, LabelShape):
        return ground.labels.of(given, text, path)
    reference, dot, name = text.partition(".")
    owner = ground.paths.kinds.of(table, reference).table if dot else table
    field_shape = ground.paths.kinds.field(owner, name if dot else reference)
    word = name if dot else reference
    quiet = Labels(Problems(ground.problems.root), two_languages=False)
    if field_shape is not None and field_shape.label is not None:
        return quiet.of(field_shape.label, word, path)
    return known_label(word) or Label.same(word)


def _list_paths(
    ground: BoardGround, table: str, ignored: Sequence[str], path: Path
) -> tuple[tuple[str, str], ...]:
    """Each selector with the path it filters in this table; one that does not reach it is left out."""
    found = []
    for selector in ground.selectors:
        if selector.is_period or selector.id in ignored:
            continue
        explicit = selector.path(table)
        candidates = (explicit,) if explicit else ground.dimensions.path_if_any(selector, table)
        if len(candidates) > 1:
            ground.problems.error(
                Code.SEVERAL_PATHS,
                (*path, "table"),
                say(
                    "several paths lead from '{table}' to '{selector}': {candidates}",
                    table=table,
                    selector=selector.id,
                    candidates=listed(candidates),
                ),
                remedy=say(
                    "Choose one in the selector:  {selector}: {{{table}: {candidates}, …}}\nor let this list "
                    "say  ignores: [{selector}]",
                    selector=selector.id,
                    table=table,
                    candidates=candidates[0],
                ),
                allowed=candidates,
            )
        elif candidates:
            end = ground.paths.end(table, candidates[0])
            if end is not None and end.choices == (selector.list, selector.table):
                found.append((selector.id, candidates[0]))
    return tuple(found)


def _rule_names(where: str | None) -> tuple[str, ...]:
    """For `[stale]`, the rule's id: a good part of a block's id."""
    text = (where or "").strip().lstrip("=").strip()
    name = text[1:-1]
    return (name,) if text[:1] == "[" and text[-1:] == "]" and name.isidentifier() else ()
