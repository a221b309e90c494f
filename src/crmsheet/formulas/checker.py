"""Surface tree to tree: every name looked up, every function and type checked.

Knows what may stand where: one value, cells, or a computed array; choices compared by list ids; text that may
be empty. Does not know the spec: a `Scope` answers. All problems of an expression are found at once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, assert_never

from crmsheet.formulas import surface
from crmsheet.formulas.check_calls import CallChecks
from crmsheet.formulas.check_types import (
    ARITHMETIC,
    COMPARISONS,
    Place,
    Typed,
    known_typed,
    literal_typed,
    mentions_guard,
)
from crmsheet.formulas.functions import Type
from crmsheet.formulas.meant import name_meant
from crmsheet.formulas.parser import parse
from crmsheet.formulas.problems import Problem, ProblemCode, did_you_mean, nearest
from crmsheet.formulas.scope import Scope
from crmsheet.formulas.surface import Span, Surface
from crmsheet.formulas.tree import (
    Binary,
    Call,
    Cell,
    Column,
    Item,
    Measure,
    Missing,
    Name,
    Node,
    Number,
    Unary,
)
from crmsheet.messages import listed, say
from crmsheet.structs import dataclass

_SHOWN: Final = 8
"""Words listed when none is like the unknown one."""
_FIX_DATE: Final = say("Write dates as DATE(2025,3,9).")


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome; `node` is None when there is an error among the problems."""

    node: Node | None
    type: Type
    list: str
    """The list whose labels the expression gives, if it does."""
    maybe_empty_text: bool
    problems: tuple[Problem, ...]


def check(text: str, scope: Scope) -> Checked:
    """The meaning of an expression in its place, or what is wrong with it."""
    parsed = parse(text)
    if parsed.root is None:
        return Checked(None, Type.ANY, "", False, parsed.problems)
    checker = Checker(text, scope, parsed.root)
    typed = checker.typed(parsed.root, Place.VALUE)
    problems = tuple(sorted(checker.problems, key=lambda problem: problem.offset))
    failed = any(not problem.warning for problem in problems)
    return Checked(None if failed else typed.node, typed.type, typed.list, typed.maybe_empty_text, problems)


