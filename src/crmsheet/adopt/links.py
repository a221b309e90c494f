"""What names the rows of a table, and which columns name rows of another.

Knows keys (filled, without repeats) and references (values found among another table's). Does not know formulas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from crmsheet.adopt.drafts import Draft, FieldDraft, Remark, TableDraft
from crmsheet.adopt.kinds import Kind, missing, shown
from crmsheet.excel.references import column_letters
from crmsheet.intake.texts import name_text
from crmsheet.messages import say
from crmsheet.model.spec import FieldType
from crmsheet.structs import dataclass, replace

_LONGEST_KEY: Final = 100
_FOUND: Final = 0.9
"""The share of a column's values that stand in another table, for it to refer there."""
_FULL: Final = 5
"""So many rows without a blank make a column one that must be filled."""
_NUMBERS: Final = ("order_no", "contract_no", "invoice_no", "deal_id", "customer_id", "product_code", "code")
_NAMES: Final = ("customer", "company", "name", "product", "deal", "contact", "owner", "subject")
_OWN: Final = {
    "customers": ("customer", "company", "name", "customer_id"),
    "contacts": ("name", "contact"),
    "products": ("product", "name", "product_code", "code"),
    "users": ("name", "owner"),
    "deals": ("deal", "name", "deal_id"),
    "orders": ("order_no", "code"),
    "contracts": ("contract_no", "code"),
    "leads": ("name", "company", "customer"),
    "suppliers": ("name", "company"),
}
"""What usually names a row, by table."""


@dataclass(frozen=True, slots=True)
class _Key:
    table: TableDraft
    field: FieldDraft
    values: frozenset[str]


def linked(draft: Draft) -> Draft:
    """The draft with keys, references and columns that must be filled."""
    keys = [_candidates(t) for t in draft.tables]
    remarks = list(draft.remarks)
    refers: dict[tuple[str, str], _Key] = {}
    for table in draft.tables:
        for field in table.fields:
            target = _target(table, field, keys)
            if target is not None:
                refers[table.id, field.id] = target
    wanted = Counter((key.table.id, key.field.id) for key in refers.values())
    chosen = {t.id: _chosen(t, own, wanted) for t, own in zip(draft.tables, keys, strict=True)}
    tables = tuple(_linked(t, refers, chosen, remarks) for t in draft.tables)
    used = {f.list for t in tables for f in t.fields if f.list}
    lists = tuple(x for x in draft.lists if x.id in used)
    return replace(draft, tables=tables, remarks=tuple(remarks), lists=lists)


def _texts(field: FieldDraft) -> list[str]:
    return [name_text(shown(v)) for v in field.raw if v is not None and v != "" and not missing(v)]


def _candidates(table: TableDraft) -> list[_Key]:
    """Columns whose values are there in every row, each once, and short."""
    found: list[_Key] = []
    for field in table.fields:
        if field.kind.type not in (
            FieldType.TEXT,
            FieldType.CHOICE,
            FieldType.INTEGER,
            FieldType.EMAIL,
            FieldType.PHONE,
        ):
            continue
        if field.formulas or (field.kind.type is FieldType.INTEGER and not field.id.startswith(_NUMBERS)):
            continue
        texts = _texts(field)
        if len(texts) < table.size or table.size < 1 or max(map(len, texts)) > _LONGEST_KEY:
            continue
        folded = {t.casefold() for t in texts}
        if len(folded) == len(texts):
            found.append(_Key(table, field, frozenset(texts)))
    return found


def _chosen(table: TableDraft, keys: Sequence[_Key], wanted: Counter[tuple[str, str]]) -> str:
    """The best of the candidates: what other tables refer to, what usually names such rows, the first."""
    if not keys:
        return ""
    usual = _OWN.get(table.id.rstrip("_23456789"), ())
    order = (*usual, *_NAMES, *_NUMBERS)

    def rank(key: _Key) -> tuple[int, int, int]:
        word = key.field.id.rstrip("_23456789")
        known = order.index(word) if word in order else len(order)
        odd = key.field.kind.type in (FieldType.PHONE, FieldType.EMAIL)
        return (-wanted[table.id, key.field.id], known + 100 * odd, key.field.column)

    return min(keys, key=rank).field.id


def _target(table: TableDraft, field: FieldDraft, keys: Sequence[Sequence[_Key]]) -> _Key | None:
    """The column of another table that this one's values stand in."""
    if field.formulas or field.column < 0:
        return None
    if field.kind.type not in (FieldType.TEXT, FieldType.CHOICE) or field.kind.why == "drop-down":
        return None
    texts = _texts(field)
    if len(texts) < 2:
        return None
    best: tuple[float, _Key] | None = None
    for own in keys:
        for key in own:
            if key.table.id == table.id or len(key.values) < 2:
                continue
            share = sum(t in key.values for t in texts) / len(texts)
            alike = key.field.id == field.id or key.field.header == field.header
            several = len({t for t in texts if t in key.values}) >= 2
            # A table of one row for each value of ours is no more ours than we are its.
            smaller = len(set(texts)) <= len(key.values)
            if share >= _FOUND and smaller and (several or alike):
                score = share + 0.5 * alike
                if best is None or score > best[0]:
                    best = (score, key)
    return best[1] if best is not None else None


def _linked(
    table: TableDraft,
    refers: dict[tuple[str, str], _Key],
    chosen: dict[str, str],
    remarks: list[Remark],
) -> TableDraft:
    key = chosen[table.id]
    fields: list[FieldDraft] = []
    for field in table.fields:
        target = refers.get((table.id, field.id))
        now = field
        mutual = (
            target is not None
            and field.id == key
            and refers.get((target.table.id, target.field.id)) is not None
        )
        if target is not None and chosen[target.table.id] == target.field.id and not mutual:
            missed = sum(t not in target.values for t in _texts(field))
            now = replace(
                field,
                kind=replace(field.kind, type=FieldType.REFERENCE, items=(), misfits=missed),
                list="",
                table=target.table.id,
                comment=say("found in {table}", table=target.table.id),
            )
            if missed:
                letters = column_letters(field.column)
                remarks.append(
                    Remark(
                        table.sheet,
                        f"{letters}{table.region.rows[0] + 1}:{letters}{table.region.rows[-1] + 1}",
                        say(
                            "'{header}' refers to the rows of {table}; {count} values are not there",
                            header=field.header,
                            table=target.table.id,
                            count=missed,
                        ),
                    )
                )
        if field.id == key:
            if now.kind.type in (FieldType.INTEGER, FieldType.CHOICE):
                now = replace(now, kind=Kind(FieldType.TEXT), list="")
            now = replace(now, required=True, unique=True)
        elif _always_filled(now, table.size):
            now = replace(now, required=True)
        fields.append(now)
    if key and refers.get((table.id, key)) is not None:
        # A key that refers elsewhere cannot be offered by drop-downs.
        own = next(f for f in fields if f.id == key)
        if own.kind.type is FieldType.REFERENCE:
            other = next((k.field.id for k in _candidates(table) if k.field.id != key), "")
            key = other
    if not key:
        return replace(table, fields=tuple(fields), generated_key=True)
    return replace(table, fields=tuple(fields), key=key)


def _always_filled(field: FieldDraft, size: int) -> bool:
    if size < _FULL or field.formulas or field.column < 0:
        return False
    if field.kind.type in (FieldType.BOOLEAN, FieldType.LONG_TEXT):
        return False
    return all(v is not None and v != "" and not missing(v) for v in field.raw)
