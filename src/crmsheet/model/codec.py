"""Frozen dataclasses to JSON and back, by their annotations.

Knows dataclasses, tuples, mappings, enums, unions and cell values. Does not know which classes exist.
A member of a union of dataclasses is tagged with its class name; fields at their default are left out.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from functools import cache
from itertools import chain, groupby
from operator import itemgetter
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

from crmsheet.excel.values import ExcelError
from crmsheet.messages import Said
from crmsheet.structs import MISSING, fields, is_dataclass

T = TypeVar("T")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
_TAG = "$"
_ERROR = "!"
_SAID = "said"
_PLAIN = {kind.__name__: kind for kind in (str, int, float, bool)}
_LEAVES = frozenset(_PLAIN.values())
"""What most of the data are."""
_MANY = 256
"""Pairs that are worth being written column by column."""
_EXACT = 1e15
"""Whole numbers below are written as such, so that equal objects have one JSON form."""


def encoded(value: object) -> Json:
    """The JSON form of a dataclass, tuple, mapping, enum or cell value."""
    if isinstance(value, ExcelError):
        return {_ERROR: value.value}
    if isinstance(value, Enum):
        return cast("Json", value.value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, Said):
        return _said(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [encoded(v) for v in value]
    if isinstance(value, Mapping):
        if len(value) >= _MANY and _are_pairs(value):
            return _columns(value)
        return {str(k): encoded(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        result: dict[str, Json] = {_TAG: type(value).__name__}
        for name, default in _defaults(type(value)):
            current = getattr(value, name)
            if default is MISSING or current != default:
                result[name] = encoded(current)
        return result
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _said(text: Said) -> Json:
    """A text with what it was made from, so that it can be said in another language."""
    parts = cast("Json", [encoded(part) for part in text.parts])
    values = {name: encoded(value) for name, value in text.values.items()}
    others = cast("Json", dict(text.others))
    return {_SAID: [str(text), text.template, values, others, parts]}


def _heard(data: Json) -> str:
    """The text that `_said` encodes."""
    if not isinstance(data, dict):
        return _expect(data, str)
    text, template, values, others, parts = _expect(data[_SAID], list)
    return Said(
        _expect(text, str),
        _expect(template, str),
        {k: _heard(v) if isinstance(v, dict) else v for k, v in _expect(values, dict).items()},
        {k: _expect(v, str) for k, v in _expect(others, dict).items()},
        tuple(_heard(part) for part in _expect(parts, list)),
    )


def _are_pairs(values: Mapping[str, object]) -> bool:
    """Whether a mapping holds nothing but pairs of texts, by texts."""
    if set(map(type, values)) != {str} or set(map(type, values.values())) != {tuple}:
        return False
    tuples = cast("Collection[tuple[object, ...]]", values.values())
    return set(map(len, tuples)) == {2} and set(map(type, chain.from_iterable(tuples))) == {str}


def _columns(pairs: Mapping[str, tuple[str, str]]) -> Json:
    """What a workbook remembers of its rows, a hundred thousand of them: three lists are read sooner than as
    many pairs."""
    # By length first: ids in the order of their numbers, in which rows stand that nobody sorted.
    keys = [key for _, alike in groupby(sorted(pairs, key=len), len) for key in sorted(alike)]
    found = list(map(pairs.__getitem__, keys))
    return cast("Json", [keys, list(map(itemgetter(0), found)), list(map(itemgetter(1), found))])


def decoded(kind: type[T], data: Json) -> T:
    """The object of type `kind` that `data` encodes. Raises ValueError when it does not fit."""
    return cast("T", _decoded(kind, data))


def _pairs(data: Json) -> dict[str, tuple[str, str]]:
    """What a workbook remembers of its rows: a hundred thousand of them."""
    if isinstance(data, list):
        keys, firsts, seconds = cast("list[list[str]]", data)
        pairs = dict(zip(keys, zip(firsts, seconds, strict=True), strict=True))
        sound = all(set(map(type, texts)) <= {str} for texts in (keys, firsts, seconds))
    else:
        given = _expect(data, dict)
        pairs = dict(zip(given, cast("Iterable[tuple[str, str]]", map(tuple, given.values())), strict=True))
        sound = not pairs or _are_pairs(pairs)
    if not sound:
        raise ValueError("what is remembered of rows is no pairs of texts")
    return pairs


@cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    result = []
    for f in fields(kind):
        default: object = f.default
        if f.default_factory is not MISSING:
            default = f.default_factory()
        result.append((f.name, default))
    return tuple(result)


@cache
def _hint(kind: type, name: str) -> object:
    """What a field is annotated with. Most annotations are a name, `NAME | None` or `tuple[NAME, ...]`; looking the
    others up takes its time, so only those are that a workbook has something for."""
    owner = next((k for k in kind.__mro__ if name in vars(k).get("__annotations__", ())), None)
    if owner is None:
        raise KeyError(name)
    text = vars(owner)["__annotations__"][name]
    around = vars(sys.modules[owner.__module__])

    def named(word: str) -> object:
        return around.get(word, _PLAIN.get(word))

    if isinstance(found := named(text), type):
        return found
    if isinstance(found := named(text.removesuffix(" | None")), type):
        return found | None
    if isinstance(found := named(text.removeprefix("tuple[").removesuffix(", ...]")), type):
        return types.GenericAlias(tuple, (found, ...))
    return get_type_hints(types.SimpleNamespace(__annotations__={name: text}), around)[name]


def _decoded(kind: object, data: Json) -> object:
    if kind is type(data) and kind in _LEAVES:
        return data
    if isinstance(kind, type) and is_dataclass(kind):
        if isinstance(data, kind):
            return data
        members = _expect(data, dict)
        return kind(**{k: _decoded(_hint(kind, k), v) for k, v in members.items() if k != _TAG})
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind), data)
    if origin is tuple:
        arguments = get_args(kind)
        items = _expect(data, list)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_decoded(arguments[0], item) for item in items)
        return tuple(_decoded(a, item) for a, item in zip(arguments, items, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        key, value = get_args(kind)
        if key is str and value == tuple[str, str]:
            return _pairs(data)
        if isinstance(data, list):
            keys, firsts, seconds = cast("list[list[Json]]", data)
            pairs = zip(keys, map(list, zip(firsts, seconds, strict=True)), strict=True)
            return {key(k): _decoded(value, v) for k, v in pairs}
        return {key(k): _decoded(value, v) for k, v in _expect(data, dict).items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(cast("dict[str, str]", data)[_ERROR] if isinstance(data, dict) else data)
    if kind is type(None) or kind is None:
        return None
    if kind is str and isinstance(data, dict) and _SAID in data:
        return _heard(data)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if isinstance(kind, type) and isinstance(data, kind):
        return data
    raise ValueError(f"{data!r} is not {kind}")


def _union(options: tuple[object, ...], data: Json) -> object:
    if data is None:
        return None
    if isinstance(data, dict) and _TAG in data:
        for option in options:
            if isinstance(option, type) and option.__name__ == data[_TAG]:
                return _decoded(option, data)
    if isinstance(data, dict) and _ERROR in data:
        return ExcelError(data[_ERROR])
    for option in options:
        if isinstance(option, type) and type(data) is option:
            return data
    for option in options:
        if option is not type(None):
            try:
                return _decoded(option, data)
            except (ValueError, TypeError, KeyError):
                continue
    raise ValueError(f"{data!r} fits none of {options}")


_Kind = TypeVar("_Kind")


def _expect(data: Json, kind: type[_Kind]) -> _Kind:
    if not isinstance(data, kind):
        raise ValueError(f"expected {kind.__name__}, got {type(data).__name__}")
    return data
