"""Settings, selectors, list rows and the as-of date of both books.

Knows what people enter outside of tables, and where that stands. Does not know the boards' figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.api.differences.contents import content, meaning, same
from crmsheet.api.differences.found import Change, Content, Kind, What, Where
from crmsheet.api.differences.sides import Side
from crmsheet.compile import theme
from crmsheet.compile.lists import ATTRIBUTE_FORMATS
from crmsheet.compile.symbols import list_anchor
from crmsheet.compile.words import WORDS, attribute_label
from crmsheet.excel.values import Value
from crmsheet.model.spec import FieldType, ListDefinition, Setting
from crmsheet.model.state import ListRow
from crmsheet.model.succession import Succession

AS_OF = "as_of_input"
_NONE = FieldType.TEXT


def date_change(old: Side, new: Side) -> Iterator[Change]:
    """The typed as-of date; blank follows the calendar."""
    one, other = (_date(side) for side in (old, new))
    if not same(one, other):
        where, _ = new.input(AS_OF)
        was, now = (content(v, FieldType.DATE, "yyyy-mm-dd") for v in (one, other))
        yield Change(What.AS_OF, Kind.CHANGED, AS_OF, WORDS["as_of"].text(new.language), where, was, now)


def _date(side: Side) -> Value:
    with side.dates():
        return meaning(side.reading.state.as_of_input, FieldType.DATE)


def setting_changes(old: Side, new: Side, pairs: Succession) -> Iterator[Change]:
    """Settings of both books that people may change."""
    before = {s.id: s for s in old.model.settings if s.editable}
    for now in new.model.settings:
        was = before.get(pairs.settings.get(now.id, ""))
        if was is None or not now.editable:
            continue
        held = old.reading.state.settings, new.reading.state.settings
        if was.id not in held[0] or now.id not in held[1]:
            continue
        with old.dates():
            one = meaning(held[0][was.id], was.type)
        with new.dates():
            other = meaning(held[1][now.id], now.type)
        if not same(one, other):
            where, _ = new.input(f"settings.{now.id}")
            yield Change(
                What.SETTING,
                Kind.CHANGED,
                now.id,
                now.label.text(new.language),
                where,
                _setting(old, was, one),
                _setting(new, now, other),
            )


def _setting(side: Side, setting: Setting, value: Value) -> Content:
    code = theme.number_format(setting.type, "", side.language, side.model.currency)
    return content(value, setting.type, code if setting.type is not FieldType.INTEGER else "")


def selector_changes(old: Side, new: Side, pairs: Succession) -> Iterator[Change]:
    """What is chosen on boards of both books."""
    for board in new.model.boards:
        former = pairs.boards.get(board.id, "")
        for selector in board.selectors:
            id_, was = f"{board.id}.{selector.id}", f"{former}.{selector.id}"
            held = old.reading.state.selectors, new.reading.state.selectors
            if was not in held[0] or id_ not in held[1]:
                continue
            one, other = meaning(held[0][was], _NONE), meaning(held[1][id_], _NONE)
            if not same(one, other):
                where, _ = new.input(f"selectors.{id_}")
                yield Change(
                    What.SELECTOR,
                    Kind.CHANGED,
                    selector.id,
                    selector.label.text(new.language),
                    where,
                    content(one, _NONE, ""),
                    content(other, _NONE, ""),
                    board.id,
                    board.label.text(new.language),
                )


def list_changes(old: Side, new: Side, pairs: Succession) -> Iterator[Change]:
    """Rows of lists of both books: added, removed, relabelled, their parents and attributes."""
    for definition in new.model.lists:
        former = pairs.lists.get(definition.id)
        if former is not None:
            yield from _List(old, new, old.model.list(former), definition, pairs).changes()


class _List:
    """One list in both books."""

    def __init__(
        self, old: Side, new: Side, was: ListDefinition, now: ListDefinition, pairs: Succession
    ) -> None:
        self._old, self._new, self._was, self._now = old, new, was, now
        self._items = pairs.items.get(now.id, {})
        self._parents = pairs.items.get(now.depends_on, {})

    def changes(self) -> Iterator[Change]:
        before = _labelled(self._old, self._was)
        after = _labelled(self._new, self._now)
        found: dict[str, str] = {}
        for id_ in after:
            former = self._items.get(id_, id_)
            if former in before:
                found[id_] = former
        taken = set(found.values())
        labels = {r.label.casefold(): r.id for r in before.values() if r.id not in taken}
        for id_, row in after.items():
            # What people added by hand gets an id of the spec's when that brings it too.
            if id_ not in found and row.label.casefold() in labels:
                found[id_] = labels.pop(row.label.casefold())
        for id_, row in after.items():
            where = _place(self._new, self._now, row)
            if id_ not in found:
                yield self._change(Kind.ADDED, row, where, new=_text(row.label))
            else:
                yield from self._row(before[found[id_]], row, where)
        gone = set(before) - set(found.values())
        for id_, row in before.items():
            if id_ in gone:
                yield self._change(Kind.REMOVED, row, _place(self._old, self._was, row), old=_text(row.label))

    def _row(self, was: ListRow, now: ListRow, where: Where) -> Iterator[Change]:
        if was.label != now.label:
            yield self._change(Kind.RENAMED, now, where, _text(was.label), _text(now.label))
        if was.parent != self._parents.get(now.parent, now.parent):
            one, other = _parent(self._old, self._was, was), _parent(self._new, self._now, now)
            yield self._change(Kind.CHANGED, now, where, one, other, "parent")
        for name in dict.fromkeys((*was.attributes, *now.attributes)):
            values = meaning(was.attributes.get(name), _NONE), meaning(now.attributes.get(name), _NONE)
            if not same(*values):
                code = ATTRIBUTE_FORMATS.get(name, "")
                one, other = (content(v, _NONE, code) for v in values)
                at = _place(self._new, self._now, now, name)
                yield self._change(Kind.CHANGED, now, at, one, other, name)

    def _change(
        self,
        kind: Kind,
        row: ListRow,
        where: Where,
        old: Content | None = None,
        new: Content | None = None,
        attribute: str = "",
    ) -> Change:
        label = row.label
        if attribute and attribute != "parent":
            label += f" · {attribute_label(self._new.language, attribute)}"
        return Change(
            What.LIST_ROW,
            kind,
            row.id,
            label,
            where,
            old or Content(),
            new or Content(),
            self._now.id,
            self._now.label.text(self._new.language),
            attribute,
        )


def _labelled(side: Side, definition: ListDefinition) -> Mapping[str, ListRow]:
    """The rows by id; one whose label was cleared is gone."""
    return {r.id: r for r in side.reading.state.lists.get(definition.id, ()) if r.label}


def _text(label: str) -> Content:
    return Content(label, label)


def _parent(side: Side, definition: ListDefinition, row: ListRow) -> Content:
    rows = side.reading.state.lists.get(definition.depends_on, ())
    return _text(next((r.label for r in rows if r.id == row.parent), row.parent))


def _place(side: Side, definition: ListDefinition, row: ListRow, attribute: str = "") -> Where:
    """The cell of a row's label, or of an attribute (those of dependent lists stand in the spec alone)."""
    column = 0
    if definition.depends_on:
        parents = side.reading.state.lists.get(definition.depends_on, ())
        at = {r.id: r.column for r in parents}
        column = at.get(row.parent, 0)
    elif attribute in definition.attribute_names:
        column = 1 + definition.attribute_names.index(attribute)
    where, _ = side.anchored(list_anchor(definition.id), row.offset, column)
    return where
