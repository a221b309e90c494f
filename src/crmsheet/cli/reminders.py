"""Reminders as text, Markdown, a page to print, and JSON, in the workbook's language.

Knows the forms. Does not know what is due.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Final

from crmsheet.cli.briefs import PAGE_STYLE, markdown_text

if TYPE_CHECKING:
    from crmsheet.api import Reminded
    from crmsheet.api.reminding import Due

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "as_of": "截至 {date}",
        "nobody": "无负责人",
        "overdue": "逾期",
        "today": "今天",
        "ahead": "之后",
        "late": "逾期 {n} 天",
        "late_one": "逾期 1 天",
        "soon": "{n} 天后",
        "soon_one": "明天",
        "nothing": "没有到期的事项。",
        "counts": "逾期 {overdue} · 今天 {today} · 之后 {ahead}",
        "due": "日期",
        "when": "期限",
        "what": "事项",
        "told": "内容",
        "where": "位置",
        "colon": "：",
    },
    "en": {
        "as_of": "As of {date}",
        "nobody": "Nobody's",
        "overdue": "Overdue",
        "today": "Today",
        "ahead": "To come",
        "late": "{n} days overdue",
        "late_one": "1 day overdue",
        "soon": "in {n} days",
        "soon_one": "tomorrow",
        "nothing": "Nothing is due.",
        "counts": "overdue {overdue} · today {today} · to come {ahead}",
        "due": "Date",
        "when": "When",
        "what": "What",
        "told": "Details",
        "where": "Where",
        "colon": ": ",
    },
}
_STYLE: Final = """\
tr.overdue td.when { color: #B42318; font-weight: 600; }
tr.today td.when { color: #B54708; font-weight: 600; }
td.day, td.when { white-space: nowrap; }
.box { display: inline-block; width: 3mm; height: 3mm; border: .6pt solid #6B7280; }
section { break-inside: auto; }
section + section { break-before: auto; }
"""


def when(due: Due, language: str) -> str:
    """How late or how soon, in words."""
    words = WORDS[language]
    if due.late == 0:
        return words["today"]
    name = "late" if due.late > 0 else "soon"
    return words[f"{name}_one"] if abs(due.late) == 1 else words[name].format(n=abs(due.late))


def owner_name(owner: str, language: str) -> str:
    return owner or WORDS[language]["nobody"]


def told(due: Due, language: str) -> str:
    """What is told of a row, in one line: the first two bare, the others with their labels."""
    colon = WORDS[language]["colon"]
    parts = [t.text if i < 2 else f"{t.label}{colon}{t.text}" for i, t in enumerate(due.told)]
    return " · ".join(parts) or due.key


def counts(found: Reminded) -> str:
    today = sum(d.late == 0 for d in found.due)
    return WORDS[found.language]["counts"].format(
        overdue=found.overdue, today=today, ahead=len(found.due) - found.overdue - today
    )


def as_of(found: Reminded) -> str:
    return WORDS[found.language]["as_of"].format(date=found.as_of.isoformat())


def text(found: Reminded) -> str:
    lines = [f"{found.title} · {as_of(found)}"]
    if not found.due:
        return "\n".join((*lines, WORDS[found.language]["nothing"]))
    for owner in found.owners:
        mine = found.of(owner)
        lines += ["", f"{owner_name(owner, found.language)}  ({counts(mine)})"]
        lines += [
            f"  {due.day.isoformat()}  {when(due, found.language)}  [{due.label}] {told(due, found.language)}"
            f"  ({due.sheet}!{due.cell})"
            for due in mine.due
        ]
    return "\n".join(lines)


def markdown(found: Reminded) -> str:
    words = WORDS[found.language]
    parts = [f"# {markdown_text(found.title)}", f"{as_of(found)} · {counts(found)}"]
    if not found.due:
        parts.append(words["nothing"])
    for owner in found.owners:
        mine = found.of(owner)
        parts.append(f"## {markdown_text(owner_name(owner, found.language))}")
        lines = []
        for due in mine.due:
            late = when(due, found.language)
            strong = f"**{late}**" if due.late >= 0 else late
            what = markdown_text(f"{due.label}{words['colon']}{told(due, found.language)}")
            lines.append(f"- [ ] {due.day.isoformat()} · {strong} · {what}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def page(found: Reminded) -> str:
    """One file that needs nothing else: opens in a browser, prints on A4, a list with boxes for each owner."""
    words = WORDS[found.language]
    body = [
        f"<h1>{escape(found.title)}</h1>",
        f'<p class="muted">{escape(as_of(found))} · {counts(found)}</p>',
    ]
    if not found.due:
        body.append(f"<p>{words['nothing']}</p>")
    heads = "".join(f"<th>{words[name]}</th>" for name in ("due", "when", "what", "told", "where"))
    for owner in found.owners:
        mine = found.of(owner)
        rows = []
        for due in mine.due:
            state = "overdue" if due.late > 0 else "today" if due.late == 0 else "ahead"
            rows.append(
                f'<tr class="{state}"><td><span class="box"></span></td><td class="day">{due.day.isoformat()}</td>'
                f'<td class="when">{escape(when(due, found.language))}</td><td class="short">{escape(due.label)}</td>'
                f"<td>{escape(told(due, found.language))}</td>"
                f'<td class="muted short">{escape(f"{due.sheet}!{due.cell}")}</td></tr>'
            )
        body += [
            "<section>",
            f'<h2>{escape(owner_name(owner, found.language))} <span class="muted">{counts(mine)}</span></h2>',
            f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>",
            *rows,
            "</tbody></table></section>",
        ]
    return "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="{found.language}">',
            f'<head><meta charset="utf-8"><title>{escape(found.title)}</title>',
            f"<style>\n{PAGE_STYLE}{_STYLE}</style></head>",
            "<body>",
            *body,
            "</body></html>",
        )
    )


def data(found: Reminded) -> str:
    """ASCII only, so that it survives every console and pipe."""
    due = [
        {
            "uid": d.uid,
            "kind": d.kind,
            "label": d.label,
            "owner": d.owner or None,
            "date": d.day.isoformat(),
            "days_late": d.late,
            "status": "overdue" if d.late > 0 else "today" if d.late == 0 else "ahead",
            "table": d.table,
            "row": d.row,
            "key": d.key,
            "told": [{"label": t.label, "text": t.text} for t in d.told],
            "sheet": d.sheet,
            "cell": d.cell,
        }
        for d in found.due
    ]
    return json.dumps(
        {
            "title": found.title,
            "language": found.language,
            "as_of": found.as_of.isoformat(),
            "overdue": found.overdue,
            "due": due,
        },
        ensure_ascii=True,
        indent=2,
    )


FORMS: Final[Mapping[str, Callable[[Reminded], str]]] = {
    "text": text,
    "md": markdown,
    "html": page,
    "json": data,
}
