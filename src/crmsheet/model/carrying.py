"""What people entered under one Model, carried over to the next.

Knows the three-way rule: what the spec changed follows the spec where people left it as it was; what people
changed stays theirs, and where both changed it, theirs stays and the conflict is listed. Does not know where
anything stands in a workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.excel.values import Value, same_value
from crmsheet.messages import phrase
from crmsheet.model.literals import setting_value
from crmsheet.model.several import reworded, with_signs
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Model
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.succession import Succession
from crmsheet.model.visible_ids import filled
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that both people and the spec changed; what people have was kept."""

    kind: str
    """`list value`, `list attribute` or `setting`."""
    what: str
    before: Value
    theirs: Value
    wanted: Value


@dataclass(frozen=True, slots=True)
class Carried:
    """The State under the new Model, and what could not follow the spec."""

    state: State
    next_ids: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    relabelled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """New list id to old label to new label."""


def carried(
    old: Model,
    new: Model,
    pairs: Succession,
    state: State,
    next_ids: Mapping[str, int],
    language: Language,
    found: Mapping[tuple[str, str], tuple[Value, ...]],
) -> Carried:
    """The State for the new Model. `found` are columns that stand in the workbook already and become a new
    field's, by table and field."""
    conflicts: list[Conflict] = []
    lists: dict[str, tuple[ListRow, ...]] = {}
    words: dict[str, dict[str, str]] = {}
    for definition in _parents_first(new):
        former = pairs.lists.get(definition.id)
        if former is None:
            continue
        rows = _list_rows(
            old.list(former), definition, pairs, state.lists.get(former, ()), language, conflicts
        )
        lists[definition.id] = rows
        words[definition.id] = {
            before.label: after.label
            for before, after in zip(state.lists.get(former, ()), rows, strict=True)
            if before.label and before.label != after.label
        }
    tables, numbers = _tables(old, new, pairs, state, next_ids, words, found)
    return Carried(
        State(
            tables,
            lists,
            dict(_settings(old, new, pairs, state, language, conflicts)),
            dict(_selectors(new, old, pairs, state, words)),
            state.as_of_input,
            state.merging,
        ),
        numbers,
        tuple(conflicts),
        {k: v for k, v in words.items() if v},
    )


def _parents_first(model: Model) -> Iterator[ListDefinition]:
    done: set[str] = set()
    waiting = list(model.lists)
    while waiting:
        for definition in [d for d in waiting if not d.depends_on or d.depends_on in done]:
            yield definition
            done.add(definition.id)
        waiting = [d for d in waiting if d.id not in done]


def _list_rows(
    old: ListDefinition,
    new: ListDefinition,
    pairs: Succession,
    rows: tuple[ListRow, ...],
    language: Language,
    conflicts: list[Conflict],
) -> tuple[ListRow, ...]:
    before = {item.id: item for item in old.items}
    after = {item.id: item for item in new.items}
    became = {was: now for now, was in pairs.items[new.id].items()}
    parents = {was: now for now, was in pairs.items.get(new.depends_on, {}).items()}
    fresh = {i.label.text(language).casefold(): i.id for i in new.items if i.id not in pairs.items[new.id]}
    result = []
    for row in rows:
        id_ = became.get(row.id, row.id)
        if row.id not in before and row.label.casefold() in fresh:
            # People added by hand what the spec brings now.
            id_ = fresh.pop(row.label.casefold())
        was, now = before.get(row.id), after.get(id_)
        label = row.label
        if was is not None and now is not None:
            label = _label(was, now, row, language, conflicts)
        result.append(
            ListRow(
                id_,
                label,
                parents.get(row.parent, row.parent),
                _attributes(was, now, row, conflicts),
                row.offset,
                row.column,
            )
        )
    return tuple(result)


def _label(was: ListItem, now: ListItem, row: ListRow, language: Language, conflicts: list[Conflict]) -> str:
    first, wanted = was.label.text(language), now.label.text(language)
    if wanted in (first, row.label):
        return row.label
    if row.label == first:
        return wanted
    conflicts.append(Conflict(phrase("list value"), now.id, first, row.label, wanted))
    return row.label


