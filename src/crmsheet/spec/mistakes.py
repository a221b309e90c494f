"""Mistakes that authors make in YAML, recognised from the text around them.

Knows what full-width punctuation, tabs, unquoted expressions and the like look like, and how the line should
read. Does not know the spec; it is asked only when YAML (or a later check) has found something wrong.
"""

from __future__ import annotations

import re
from typing import Final

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import phrase, say
from crmsheet.spec.codes import Code
from crmsheet.spec.indents import OTHER_SPACE, not_indented, other_space, tab, too_far
from crmsheet.spec.nodes import MapNode, Node, ScalarNode, SeqNode, SourceText
from crmsheet.spec.quoting import bad_quotes, bare_colon, quoted_value

_ASCII: Final = {
    "：": ": ",
    "，": ", ",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "（": "(",
    "）": ")",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "｛": "{",
    "｝": "}",
    "；": ";",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "＋": "+",
    "－": "-",
    "×": "*",
    "÷": "/",
    "％": "%",
    "＆": "&",
    "！": "!",
    "　": " ",
    "≥": ">=",
    "≤": "<=",
    "≠": "<>",
} | {chr(0xFF10 + n): str(n) for n in range(10)}

_AFTER_COLON: Final = re.compile(r"^\s*(?:-\s+)?[^\s'\"#{\[]+:[\u00a0\u3000]")
EXPRESSION_KEYS: Final = ("when", "where", "expr", "filter", "required_when", "min", "max", "default")
_WORD = r"[^\s\"'#:：,，\[\]{}<>=&*!|%@`-][^\s\"'#:：,，\[\]{}]*"
_KEY_FULL_WIDTH = re.compile(rf"(?:^\s*(?:-\s+)?|[{{,，]\s*)({_WORD})(：)")
_COMMA_FULL_WIDTH = re.compile(rf"，(?=\s*{_WORD}[:：])")
_KEY_NO_SPACE = re.compile(rf"(?:^\s*(?:-\s+)?|[{{,]\s*)({_WORD})(:)(?=[^\s:/\\])")
_BLOCK_VALUE = re.compile(rf"^(\s*(?:-\s+)*{_WORD}:\s+)(?=[\[=\"'@`%*&!>|{{]|-\s|.*:\s|.*\s#)(.*?)\s*$")
_FLOW_EXPRESSION = re.compile(
    r"(?:\b(?:" + "|".join(EXPRESSION_KEYS) + r")\s*:\s+)(=?[^'\"\s{][^{}]*?)"
    r"(?=\s*(?:\}|,\s*[A-Za-z_]+\s*:\s|$))"
)
_OPERATOR = re.compile(r"\]\s*[-=<>+*/&^,)]|[-=<>+*/&^(,]\s*\[|\)\s*$")


def ascii_punctuation(text: str) -> str:
    """The text with full-width punctuation outside of quotes replaced by what is meant."""
    result = []
    closing = ""
    for index, c in enumerate(text):
        if closing:
            result.append(_ASCII[c] if c == closing in "”’" else c)
            closing = "" if c == closing else closing
            continue
        closing = {'"': '"', "'": "'", "“": "”", "‘": "’"}.get(c, "")
        meant = _ASCII.get(c, c)
        result.append(
            meant.rstrip() if meant[1:] == " " and text[index + 1 : index + 2].strip() == "" else meant
        )
    return "".join(result)


def explained(
    source: SourceText, at: tuple[int, int], problem: str, context: tuple[int, int] | None
) -> Diagnostic:
    """What is wrong where YAML gave up; the cause often stands on a line before.

    `context` is where the thing began that YAML was reading.
    """
    line, column = at
    nearby = _nearby(source, line, context[0] if context else None)
    for number in nearby:
        if found := not_indented(source, number):
            return found
    if "values are not allowed" in problem and (found := too_far(source, line, column)):
        return found
    for number in nearby:
        for check in (_full_width, _wide_space, _expression, _no_space, _needs_quotes):
            if found := check(source, number):
                return found
    if line < len(source.lines) and "\t" in source.lines[line][column : column + 1]:
        return tab(source, line, column)
    if context and ("or ']'" in problem or "or '}'" in problem):
        for number in dict.fromkeys((context[0], line)):
            if number < len(source.lines) and (
                found := bad_quotes(source, number) or bare_colon(source, number)
            ):
                return found
    if context and any(text in problem for text in ("end of stream", "or ']'", "or '}'")):
        line, column = context
    return Diagnostic(
        Code.SYNTAX.code, _in_words(problem), source.place(line, column), remedy=_remedy_for(problem)
    )


