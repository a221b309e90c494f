"""How alike two names of companies or people are, and which of many names are alike at all.

Knows legal forms and places that a name is written with or without, and that words change places. Compares only names
that share something rare, so that twenty thousand take seconds. Does not know tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Final
from unicodedata import normalize

from crmsheet.intake.texts import cleaned
from crmsheet.structs import dataclass

_BRACKETS: Final = re.compile(r"[()\[\]【】〔〕<>《》\"'“”‘’]")
_PUNCTUATION: Final = re.compile(r"[^\w]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_FORMS_ZH: Final = re.compile(
    r"(?:(?:股份)?有限(?:责任)?公司|股份公司|集团公司|总公司|分公司|公司|集团|有限合伙|合伙企业|事务所|商行|经营部|"
    r"个体工商户|厂)+$"
)
_FORMS_EN: Final = frozenset(
    "co company corp corporation inc incorporated ltd limited llc llp plc gmbh ag sa sas srl bv nv pte pty kk group "  # noqa: SIM905 - one word after the other
    "holding holdings the and".split()
)
_PLACES: Final = (
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 中国 石家庄 太原 沈阳 大连 长春 哈尔滨 南京 苏州 无锡 "
    "常州 杭州 宁波 温州 合肥 福州 厦门 南昌 济南 青岛 烟台 郑州 武汉 长沙 广州 深圳 东莞 佛山 珠海 南宁 海口 成都 贵阳 "
    "昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐"
)
_PLACE: Final = re.compile(
    f"(?:{'|'.join(sorted(_PLACES.split(), key=len, reverse=True))})(?:省|市|特别行政区|自治区)?"
)
_RAREST: Final = 5
"""Pieces of a name by which others are looked for."""
_MOST_SHARING: Final = 60
"""Names that share a piece; one that more share tells nothing."""
_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name as it is compared: `core` without places and legal forms, `places` that it names."""

    core: str
    places: frozenset[str] = frozenset()

    @property
    def chinese(self) -> bool:
        return _HAN.search(self.core) is not None


@cache
def company_form(name: str) -> NameForm:
    """The form in which names of companies are compared."""
    plain = _BRACKETS.sub(" ", normalize("NFKC", cleaned(name)).casefold())
    if _HAN.search(plain):
        whole = _PUNCTUATION.sub("", plain)
        without = _FORMS_ZH.sub("", whole) or whole
        places = frozenset(m.group().rstrip("省市") for m in _PLACE.finditer(without))
        core = _PLACE.sub("", without)
        # A name that is nothing but a place and a form is its own core.
        return (
            NameForm(_FORMS_ZH.sub("", core) or core, places) if len(core) >= _SHORTEST else NameForm(without)
        )
    words = [w for w in _PUNCTUATION.split(plain) if w]
    core_words = [w for w in words if w not in _FORMS_EN] or words
    return NameForm(" ".join(sorted(core_words)))


@cache
def person_form(name: str) -> NameForm:
    """The form in which names of people are compared: words in any order, no titles."""
    plain = normalize("NFKC", cleaned(name)).casefold()
    if _HAN.search(plain):
        return NameForm(re.sub(r"(?:先生|女士|小姐|经理|总)$", "", _PUNCTUATION.sub("", plain)))
    words = [w for w in _PUNCTUATION.split(plain) if w and w not in ("mr", "mrs", "ms", "dr")]
    return NameForm(" ".join(sorted(words)))


def likeness(one: NameForm, other: NameForm) -> float:
    """0 to 1; 1 for names that differ in writing only. Names in different places are less alike."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.fuzz import token_set_ratio

    if not one.core or not other.core:
        return 0.0
    found = 1.0 if one.core == other.core else OSA.normalized_similarity(one.core, other.core)
    if found < 1 and one.chinese and other.chinese:
        shorter, longer = sorted((one.core, other.core), key=len)
        # A short name, as people say it: the beginning or the end of the long one.
        if len(shorter) >= 3 and (longer.startswith(shorter) or longer.endswith(shorter)):
            found = max(found, 0.9)
    elif found < 1 and " " in one.core and " " in other.core:
        found = max(found, 0.95 * token_set_ratio(one.core, other.core) / 100)
    apart = one.places and other.places and not one.places & other.places
    return found * (0.85 if apart else 1.0)


def alike(forms: Sequence[NameForm], least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of names at least so alike, as indexes (the smaller first) and likeness; every pair once."""
    pieces = [_pieces(f) for f in forms]
    shared = Counter(piece for own in pieces for piece in own)
    blocks: dict[str, list[int]] = {}
    for index, own in enumerate(pieces):
        useful = [p for p in own if 1 < shared[p] <= _MOST_SHARING]
        for piece in sorted(useful, key=lambda p: (shared[p], p))[:_RAREST]:
            blocks.setdefault(piece, []).append(index)
    seen: set[tuple[int, int]] = set()
    for block in _with_equals(forms, blocks):
        for pair in combinations(block, 2):
            if pair not in seen:
                seen.add(pair)
                found = likeness(forms[pair[0]], forms[pair[1]])
                if found >= least:
                    yield (*pair, found)


def _pieces(form: NameForm) -> frozenset[str]:
    """What a name may share with others: pairs of Chinese characters, triples of letters."""
    width = 2 if form.chinese else 3
    core = form.core
    return (
        frozenset(core[i : i + width] for i in range(max(1, len(core) - width + 1))) if core else frozenset()
    )


def _with_equals(forms: Sequence[NameForm], blocks: Mapping[str, Sequence[int]]) -> Iterable[Sequence[int]]:
    """The blocks, and names with the very same core: they may share common pieces only."""
    same: dict[str, list[int]] = {}
    for index, form in enumerate(forms):
        if form.core:
            same.setdefault(form.core, []).append(index)
    yield from (indexes for indexes in same.values() if 1 < len(indexes) <= _MOST_SHARING)
    yield from blocks.values()
