"""The status column: what is wrong with a row, in words.

Knows for each input field the conditions a formula can test, and the words for them. Does not know colours
(`marks`) nor what `crmsheet check` finds beyond formulas (patterns, several choices in one cell).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crmsheet.compile.columns import with_rules
from crmsheet.compile.computed import Computed
from crmsheet.compile.forms import NOTHING, concatenated, empty, equal_to, position
from crmsheet.compile.scope import DATES, NUMBERS, USED, Scope, cell, inputs
from crmsheet.compile.shorthand import call, if_, op
from crmsheet.compile.symbols import row_column
from crmsheet.compile.textforms import form_condition
from crmsheet.formulas.tree import Boolean, Cell, Column, Name, Node, Number, Text, walk
from crmsheet.model.literals import bounds
from crmsheet.model.spec import Field, FieldType, Table

STATUS = "_status"
FIRST_PART = "1"
"""The id of the first hidden column of a check that is split; the next ones count on."""
_CHUNK = 5_000
"""About how long one formula may get: Excel allows 8,192 characters."""


def problems(scope: Scope, done: Computed, table: Table, field: Field) -> Node:
    """What is wrong with one cell, each problem behind a separator; of a blank cell only that it is missing.
    Empty text when nothing can be wrong.

    IF computes one branch only: a blank cell must not be looked for in a long column, as AND would do.
    """
    own = cell(table, field)
    missing = _told(scope, _words(scope, "missing", field))
    if field.required_when is not None and not field.required:
        missing = if_(_safe(with_rules(scope.context.model, field.required_when)), missing, NOTHING)
    elif not field.required:
        missing = NOTHING
    number = field.type in NUMBERS or field.type in DATES
    if number:
        found = [_number_problems(scope, table, field, own)]
    else:
        found = [*_told_where(scope, _text_problems(scope, done, table, field, own))]
    if field.unique and scope.affordable(table.id, table.id):
        several = done.since.repeated(table, field, own if number else equal_to(own), repeated(table, field))
        found += _told_where(scope, [(several, _words(scope, "repeated", field))])
    if not found and missing == NOTHING:
        return NOTHING
    return if_(empty(own), missing, concatenated(found))


def repeated(table: Table, field: Field) -> Node:
    """Whether the value of a cell stands in its column more than once.

    COUNTIF takes digits for numbers and compares fifteen of them; longer texts are compared again, exactly.
    """
    own, column = cell(table, field), Column(table.id, field.id)
    if field.type in NUMBERS or field.type in DATES:
        return op(call("COUNTIF", column, own), ">", 1)
    several = op(call("COUNTIF", column, equal_to(own)), ">", 1)
    if field.type in (FieldType.PHONE, FieldType.EMAIL):
        return several
    exactly = op(call("SUMPRODUCT", op(op(column, "=", own), "*", 1)), ">", 1)
    return if_(several, if_(op(call("LEN", own), ">", 15), exactly, True), False)


def _number_problems(scope: Scope, table: Table, field: Field, own: Cell) -> Node:
    """Of a filled cell: that it is no number, or what is wrong with the number."""
    dated = field.type in DATES
    return if_(
        call("ISNUMBER", own),
        concatenated(_told_where(scope, _beyond(scope, table, field, own))),
        _told(scope, _words(scope, "not_date" if dated else "not_number", field)),
    )


def _beyond(scope: Scope, table: Table, field: Field, own: Cell) -> Iterator[tuple[Node, str]]:
    dated = field.type in DATES
    if field.type in (FieldType.INTEGER, FieldType.RATING):
        yield op(own, "<>", call("INT", own)), _words(scope, "not_whole", field)
    low, high = bounds(field)
    for bound, sign, beyond, vague in (
        (low, "<", "before_field" if dated else "below", "too_early" if dated else "too_small"),
        (high, ">", "after_field" if dated else "above", "too_late" if dated else "too_large"),
    ):
        if bound is None:
            continue
        limit = scope.limit(field.type, bound, table)
        words = _words(scope, beyond, field, limit=limit) if limit else _words(scope, vague, field)
        condition = op(own, sign, bound)
        if not isinstance(bound, Number):
            condition = _safe(condition)
        if any(isinstance(n, Cell) for n in walk(bound)) and sign == ">":
            # An upper bound that is another cell binds only when that cell is filled.
            condition = if_(empty(bound), False, condition)
        yield condition, words


def _text_problems(
    scope: Scope, done: Computed, table: Table, field: Field, own: Cell
) -> Iterator[tuple[Node, str]]:
    """Conditions that hold when a filled cell is wrong, with the words for it."""
    match field.type:
        case FieldType.CHOICE:
            if field.depends_on:
                parent = table.field(field.depends_on)
                words = _words(scope, "not_under", field, parent=scope.label(parent))
            else:
                words = _words(scope, "not_listed", field)
            yield call("ISERROR", place_in_list(scope, table, field)), words
        case FieldType.REFERENCE:
            words = _words(scope, "not_found", field, table=scope.table_label(field.table))
            if (table.id, row_column(field.id)) in done.extras:
                yield empty(Cell(table.id, row_column(field.id))), words
            elif scope.affordable(table.id, field.table):
                keys = Column(field.table, scope.table(field.table).key)
                yield call("ISERROR", position(own, keys)), words
        case FieldType.BOOLEAN:
            # LibreOffice takes logical values that come from a file for the numbers 1 and 0.
            yield call("ISTEXT", own), _words(scope, "not_boolean", field)
        case _:
            if field.max_length is not None:
                words = _words(scope, "too_long", field, limit=field.max_length)
                yield op(call("LEN", own), ">", field.max_length), words
            form = form_condition(field, own)
            if form is not None:
                yield call("NOT", form), _words(scope, "bad_form", field)


def place_in_list(scope: Scope, table: Table, field: Field) -> Node:
    """Where the cell's text stands in its list (in its parent's part of it), an error if nowhere.

    Only `~` is escaped: a `*` or `?` in a label matches itself, and a typed one is for `check` to find.
    """
    shape = scope.lists[field.list]
    own = _tilde(cell(table, field))
    if not field.depends_on:
        return call("MATCH", own, shape.labels, 0)
    parent = _tilde(cell(table, field.depends_on))
    column = call("INDEX", shape.matrix, 0, call("MATCH", parent, shape.parent_labels, 0))
    return call("MATCH", own, column, 0)


def _tilde(node: Node) -> Node:
    return call("SUBSTITUTE", node, "~", "~~")


def _safe(condition: Node) -> Node:
    """A condition of the spec: an error in it is not the row's fault."""
    return call("IFERROR", condition, False)


