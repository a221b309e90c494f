"""The words of an expression.

Knows tokens, and the mistakes that are visible in single characters: full-width punctuation, other languages'
operators and quotes. Does not know grammar.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from crmsheet.formulas.problems import Problem, ProblemCode
from crmsheet.messages import phrase, say
from crmsheet.structs import dataclass


class TokenKind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    ERROR = "error"
    WORD = "word"
    FIELD = "field"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    """As written; of a text literal what it means, of a field its id."""
    start: int
    end: int


class LexicalError(Exception):
    """The text cannot be cut into tokens."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


_TOKEN: Final = re.compile(
    r"(?P<space>[ \t\r\n\u00a0]+)"
    r'|(?P<text>"(?:[^"]|"")*")'
    r"|(?P<error>#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!))"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<field>\[[^\[\]]*\])"
    r"|(?P<word>[^\W\d][\w.]*)"
    r"|(?P<operator><=|>=|<>|[-+*/^&=<>(),%:])",
    re.IGNORECASE,
)
_FULL_WIDTH: Final = {
    "（": "(",
    "）": ")",
    "，": ",",
    "；": ",",
    "：": ":",
    "“": '"',
    "”": '"',
    "„": '"',
    "＂": '"',
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "＋": "+",
    "－": "-",
    "—": "-",
    "–": "-",
    "−": "-",
    "＊": "*",
    "×": "*",
    "／": "/",
    "÷": "/",
    "％": "%",
    "＆": "&",
    "＾": "^",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "、": ",",
    "。": ".",
    "．": ".",
    "≥": ">=",
    "≤": "<=",
    "≠": "<>",
    "\u3000": " ",
} | {chr(0xFF10 + n): str(n) for n in range(10)}
_DATE: Final = re.compile(
    r"#?((?:19|20)[0-9]{2})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日?)(?![\w.])#?"
)
"""A day as people write it, which would be computed as 2026 less 1 less 1."""
_THIS_ROW: Final = re.compile(
    r"\[\[#[^\[\]]*\],\s*\[([^\[\]]+)\]\]|\[\[([^\[\]#]+)\]\]|\{([^\W\d][^{}\[\],;\"]*)\}"
)
"""A field of this row in the words of Excel and of templates."""
_FOREIGN: Final = (
    (re.compile(r"=="), phrase("Equality is written with one equals sign.")),
    (re.compile(r"!="), phrase("Inequality is written <>.")),
    (re.compile(r"=>|=<"), phrase("Write >= or <=.")),
    (re.compile(r"&&"), phrase("Both conditions: AND(a, b).")),
    (re.compile(r"\|\|"), phrase("Either condition: OR(a, b).")),
    (re.compile(r"\*\*"), phrase("Powers are written with ^.")),
    (re.compile(r";"), phrase("Arguments are separated by commas.")),
    (re.compile(r"[‘’'`]"), phrase("Texts stand in double quotes.")),
    (re.compile(r"[{}]"), phrase("There are no array constants; use in (…) or OR(…).")),
    (re.compile(r"[@$!]"), phrase("Cells have no addresses here: [field] is this row's cell.")),
)


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, an END last; LexicalError for what is none."""
    found: list[Token] = []
    at = len(text) - len(text.lstrip())
    if text[at : at + 1] == "=" and text[at + 1 : at + 2] != "=":
        at += 1
    while at < len(text):
        if foreign := _date(text, at) or _foreign(text, at):
            raise LexicalError(foreign)
        match = _TOKEN.match(text, at)
        if match is None:
            raise LexicalError(_unknown(text, at))
        kind, written = match.lastgroup or "", match[0]
        if kind == "text":
            found.append(Token(TokenKind.TEXT, written[1:-1].replace('""', '"'), at, match.end()))
        elif kind == "field":
            found.append(Token(TokenKind.FIELD, written[1:-1].strip(), at, match.end()))
        elif kind != "space":
            found.append(Token(TokenKind(kind), written, at, match.end()))
        at = match.end()
    found.append(Token(TokenKind.END, "", len(text), len(text)))
    return found


def corrected(text: str) -> str:
    """The text with its full-width punctuation replaced, texts and field names left alone."""
    result: list[str] = []
    closing = ""
    for character in text:
        if closing:
            if character == closing or (closing == '"' and character in "”“„＂"):
                result.append('"' if closing == '"' else closing)
                closing = ""
            elif closing == "]" and character in "】］":
                result.append("]")
                closing = ""
            else:
                result.append(character)
            continue
        plain = _FULL_WIDTH.get(character, character)
        closing = {'"': '"', "[": "]"}.get(plain, "")
        result.append(plain)
    return "".join(result)


def _date(text: str, at: int) -> Problem | None:
    match = _DATE.match(text, at) if text[at] in "#12" else None
    if match is None:
        return None
    year, month, day = match[1], match[3] or match[5], match[4] or match[6]
    return Problem(
        ProblemCode.SYNTAX,
        say("{text} is no date in an expression", text=match[0]),
        say("Write:  DATE({year},{month},{day})", year=year, month=int(month), day=int(day)),
        at,
        len(match[0]),
    )


def _foreign(text: str, at: int) -> Problem | None:
    if match := _THIS_ROW.match(text, at):
        return Problem(
            ProblemCode.SYNTAX,
            say("{match} is not part of the language", match=match[0]),
            say("This row's cell is written  [{field}]", field=(match[1] or match[2] or match[3]).strip()),
            at,
            len(match[0]),
        )
    if text[at] in '"[' or text[at].isalnum():
        return None
    for pattern, remedy in _FOREIGN:
        if match := pattern.match(text, at):
            return Problem(
                ProblemCode.SYNTAX,
                say("{match!r} is not part of the language", match=match[0]),
                say(remedy),
                at,
                len(match[0]),
            )
    return None


def _unknown(text: str, at: int) -> Problem:
    character = text[at]
    if character in _FULL_WIDTH:
        return Problem(
            ProblemCode.FULL_WIDTH,
            say(
                "full-width {character!r} where {full_width!r} is needed",
                character=character,
                full_width=_FULL_WIDTH[character],
            ),
            say("Write:  {corrected}", corrected=corrected(text)),
            at,
        )
    if character == '"':
        return Problem(
            ProblemCode.SYNTAX, say("a text is not closed"), say('Add the closing ".'), at, len(text) - at
        )
    if character == "[":
        fixed = corrected(text)
        code = ProblemCode.FULL_WIDTH if fixed != text else ProblemCode.SYNTAX
        remedy = say("Write:  {fixed}", fixed=fixed) if fixed != text else say("Add the closing ].")
        return Problem(code, say("a field name is not closed"), remedy, at, len(text) - at)
    if character == "]":
        return Problem(ProblemCode.SYNTAX, say("']' without its '['"), "", at)
    if character == "#":
        return Problem(
            ProblemCode.SYNTAX,
            say("this is no error value"),
            say("Error values are #N/A, #DIV/0! and the like."),
            at,
        )
    return Problem(ProblemCode.SYNTAX, say("{character!r} cannot stand here", character=character), "", at)
