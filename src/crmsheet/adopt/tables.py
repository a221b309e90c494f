"""From the regions of all sheets to tables in draft: names, kinds of columns, lists.

Knows sheets that hold parts of one table, and sheets that hold only the options of drop-downs. Does not know how
tables refer to each other (`links`), formulas (`formulas`) or colours (`rules`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from crmsheet.adopt.drafts import Draft, FieldDraft, ListDraft, Remark, TableDraft
from crmsheet.adopt.dropdowns import list_sources, offered_in, only_options
from crmsheet.adopt.kinds import Kind, kind_of, missing, padded, shown
from crmsheet.adopt.naming import field_id, field_label, generated_names, is_chinese, sheet_label, table_id
from crmsheet.adopt.regions import layout
from crmsheet.adopt.surface import Region, Surface
from crmsheet.adopt.telling import area, comment, tell_column, tell_region
from crmsheet.excel.references import RangeRef, a1, column_letters
from crmsheet.intake.books import Book, BookCell, BookSheet
from crmsheet.intake.synonyms import field_word, table_word
from crmsheet.intake.texts import name_form
from crmsheet.messages import say
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Label, Language
from crmsheet.structs import dataclass, replace

_CHOICES: Final = (FieldType.CHOICE, FieldType.MULTI_CHOICE)
_USUAL_ZH: Final = ("客户", "订单")
_USUAL_EN: Final = ("Customers", "Orders")


@dataclass(frozen=True, slots=True)
class _Found:
    """A region of a sheet, with the options of the drop-downs in its columns."""

    sheet: BookSheet
    surface: Surface
    region: Region
    offered: Mapping[int, tuple[str, ...]]


def drafted(book: Book) -> Draft:
    """The tables of a workbook, in the order of its sheets."""
    remarks: list[Remark] = []
    found: list[_Found] = []
    sources = list_sources(book)
    for sheet in book.sheets:
        found += _on_sheet(book, sheet, sources, remarks)
    taken: set[str] = set()
    labels = generated_names()
    tables: list[TableDraft] = []
    lists: dict[str, ListDraft] = {}
    for group in _parts(found):
        first = group[0]
        names = _names(first, found, group, Path(book.file).stem)
        name = table_id((*names, _usual(first.region.headers)), len(tables) + 1, taken)
        taken.add(name)
        fields = _fields(group, name, remarks)
        fields = tuple(_with_list(f, name, lists) for f in fields)
        label = sheet_label(names[0], name, labels)
        sheets = tuple(x.sheet.name for x in group)
        tables.append(
            TableDraft(
                name, label, first.sheet.name, first.region, fields, sources=sheets if len(sheets) > 1 else ()
            )
        )
    signs = Counter(f.kind.currency for t in tables for f in t.fields if f.kind.currency)
    currency = signs.most_common(1)[0][0] if signs else ""
    return Draft(tuple(tables), tuple(lists.values()), tuple(remarks), currency)


# Regions of sheets


def _on_sheet(
    book: Book, sheet: BookSheet, sources: Mapping[str, tuple[RangeRef, ...]], remarks: list[Remark]
) -> Iterator[_Found]:
    """The regions of a sheet; what else there is on it is told."""
    if not sheet.cells:
        if sheet.pictures:
            remarks.append(
                Remark(sheet.name, "", say("it holds pictures or charts only; boards are made anew"))
            )
        return
    found = layout(sheet)
    surface = Surface(sheet)
    options = sources.get(sheet.name.casefold(), ())
    for region in found.regions:
        if only_options(region, options):
            remarks.append(
                Remark(
                    sheet.name,
                    area(region),
                    say("options of drop-downs; they are lists now"),
                    understood=True,
                )
            )
            continue
        tell_region(sheet, region, remarks)
        offered = {c: o for c in region.columns if (o := offered_in(book, sheet, region, c, remarks))}
        yield _Found(sheet, surface, region, offered)
    if not found.regions:
        remarks.append(
            Remark(
                sheet.name, "", say("nothing on it looks like a table with a row of headers; it was left out")
            )
        )
    elif found.strays:
        remarks.append(
            Remark(
                sheet.name,
                ", ".join(a1(*p) for p in found.strays[:6]) + ("…" if len(found.strays) > 6 else ""),
                say("{count} cells that belong to no table were left out", count=len(found.strays)),
            )
        )
    if sheet.pictures and found.regions:
        remarks.append(Remark(sheet.name, "", say("charts and pictures were left out; boards are made anew")))


# Drop-downs


# Tables


def _parts(found: Sequence[_Found]) -> Iterator[tuple[_Found, ...]]:
    """Regions with the same headers on different sheets are parts of one table: a sheet for each month or person."""
    groups: dict[tuple[str, ...], list[_Found]] = {}
    for index, one in enumerate(found):
        forms = tuple(sorted(name_form(h) for h in one.region.headers if h))
        key = forms if len(forms) >= 3 else (str(index),)
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        if len(group) > 1 and len({x.sheet.name for x in group}) == len(group):
            yield tuple(group)
        else:
            for one in group:
                yield (one,)


def _names(one: _Found, found: Sequence[_Found], group: Sequence[_Found], stem: str) -> tuple[str, ...]:
    """What a table is called, the best first: its sheet; where a sheet has several, the title above it."""
    alone = sum(x.sheet is one.sheet for x in found) == 1
    title = one.region.name
    plain = re.fullmatch(r"(?:sheet|tabelle|feuil|foglio|工作表|表)\s*\d*", one.sheet.name, re.IGNORECASE)
    if len(group) > 1:
        return (f"{group[0].sheet.name}–{group[-1].sheet.name}", "rows")
    first = next(x for x in found if x.sheet is one.sheet) is one
    usual = _usual(one.region.headers) if plain and not title else ""
    if usual:
        return (usual, one.sheet.name)
    own = (
        (stem, one.sheet.name)
        if plain and sum(x.sheet is not one.sheet for x in found) == 0
        else (one.sheet.name,)
    )
    if title and (plain or not alone):
        return (title, *own)
    if not first:
        headers = [h for h in one.region.headers if h][:2]
        return (", ".join(headers) or one.sheet.name, *own)
    return (*own, title) if title and not table_word(own[0]) else own


def _usual(headers: Sequence[str]) -> str:
    """What a table with these headers usually is, as a sheet's name."""
    words = {field_word(h) for h in headers}
    names = _USUAL_ZH if is_chinese("".join(headers)) else _USUAL_EN
    if words & {"order_no", "qty"} and words & {"amount", "price", "product"}:
        return names[1]
    about = {
        "phone",
        "mobile",
        "email",
        "contact",
        "industry",
        "level",
        "region",
        "address",
        "owner",
        "status",
        "source",
    }
    if words & {"customer", "company"} and len(words & about) >= 2:
        return names[0]
    return ""


