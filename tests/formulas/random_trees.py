"""Random expressions over a fixed world, for the judge and for round trips.

Knows which arguments make sense for which function, so that most results are values, not errors. Does not use
what LibreOffice is known to compute otherwise (`tests/cases/excel_differs.txt`).
"""

from __future__ import annotations

from random import Random

from tests.formulas.workbench import World

from crmsheet.excel.values import ExcelError
from crmsheet.formulas.tree import (
    Binary,
    Boolean,
    Call,
    Cell,
    Column,
    ErrorValue,
    Name,
    Node,
    Number,
    Text,
    Unary,
)

WORLD = World(
    {
        "t": {
            "n": [1, 2.5, -3, 0, None, 10, 1e6, 0.1, 7, 2, None, 100],
            "m": [1, "2", None, "abc", "1e3", "", 3.5, "12%", " 4 ", -1, "7", 0],
            "x": [True, 2, False, None, "3", True, 0, 5, False, 1, True, 2.5],
            "s": ["alpha", "Beta", "", "gamma ray", "张伟", "a*b", None, "007", "x", "ALPHA", "Won", "b c"],
            "d": [45000, 45031, None, 45657, 45716, 44985, 45351, 45352, 46022, 45413, 45292, 45823],
            "b": [True, False, True, None, False, True, True, False, None, True, False, True],
            "f": [45000, 45031, 45350, 45657, 45716, 44985, 45351, 45352, 46022, 45413, 45292, 45823],
            "e": [1, ExcelError.NA, "x", ExcelError.DIV0, None, 2, 3, 4, ExcelError.VALUE, 5, 6, 7],
        },
        "a": {
            "k": [
                "alpha",
                "beta",
                "ALPHA",
                "x",
                None,
                "",
                "a*b",
                "张伟",
                "y",
                7,
                "beta",
                "x",
                "won",
                "alpha",
                1,
            ],
            "v": [10, 20, 30, None, 5, 2, 7, 8, "z", 1, 0, -4, 3.5, 100, "y"],
            "w": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
            "d": [
                *(45000, 45010, 45020, 45031, None, 45100, 45200, 45300),
                *(45400, 45500, 45600, 45657, 45700, 45800, 45823),
            ],
        },
    }
)
_ALL = ("n", "m", "s", "d")
_MONTHS = (-13, -1, 0, 1, 6)
_UNITS = ("D", "M", "Y", "YM")
_CRITERIA = ("alpha", "<>alpha", "a*", "?eta", "<>", "=", "", "x", "7", ">5", "<=7", "<>7")
_NUMBER_FORMATS = ("0", "0.00", "#,##0", "0%", "#,##0.0", "0.0%", "+0;-0;0", "000", '0"天"')
_DATE_FORMATS = ("yyyy-mm-dd", "yyyy-mm", "m/d/yyyy", "dd")
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")


def signed(number: int) -> Node:
    """A number as it is written: the minus is an operator."""
    return Unary("-", Number(-number)) if number < 0 else Number(number)


