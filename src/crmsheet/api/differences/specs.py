"""What differs between the specs that two books hold.

Knows tables, fields, rules, lists, metrics, boards, blocks and settings, by id and former id. Does not know what
people entered: rows of lists and values of settings are theirs (`inputs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from crmsheet.api.differences.found import Kind, SpecChange
from crmsheet.api.differences.sides import Side
from crmsheet.messages import phrase
from crmsheet.model.boards import Block, Board
from crmsheet.model.spec import Model
from crmsheet.model.succession import Succession
from crmsheet.model.words import Label, Language
from crmsheet.structs import fields, is_dataclass, replace

_NAMING = frozenset({"id", "label", "renamed_from", "result", "may_be_empty", "filled"})
"""What is compared as a name, and what follows from the rest of a field."""
_WORDS = {"minimum": "min", "maximum": "max", "descending": "sort"}
"""Attributes that the spec calls otherwise."""
_BOOK = ("name", "title", "language", "compatibility", "fiscal_year_start", "currency")


class _Thing(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> Label: ...


def spec_changes(
    old: Side, new: Side, before: Model, after: Model, pairs: Succession
) -> Iterator[SpecChange]:
    """Everything that was added, removed, renamed or changed. `before` and `after` are the models with the
    boards that people deleted."""
    if before == after:
        return
    comparison = _Comparison(old.language, new.language, _no_renames(pairs))
    attributes = tuple(name for name in _BOOK if getattr(before, name) != getattr(after, name))
    if attributes:
        titles = before.title.text(old.language), after.title.text(new.language)
        yield SpecChange(
            phrase("book"), Kind.CHANGED, after.name, before.name, *titles[::-1], attributes=attributes
        )
    yield from comparison.things(
        phrase("table"), before.tables, after.tables, pairs.tables, ("fields", "rules")
    )
    for table in after.tables:
        former = pairs.tables.get(table.id)
        if former is None:
            continue
        was = before.table(former)
        within = table.id, table.label.text(new.language)
        mine = pairs.fields.get(table.id, {})
        for change in comparison.things(phrase("field"), was.fields, table.fields, mine, (), within):
            yield _with_filled(change, old, former) if change.kind is Kind.REMOVED else change
        same = {r.id: r.id for r in table.rules if any(r.id == x.id for x in was.rules)}
        yield from comparison.things(phrase("rule"), was.rules, table.rules, same, (), within)
    yield from comparison.things(phrase("list"), before.lists, after.lists, pairs.lists, ("items",))
    yield from comparison.things(phrase("setting"), before.settings, after.settings, pairs.settings, ())
    kept = {m.id: m.id for m in after.metrics if any(m.id == x.id for x in before.metrics)}
    yield from comparison.things(phrase("metric"), before.metrics, after.metrics, kept, ())
    yield from comparison.things(phrase("board"), before.boards, after.boards, pairs.boards, ("blocks",))
    for board in after.boards:
        former = pairs.boards.get(board.id)
        if former is not None:
            yield from comparison.blocks(next(b for b in before.boards if b.id == former), board)


def _no_renames(pairs: Succession) -> bool:
    """Whether all ids are as they were; else what mentions an id differs, though it means the same."""
    plain = (pairs.tables, pairs.lists, pairs.settings, pairs.boards)
    nested = (*pairs.fields.values(), *pairs.items.values())
    return all(now == was for ids in (*plain, *nested) for now, was in ids.items())


def _with_filled(change: SpecChange, old: Side, table: str) -> SpecChange:
    """A field that is gone, with how many of its cells people had filled in."""
    column = old.reading.state.tables[table].columns.get(change.old_id, ())
    return replace(change, filled=sum(v is not None and v != "" for v in column))


class _Comparison:
    """Things of one sort in both specs."""

    def __init__(self, old: Language, new: Language, whole: bool) -> None:
        self._old, self._new, self._whole = old, new, whole

    def things(
        self,
        what: str,
        before: Iterable[_Thing],
        after: Iterable[_Thing],
        pairs: Mapping[str, str],
        parts: tuple[str, ...],
        within: tuple[str, str] = ("", ""),
    ) -> Iterator[SpecChange]:
        """`parts` are attributes that are compared for themselves."""
        known = {thing.id: thing for thing in before}
        for thing in after:
            was = known.pop(pairs.get(thing.id, ""), None)
            label = thing.label.text(self._new)
            if was is None:
                yield SpecChange(what, Kind.ADDED, thing.id, "", label, "", *within)
                continue
            old_label = was.label.text(self._old)
            if was.id != thing.id or was.label != thing.label:
                yield SpecChange(what, Kind.RENAMED, thing.id, was.id, label, old_label, *within)
            attributes = self._attributes(was, thing, parts)
            if attributes:
                yield SpecChange(what, Kind.CHANGED, thing.id, was.id, label, old_label, *within, attributes)
        for thing in known.values():
            yield SpecChange(what, Kind.REMOVED, "", thing.id, "", thing.label.text(self._old), *within)

    def blocks(self, was: Board, now: Board) -> Iterator[SpecChange]:
        """Blocks have ids and sometimes titles; a block has never another's id."""
        within = now.id, now.label.text(self._new)
        known = {b.id: b for b in was.blocks}
        for block in now.blocks:
            former = known.pop(block.id, None)
            title = _title(block, self._new)
            if former is None:
                yield SpecChange(phrase("block"), Kind.ADDED, block.id, "", title, "", *within)
                continue
            attributes = ("type",) if type(former) is not type(block) else self._attributes(former, block, ())
            if attributes:
                old_title = _title(former, self._old)
                yield SpecChange(
                    phrase("block"), Kind.CHANGED, block.id, former.id, title, old_title, *within, attributes
                )
        for former in known.values():
            yield SpecChange(
                phrase("block"), Kind.REMOVED, "", former.id, "", _title(former, self._old), *within
            )

    def _attributes(self, was: object, now: object, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The words of the spec under which two things differ. After renames only those that mention no ids."""
        assert is_dataclass(now)
        names = [f.name for f in fields(now) if f.name not in _NAMING and f.name not in parts]
        found = (
            _WORDS.get(name, name)
            for name in names
            if (one := getattr(was, name)) != (other := getattr(now, name))
            and (self._whole or (_plain(one) and _plain(other) and name not in _IDS))
        )
        return tuple(dict.fromkeys(found))


_IDS = frozenset(
    {"key", "list", "table", "field", "depends_on", "override", "numerator", "denominator", "time", "column"}
)
"""Attributes that hold ids as text."""


def _plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def _title(block: Block, language: Language) -> str:
    if block.title is None:
        return block.id
    return block.title.text(language)
