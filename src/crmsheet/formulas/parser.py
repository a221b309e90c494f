"""Text to surface tree: the grammar of expressions, which is Excel's plus `in`.

Knows precedence and where each part stands. Does not look anything up.

From loose to tight: comparisons and `in`; `&`; `+ -`; `* /`; `^`; sign; `%`; `:`. All group from the left; a
sign binds tighter than `^`, so `-2^2` is 4, as in Excel.
"""

from __future__ import annotations

import re
from typing import Final

from crmsheet.excel.values import ExcelError
from crmsheet.formulas.lexer import LexicalError, Token, TokenKind, tokens
from crmsheet.formulas.problems import Problem, ProblemCode
from crmsheet.formulas.render import PRECEDENCE
from crmsheet.formulas.surface import (
    Among,
    Applied,
    Empty,
    Field,
    Infix,
    Literal,
    Prefix,
    Span,
    Surface,
    TableField,
    Word,
)
from crmsheet.messages import say
from crmsheet.structs import dataclass

_COMPARISON: Final = 1
_UNITS: Final = {"k": 1e3, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "元": 1, "万元": 1e4}
_THOUSANDS: Final = re.compile(r"[0-9]{1,3},[0-9]{3}")
_DEEPEST: Final = 100
"""Nested parentheses and calls; Excel takes 64 levels of functions."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text and what it says; `root` is None when it could not be parsed."""

    text: str
    root: Surface | None
    problems: tuple[Problem, ...] = ()