class Maker:
    """Makes trees from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def any(self, depth: int) -> Node:
        pick = self.random.random()
        if depth <= 0 or pick < 0.15:
            return self._leaf()
        if pick < 0.55:
            return self.number(depth)
        return self.text(depth) if pick < 0.97 else Cell("t", "e")

    def top(self, depth: int) -> Node:
        """Any expression, logical ones as well: LibreOffice has no logical type to use inside others."""
        return self.truth(depth) if self.random.random() < 0.3 else self.any(depth)

    def _leaf(self) -> Node:
        choice = self.random.randrange(6)
        if choice < 4:
            return Cell("t", self.random.choice(_ALL))
        if choice == 4:
            return Number(self.random.choice((0, 1, 2, 3, 10, 0.5, 45100)))
        return Text(self.random.choice(("", "a", "alpha", "2", "x*", "张伟")))

    def number(self, depth: int) -> Node:
        make, deeper = self.random, depth - 1
        if depth <= 0:
            return make.choice((Cell("t", "n"), Cell("t", "d"), Number(make.choice((1, 2, 3, 0.5)))))
        options = (
            lambda: Binary(make.choice("+-*"), self.number(deeper), self.number(deeper)),
            lambda: Binary("/", self.number(deeper), self.number(deeper)),
            lambda: Binary("+", Cell("t", make.choice("mx")), Cell("t", "n")),
            lambda: Unary(make.choice(("-", "%")), self.number(deeper)),
            lambda: Call(make.choice(("ABS", "SIGN", "INT")), (self.number(deeper),)),
            lambda: Call(
                make.choice(("ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC")),
                (self.number(deeper), signed(make.choice((-1, 0, 1, 2)))),
            ),
            lambda: Call("MOD", (Cell("t", "n"), Number(make.choice((2, 3, 7))))),
            lambda: Call("LEN", (self.text(deeper),)),
            lambda: Call("FIND", (Text(make.choice("ab")), Cell("t", "s"))),
            lambda: Call("SEARCH", (Text(make.choice(("a", "B", "p?a"))), Cell("t", "s"))),
            lambda: Call(make.choice(("YEAR", "MONTH", "DAY", "WEEKDAY")), (Cell("t", "f"),)),
            lambda: Call(make.choice(("EDATE", "EOMONTH")), (Cell("t", "f"), signed(make.choice(_MONTHS)))),
            lambda: Call("NETWORKDAYS", (Cell("t", "d"), Name("as_of"))),
            lambda: Call("DATE", (Number(2024), self._small(), self._small())),
            lambda: Call(
                make.choice(("SUM", "COUNT", "COUNTA", "MIN", "MAX", "AVERAGE", "MEDIAN")),
                (make.choice((Column("a", "v"), Column("a", "w"), Cell("t", "m"), Column("t", "n"))),),
            ),
            self._conditional,
            lambda: Call("SUMPRODUCT", (self._product(),)),
            lambda: Call("MATCH", (Binary("&", Cell("t", "s"), Text("")), Column("a", "k"), Number(0))),
            lambda: Call("MATCH", (Cell("t", "f"), Column("a", "w"), Number(1))),
            lambda: Call("INDEX", (Column("a", make.choice(("v", "w"))), Number(make.choice((1, 2, 15))))),
            lambda: Call("IF", (self.truth(deeper), self.number(deeper), self.number(deeper))),
            lambda: Call("IFERROR", (self.number(deeper), self.number(0))),
            lambda: Call("RANK", (Cell("t", "n"), Column("t", "n"))),
            lambda: Call(make.choice(("LARGE", "SMALL")), (Column("a", "w"), Number(make.choice((1, 2, 5))))),
            lambda: Call("DATEDIF", (Number(44000), Cell("t", "f"), Text(make.choice(_UNITS)))),
            lambda: Call("COUNTBLANK", (Column("t", make.choice(_ALL)),)),
        )
        return make.choice(options)()

    def _small(self) -> Node:
        return Number(self.random.choice((1, 2, 3, 12, 15, 29, 31)))

    def _criterion(self) -> Node:
        make = self.random
        return make.choice(
            (
                Text(
                    make.choice(
                        ("alpha", "<>alpha", "a*", "?eta", "<>", "=", "", "x", "7", ">5", "<=7", "<>7")
                    )
                ),
                Number(make.choice((7, 1, 5))),
                Binary("&", Text(make.choice((">", "<", ">=", "<="))), Cell("t", make.choice(("n", "d")))),
                Binary("&", Text("="), Cell("t", "n")),
            )
        )

    def _conditional(self) -> Node:
        make = self.random
        name = make.choice(("COUNTIFS", "SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS", "COUNTIF", "SUMIF"))
        first = (Column("a", make.choice("kvwd")), self._criterion())
        second = (Column("a", make.choice("kvwd")), self._criterion())
        match name:
            case "COUNTIF":
                return Call(name, first)
            case "SUMIF":
                return Call(name, (*first, Column("a", "w")))
            case "COUNTIFS":
                return Call(name, first + second)
            case _:
                return Call(name, (Column("a", make.choice("vw")), *first, *second))

    def _product(self) -> Node:
        make = self.random
        test: Node = Binary(
            make.choice(("=", ">", "<>", "<=")),
            Column("a", make.choice("kwd")),
            Cell("t", make.choice(("s", "n"))),
        )
        more = Binary("*", test, Binary(">", Column("a", "w"), Number(make.choice((2, 5)))))
        return make.choice((Binary("*", more, Column("a", "w")), Unary("-", Unary("-", test)), more))

    def text(self, depth: int) -> Node:
        make, deeper = self.random, depth - 1
        if depth <= 0:
            return make.choice((Cell("t", "s"), Text(make.choice(("a", "", "张", "x y")))))
        options = (
            lambda: Binary("&", self.any(deeper), self.any(deeper)),
            lambda: Call(make.choice(("LEFT", "RIGHT")), (self.text(deeper), self._small())),
            lambda: Call("MID", (self.text(deeper), Number(2), Number(3))),
            lambda: Call(make.choice(("TRIM", "UPPER", "LOWER", "PROPER")), (self.text(deeper),)),
            lambda: Call("SUBSTITUTE", (self.text(deeper), Text("a"), Text("_"))),
            lambda: Call("REPLACE", (self.text(deeper), Number(1), Number(1), Text("#"))),
            lambda: Call("REPT", (self.text(0), Number(2))),
            lambda: Call(
                "TEXT",
                (
                    Cell("t", "n"),
                    Text(
                        make.choice(
                            ("0", "0.00", "#,##0", "0%", "#,##0.0", "0.0%", "+0;-0;0", "000", '0"天"')
                        )
                    ),
                ),
            ),
            lambda: Call("TEXT", (Cell("t", "f"), Text(make.choice(_DATE_FORMATS)))),
            lambda: Call("IF", (self.truth(deeper), self.text(deeper), self.text(deeper))),
            lambda: Call("TEXTJOIN", (Text(","), Boolean(True), Column("t", "s"))),
            lambda: Call("CONCATENATE", (self.text(deeper), self.any(0))),
        )
        return make.choice(options)()

    def truth(self, depth: int) -> Node:
        make, deeper = self.random, depth - 1
        if depth <= 0:
            return make.choice((Cell("t", "b"), Boolean(True), Binary(">", Cell("t", "n"), Number(1))))
        options = (
            lambda: Binary(make.choice(_COMPARISONS), self.number(deeper), self.number(deeper)),
            lambda: Binary(make.choice(("=", "<>")), self.any(deeper), self.any(deeper)),
            lambda: Call(make.choice(("AND", "OR")), (self.truth(deeper), self.truth(deeper))),
            lambda: Call("NOT", (self.truth(deeper),)),
            lambda: Call(
                make.choice(("ISBLANK", "ISNUMBER", "ISTEXT", "ISERROR", "ISNA")),
                (make.choice((Cell("t", make.choice((*_ALL, "e"))), self.any(deeper))),),
            ),
            lambda: Call("EXACT", (self.text(deeper), self.text(deeper))),
            lambda: Call("ISERROR", (ErrorValue(ExcelError.NA),)),
        )
        return make.choice(options)()