def _nearby(source: SourceText, line: int, context: int | None) -> list[int]:
    """The line of the error, the lines before it up to the beginning of what is being read, at most three."""
    numbers = [line] if line < len(source.lines) else []
    before = line - 1
    while before >= 0 and len(numbers) < 4:
        if source.lines[before].strip():
            numbers.append(before)
        before -= 1
    if context is not None and context not in numbers and context < len(source.lines):
        numbers.append(context)
    return [n for n in numbers if not source.lines[n].lstrip().startswith("#")]


def _wide_space(source: SourceText, line: int) -> Diagnostic | None:
    match = _AFTER_COLON.search(source.lines[line])
    return other_space(source, line, match.end() - 1) if match else None


def _full_width(source: SourceText, line: int) -> Diagnostic | None:
    text = source.lines[line]
    match = _KEY_FULL_WIDTH.search(text)
    if match is None:
        comma = _COMMA_FULL_WIDTH.search(text) if "{" in text else None
        at = comma.start() if comma else next((i for i, c in enumerate(text) if c in "［］｛｝"), None)
        if at is None:
            return None
    else:
        at = match.start(2)
    return full_width(source, line, at)


def full_width(source: SourceText, line: int, column: int) -> Diagnostic:
    """The diagnostic for full-width punctuation at a place."""
    text = source.lines[line]
    return Diagnostic(
        Code.FULL_WIDTH.code,
        say("the full-width '{text}' is not YAML punctuation", text=text[column]),
        source.place(line, column),
        remedy=say("Write: {ascii_punctuation}", ascii_punctuation=ascii_punctuation(text).strip()),
    )


def _expression(source: SourceText, line: int) -> Diagnostic | None:
    text = source.lines[line]
    match = _BLOCK_VALUE.match(text)
    if match and match[2][:1] in ("[", '"', "=") and _is_expression(match[1], match[2]):
        value = match[2]
        return _quote_it(source, line, match.start(2), match[1] + quoted_value(value))
    if "{" in text and (match := _FLOW_EXPRESSION.search(text)) and _OPERATOR.search(match[1]):
        meant = match[1].strip("“”‘’") if match[1][:1] in "“‘" else match[1]
        fixed = text[: match.start(1)] + quoted_value(ascii_punctuation(meant)) + text[match.end(1) :]
        return _quote_it(source, line, match.start(1), fixed)
    return None


def _is_expression(before: str, value: str) -> bool:
    key = before.strip().lstrip("- ").rstrip(": ")
    return bool(_OPERATOR.search(value) or (key in EXPRESSION_KEYS and re.fullmatch(r".*[\]\"].+", value)))


def _quote_it(source: SourceText, line: int, column: int, fixed: str) -> Diagnostic:
    return Diagnostic(
        Code.UNQUOTED_EXPRESSION.code,
        say("this expression needs quotes"),
        source.place(line, column),
        reason=say('YAML reads [ {{ " , and a colon before a space as its own signs.'),
        remedy=say("Write: {fixed}", fixed=fixed.strip()),
    )


def _no_space(source: SourceText, line: int) -> Diagnostic | None:
    text = source.lines[line]
    match = _KEY_NO_SPACE.search(text)
    if match is None or re.search(r"['\"]", text[: match.start(2)]):
        return None
    return no_space(source, line, match.start(2))


def no_space(source: SourceText, line: int, column: int) -> Diagnostic:
    """The diagnostic for `key:value`."""
    text = source.lines[line]
    return Diagnostic(
        Code.NO_SPACE_AFTER_COLON.code,
        say("a space is missing after the colon"),
        source.place(line, column),
        remedy=say("Write: {text}", text=(text[: column + 1] + " " + text[column + 1 :]).strip()),
    )


def _needs_quotes(source: SourceText, line: int) -> Diagnostic | None:
    match = _BLOCK_VALUE.match(source.lines[line])
    if match is None or match[2][:1] in ("'", "{", ">", "|", "["):
        return None
    value = match[2]
    if value[:1] == '"' and value.count('"') != 2 and value[-1:] != '"':
        return None
    if value[:1] in "@`%*" or value[:2] == "- " or re.search(r":\s", value):
        return Diagnostic(
            Code.SYNTAX.code,
            say("this value needs quotes"),
            source.place(line, match.start(2)),
            remedy=say("Write: {match}", match=(match[1] + quoted_value(value)).strip()),
        )
    return None


_PHRASES: Final = (
    ("mapping values are not allowed", phrase("a colon is not allowed here")),
    ("could not find expected ':'", phrase("a colon is missing after this key")),
    ("did not find expected ',' or ']'", phrase("a list in [ ] is not closed, or a comma is missing")),
    ("did not find expected ',' or '}'", phrase("a map in {{ }} is not closed, or a comma is missing")),
    ("did not find expected key", phrase("this line is indented otherwise than the lines it belongs to")),
    ("did not find expected '-' indicator", phrase("this line does not belong to the list above it")),
    ("found unexpected end of stream", phrase("a quotation mark is not closed")),
    ("found undefined alias", phrase("a value that begins with * needs quotes")),
    ("block sequence entries are not allowed", phrase("a list item is not allowed here")),
    ("block mapping entries are not allowed", phrase("a key is not allowed here")),
    ("cannot start any token", phrase("a value cannot begin with this character")),
    ("unknown escape character", phrase("\\ begins an escape in double quotes; this one is unknown")),
    ("did not find expected node content", phrase("a value is missing here")),
    ("did not find the expected", phrase("the text ends before the value does")),
)