class _GrammarError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def parse(text: str) -> Parsed:
    """The expression in a text; a leading `=` is allowed. The first problem ends the reading."""
    try:
        reader = _Reader(tokens(text))
        return Parsed(text, reader.whole())
    except (LexicalError, _GrammarError) as error:
        return Parsed(text, None, (error.problem,))


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    def whole(self) -> Surface:
        if len(self._tokens) == 1:
            raise _GrammarError(Problem(ProblemCode.SYNTAX, say("the expression is empty")))
        node = self._expression(0)
        if self._next.kind is not TokenKind.END:
            raise self._unexpected()
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _is(self, text: str, ahead: int = 0) -> bool:
        at = self._at + ahead
        token = self._tokens[at] if at < len(self._tokens) else self._tokens[-1]
        if token.kind is TokenKind.WORD:
            return token.text.lower() == text
        return token.kind is TokenKind.OPERATOR and token.text == text

    def _expression(self, loosest: int) -> Surface:
        """An expression whose operators bind at least as tightly as `loosest`."""
        self._deeper()
        left = self._signed()
        while True:
            token = self._next
            if self._is("in") or (self._is("not") and self._is("in", 1)):
                if loosest > _COMPARISON:
                    break
                left = self._among(left)
                continue
            binds = PRECEDENCE.get(token.text, 0) if token.kind is TokenKind.OPERATOR else 0
            if not binds or binds < max(loosest, 1) or token.text == ":":
                break
            self._take()
            right = self._expression(binds + 1)
            span = Span(left.span.start, right.span.end)
            left = Infix(token.text, left, right, span, Span(token.start, token.end))
        self._depth -= 1
        return left

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _GrammarError(
                Problem(ProblemCode.SYNTAX, say("the expression is nested too deeply"), "", self._next.start)
            )

    def _among(self, subject: Surface) -> Surface:
        negated = self._is("not")
        if negated:
            self._take()
        self._take()
        if not self._is("("):
            raise self._unexpected(
                say("after 'in' come the choices in parentheses"), say('Write:  in ("a", "b").')
            )
        options, end = self._arguments()
        if not options or any(isinstance(option, Empty) for option in options):
            raise _GrammarError(
                Problem(ProblemCode.SYNTAX, say("a choice of 'in' is missing"), "", subject.span.start, end)
            )
        return Among(subject, options, negated, Span(subject.span.start, end))

    def _signed(self) -> Surface:
        if self._next.kind is TokenKind.OPERATOR and self._next.text in "+-":
            token = self._take()
            self._deeper()
            operand = self._signed()
            self._depth -= 1
            return Prefix(token.text, operand, Span(token.start, operand.span.end))
        node = self._range()
        while self._is("%"):
            token = self._take()
            node = Prefix("%", node, Span(node.span.start, token.end))
        return node

    def _range(self) -> Surface:
        node = self._primary()
        while self._is(":"):
            token = self._take()
            right = self._primary()
            node = Infix(
                ":", node, right, Span(node.span.start, right.span.end), Span(token.start, token.end)
            )
        return node

    def _primary(self) -> Surface:
        token = self._take()
        span = Span(token.start, token.end)
        match token.kind:
            case TokenKind.NUMBER:
                value = float(token.text)
                return Literal(int(value) if value.is_integer() and abs(value) < 2**53 else value, span)
            case TokenKind.TEXT:
                return Literal(token.text, span)
            case TokenKind.ERROR:
                return Literal(ExcelError(token.text.upper()), span)
            case TokenKind.FIELD:
                if not token.text:
                    raise _GrammarError(
                        Problem(ProblemCode.SYNTAX, say("a field name is missing"), "", token.start, 2)
                    )
                return Field(token.text, span)
            case TokenKind.WORD:
                return self._word(token)
            case TokenKind.OPERATOR if token.text == "(":
                inner = self._expression(0)
                if not self._is(")"):
                    raise self._unclosed(token)
                self._take()
                return inner
            case _:
                self._at -= 1
                raise self._unexpected()

    def _word(self, token: Token) -> Surface:
        if self._is("("):
            arguments, end = self._arguments()
            return Applied(token.text, arguments, Span(token.start, end), Span(token.start, token.end))
        if self._next.kind is TokenKind.FIELD and self._next.start == token.end:
            column = self._take()
            if not column.text:
                raise _GrammarError(
                    Problem(ProblemCode.SYNTAX, say("a field name is missing"), "", column.start, 2)
                )
            return TableField(token.text, column.text, Span(token.start, column.end))
        if token.text.upper() in ("TRUE", "FALSE"):
            return Literal(token.text.upper() == "TRUE", Span(token.start, token.end))
        if token.text.lower() in ("and", "or", "not", "in"):
            self._at -= 1
            raise self._unexpected()
        return Word(token.text, Span(token.start, token.end))

    def _arguments(self) -> tuple[tuple[Surface, ...], int]:
        """The arguments between parentheses, and where they end."""
        opening = self._take()
        if self._is(")"):
            return (), self._take().end
        found: list[Surface] = []
        while True:
            if self._is(",") or self._is(")"):
                found.append(Empty(Span(self._next.start, self._next.start)))
            else:
                found.append(self._expression(0))
            if self._is(")"):
                return tuple(found), self._take().end
            if not self._is(","):
                if self._next.kind is TokenKind.END:
                    raise self._unclosed(opening)
                raise self._unexpected()
            self._take()

    def _written_number(self) -> _GrammarError | None:
        """A number as people write it, 1,000 or 3万, where it is cut into pieces."""
        before = self._tokens[self._at - 1] if self._at else self._next
        token = self._next
        if before.kind is not TokenKind.NUMBER or before.end != token.start:
            return None
        if token.text == "," and token.end == self._tokens[self._at + 1].start:
            after = self._tokens[self._at + 1]
            whole = _THOUSANDS.match(before.text + "," + after.text)
            written = before.text + after.text if whole else ""
        elif token.kind is TokenKind.WORD:
            after = token
            factor = _UNITS.get(token.text.lower(), 1)
            value = float(before.text) * factor
            written = f"{value:.15g}"
        else:
            return None
        if not written:
            return None
        return _GrammarError(
            Problem(
                ProblemCode.SYNTAX,
                say("numbers stand without commas between their digits, and without units"),
                say("Write:  {number}", number=written),
                before.start,
                after.end - before.start,
            )
        )

    def _unclosed(self, opening: Token) -> _GrammarError:
        if self._next.kind is not TokenKind.END:
            return self._unexpected()
        return _GrammarError(
            Problem(
                ProblemCode.SYNTAX,
                say("a parenthesis is not closed"),
                say("Add the missing )."),
                opening.start,
            )
        )

    def _unexpected(self, message: str = "", remedy: str = "") -> _GrammarError:
        token = self._next
        length = max(1, token.end - token.start)
        if message:
            return _GrammarError(Problem(ProblemCode.SYNTAX, message, remedy, token.start, length))
        if token.kind is TokenKind.END:
            return _GrammarError(
                Problem(ProblemCode.SYNTAX, say("the expression ends too early"), "", max(0, token.start - 1))
            )
        if token.kind is TokenKind.WORD and token.text.lower() in ("and", "or", "not"):
            word = token.text.upper()
            example = "NOT(a)" if word == "NOT" else f"{word}(a, b)"
            return _GrammarError(
                Problem(
                    ProblemCode.SYNTAX,
                    say("{token} is a function", token=token.text),
                    say("Write:  {example}", example=example),
                    token.start,
                    length,
                )
            )
        if number := self._written_number():
            return number
        what = {TokenKind.FIELD: f"[{token.text}]", TokenKind.TEXT: f'"{token.text}"'}.get(
            token.kind, token.text
        )
        if token.text == ")":
            return _GrammarError(Problem(ProblemCode.SYNTAX, say("')' without its '('"), "", token.start))
        return _GrammarError(
            Problem(
                ProblemCode.SYNTAX,
                say("{what} cannot stand here", what=what),
                say("An operator or a comma is missing before it.")
                if token.kind is not TokenKind.OPERATOR
                else say("A value is missing before it."),
                token.start,
                length,
            )
        )
