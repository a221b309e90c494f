"""Whether a formula's text is one Excel reads: syntax, names, tables, sheets, function prefixes.

Knows the file form of formulas (openpyxl's tokenizer splits them; the grammar on top is written here) and,
apart from it, the narrower dialect crmsheet promises to write.
Does not compute anything, and does not know where the formula stands except for names local to a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import FORMULAE

LONGEST = 8192

_NEW = """
ACOT ACOTH AGGREGATE ANCHORARRAY ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE
BINOM.INV BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST
CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM
CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DECIMAL DROP ENCODEURL ERF.PRECISE
ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FILTERXML FLOOR.MATH FLOOR.PRECISE
FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT
GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS HSTACK HYPGEOM.DIST IFNA IFS IMAGE IMCOSH IMCOT IMCSC
IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA LET LOGNORM.DIST LOGNORM.INV
MAKEARRAY MAP MAXIFS MINIFS MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST
NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC
PERMUTATIONA PHI POISSON.DIST QUARTILE.EXC QUARTILE.INC QUERYSTRING RANDARRAY RANK.AVG RANK.EQ REDUCE
RRI SCAN SEC SECH SEQUENCE SHEET SHEETS SINGLE SKEW.P SORTBY STDEV.P STDEV.S SWITCH T.DIST T.DIST.2T
T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE
UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK WEBSERVICE WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR
Z.TEST _xlws.FILTER _xlws.SORT
"""
NEW_FUNCTIONS = frozenset(_NEW.split())
"""Functions younger than Excel 2007: in a file they carry `_xlfn.`, else Excel shows #NAME?."""

_TABLE_REF = re.compile(r"([^\[\]!:]*)\[(.*)\]", re.DOTALL)
_ITEM = re.compile(r"\[((?:[^\[\]']|'.)*)\]")
_SHEET_REF = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)", re.DOTALL)
_A1 = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}|\$?[A-Z]{1,3}|\$?[0-9]{1,7}", re.IGNORECASE)
_KEYWORDS = frozenset({"#all", "#data", "#headers", "#totals", "#this row"})

Scope: TypeAlias = str
"""`""` for the workbook, else a sheet's index as in `localSheetId`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a formula of this workbook may refer to."""

    sheets: frozenset[str]
    names: frozenset[tuple[Scope, str]]
    tables: Mapping[str, tuple[str, ...]]
    external_books: bool = False

    def has_name(self, name: str, scope: Scope) -> bool:
        """Whether a defined name is visible on a sheet (names compare without case)."""
        return ("", name.lower()) in self.names or (scope, name.lower()) in self.names


def formula_problems(text: str, known: Known, scope: Scope = "", *, dialect: bool = True) -> list[str]:
    """What is wrong with a formula as stored in a file (no leading `=`)."""
    if len(text) > LONGEST:
        return [f"formula of {len(text)} characters (at most {LONGEST})"]
    if not text.strip():
        return ["empty formula"]
    if text.startswith("="):
        return ["the stored formula begins with '='"]
    if _hidden_at_sign(text) and dialect:
        return ["'@' outside a text literal"]
    try:
        tokens = Tokenizer("=" + text).items
    except (TokenizerError, IndexError) as error:
        # The tokenizer does not know the spill operator of newer Excels, which is no damage.
        return [] if re.search(r"[0-9A-Za-z)]#", text) and not dialect else [f"not readable: {error}"]
    found = list(_grammar(tokens, dialect))
    for token in tokens:
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            prefix, function = _function_name(token.value)
            found += _function_problems(function)
            if prefix:
                found += _operand_problems(prefix, known, scope, dialect)
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            found += _operand_problems(token.value, known, scope, dialect)
        elif (
            token.type == Token.OPERAND
            and token.subtype == Token.ERROR
            and token.value == "#REF!"
            and dialect
        ):
            found.append("refers to #REF!")
    return found


def _function_name(value: str) -> tuple[str, str]:
    """The range prefix (`A1:` of `A1:INDEX(`) and the function's name."""
    depth = 0
    for place in range(len(value) - 1, -1, -1):
        depth += (value[place] == "]") - (value[place] == "[")
        if value[place] == ":" and not depth:
            return value[:place], value[place + 1 : -1].strip()
    return "", value[:-1].strip()