def _in_words(problem: str) -> str:
    return next(
        (say(words) for start, words in _PHRASES if start in problem),
        say("YAML cannot be read: {problem}", problem=problem),
    )


def _remedy_for(problem: str) -> str:
    if "escape" in problem:
        return say("Use single quotes: in them \\ means itself.")
    if "or ']'" in problem or "or '}'" in problem:
        return say("Close it, and part its entries with commas.")
    if "end of stream" in problem:
        return say("Close the quotation mark; a quotation mark inside single quotes is written twice ('').")
    if "expected key" in problem or "'-' indicator" in problem:
        return say("Lines of one level begin in the same column.")
    if "values are not allowed" in problem or "cannot start" in problem:
        return say("Put the value in single quotes.")
    if "node content" in problem:
        return say("Remove a comma, or write what is missing.")
    return ""


_TEXT_KEYS: Final = frozenset(("zh", "en", "label", "help", "description", "title", "note", "text", "empty"))
"""Keys whose value may begin on a line of its own and hold a full-width colon."""


def lookalikes(root: Node) -> tuple[Diagnostic, ...]:
    """Full-width punctuation that YAML takes as text but that was surely meant as its signs."""
    found: list[Diagnostic] = []
    _look(root, found)
    return tuple(found)


def _look(node: Node, found: list[Diagnostic], *, in_map: bool = False) -> None:
    match node:
        case MapNode():
            for key, value in node.entries:
                mark = re.search("[：，｛［]", key.value)
                space = OTHER_SPACE.match(key.value)
                if space and not key.style:
                    found.append(other_space(key.span.source, key.span.line, key.span.column))
                elif mark and not key.style:
                    found.append(full_width(key.span.source, key.span.line, key.span.column + mark.start()))
                else:
                    _look(value, found, in_map=key.value not in _TEXT_KEYS)
        case SeqNode():
            for item in node.items:
                comma = re.search("，", item.value) if isinstance(item, ScalarNode) else None
                if isinstance(item, ScalarNode) and node.in_flow and not item.style and comma:
                    span = item.span
                    if span.line == span.end_line:
                        found.append(_comma(item, span.column + comma.start()))
                        continue
                _look(item, found)
        case ScalarNode():
            if not node.style:
                _look_scalar(node, found, in_map=in_map)


def _comma(item: ScalarNode, column: int) -> Diagnostic:
    source, line = item.span.source, item.span.line
    return Diagnostic(
        Code.FULL_WIDTH.code,
        say("the full-width '，' does not part the items of a list"),
        source.place(line, column),
        remedy=say(
            "Write: {ascii_punctuation}\nIf the comma belongs to the text, put the item in quotes: "
            "{quoted_value}",
            ascii_punctuation=ascii_punctuation(source.lines[line]).strip(),
            quoted_value=quoted_value(item.value),
        ),
    )


def _look_scalar(node: ScalarNode, found: list[Diagnostic], *, in_map: bool) -> None:
    source, line, column = node.span.source, node.span.line, node.span.column
    text = node.value.strip()
    if len(text) > 1 and text[0] + text[-1] in ("“”", "‘’", "““", "””"):
        fixed = source.lines[line][:column] + '"' + text[1:-1] + '"'
        rest = source.lines[line][node.span.end_column :] if line == node.span.end_line else ""
        found.append(
            Diagnostic(
                Code.FULL_WIDTH_QUOTES.code,
                say("Chinese quotation marks would become part of the value"),
                source.place(line, column),
                remedy=say(
                    "Write: {fixed}\nIf they belong to the text, put it in quotes: {quoted_value}",
                    fixed=(fixed + rest).strip(),
                    quoted_value=quoted_value(text),
                ),
            )
        )
    elif text[:1] in ("［", "｛", "【"):
        found.append(full_width(source, line, column))
    elif not (in_map and _looks_like_entry(node)):
        return
    elif match := re.match(rf"{_WORD}(：)", text):
        if not node.in_flow:
            found.append(full_width(source, line, column + match.start(1)))
    elif match := re.match(r"[a-z_]{2,}(:)(?=[^\s/\\])", text):
        found.append(no_space(source, line, column + match.start(1)))


def _looks_like_entry(node: ScalarNode) -> bool:
    """Whether a plain scalar begins its own line, as an entry of a map would."""
    before = node.span.source.lines[node.span.line][: node.span.column]
    return not before.strip()
