"""Which column is which field of a table.

Knows how headers differ from labels: language, width, units in brackets, required marks, words that mean the
same, slips of the pen. Never gives one field two columns. Does not know values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Final
from unicodedata import normalize

from crmsheet.intake.grids import Grid, Raw, Row, Sheet
from crmsheet.intake.synonyms import field_word
from crmsheet.intake.texts import cleaned
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.structs import dataclass

_MARKS: Final = re.compile(r"^[*•·\s]+|[*:：\s]+$|[(\[]\s*(?:必填|选填|可选|required|optional)\s*[)\]]")
_UNITS: Final = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_PUNCTUATION: Final = re.compile(r"[\W_]+")
_TRADITIONAL: Final = str.maketrans(
    "戶聯繫電話號碼編稱類別區業務負責備註訂單產數價總額時間開結創來階預計實際機會項級狀態優權採購報銷發貨單員絡動記錄內說費準點層標題網郵箱",
    "户联系电话号码编称类别区业务负责备注订单产数价总额时间开结创来阶预计实际机会项级状态优权采购报销发货单员络动记录内说费准点层标题网邮箱",
)
_LEAST: Final = 0.78
"""Fuzzy matches below this mean nothing."""
_KIN: Final = (frozenset(("phone", "mobile")), frozenset(("name", "customer", "company", "account")))
"""Meanings that stand for each other where a table has only one of them; of the second kind, for the key only."""
_AKIN: Final = 0.8
_LOOKED_AT: Final = 30
"""Header rows are looked for among so many."""


class How(StrEnum):
    """How a column was recognised, the surest first."""

    CHOSEN = "chosen"
    """Said by the caller."""
    LABEL = "label"
    ID = "id"
    ALIAS = "alias"
    ALIKE = "alike"
    """The same but for spaces, punctuation, width, units and marks."""
    SYNONYM = "synonym"
    SIMILAR = "similar"
    NONE = "none"


_SCORES: Final = {
    How.CHOSEN: 2.0,
    How.LABEL: 1.0,
    How.ID: 0.99,
    How.ALIAS: 0.98,
    How.ALIKE: 0.95,
    How.SYNONYM: 0.9,
}


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column and the field it fills; `field` is "" when it fills none."""

    column: int
    header: str
    field: str = ""
    how: How = How.NONE
    score: float = 0.0
    """1 is certain; fuzzy matches have less than 0.9."""
    computed: str = ""
    """The computed field that the header means: its cells are ours, the column is left out."""

    @property
    def sure(self) -> bool:
        """Whether nobody needs to confirm it."""
        return self.how not in (How.SIMILAR, How.NONE)


@dataclass(frozen=True, slots=True)
class _Names:
    """What may call a field, in the form of each way to recognise it."""

    field: Field
    labels: frozenset[str]
    aliases: frozenset[str]
    alike: frozenset[str]
    meanings: frozenset[str]
    kin: frozenset[str]


def matched(
    headers: Sequence[str], table: Table, chosen: Mapping[str, str] | None = None
) -> tuple[ColumnMatch, ...]:
    """Each column with its field. `chosen` says the field of some headers (an id; "" for none)."""
    names = tuple(_names(field, table.key) for field in table.fields)
    said = {header_form(header): field for header, field in (chosen or {}).items()}
    found: dict[int, ColumnMatch] = {}
    taken: set[str] = set()
    for column, header in enumerate(headers):
        wanted = said.get(header_form(header)) if header else None
        if wanted is not None and (not wanted or wanted not in taken):
            how = How.CHOSEN if wanted else How.NONE
            found[column] = ColumnMatch(column, header, wanted, how, 1.0 if wanted else 0.0)
            taken.add(wanted)
    candidates = [
        (score, -column, name.field, how)
        for column, header in enumerate(headers)
        if header and column not in found
        for name in names
        for how, score in _likeness(header, name)
    ]
    for score, minus, field, how in sorted(candidates, key=lambda c: (-c[0], -c[1])):
        column = -minus
        if column in found or field.id in taken:
            continue
        taken.add(field.id)
        if field.type.computed:
            found[column] = ColumnMatch(column, headers[column], computed=field.id)
        else:
            found[column] = ColumnMatch(column, headers[column], field.id, how, round(score, 3))
    return tuple(found.get(c, ColumnMatch(c, header)) for c, header in enumerate(headers))