def _attributes(
    was: ListItem | None, now: ListItem | None, row: ListRow, conflicts: list[Conflict]
) -> dict[str, Value]:
    result = dict(row.attributes)
    if now is None:
        return result
    first = dict(was.attributes) if was is not None else {}
    for name, wanted in now.attributes:
        theirs = row.attributes.get(name)
        if name not in first or same_value(theirs, first[name]):
            if theirs is None or name in first:
                result[name] = wanted
        elif not same_value(first[name], wanted) and not same_value(theirs, wanted):
            conflicts.append(
                Conflict(phrase("list attribute"), f"{now.id}.{name}", first[name], theirs, wanted)
            )
    return result


def _settings(
    old: Model, new: Model, pairs: Succession, state: State, language: Language, conflicts: list[Conflict]
) -> Iterator[tuple[str, Value]]:
    before = {s.id: s for s in old.settings}
    for setting in new.settings:
        former = pairs.settings.get(setting.id)
        if former is None or not before[former].editable or former not in state.settings:
            yield setting.id, setting_value(setting)
            continue
        first, theirs = setting_value(before[former]), state.settings[former]
        if same_value(theirs, first):
            yield setting.id, setting_value(setting)
            continue
        wanted = setting_value(setting)
        if not same_value(first, wanted) and not same_value(theirs, wanted):
            what = setting.label.text(language)
            conflicts.append(Conflict(phrase("setting"), what, first, theirs, wanted))
        yield setting.id, theirs


def _selectors(
    new: Model, old: Model, pairs: Succession, state: State, words: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, Value]]:
    for board in new.boards:
        former = pairs.boards.get(board.id)
        if former is None:
            continue
        known = {s.id for b in old.boards if b.id == former for s in b.selectors}
        for selector in board.selectors:
            key = f"{former}.{selector.id}"
            if selector.id in known and key in state.selectors:
                value = state.selectors[key]
                yield f"{board.id}.{selector.id}", words.get(selector.list, {}).get(str(value), value)


def _tables(
    old: Model,
    new: Model,
    pairs: Succession,
    state: State,
    next_ids: Mapping[str, int],
    words: Mapping[str, Mapping[str, str]],
    found: Mapping[tuple[str, str], tuple[Value, ...]],
) -> tuple[dict[str, TableState], dict[str, int]]:
    tables: dict[str, TableState] = {}
    numbers: dict[str, int] = {}
    for table in new.tables:
        former = pairs.tables.get(table.id)
        rows = state.tables.get(former, TableState()) if former is not None else TableState()
        columns: dict[str, tuple[Value, ...]] = {}
        for f in table.fields:
            if f.type.computed:
                continue
            was = pairs.fields.get(table.id, {}).get(f.id)
            column = rows.columns.get(was) if was is not None else None
            if column is None or former is None or was is None:
                column = found.get((table.id, f.id), (None,) * rows.size)
            else:
                own = old.table(former).field(was)
                signed = with_signs(row.label for row in state.lists.get(own.list, ()))
                column = _relabelled(column, f, own, pairs, words, signed)
            if f.type is FieldType.ID:
                key = f"{former}.{was}"
                column, numbers[f"{table.id}.{f.id}"] = filled(
                    column, [not i for i in rows.ids], f.format, next_ids.get(key, 1)
                )
            columns[f.id] = column
        tables[table.id] = TableState(rows.ids, columns)
    return tables, numbers


def _relabelled(
    column: tuple[Value, ...],
    now: Field,
    was: Field,
    pairs: Succession,
    words: Mapping[str, Mapping[str, str]],
    signed: frozenset[str],
) -> tuple[Value, ...]:
    """The values of a choice with the labels that the spec gives them now."""
    if not now.list or pairs.lists.get(now.list) != was.list or not words.get(now.list):
        return column
    new = words[now.list]
    if now.type is FieldType.MULTI_CHOICE:
        return tuple(reworded(v, new, signed) if isinstance(v, str) else v for v in column)
    return tuple(new.get(v, v) if isinstance(v, str) else v for v in column)
