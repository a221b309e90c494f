"""Frozen, slotted data classes that cost little to define and half as much to make.

Knows the part of `dataclasses` that the program uses: `dataclass(frozen, slots, eq, order)`, `field(default,
default_factory, init, repr, compare)`, `__post_init__`, `fields`, `replace`, `asdict`, with the meaning it has there.
Does not know the classes.

The program has some six hundred such classes, of which one run imports a third and makes objects of half of these. The
standard library writes and compiles five to nine functions for each, about a millisecond: half the time that a `refresh`
of a small workbook took. All that differs between these functions of two classes with as many fields are names, so here
they are compiled once for each number of fields, and a class gets copies with its names when it needs them often: until
then one function serves all. The `__init__` of frozen classes stores through the slots' own descriptors, in half
the time of `object.__setattr__`, which the standard library calls for every field.
"""

from __future__ import annotations

from collections.abc import Callable
from reprlib import recursive_repr
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from crmsheet.structcode import ORDERS, equality, hashing, initialisation, plain_initialisation

_T = TypeVar("_T")
_FIELDS = "__struct_fields__"


class _Missing:
    """No default."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<missing>"


_MISSING = _Missing()


class _Field:
    """One field of a class; an object of it holds what is said of the field, the class what is so unless it is said."""

    name = ""
    default: object = _MISSING
    default_factory: Callable[[], object] | _Missing = _MISSING
    init = True
    repr = True
    compare = True

    def __init__(self, **said: object) -> None:
        vars(self).update(said)

    @property
    def given(self) -> bool:
        """Whether who makes an object has to say it."""
        return self.init and self.default is _MISSING and self.default_factory is _MISSING


class _StandardFields:
    """`__dataclass_fields__`, for whoever knows classes by it, such as `dataclasses.replace`: made when looked at."""

    __slots__ = ()

    def __get__(self, _: object, owner: type) -> object:
        import dataclasses

        def standard(one: _Field) -> Any:
            options: dict[str, Any] = {"init": one.init, "repr": one.repr, "compare": one.compare}
            for name in ("default", "default_factory"):
                if getattr(one, name) is not _MISSING:
                    options[name] = getattr(one, name)
            return dataclasses.field(**options)

        described = [(f.name, object, standard(f)) for f in _fields(owner)]
        found = vars(dataclasses.make_dataclass(owner.__name__, described))["__dataclass_fields__"]
        type.__setattr__(owner, "__dataclass_fields__", found)
        return found


_STANDARD_FIELDS = _StandardFields()


class _Signature:
    """`__signature__`: that of the `__init__` that a class gets, whether it has it by now or not."""

    __slots__ = ()

    def __get__(self, _: object, owner: type) -> object:
        import inspect

        made = next(kind for kind in owner.__mro__ if _FIELDS in vars(kind))
        whole = inspect.signature(_initialiser(made))
        return whole.replace(parameters=tuple(whole.parameters.values())[1:])


_SIGNATURE = _Signature()


def _dataclass(
    *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Callable[[type[_T]], type[_T]]:
    """A decorator of classes; see the module."""
    if not slots:
        raise TypeError("data classes of ours have slots")

    def decorated(cls: type[_T]) -> type[_T]:
        return _made(cls, frozen=frozen, eq=eq, order=order)

    return decorated


def _made(cls: type[_T], *, frozen: bool, eq: bool, order: bool) -> type[_T]:
    """The class with slots and the methods of a data class."""
    namespace: dict[str, Any] = dict(vars(cls))
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    found, own = _declared(cls, namespace)
    namespace |= {
        _FIELDS: found,
        "__dataclass_fields__": _STANDARD_FIELDS,
        "__signature__": _SIGNATURE,
        "__slots__": own,
        "__match_args__": tuple([f.name for f in found if f.init]),
        "__getstate__": _state,
        "__setstate__": _restored,
    }
    namespace.setdefault("__repr__", _shown)

    made = compared = hashed = 0
    steps: _Steps | None = None
    names: tuple[str, ...] | None = None

    def __init__(self: object, *values: object, **named: object) -> None:  # noqa: N807 - becomes the method of that name of a class
        nonlocal made, steps
        made += 1
        if steps is None:
            steps = _steps(struct)
        if made > _RARELY or not _filled(steps, self, values, named):
            initialised = _initialiser(struct)
            type.__setattr__(struct, "__init__", initialised)
            initialised(self, *values, **named)

    def __eq__(self: object, other: object) -> object:  # noqa: N807 - becomes the method of that name of a class
        nonlocal compared, names
        compared += 1
        names = names or _compared(struct)
        if compared > _RARELY:
            type.__setattr__(struct, "__eq__", _function(struct, equality, names))
        if other.__class__ is not self.__class__:
            return NotImplemented
        return [getattr(self, n) for n in names] == [getattr(other, n) for n in names]

    def __hash__(self: object) -> int:  # noqa: N807 - becomes the method of that name of a class
        nonlocal hashed, names
        hashed += 1
        names = names or _compared(struct)
        if hashed > _RARELY:
            type.__setattr__(struct, "__hash__", _function(struct, hashing, names))
        return hash(tuple([getattr(self, n) for n in names]))

    namespace["__init__"] = __init__
    if eq:
        if "__eq__" not in namespace:
            namespace["__eq__"] = __eq__
        if namespace.get("__hash__") is None:
            namespace["__hash__"] = __hash__ if frozen else None
    if frozen:
        namespace["__setattr__"] = _refused_setting
        namespace["__delattr__"] = _refused_deleting
    meta: Any = type(cls)
    struct: type[_T] = meta(cls.__name__, cls.__bases__, namespace)
    for name in ORDERS if order else ():
        type.__setattr__(struct, name, _order_later(struct, name))
    return struct


_Steps = tuple[tuple[str, Callable[[object, object], None], object, Callable[[], object] | None], ...]
"""Of each field its name, what stores its value, its default and what makes one."""


def _steps(cls: type) -> _Steps:
    """What is to be done for a new object; nothing where it takes a function of its own."""
    found = _fields(cls)
    if hasattr(cls, "__post_init__") or not all(f.init for f in found):
        return ()
    factories = [None if isinstance(f.default_factory, _Missing) else f.default_factory for f in found]
    puts = [getattr(cls, f.name).__set__ for f in found]
    return tuple([(f.name, p, f.default, m) for f, p, m in zip(found, puts, factories, strict=True)])


def _filled(steps: _Steps, made: object, values: tuple[object, ...], named: dict[str, object]) -> bool:
    """Give a new object its values; False where they are not those that it takes, or that takes more."""
    given, left = len(values), len(named)
    if given > len(steps) or not steps:
        return False
    for value, step in zip(values, steps, strict=False):
        step[1](made, value)
    for name, put, default, factory in steps[given:]:
        if left and name in named:
            put(made, named[name])
            left -= 1
        elif factory is not None:
            put(made, factory())
        elif default is _MISSING:
            return False
        else:
            put(made, default)
    return left == 0


def _order_later(cls: type, name: str) -> Callable[[object, object], object]:
    """A comparison of order that puts the real one into its place."""

    def ordered(self: object, other: object) -> object:
        real = _function(cls, ORDERS[name], _compared(cls))
        type.__setattr__(cls, name, real)
        return real(self, other)

    return ordered


def _declared(cls: type, namespace: dict[str, Any]) -> tuple[tuple[_Field, ...], tuple[str, ...]]:
    """The fields of a class, whose defaults leave its namespace, and the names of those that no class below it has."""
    known: dict[str, _Field] = {f.name: f for f in _fields(cls)}
    own: list[str] = []
    for name, annotation in namespace.get("__annotations__", {}).items():
        if "ClassVar" in annotation or "InitVar" in annotation:
            raise TypeError(f"{cls.__name__}.{name} is no field")
        if name not in namespace:
            one = _Field()
        elif isinstance(default := namespace.pop(name), _Field):
            one = default
        else:
            one = _Field()
            one.default = default
        one.name = name
        if name not in known:
            own.append(name)
        known[name] = one
    found = tuple(known.values())
    optional = False
    for one in found:
        if one.init and optional and one.given:
            raise TypeError(f"{cls.__name__} has a field without default behind one that has a default")
        optional = optional or (one.init and not one.given)
    return found, tuple(own)


def _compared(cls: type) -> tuple[str, ...]:
    return tuple([f.name for f in _fields(cls) if f.compare])


def _initialiser(cls: type) -> Callable[..., None]:
    """`__init__` of a class."""
    found = _fields(cls)
    taken = [f for f in found if f.init]
    names = tuple([f.name for f in taken])
    around: dict[str, Any] = _BUILTINS
    frozen: object = cls.__setattr__
    if frozen is _refused_setting or any(f.default_factory is not _MISSING for f in taken):
        around = {f"set{i}": _setter(cls, f) for i, f in enumerate(taken)}
        code = initialisation(len(taken)).replace(co_varnames=("self", *names))
    else:
        code = plain_initialisation(len(taken)).replace(co_varnames=("self", *names), co_names=names)
    made = FunctionType(code, around, "__init__")
    made.__defaults__ = tuple([f.default for f in taken if not f.given]) or None
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    own = [
        f for f in found if not f.init and (f.default is not _MISSING or f.default_factory is not _MISSING)
    ]
    if not own and not hasattr(cls, "__post_init__"):
        return made
    setters = [(_setter(cls, f), f.default) for f in own]
    after = getattr(cls, "__post_init__", None)

    def __init__(self: object, *values: object, **named: object) -> None:  # noqa: N807 - becomes the method of that name of a class
        made(self, *values, **named)
        for put, default in setters:
            put(self, default)
        if after is not None:
            after(self)

    return __init__


def _setter(cls: type, one: _Field) -> Callable[[object, object], None]:
    """What stores a field's value; of no value, the one that its factory makes."""
    put: Callable[[object, object], None] = getattr(cls, one.name).__set__
    factory = one.default_factory
    if isinstance(factory, _Missing):
        return put

    def filled(self: object, value: object) -> None:
        put(self, factory() if value is _MISSING else value)

    return filled