def _names(field: Field, key: str) -> _Names:
    labels = {field.label.zh, field.label.en}
    words = labels | {field.id} | set(field.aliases)
    meanings = frozenset(m for word in words if (m := field_word(word) or field_word(header_form(word))))
    phones, names = _KIN
    return _Names(
        field,
        frozenset(map(_plain, labels)),
        frozenset(map(_plain, field.aliases)),
        frozenset(map(header_form, words)),
        meanings,
        phones if meanings & phones else names if field.id == key and meanings & names else frozenset(),
    )


def _plain(text: str) -> str:
    return text.strip().casefold()


def _likeness(header: str, names: _Names) -> Iterator[tuple[How, float]]:
    """The surest way in which a header means a field, if any."""
    plain, form = _plain(header), header_form(header)
    if plain in names.labels:
        yield How.LABEL, _SCORES[How.LABEL]
    elif plain == names.field.id.casefold():
        yield How.ID, _SCORES[How.ID]
    elif plain in names.aliases:
        yield How.ALIAS, _SCORES[How.ALIAS]
    elif form in names.alike and form:
        yield How.ALIKE, _SCORES[How.ALIKE]
    elif (meaning := field_word(header) or field_word(form)) and meaning in names.meanings:
        yield How.SYNONYM, _SCORES[How.SYNONYM]
    elif meaning and meaning in names.kin:
        yield How.SIMILAR, _AKIN
    elif form and not meaning:
        best = max((_similar(form, other) for other in names.alike if other), default=0.0)
        if best >= _LEAST:
            yield How.SIMILAR, best * 0.89


@cache
def header_form(text: str) -> str:
    """The form in which two headers are the same: no units, marks, spaces or punctuation; simplified characters."""
    plain = _MARKS.sub("", normalize("NFKC", cleaned(text)).casefold())
    without = _PUNCTUATION.sub("", _UNITS.sub("", plain))
    return (without or _PUNCTUATION.sub("", plain)).translate(_TRADITIONAL)


@cache
def _similar(left: str, right: str) -> float:
    """How alike two forms are, 0 to 1. Short Chinese words differ in meaning by one character: they need more."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.fuzz import token_sort_ratio

    if min(len(left), len(right)) < 3:
        return 0.0
    if not left.isascii() or not right.isascii():
        return OSA.normalized_similarity(left, right) if min(len(left), len(right)) >= 4 else 0.0
    return max(OSA.normalized_similarity(left, right), token_sort_ratio(left, right) / 100)


def grid_for(sheet: Sheet, table: Table, header_row: int = 0) -> Grid | None:
    """The sheet as a table: its header row is that which names most fields, or the one of that number.

    None when no row names a field, or there is no such row.
    """
    best: tuple[float, int] | None = None
    for index, row in enumerate(sheet.rows[:_LOOKED_AT]):
        if header_row:
            if row.number == header_row:
                best = (1.0, index)
                break
            continue
        found = [m for m in matched(header_texts(row), table) if m.field or m.computed]
        score = sum(m.score or 0.5 for m in found)
        if found and (best is None or score > best[0]):
            best = (score, index)
    return grid(sheet, best[1]) if best is not None else None


def grid(sheet: Sheet, index: int) -> Grid:
    """The sheet with its row of that index as headers."""
    row = sheet.rows[index]
    return Grid(sheet, row.number, header_texts(row), sheet.rows[index + 1 :])


def header_texts(row: Row) -> tuple[str, ...]:
    return tuple(_header(value) for value in row.values)


def _header(value: Raw) -> str:
    return " ".join(cleaned(value).split()) if isinstance(value, str) else "" if value is None else str(value)


def required_without_column(table: Table, matches: Sequence[ColumnMatch]) -> tuple[Field, ...]:
    """Fields that every row must have and that no column fills."""
    filled = {match.field for match in matches}
    return tuple(
        f
        for f in table.fields
        if f.required and not f.type.computed and f.type is not FieldType.ID and f.id not in filled
    )