def _fields(group: Sequence[_Found], table: str, remarks: list[Remark]) -> tuple[FieldDraft, ...]:
    first = group[0]
    taken: set[str] = set()
    labels: dict[Language, set[str]] = {Language.ZH: set(), Language.EN: set()}
    fields: list[FieldDraft] = []
    chinese = is_chinese("".join(first.region.headers) + first.sheet.name + _sample(first))
    columns: list[tuple[str, int]] = [
        (
            header or (f"列 {column_letters(column)}" if chinese else f"Column {column_letters(column)}"),
            column,
        )
        for header, column in zip(first.region.headers, first.region.columns, strict=True)
    ]
    for number, (header, column) in enumerate(columns, 1):
        cells, places = _cells(group, first.region.headers[number - 1], column)
        if not first.region.headers[number - 1] and not any(c is not None for c in cells):
            continue
        name = field_id(header, number, taken)
        taken.add(name)
        offered = first.offered.get(column, ())
        kind = kind_of(header, cells, offered)
        raw = tuple(c.value if c is not None else None for c in cells)
        if kind.padded:
            raw = tuple(padded(v, kind.padded) for v in raw)
        formulas = tuple(c.formula if c is not None else "" for c in cells)
        fields.append(
            FieldDraft(
                name,
                _unlike(field_label(header, name), header, labels),
                kind,
                raw,
                column,
                header,
                formulas if any(formulas) else (),
                places,
                width=first.sheet.widths.get(column, 0.0),
                comment=comment(kind, raw),
            )
        )
        tell_column(first.sheet, column, header, kind, raw, places, f"{table}.{name}", remarks)
    if any(x.region.sections for x in group):
        texts = tuple((x.region.sections or {}).get(r, "") or None for x in group for r in x.region.rows)
        fields.append(_added("section", Label("分组", "Section"), texts, taken, labels))
    if len(group) > 1:
        names = tuple(x.sheet.name for x in group for _ in x.region.rows)
        fields.append(_added("sheet", Label("来源表", "From sheet"), names, taken, labels))
    return tuple(fields)


