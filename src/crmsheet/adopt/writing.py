"""The draft as the text of a spec, with comments that say where each thing comes from.

Knows the spec's YAML and which field stands on which line, so that a problem found there leads back to it. Does not
know why a draft is as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from crmsheet.adopt.drafts import Draft, FieldDraft, ListDraft, TableDraft
from crmsheet.excel.references import column_letters
from crmsheet.messages import in_language, listed, say
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Label, Language
from crmsheet.structs import dataclass

_DEFAULT_FORMATS: Final = {FieldType.INTEGER: ("0", "#,##0"), FieldType.NUMBER: ("General",)}


@dataclass(frozen=True, slots=True)
class SpecText:
    text: str
    fields: Mapping[int, tuple[str, str]]
    """The table and field that a line (1-based) is about."""
    rules: Mapping[int, tuple[str, str]]


class _Lines:
    def __init__(self, language: Language) -> None:
        self.language = language.value
        self.lines: list[str] = []
        self.fields: dict[int, tuple[str, str]] = {}
        self.rules: dict[int, tuple[str, str]] = {}

    def add(self, text: str = "", comment: str = "") -> None:
        note = " ".join(in_language(comment, self.language).split())
        self.lines.append(f"{text}  # {note}" if note and text else f"# {note}" if note else text)

    def comment(self, text: str, indent: str = "") -> None:
        note = " ".join(in_language(text, self.language).split())
        self.lines.append(f"{indent}# {note}")


def spec_text(draft: Draft, name: str, title: str, language: Language, source: str) -> SpecText:
    """The spec of a draft."""
    out = _Lines(language)
    out.comment(
        say("Made by crmsheet adopt from {source}. Change what you like; keep the ids.", source=source)
    )
    out.comment(say("Editors complete it with:  crmsheet schema > crmsheet.schema.json"))
    out.add("crmsheet: 1")
    out.add(f"name: {_quoted(name)}")
    out.add(f"title: {_quoted(title)}")
    out.add(f"language: {language.value}")
    if draft.currency and draft.currency != "CNY":
        out.add("settings:")
        out.add(f"  currency: {draft.currency}", say("the sign most amounts had"))
    if draft.lists:
        out.add()
        out.add("lists:")
        for each in draft.lists:
            _list(out, each)
    out.add()
    out.add("tables:")
    for table in draft.tables:
        _table(out, table)
    return SpecText("\n".join(out.lines) + "\n", out.fields, out.rules)


def _list(out: _Lines, each: ListDraft) -> None:
    out.add(f"  {each.id}:", say("from {why}", why=say(each.comment)) if each.comment else "")
    out.add(f"    label: {_label(each.label)}")
    if not each.items:
        out.add('    items: ["-"]')
        return
    out.add("    items:")
    for item in each.items:
        out.add(f"      - {_quoted(item)}")


def _table(out: _Lines, table: TableDraft) -> None:
    out.add(f"  {table.id}:")
    sheets = ", ".join(table.sources) or table.sheet
    out.comment(say("{rows} rows of the sheet {sheet}", rows=table.size, sheet=sheets), "    ")
    out.add(f"    label: {_label(table.label)}")
    if table.key:
        out.add(f"    key: {table.key}")
    elif table.generated_key:
        out.add(f"    key: {_own_number(table)[0]}")
    out.add("    fields:")
    if table.generated_key:
        name, label = _own_number(table)
        out.add(
            f"      {name}: {{type: id, format: R0000, label: {_label(label)}}}",
            say("no column names every row, each once"),
        )
    for field in table.fields:
        out.add(f"      {field.id}: {{{', '.join(_attributes(field))}}}", _comment(field))
        out.fields[len(out.lines)] = (table.id, field.id)
    if table.rules:
        out.add("    rules:", say("conditional formats of the sheet"))
        for rule in table.rules:
            parts = [f"id: {rule.id}", f"when: {_quoted(rule.when)}", f"style: {rule.style}"]
            parts += [f"column: {rule.column}"] if rule.column else []
            parts.append(f"label: {_label(rule.label)}")
            out.add(f"      - {{{', '.join(parts)}}}")
            out.rules[len(out.lines)] = (table.id, rule.id)


def _own_number(table: TableDraft) -> tuple[str, Label]:
    """Id and label of the number that rows get, unlike all that the sheet has."""
    ids = {f.id for f in table.fields}
    labels = {text.casefold() for f in table.fields for text in (f.label.zh, f.label.en)}
    number = 1
    while True:
        suffix = "" if number == 1 else str(number)
        name, label = f"record_no{suffix}", Label(f"记录编号{suffix}", f"Record no.{suffix}")
        if name not in ids and not {label.zh.casefold(), label.en.casefold()} & labels:
            return name, label
        number += 1


def _comment(field: FieldDraft) -> str:
    """The column it was, and why it is what it is."""
    if field.column < 0:
        return field.comment
    column = say("column {letters}", letters=column_letters(field.column))
    return listed((column, field.comment), "; ") if field.comment else column


def _attributes(field: FieldDraft) -> list[str]:
    kind = field.kind
    if field.rollup:
        parts = [f"{key}: {_quoted(value) if key == 'where' else value}" for key, value in field.rollup]
    elif field.expr:
        parts = ["type: formula", f"expr: {_quoted(field.expr)}"]
    else:
        parts = [f"type: {kind.type.value}"]
    parts.append(f"label: {_label(field.label)}")
    computed = bool(field.expr or field.rollup)
    if field.list and not computed and field.list != field.id:
        parts.append(f"list: {field.list}")
    if field.table and not computed:
        parts.append(f"table: {field.table}")
    if field.required and not computed:
        parts.append("required: true")
    if field.unique and not computed:
        parts.append("unique: true")
    look = _format(field)
    if look:
        parts.append(f"format: {_quoted(look)}")
    if 4 <= field.width <= 80:
        parts.append(f"width: {round(field.width, 1):g}")
    return parts


def _format(field: FieldDraft) -> str:
    kind = field.kind
    if field.expr or field.rollup:
        words = {
            FieldType.PERCENT: kind.format or "percent",
            FieldType.CURRENCY: "currency",
            FieldType.DATE: kind.format or "date",
            FieldType.DATETIME: "datetime",
        }
        return words.get(kind.type, kind.format)
    if kind.type in _DEFAULT_FORMATS and kind.format in _DEFAULT_FORMATS[kind.type]:
        return ""
    if kind.type is FieldType.PERCENT and kind.format == "percent":
        return ""
    return kind.format


def _label(label: Label) -> str:
    if label.zh == label.en:
        return _quoted(label.zh)
    return f"{{zh: {_quoted(label.zh)}, en: {_quoted(label.en)}}}"


def _quoted(text: str) -> str:
    """A YAML string: plain where nothing in it can be taken for anything else, else in double quotes."""
    plain = text.replace(" ", "").replace("_", "")
    if plain.isalpha() and text[0] != " " and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


_WORDS: Final = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
