"""What is wrong with the rules of a sheet, and what is to be done, as data.

Knows kinds of findings and how they are told. Does not know how they are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsheet.excel.references import RangeRef
from crmsheet.messages import say
from crmsheet.plan.rules import PlacedHighlight, PlacedValidation
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.refresh.rules.coverage import Cells, text
from crmsheet.refresh.rules.looks import alike
from crmsheet.refresh.rules.meaning import FormulaMeaning, Tokens
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Ours:
    """Everything that rules of the plan, as it is and as it was, say anywhere in the workbook: what is found
    elsewhere on cells of tables was pasted there."""

    validations: frozenset[object]
    """`ValidationMeaning.outdated`."""
    highlights: Mapping[Tokens, tuple[Shape, ...]]
    """Looks by loose formula."""
    age: Aged = UNAGED
    """What an earlier crmsheet wrote."""
    asked: frozenset[str] = frozenset()
    """The prints of the rules that are wanted."""

    def outlived(self, print_: str) -> bool:
        """Whether a rule with this print was written by an earlier version and is no longer wanted so."""
        return print_ in self.age.rules and print_ not in self.asked

    def new(self, print_: str) -> bool:
        """Whether an earlier version did not write such a rule, so that nobody can have lost it."""
        return not self.age.known or (bool(self.age.rules) and print_ not in self.age.rules)

    def has(self, formula: FormulaMeaning, look: Shape) -> bool:
        """Whether a rule somewhere has this condition and this look."""
        return any(alike(look, mine) for mine in self.highlights.get(formula.loose, ()))


@dataclass(slots=True)
class Findings:
    """What is to happen to one sheet's rules, and what people are told."""

    validation_cells: dict[int, Cells] = field(default_factory=dict)
    """New cells of validations by the start of their element; none takes the validation away."""
    validations: list[tuple[PlacedValidation, Cells]] = field(default_factory=list)
    """To be added."""
    format_cells: dict[int, Cells] = field(default_factory=dict)
    highlights: list[tuple[PlacedHighlight, int]] = field(default_factory=list)
    """To be added, each before the conditional format at that place among those there (their number: last)."""
    notes: list[Note] = field(default_factory=list)
    extended: set[RangeRef] = field(default_factory=set)
    """Tables whose rules now reach further down."""
    upgraded: list[Cells] = field(default_factory=list)
    """The cells of each rule that was as an earlier version wrote it."""
    stray: list[RangeRef] = field(default_factory=list)
    """Cells of which a validation of an earlier version goes, with nothing in its place."""

    @property
    def empty(self) -> bool:
        return not (self.validation_cells or self.validations or self.format_cells or self.highlights)

    def tell(self, kind: NoteKind, sheet: str, cells: Iterable[RangeRef], about: str, what: str) -> None:
        shown = text(cells)
        self.notes.append(Note(kind, sheet, shown if len(shown) <= 60 else shown[:59] + "…", about, what))


def counted(number: int, one: str, many: str) -> str:
    """A sentence on so many cells, of two that are marked with `phrase`."""
    return say(one if number == 1 else many, count=number)