def _function(cls: type, coded: Callable[[int], CodeType], names: tuple[str, ...]) -> FunctionType:
    """A method of the class: the code for so many fields, with their names where it says `field0`, `field1`, ..."""
    code = coded(len(names))
    named = {f"field{i}": name for i, name in enumerate(names)}
    made = FunctionType(
        code.replace(co_names=tuple(named.get(n, n) for n in code.co_names)), _BUILTINS, code.co_name
    )
    made.__qualname__ = f"{cls.__qualname__}.{code.co_name}"
    return made


_RARELY = 32
"""So many times a method does without a function of its own."""
_BUILTINS: dict[str, object] = {}
"""What the methods see around them: nothing but what Python has built in."""


def _fields(cls: object) -> tuple[_Field, ...]:
    """The fields of a class or object, in their order."""
    found: tuple[_Field, ...] = getattr(cls, _FIELDS, ())
    return found


@recursive_repr("...")
def _shown(self: object) -> str:
    shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in _fields(self) if f.repr)
    return f"{type(self).__qualname__}({shown})"


def _refused_setting(self: object, name: str, _: object) -> None:
    raise AttributeError(f"cannot assign to field '{name}' of {type(self).__name__}")


def _refused_deleting(self: object, name: str) -> None:
    raise AttributeError(f"cannot delete field '{name}' of {type(self).__name__}")