class Checker(CallChecks):
    """One pass over one expression."""

    def __init__(self, text: str, scope: Scope, root: Surface) -> None:
        self.text = text
        self.scope = scope
        self.problems: list[Problem] = []
        self._guarded = mentions_guard(root)

    def problem(
        self,
        code: ProblemCode,
        message: str,
        span: Span,
        remedy: str = "",
        *,
        warning: bool = False,
        allowed: tuple[str, ...] = (),
    ) -> None:
        length = max(1, span.end - span.start)
        self.problems.append(Problem(code, message, remedy, span.start, length, warning, allowed))

    def typed(self, node: Surface, place: Place) -> Typed:
        """The node in its place; after a problem something of any type."""
        match node:
            case surface.Literal():
                return literal_typed(node)
            case surface.Empty():
                return Typed(Missing(), Type.ANY)
            case surface.Field():
                return self._field(node)
            case surface.TableField():
                return self._table_field(node, place)
            case surface.Word():
                return self._word(node, place)
            case surface.Prefix():
                inner = self.typed(node.operand, place.of_operand())
                self._wants_number(inner, node.operand)
                kind = inner.type if node.op == "+" else Type.NUMBER
                return Typed(Unary(node.op, inner.node), kind, maybe_empty_text=False)
            case surface.Infix(op=":"):
                return self._span(node, place)
            case surface.Infix():
                return self._infix(node, place)
            case surface.Among():
                return self._among(node, place)
            case surface.Applied():
                return self.call(node, place)
            case _:
                assert_never(node)

    # Names

    def _field(self, node: surface.Field) -> Typed:
        table = self.scope.table
        if not table:
            self.problem(
                ProblemCode.NAME,
                say("there is no row here that [{node}] could be of", node=node.id),
                node.span,
                say("Name a whole column:  table[field]."),
            )
            return Typed(Missing(), Type.ANY)
        known = self.scope.field(table, node.id)
        if known is not None:
            return known_typed(Cell(table, node.id), known, field=node.id)
        rule = self.scope.rule(node.id)
        if rule is not None:
            return Typed(rule, Type.BOOLEAN)
        self._unknown(
            say("{table!r} has no field {node!r}", table=table, node=node.id),
            node.id,
            [*self.scope.fields(table), *self.scope.rules()],
            Span(node.span.start + 1, node.span.end - 1),
            self.scope.meant(table, node.id),
        )
        return Typed(Missing(), Type.ANY)

    def _table_field(self, node: surface.TableField, place: Place) -> Typed:
        start = node.span.start
        if node.table not in self.scope.tables():
            self._unknown(
                say("there is no table {table!r}", table=node.table),
                node.table,
                self.scope.tables(),
                Span(start, start + len(node.table)),
            )
            return Typed(Missing(), Type.ANY)
        known = self.scope.field(node.table, node.id)
        if known is None:
            self._unknown(
                say("{table!r} has no field {node!r}", table=node.table, node=node.id),
                node.id,
                self.scope.fields(node.table),
                Span(start + len(node.table) + 1, node.span.end - 1),
                self.scope.meant(node.table, node.id),
            )
            return Typed(Missing(), Type.ANY)
        if place is Place.VALUE:
            own = node.table == self.scope.table
            self.problem(
                ProblemCode.TYPE,
                say(
                    "{table}[{node}] is a whole column where one value is needed",
                    table=node.table,
                    node=node.id,
                ),
                node.span,
                say("For this row's value write:  [{node}]", node=node.id)
                if own
                else say(
                    "Pick or add up rows:  SUMIFS({table}[{node}], …), INDEX(…), COUNTIFS(…).",
                    table=node.table,
                    node=node.id,
                ),
            )
        return known_typed(Column(node.table, node.id), known)

    def _word(self, node: surface.Word, place: Place) -> Typed:
        known = self.scope.name(node.id)
        if known is not None:
            if known.several and place is Place.VALUE:
                self.problem(
                    ProblemCode.TYPE,
                    say("{node} means several cells where one value is needed", node=node.id),
                    node.span,
                )
            return known_typed(Name(node.id), known)
        metric = self.scope.metric(node.id)
        if metric is not None:
            return known_typed(Measure(node.id), metric)
        table = self.scope.table
        if table and self.scope.field(table, node.id) is not None:
            self.problem(
                ProblemCode.NAME,
                say("{node!r} is a field, not a setting", node=node.id),
                node.span,
                say("Write:  [{node}]", node=node.id),
                allowed=(f"[{node.id}]",),
            )
        else:
            self._unknown(
                say("nothing is called {node!r}", node=node.id),
                node.id,
                [*self.scope.names(), *self.scope.metrics()],
                node.span,
                name_meant(self.scope, node.id),
            )
        return Typed(Missing(), Type.ANY)

    def _unknown(self, message: str, word: str, words: Collection[str], span: Span, meant: str = "") -> None:
        close = nearest(word, words)
        there = sorted(set(words))
        shown = listed((*there[:_SHOWN], *(("…",) if len(there) > _SHOWN else ())))
        remedy = meant or did_you_mean(close) or (say("There are: {words}", words=shown) if there else "")
        self.problem(ProblemCode.NAME, message, span, remedy, allowed=close)

    # Operators

    def _span(self, node: surface.Infix, place: Place) -> Typed:
        """`INDEX(c,1):INDEX(c,5)`, or with this row's cell on one side."""
        left = self.typed(node.left, Place.CELLS)
        right = left if isinstance(left.node, Missing) else self.typed(node.right, Place.CELLS)
        for side, written in ((left, node.left), (right, node.right)):
            reference = isinstance(side.node, Cell | Column | Name) or (
                isinstance(side.node, Call) and side.node.function == "INDEX"
            )
            if not reference and not isinstance(side.node, Missing):
                self.problem(
                    ProblemCode.TYPE,
                    say("on both sides of ':' stand cells"),
                    written.span,
                    say("Write:  INDEX(table[field],1):INDEX(table[field],5)"),
                )
        if place is Place.VALUE:
            self.problem(
                ProblemCode.TYPE, say("these are several cells where one value is needed"), node.span
            )
        return Typed(Binary(":", left.node, right.node), left.type, left.list)

    def _infix(self, node: surface.Infix, place: Place) -> Typed:
        inner = place.of_operand()
        left, right = self.typed(node.left, inner), self.typed(node.right, inner)
        if node.op in COMPARISONS:
            left, right = self._chosen(right, left, node.left), self._chosen(left, right, node.right)
            self._compared(node, left, right)
            return Typed(Binary(node.op, left.node, right.node), Type.BOOLEAN)
        if node.op == "&":
            return Typed(Binary("&", left.node, right.node), Type.TEXT)
        if node.op in ARITHMETIC:
            self._wants_number(left, node.left)
            self._wants_number(right, node.right)
        kind = Type.NUMBER
        if node.op in "+-" and (left.type is Type.DATE) != (right.type is Type.DATE):
            kind = Type.DATE
        if node.op == "-" and right.type is Type.DATE and left.type is not Type.DATE:
            kind = Type.NUMBER
        return Typed(Binary(node.op, left.node, right.node), kind)

    def _among(self, node: surface.Among, place: Place) -> Typed:
        inner = place.of_operand()
        subject = self.typed(node.subject, inner)
        tests: list[Node] = []
        for option in node.options:
            wanted = self._chosen(subject, self.typed(option, inner), option)
            self._compared(
                surface.Infix("=", node.subject, option, option.span, option.span), subject, wanted
            )
            tests.append(Binary("=", subject.node, wanted.node))
        if place is Place.ARRAY and len(tests) > 1:
            total: Node = tests[0]
            for test in tests[1:]:
                total = Binary("+", total, test)
            return Typed(Binary("=" if node.negated else ">", total, Number(0)), Type.BOOLEAN)
        one = tests[0] if len(tests) == 1 else Call("OR", tuple(tests))
        return Typed(Call("NOT", (one,)) if node.negated else one, Type.BOOLEAN)

    def _wants_number(self, typed: Typed, node: Surface) -> None:
        """Arithmetic with what is certainly no number."""
        if typed.type is not Type.TEXT or not typed.named:
            return
        text = self.text[node.span.start : node.span.end]
        if isinstance(node, surface.Literal):
            if typed.number_text:
                return
            self.problem(
                ProblemCode.TYPE, say("{text} is a text where a number is needed", text=text), node.span
            )
            return
        self.problem(
            ProblemCode.TYPE,
            say("{text} holds text where a number is needed", text=text),
            node.span,
            say("If it holds digits, say so:  VALUE(") + text + ").",
            warning=not typed.list,
        )

    def _chosen(self, choice: Typed, other: Typed, written: Surface) -> Typed:
        """The other side of a comparison with a choice: a text literal means a list item by its id."""
        if not choice.list or not isinstance(written, surface.Literal) or not isinstance(written.value, str):
            return other
        if not written.value:
            return other
        item = self.item(choice.list, written.value, written.span)
        return other if item is None else Typed(item, Type.TEXT, choice.list)

    def item(self, list_id: str, word: str, span: Span) -> Item | None:
        """The item a literal names, or a problem."""
        items = self.scope.items(list_id)
        if word in items:
            return Item(list_id, word)
        by_label = tuple(item for item, labels in items.items() if word in labels)
        close = by_label or nearest(word, items)
        remedy = (
            say('Items are named by id: "{item}"', item=by_label[0])
            if by_label
            else did_you_mean(tuple(f'"{one}"' for one in close))
        )
        self.problem(
            ProblemCode.NAME,
            say("the list {list_id!r} has no item {word!r}", list_id=list_id, word=word),
            span,
            remedy or say("Items: {items}", items=listed(items)),
            allowed=close or tuple(items),
        )
        return None

    def _compared(self, node: surface.Infix, left: Typed, right: Typed) -> None:
        """Comparisons that are always the same, and those that empty text or blanks decide."""
        self._never_equal(node, left, node.left, node.right)
        self._never_equal(node, right, node.right, node.left)
        if node.op not in ("=", "<>"):
            self._empty_compared(node, left, right, node.left, node.op)
            mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}[node.op]
            self._empty_compared(node, right, left, node.right, mirrored)

    def _never_equal(self, node: surface.Infix, one: Typed, its: Surface, other: Surface) -> None:
        """A number compared with a text that is written down, or the other way round."""
        if one.type is Type.TEXT and one.named and not one.maybe_empty_text:
            self._text_and_number(node, its, other)
        if isinstance(its, surface.Literal) or one.type not in (Type.NUMBER, Type.DATE):
            return
        if isinstance(other, surface.Literal) and isinstance(other.value, str) and other.value:
            always = {"=": say("always FALSE"), "<>": say("always TRUE")}.get(
                node.op, say("the same in every row")
            )
            self.problem(
                ProblemCode.TYPE,
                say(
                    "a {type} compared with the text {other!r} is {always}",
                    type=say(one.type.value),
                    other=other.value,
                    always=always,
                ),
                other.span,
                _FIX_DATE if one.type is Type.DATE else say("Write the number without quotes."),
            )

    def _text_and_number(self, node: surface.Infix, its: Surface, other: Surface) -> None:
        if isinstance(other, surface.Literal) and type(other.value) in (int, float):
            text = self.text[its.span.start : its.span.end]
            self.problem(
                ProblemCode.TYPE,
                say("{text} holds text and is compared with a number", text=text),
                node.span,
                say("If it holds digits, say so:  VALUE(") + text + ").",
                warning=True,
            )

    def _empty_compared(self, node: surface.Infix, one: Typed, other: Typed, its: Surface, op: str) -> None:
        """`one op other` where `one` may be nothing: empty text is above every number, a blank is 0."""
        if one.field in self._guarded or other.type not in (Type.NUMBER, Type.DATE):
            return
        whole, side = (self.text[n.span.start : n.span.end] for n in (node, its))
        if one.maybe_empty_text and op in (">", ">=") and not isinstance(its, surface.Literal):
            why = say("{side} may be empty text, and empty text is above every number", side=side)
        elif one.maybe_blank and one.field and one.type is Type.DATE and op in ("<", "<="):
            why = say("{side} may be left blank, and a blank is before every date", side=side)
        else:
            return
        self.problem(
            ProblemCode.BLANK,
            why,
            node.span,
            say('Write:  AND({side}<>"", {whole})', side=side, whole=whole),
            warning=True,
        )
