"""What an unknown word of an expression may have meant.

Knows words for today, addresses of cells, `table.field`, and short names of functions in other programs. Does not know
labels and references: the `Scope` does.
"""

from __future__ import annotations

from typing import Final

from crmsheet.formulas.problems import did_you_mean, nearest
from crmsheet.formulas.scope import Scope
from crmsheet.messages import say
from crmsheet.patterns import regex

_TODAY: Final = frozenset(("today", "now", "current_date", "今天", "今日", "当天", "当前日期"))
_CELL: Final = regex(r"[A-Za-z]{1,3}([1-9][0-9]*)?")
_FUNCTIONS: Final = {
    "AVG": "AVERAGE",
    "MEAN": "AVERAGE",
    "LENGTH": "LEN",
    "SUBSTR": "MID",
    "SUBSTRING": "MID",
    "CONTAINS": "SEARCH",
    "DATEDIFF": "DATEDIF",
    "ISNULL": "ISBLANK",
    "IFNULL": "IFERROR",
    "COUNTDISTINCT": "SUMPRODUCT",
    "STDEVP": "STDEV.P",
}


def name_meant(scope: Scope, word: str) -> str:
    """A remedy for a bare word that names nothing, empty where nothing is known of it."""
    if word.lower() in _TODAY:
        return say("The date that everything is computed for is  as_of")
    if word in scope.tables():
        return say("'{table}' is a table; name one of its columns:  {table}[field]", table=word)
    before, dot, after = word.partition(".")
    if dot and before in scope.tables() and after in scope.fields(before):
        own = before == scope.table
        whole = f"{before}[{after}]"
        if not own:
            return say("Write:  {column}", column=whole)
        return say("For this row's value write:  [{node}]", node=after) + say(
            "; the whole column is  {column}", column=whole
        )
    if _CELL.fullmatch(word) and not nearest(word, scope.names()):
        return say("Cells have no addresses here: [field] is this row's cell.")
    return ""


def function_meant(word: str, functions: tuple[str, ...]) -> tuple[str, ...]:
    """The functions that an unknown one may be, none where only some letters are alike."""
    same = _FUNCTIONS.get(word.upper())
    return (same,) if same else nearest(word, functions, cutoff=0.75, within=False)


def function_remedy(close: tuple[str, ...]) -> str:
    """What to do about an unknown function."""
    return did_you_mean(close) or say("docs/spec.md lists the functions there are.")