def _sample(one: _Found) -> str:
    """Texts of the first rows, where there are no headers to tell the language."""
    if any(one.region.headers):
        return ""
    return "".join(
        shown(cell.value)
        for row in one.region.rows[:5]
        for c in one.region.columns
        if (cell := one.surface.cells.get((row, c)))
    )


def _added(
    name: str, label: Label, values: tuple[str | None, ...], taken: set[str], labels: dict[Language, set[str]]
) -> FieldDraft:
    found = Counter(v for v in values if v)
    kind = (
        Kind(FieldType.CHOICE, items=tuple(dict.fromkeys(v for v in values if v)))
        if len(found) <= 40
        else Kind(FieldType.TEXT)
    )
    free = field_id(name, 0, taken)
    taken.add(free)
    return FieldDraft(free, _unlike(label, label.zh, labels), kind, values, -1)


def _cells(
    group: Sequence[_Found], header: str, column: int
) -> tuple[list[BookCell | None], tuple[tuple[int, int], ...]]:
    """The cells of a column through all parts of a table; the parts have the header where they have it."""
    cells: list[BookCell | None] = []
    places: list[tuple[int, int]] = []
    for one in group:
        own = column
        if one is not group[0]:
            forms = [name_form(h) for h in one.region.headers]
            own = (
                one.region.columns[forms.index(name_form(header))]
                if name_form(header) in forms and header
                else -1
            )
        for row in one.region.rows:
            cells.append(one.surface.cells.get((row, own)))
            places.append((row, own))
    return cells, tuple(places)


def _unlike(label: Label, header: str, taken: dict[Language, set[str]]) -> Label:
    """The label, made to differ from the table's others in each language."""
    found = []
    for language in (Language.ZH, Language.EN):
        text = label.text(language)
        if text.casefold() in taken[language]:
            text = header
        base, number = text, 2
        while text.casefold() in taken[language]:
            text, number = f"{base} ({number})", number + 1
        taken[language].add(text.casefold())
        found.append(text)
    return Label(*found)


def _with_list(field: FieldDraft, table: str, lists: dict[str, ListDraft]) -> FieldDraft:
    """The field with its list; fields with the same options share one."""
    if field.kind.type not in _CHOICES:
        return field
    wanted = {name_form(item) for item in field.kind.items}
    own = _items(field)
    for known in lists.values():
        held = {name_form(item) for item in known.items}
        same_source = known.comment == field.kind.why == "drop-down" and wanted == held
        if wanted and held >= wanted and (known.id == field.id or same_source):
            return replace(field, list=known.id)
    name = field.id if field.id not in lists else f"{table}_{field.id}"
    while name in lists:
        name = f"{name}_2"
    lists[name] = ListDraft(name, field.label, own, field.kind.why)
    return replace(field, list=name)


def _items(field: FieldDraft) -> tuple[str, ...]:
    """The options, and values that stand there without being offered, each once without case."""
    items: dict[str, str] = {}
    for item in field.kind.items:
        items.setdefault(name_form(item), item)
    if field.kind.type is FieldType.CHOICE:
        for value in field.raw:
            text = shown(value)
            if text and not missing(text) and len(text) <= 60 and "\n" not in text:
                items.setdefault(name_form(text), text)
    return tuple(items.values())