def _state(self: object) -> list[object]:
    return [getattr(self, f.name) for f in _fields(self)]


def _restored(self: object, state: list[object]) -> None:
    for one, value in zip(_fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


def _replace(one: _T, /, **changes: object) -> _T:
    """The same object with other values in some fields."""
    for known in _fields(one):
        name = known.name
        if name not in changes:
            if known.init:
                changes[name] = getattr(one, name)
        elif not known.init:
            raise ValueError(f"field '{name}' of {type(one).__name__} is not given when an object is made")
    return type(one)(**changes)


def _asdict(one: object) -> dict[str, object]:
    """The fields of an object by name, and of all objects in them."""
    return {f.name: _without_classes(getattr(one, f.name)) for f in _fields(one)}


def _without_classes(value: object) -> object:
    if hasattr(value, _FIELDS) and not isinstance(value, type):
        return _asdict(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_without_classes, value))
    if isinstance(value, dict):
        return {_without_classes(k): _without_classes(v) for k, v in value.items()}
    return value


def _is_dataclass(one: object) -> bool:
    return hasattr(one, _FIELDS)


if TYPE_CHECKING:
    from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass, replace
else:
    MISSING = _MISSING
    asdict = _asdict
    dataclass = _dataclass
    field = _Field
    fields = _fields
    is_dataclass = _is_dataclass
    replace = _replace

__all__ = ["MISSING", "asdict", "dataclass", "field", "fields", "is_dataclass", "replace"]