def _grammar(tokens: list[Token], dialect: bool) -> Iterator[str]:
    """Whether operands and operators alternate and everything that opens is closed."""
    wants_operand, spaced, opened = True, False, list[tuple[str, bool]]()
    for token in tokens:
        kind, opens = token.type, token.subtype == Token.OPEN
        if kind == Token.WSPACE:
            spaced = True
            continue
        starts = kind == Token.OPERAND or (kind in (Token.FUNC, Token.PAREN, Token.ARRAY) and opens)
        if starts and not wants_operand and not token.value.startswith(":") and (dialect or not spaced):
            yield f"no operator before {token.value!r}"
        match kind:
            case Token.OPERAND:
                wants_operand = False
            case Token.FUNC | Token.PAREN | Token.ARRAY if opens:
                opened.append((kind, True))
                wants_operand = True
            case Token.FUNC | Token.PAREN | Token.ARRAY:
                if not opened or opened.pop()[0] != kind:
                    yield f"{token.value!r} closes nothing"
                elif wants_operand and kind != Token.FUNC:
                    yield f"nothing before {token.value!r}"
                wants_operand = False
            case Token.SEP:
                if not opened:
                    yield f"{token.value!r} outside a function"
                wants_operand = True
            case Token.OP_PRE:
                if not wants_operand:
                    yield f"prefix {token.value!r} after an operand"
            case Token.OP_IN:
                if wants_operand:
                    yield f"nothing before {token.value!r}"
                wants_operand = True
            case Token.OP_POST:
                if wants_operand:
                    yield f"nothing before {token.value!r}"
        spaced = False
    if opened:
        yield "not everything that opens is closed"
    last = [token for token in tokens if token.type != Token.WSPACE][-1:]
    if last and last[0].type in (Token.OP_IN, Token.OP_PRE, Token.SEP):
        yield f"ends with {last[0].value!r}"


def _function_problems(name: str) -> Iterator[str]:
    bare = name.lstrip(":")
    upper = bare.upper()
    if upper.startswith("_XLFN."):
        plain = bare[6:]
        if plain.upper() in FORMULAE:
            yield f"{bare}: this function takes no _xlfn."
        elif plain.upper() not in {known.upper() for known in NEW_FUNCTIONS}:
            yield f"{bare}: unknown function"
        elif not bare.startswith("_xlfn."):
            yield f"{bare}: the prefix is written _xlfn."
    elif upper in NEW_FUNCTIONS or upper in ("FILTER", "SORT"):
        yield f"{bare} lacks its _xlfn. prefix"
    elif upper not in FORMULAE and not upper.startswith(("_XLL.", "_XLUDF.", "[")):
        yield f"{bare}: unknown function"


def _operand_problems(operand: str, known: Known, scope: Scope, dialect: bool) -> Iterator[str]:
    sheet_ref = _SHEET_REF.fullmatch(operand)
    if sheet_ref is not None and "[" not in operand.partition("!")[0]:
        names = sheet_ref[1].replace("''", "'") if sheet_ref[1] else sheet_ref[2]
        for name in names.split(":"):
            if name.lower() not in known.sheets:
                yield f"{operand}: there is no sheet {name!r}"
        if sheet_ref[3] == "#REF!" and dialect:
            yield f"{operand}: refers to #REF!"
        return
    if re.match(r"'?[^\[\]']*\[\d+\]", operand) and "!" in operand:
        if not known.external_books:
            yield f"{operand}: refers to another workbook, of which there is none"
        return
    table_ref = _TABLE_REF.fullmatch(operand)
    if table_ref is not None:
        yield from _table_problems(operand, table_ref[1], table_ref[2], known, dialect)
        return
    if all(_A1.fullmatch(part) for part in operand.split(":")):
        return
    name = operand.strip()
    if name.lower() in (table.lower() for table in known.tables):
        if dialect:
            yield f"{name}: a table without a column"
    elif not known.has_name(name, scope) and not name.lower().startswith("_xlpm.") and name != "#REF!":
        yield f"{name}: no such name"


def _table_problems(operand: str, table: str, body: str, known: Known, dialect: bool) -> Iterator[str]:
    if not table:
        if dialect:
            yield f"{operand}: a column without its table"
        return
    exact = {name for name in known.tables if name.lower() == table.lower()}
    if not exact:
        yield f"{operand}: there is no table {table!r}"
        return
    if dialect and table not in exact:
        yield f"{operand}: the table is written {exact.pop()!r}"
        return
    columns = known.tables[table if table in exact else exact.pop()]
    items = _ITEM.findall(body) if body.startswith("[") else [body]
    named = [re.sub(r"'(.)", r"\1", item) for item in items if item.lower() not in _KEYWORDS]
    if dialect and (not named or not body):
        yield f"{operand}: a table reference without a column"
    if dialect and body.startswith("[") and _ITEM.sub("", body).strip(",: "):
        yield f"{operand}: a column without brackets of its own"
    for name in named:
        matches = [column for column in columns if column.lower() == name.lower()]
        if name and not matches:
            yield f"{operand}: the table has no column {name!r}"
        elif name and dialect and name not in matches:
            yield f"{operand}: the column is written {matches[0]!r}"


def _hidden_at_sign(text: str) -> bool:
    """Whether an `@` stands outside literals, quoted sheet names and escapes."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    bare = re.sub(r"'@", "", bare)
    return "@" in re.sub(r"'(?:[^'\[\]]|'')*'!", "", bare)
