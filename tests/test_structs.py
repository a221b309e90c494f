"""Our data classes mean what those of the standard library mean."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError
from typing import Any, Generic, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet import structs
from crmsheet.structs import dataclass, field, replace

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    sheet: str
    row: int
    notes: list[str] = field(default_factory=list)
    seen: int = field(default=0, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Named(Place):
    name: str = ""
    row: int = 7


@dataclass(slots=True)
class Counter:
    found: int = 0
    doubled: int = field(init=False)

    def __post_init__(self) -> None:
        self.doubled = 2 * self.found


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    name: str


@dataclass(frozen=True, slots=True)
class Nothing: ...


@dataclass(frozen=True, slots=True)
class Box(Generic[_T]):
    held: _T

    def __repr__(self) -> str:
        return "a box"

    def __hash__(self) -> int:
        return 5


def twin(fields: list[tuple[str, object]], *, module: Any, **options: bool) -> type[Any]:
    """A class with these fields, made by a module."""
    body: dict[str, object] = {"__annotations__": {name: "object" for name, _ in fields}}
    for name, default in fields:
        if default == "new list":
            body[name] = module.field(default_factory=list)
        elif default is not None:
            body[name] = module.field(default=default)
    made: type[Any] = module.dataclass(slots=True, **options)(type("Twin", (), body))
    return made


VALUES = st.one_of(st.integers(-3, 3), st.text(max_size=2), st.none(), st.just(float("nan")))


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.lists(st.sampled_from([None, 0, "new list"]), min_size=8, max_size=8),
    st.lists(VALUES, max_size=8),
    st.lists(VALUES, max_size=8),
    st.booleans(),
)
def test_made_compared_and_shown_as_by_the_standard_library(
    names: list[str], defaults: list[object], one: list[object], other: list[object], frozen: bool
) -> None:
    fields = sorted(zip(names, defaults, strict=False), key=lambda f: f[1] is not None)
    ours = twin(fields, module=structs, frozen=frozen)
    theirs = twin(fields, module=dataclasses, frozen=frozen)
    assert ours.__match_args__ == theirs.__match_args__
    assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
    made = []
    for kind in (ours, theirs):
        found: list[Any] = []
        for values in (one, other):
            try:
                found.append(kind(*values))
            except TypeError:
                found.append(TypeError)
        made.append(found)
    (a, b), (x, y) = made
    assert (a is TypeError, b is TypeError) == (x is TypeError, y is TypeError)
    if TypeError in (a, b):
        return
    assert repr(a).partition("(")[2] == repr(x).partition("(")[2]
    assert (a == b, a == a) == (x == y, x == x)  # noqa: PLR0124 - not-a-number is not itself
    assert a != x
    assert (type(a).__hash__ is None) == (type(x).__hash__ is None)
    if frozen and a == b and "new list" not in defaults:
        assert hash(a) == hash(b)
    assert structs.replace(a) == a
    assert str(structs.asdict(a)) == str(dataclasses.asdict(x))


def test_frozen_is_frozen() -> None:
    place = Place("Board", 3)
    with pytest.raises(AttributeError, match="row"):
        place.row = 4  # type: ignore[misc]
    with pytest.raises(AttributeError, match="row"):
        del place.row
    with pytest.raises(AttributeError):
        place.other = 4  # type: ignore[attr-defined]
    assert not hasattr(place, "__dict__")
    assert issubclass(FrozenInstanceError, AttributeError)


def test_defaults_are_made_anew_and_can_be_given() -> None:
    assert Place("a", 1).notes is not Place("a", 1).notes
    assert Place(row=1, sheet="a", notes=["x"]).notes == ["x"]
    with pytest.raises(TypeError, match="Place"):
        Place("a")  # type: ignore[call-arg]


def test_fields_that_do_not_count_neither_differ_nor_show() -> None:
    assert Place("a", 1, seen=3) == Place("a", 1)
    assert repr(Place("a", 1, seen=3)) == "Place(sheet='a', row=1, notes=[])"


def test_a_class_has_the_fields_of_the_one_below_it() -> None:
    assert Named("a").row == 7
    assert [f.name for f in structs.fields(Named)] == ["sheet", "row", "notes", "seen", "name"]
    assert Named("a", 1) != Place("a", 1)


def test_what_is_computed_when_an_object_is_made() -> None:
    assert Counter(3).doubled == 6
    assert replace(Counter(3), found=4).doubled == 8
    with pytest.raises(ValueError, match="doubled"):
        replace(Counter(3), doubled=1)


def test_order_and_identity_are_as_asked_for() -> None:
    assert sorted([Rank(3), Rank(1)]) == [Rank(1), Rank(3)]
    assert Rank(1) <= Rank(1) < Rank(2) > Rank(1) >= Rank(1)
    assert Thing("a") != Thing("a")
    assert len({Thing("a"), Thing("a")}) == 2
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1


def test_methods_that_a_class_writes_itself_stay() -> None:
    assert (repr(Box(1)), hash(Box(1))) == ("a box", 5)
    assert Box(1) == Box(1)


def test_objects_can_be_copied_and_matched() -> None:
    place = Place("a", 1, ["x"], 3)
    for other in (copy.copy(place), copy.deepcopy(place), pickle.loads(pickle.dumps(place))):
        assert (other, other.seen) == (place, 3)
    match place:
        case Place(sheet, row):
            assert (sheet, row) == ("a", 1)


def test_the_standard_library_knows_them() -> None:
    assert dataclasses.is_dataclass(Place)
    assert dataclasses.asdict(Named("a", 1)) == {"sheet": "a", "row": 1, "notes": [], "seen": 0, "name": ""}
    assert dataclasses.replace(Place("a", 1), row=2) == Place("a", 2)
    nested = Box((Place("a", 1), {"b": [Place("b", 2)]}))
    assert structs.asdict(nested) == dataclasses.asdict(nested)


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="without default"):
        twin([("a", 1), ("b", None)], module=structs)
    with pytest.raises(TypeError, match="slots"):
        structs.dataclass(frozen=True)(Nothing)


@pytest.mark.parametrize("frozen", [True, False])
def test_what_is_used_often_answers_as_it_did_before(frozen: bool) -> None:
    fields: list[tuple[str, object]] = [("a", None), ("b", None), ("c", "new list"), ("d", 4)]
    ours = twin(fields, module=structs, frozen=frozen)
    theirs = twin(fields, module=dataclasses, frozen=frozen)
    for number in range(3 * structs._RARELY):
        one, other = ours(1, b=number), ours(b=number, a=1, c=[])
        assert repr(one).partition("(")[2] == repr(theirs(1, b=number)).partition("(")[2]
        assert one == other
        assert one != ours(2, number)
        assert one != theirs(1, number)
        assert one.c is not ours(1, number).c


WRONG: tuple[tuple[tuple[object, ...], dict[str, object]], ...] = (
    ((1,), {}),
    ((1, 2, [], 4, 5), {}),
    ((1, 2), {"nothing": 3}),
    ((1, 2), {"a": 1}),
)


@pytest.mark.parametrize(("values", "named"), WRONG)
@pytest.mark.parametrize("before", [0, 1, 3 * structs._RARELY])
def test_what_does_not_fit_is_refused_whenever(
    values: tuple[object, ...], named: dict[str, object], before: int
) -> None:
    ours = twin([("a", None), ("b", None), ("c", "new list"), ("d", 4)], module=structs)
    for _ in range(before):
        ours(1, 2)
    with pytest.raises(TypeError, match="__init__"):
        ours(*values, **named)
    assert ours(1, 2) == ours(1, 2)


def test_a_hash_stays_the_same() -> None:
    ranks = [hash(Rank(7)) for _ in range(3 * structs._RARELY)]
    assert set(ranks) == {hash((7,))}
