"""The starters that come with crmsheet: a spec each, and demo data for it.

Knows which there are and where their files lie. Does not know what a spec means, nor any workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Final

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say
from crmsheet.model.words import Label, Language
from crmsheet.starters.demo import SEPARATOR, Demo, DemoValue, Row, Rows
from crmsheet.starters.packs import PACKS, Pack, pack, with_packs
from crmsheet.starters.unknown import unknown
from crmsheet.structs import dataclass

__all__ = [
    "PACKS",
    "SEPARATOR",
    "Demo",
    "DemoValue",
    "Pack",
    "Row",
    "Rows",
    "Starter",
    "copied",
    "demo_rows",
    "starter",
    "starter_names",
    "starter_path",
    "starter_title",
]

SCHEMA: Final = "crmsheet.schema.json"
"""What the first line of every spec points at; copied beside it when there is one."""


@dataclass(frozen=True, slots=True)
class Starter:
    """`files` are relative to the folder of templates, the spec first, then what it includes."""

    name: str
    title: Label
    files: tuple[str, ...]
    load_demo: Callable[[], Demo]
    """Demo data are imported when they are asked for."""

    @property
    def spec_path(self) -> Path:
        return _templates() / self.files[0]

    def demo(self, language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows:
        """Table id to rows of input fields, a history that ends on `as_of`; see `demo`."""
        return self.load_demo()(language, as_of, customers, seed)


def _performance() -> Demo:
    from crmsheet.starters.performance import demo

    return demo


def _account_manager() -> Demo:
    from crmsheet.starters.account_manager import demo

    return demo


def _key_account_kpi() -> Demo:
    from crmsheet.starters.key_account_kpi import demo

    return demo


def _follow_up() -> Demo:
    from crmsheet.starters.follow_up import demo

    return demo


def _charts() -> Demo:
    from crmsheet.starters.charts import demo

    return demo


def _files(spec: str, core: str, figures: str, packs: str = "") -> tuple[str, ...]:
    """The spec, then what it includes: tables and columns, then metrics."""
    return (
        f"{spec}.yaml",
        "common/settings.yaml",
        "common/reminders.yaml",
        *(f"core/{name}.yaml" for name in core.split()),
        *(pack(name).file for name in packs.split()),
        *(f"common/metrics/{name}.yaml" for name in figures.split()),
    )


_STARTERS: Final = (
    Starter(
        "performance",
        Label("客户业绩管理表", "Customer performance"),
        _files(
            "performance",
            "customers transactions deals activities surveys targets products actions users "
            "access_reviews staff_feedback profit flag completeness",
            "sales customers profit frequency activities deals surveys actions completeness "
            "attainment growth concentration",
        ),
        _performance,
    ),
    Starter(
        "account-manager",
        Label("客户经理客户管理表", "Account manager's customers"),
        _files(
            "account-manager",
            "customers transactions activities deals surveys strategies products users demand profit flag",
            "sales customers profit frequency activities deals surveys retention",
            packs="profile_extra",
        ),
        _account_manager,
    ),
    Starter(
        "key-account-kpi",
        Label("大客户管理指标分析表", "Key-account KPIs"),
        _files(
            "key-account-kpi",
            "customers contacts transactions surveys deals activities costs market actions targets "
            "products users profit payments",
            "sales customers profit payments frequency activities deals surveys costs market actions "
            "retention lifetime conversion accounts",
            packs="contract",
        ),
        _key_account_kpi,
    ),
    Starter(
        "follow-up",
        Label("客户跟进表", "Customer follow-up"),
        _files(
            "follow-up",
            "customers activities deals transactions feedback competitors products lead_events "
            "targets users contacts demand completeness",
            "sales customers activities deals funnel feedback frequency retention attainment pool "
            "quality completeness",
        ),
        _follow_up,
    ),
    Starter(
        "charts",
        Label("大客户管理体系图表模板", "Key-account charts"),
        _files(
            "charts",
            "customers transactions activities deals feedback surveys market campaigns targets "
            "products users policy staff_feedback demand profit flag rfm",
            "sales customers profit frequency activities deals funnel feedback surveys market growth "
            "concentration",
        ),
        _charts,
    ),
)


def starter_names() -> tuple[str, ...]:
    return tuple(s.name for s in _STARTERS)


def starter(name: str) -> Starter:
    """The starter of that name. Raises UsageError, naming the nearest."""
    for found in _STARTERS:
        if found.name == name:
            return found
    raise unknown("starter", "U106", name, starter_names())


def starter_title(name: str) -> Label:
    return starter(name).title


def starter_path(name: str) -> Path:
    """The starter's spec, where it was installed."""
    return starter(name).spec_path


def demo_rows(name: str, language: Language, as_of: date, customers: int = 300, seed: int = 7) -> Rows:
    """The demo data of a starter."""
    return starter(name).demo(language, as_of, customers, seed)


def copied(name: str, folder: Path, packs: Iterable[str] = ()) -> tuple[Path, ...]:
    """Copies the starter's files into a folder, which is made if need be; returns them, the spec first.

    The copied spec includes the named packs. Writes nothing and raises UsageError when one of the files is there
    already, or a pack is unknown.
    """
    spec, *others = starter(name).files
    added = [file for file in dict.fromkeys(pack(p).file for p in packs) if file not in others]
    wanted = [spec, *others, *added, *([SCHEMA] if (_templates() / SCHEMA).is_file() else [])]
    present = [folder / file for file in wanted if (folder / file).exists()]
    if folder.exists() and not folder.is_dir():
        present = [folder]
    if present:
        raise UsageError(
            [
                Diagnostic(
                    "U102",
                    say("this file exists already"),
                    FilePlace(str(path)),
                    remedy=say("Choose another folder."),
                )
                for path in present
            ]
        )
    for file in wanted:
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (_templates() / file).read_bytes()
        if file == spec:
            content = with_packs(content.decode(), added).encode()
        with target.open("xb") as out:
            out.write(content)
    return tuple(folder / file for file in wanted)


def _templates() -> Path:
    """In an installed package inside it; in a checkout beside `src`."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parents[1] / "templates"
