"""Packs: files that add columns to a starter, or speak an industry's words, and that a spec may include.

Knows which there are and how a spec comes to include one. Does not know what a pack means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.model.words import Label
from crmsheet.starters.unknown import unknown
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    title: Label

    @property
    def file(self) -> str:
        """Relative to the folder of templates."""
        return f"packs/{self.name}.yaml"


PACKS: Final = (
    Pack("profile_extra", Label("更多个人资料", "more about people")),
    Pack("company_cn", Label("中国企业登记与开票", "registration and invoices of Chinese companies")),
    Pack("contract", Label("合同起止与到期提醒", "contracts and when they end")),
    Pack("manufacturing", Label("制造业用语", "words of manufacturing")),
    Pack("retail", Label("零售业用语", "words of retail")),
    Pack("services", Label("服务业用语", "words of services")),
)


def pack(name: str) -> Pack:
    """The pack of that name. Raises UsageError, naming the nearest."""
    packs = {p.name: p for p in PACKS}
    if name not in packs:
        raise unknown("pack", "U112", name, tuple(packs))
    return packs[name]


def with_packs(spec: str, files: Sequence[str]) -> str:
    """The text of a starter's spec that includes these files as well, behind what it includes."""
    lines = spec.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith("include:"))
    end = next(i for i, line in enumerate(lines) if i > start and not line.startswith("  - "))
    return "".join([*lines[:end], *(f"  - {file}\n" for file in files), *lines[end:]])
