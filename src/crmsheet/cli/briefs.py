"""Briefs as Markdown, as a page to print, and as JSON.

Knows the forms. Does not know what a brief tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from crmsheet.messages import say
from crmsheet.structs import asdict

if TYPE_CHECKING:
    from crmsheet.api import Brief
    from crmsheet.api.briefing import Section

_AS_OF: Final = {"zh": "截至 {date}", "en": "As of {date}"}
_MORE: Final = {"zh": "另有 {n} 条，见工作簿。", "en": "{n} more stand in the workbook."}
PAGE_STYLE: Final = """\
@page { size: A4; margin: 16mm 14mm; }
body { font: 10.5pt/1.5 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", Calibri, Arial, sans-serif;
       color: #1F2937; max-width: 180mm; margin: 0 auto; padding: 6mm; }
html:lang(en) body { font-family: Calibri, "Segoe UI", Arial, "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { color: #1F3864; font-size: 18pt; margin: 0; }
h2 { color: #1F3864; font-size: 12.5pt; border-bottom: 1.5pt solid #1F3864; margin: 7mm 0 2mm; break-after: avoid; }
p { margin: 0 0 2mm; }
.muted { color: #6B7280; font-size: 8.5pt; }
table { border-collapse: collapse; width: 100%; margin: 1mm 0 2mm; }
th { background: #1F3864; color: #fff; text-align: left; font-size: 9pt; }
th, td { padding: 1.2mm 2mm; border-bottom: .5pt solid #E5E7EB; vertical-align: top; }
thead { break-after: avoid; }
tr { break-inside: avoid; }
.figure { text-align: right; }
td.short { white-space: nowrap; }
@media print { body { padding: 0; } th { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


_FIGURE: Final = re.compile(r"[▲▼+−-]*[^\w\s]?\d{1,6}(,\d{3})*(\.\d+)?\s?(%|pp|[A-Za-z]|万元?|亿元?|天)?")
"""A number as boards show it; more digits in a row are a phone number or a code."""
_SHORT: Final = 14
"""Bytes: a Chinese character has three, and is about twice as wide as a letter."""


def markdown(brief: Brief) -> str:
    parts = [f"# {brief.title}", _as_of(brief)]
    for section in brief.sections:
        parts += _section(section, brief.language)
    return "\n\n".join(parts)


def _section(section: Section, language: str) -> list[str]:
    parts = [f"## {markdown_text(section.title)}"] if section.title else []
    parts += [markdown_text(section.said)] if section.said else []
    if section.rows:
        lines = [_row(section.heads), _row(("---",) * len(section.heads)), *map(_row, section.rows)]
        parts.append("\n".join(lines))
    parts += [_MORE[language].format(n=section.more)] if section.more else []
    return [*parts, f"*{markdown_text(section.note)}*"] if section.note else parts


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(markdown_text, cells))} |"


def markdown_text(text: str) -> str:
    """A text that stays in its line and its cell."""
    plain = " ".join(text.split())
    for mark in "\\|*_`<>[]":
        plain = plain.replace(mark, "\\" + mark)
    return plain


def page(brief: Brief) -> str:
    """One file that needs nothing else: opens in a browser, prints on A4."""
    body = [f"<h1>{escape(brief.title)}</h1>", f'<p class="muted">{escape(_as_of(brief))}</p>']
    for section in brief.sections:
        body += _part(section, brief.language)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="{brief.language}">',
            f'<head><meta charset="utf-8"><title>{escape(brief.title)}</title>',
            f"<style>\n{PAGE_STYLE}</style></head>",
            "<body>",
            *body,
            "</body></html>",
        )
    )


def _part(section: Section, language: str) -> list[str]:
    parts = [f"<h2>{escape(section.title)}</h2>"] if section.title else []
    parts += [f"<p>{escape(section.said)}</p>"] if section.said else []
    if section.rows:
        looks = [_look(column) for column in zip(*section.rows, strict=True)]
        heads = _cells(section.heads, "th", looks)
        rows = "\n".join(_cells(row, "td", looks) for row in section.rows)
        parts.append(f"<table>\n<thead>{heads}</thead>\n<tbody>\n{rows}\n</tbody></table>")
    parts += [f'<p class="muted">{_MORE[language].format(n=section.more)}</p>'] if section.more else []
    return [*parts, f'<p class="muted">{escape(section.note)}</p>'] if section.note else parts


def _cells(row: tuple[str, ...], kind: str, looks: Sequence[str]) -> str:
    cells = (f"<{kind}{look}>{escape(cell)}</{kind}>" for cell, look in zip(row, looks, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _look(column: tuple[str, ...]) -> str:
    """The class of a column's cells: figures stand at the right, what is short in one line."""
    shown = [cell for cell in column if cell not in ("", "—", "–")]
    if shown and all(map(_FIGURE.fullmatch, shown)):
        return ' class="figure short"'
    return ' class="short"' if all(len(cell.encode()) <= _SHORT for cell in column) else ""


def data(brief: Brief) -> str:
    """ASCII only, so that it survives every console and pipe."""
    found = asdict(brief) | {"as_of": brief.as_of.isoformat()}
    return json.dumps(found, ensure_ascii=True, indent=2)


def counted(brief: Brief) -> str:
    """What was written, in a few words."""
    from crmsheet.cli.render import counted as number

    return say(
        "{sections}, figures as of {day}.", sections=number(len(brief.sections), "section"), day=brief.as_of
    )


def _as_of(brief: Brief) -> str:
    return _AS_OF[brief.language].format(date=brief.as_of.isoformat())


PAGES: Final[Mapping[str, Callable[[Brief], str]]] = {"md": markdown, "html": page, "json": data}