def _told(scope: Scope, words: str) -> Node:
    """Words behind the separator that stands before each problem."""
    return Text(scope.say("join") + words)


def _told_where(scope: Scope, problems: Iterable[tuple[Node, str]]) -> Iterator[Node]:
    for condition, words in problems:
        yield if_(condition, _told(scope, words), NOTHING)


def _words(scope: Scope, key: str, field: Field, **values: object) -> str:
    return scope.say(key, label=scope.label(field), **values)


def status_formula(scope: Scope, done: Computed, table: Table) -> Node:
    """All problems of a row joined; long ones are split over hidden columns."""
    pieces = [p for field in inputs(table) if (p := problems(scope, done, table, field)) != NOTHING]
    if not pieces:
        return NOTHING
    chunks: list[list[Node]] = [[]]
    length = 0
    for piece in pieces:
        size = written_size(scope, piece)
        if length + size > _CHUNK and chunks[-1]:
            chunks.append([])
            length = 0
        chunks[-1].append(piece)
        length += size
    blank = op(Cell(table.id, USED), "=", 0)
    if len(chunks) == 1:
        return if_(blank, NOTHING, _shown(scope, concatenated(chunks[0])))
    parts = [
        done.extra(table.id, f"{STATUS}.{i}", if_(blank, NOTHING, concatenated(chunk)))
        for i, chunk in enumerate(chunks, 1)
    ]
    return _shown(scope, concatenated(parts))


def _shown(scope: Scope, problems: Node) -> Node:
    """The problems without the first separator; error values in the row's cells are one, too."""
    text = call("MID", problems, len(scope.say("join")) + 1, 999)
    return call("IFERROR", text, scope.say("cell_error"))


def written_size(scope: Scope, node: Node) -> int:
    """About how long a formula is as text."""
    total = 0
    for n in walk(node):
        match n:
            case Cell(owner, field_id):
                total += len(owner) + 20 + _header_size(scope, owner, field_id)
            case Column(owner, field_id):
                total += len(owner) + 2 + _header_size(scope, owner, field_id)
            case Text(value):
                total += len(value) + 2
            case Name(id):
                total += len(id)
            case Boolean():
                total += 5
            case _:
                total += 12
    return total


def _header_size(scope: Scope, table_id: str, field_id: str) -> int:
    table = scope.table(table_id)
    return len(scope.label(table.field(field_id))) if table.has_field(field_id) else len(field_id)
