"""What Excel enforces when people type: one validation per input column, with prompt and error.

Knows field types, limits of messages, and that a rule may hold own-row cells, own columns and names only.
Does not know what is checked beyond that (`rowchecks`, `marks`). One validation per cell: a list wins.

Booleans are TRUE/FALSE cells; the drop-down is the literal list `TRUE,FALSE`, which Excel enters as logical
values in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.compile.forms import all_of, equal_to
from crmsheet.compile.frame import sheet_name
from crmsheet.compile.listshapes import used
from crmsheet.compile.scope import Scope, cell, fits_rule
from crmsheet.compile.shorthand import call, op
from crmsheet.compile.symbols import list_labels, list_matrix, list_parents, table_keys
from crmsheet.compile.textforms import form_condition, length_condition
from crmsheet.compile.words import say
from crmsheet.excel import limits
from crmsheet.formulas.tree import Binary, Call, Cell, Column, Name, Node, Number, Text, walk
from crmsheet.model.literals import bounds
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.model.words import Language
from crmsheet.plan.cells import ErrorStyle, Validation, ValidationKind

_TYPED: Final[Mapping[FieldType, ValidationKind]] = {
    FieldType.INTEGER: ValidationKind.WHOLE,
    FieldType.RATING: ValidationKind.WHOLE,
    FieldType.NUMBER: ValidationKind.DECIMAL,
    FieldType.CURRENCY: ValidationKind.DECIMAL,
    FieldType.PERCENT: ValidationKind.DECIMAL,
    FieldType.DATE: ValidationKind.DATE,
    FieldType.DATETIME: ValidationKind.DATE,
}
_FORMS: Final[Mapping[FieldType, str]] = {
    FieldType.DATE: "form_date",
    FieldType.DATETIME: "form_datetime",
    FieldType.NUMBER: "form_number",
    FieldType.INTEGER: "form_integer",
    FieldType.CURRENCY: "form_currency",
    FieldType.PERCENT: "form_percent",
    FieldType.BOOLEAN: "form_boolean",
    FieldType.EMAIL: "form_email",
    FieldType.PHONE: "form_phone",
    FieldType.URL: "form_url",
    FieldType.RATING: "form_integer",
}
_EXAMPLES: Final = {FieldType.DATE: "2025-03-08", FieldType.DATETIME: "2025-03-08 14:30"}
_LEAST: Final = Number(-1e15)


# Messages


def fitted(text: str, limit: int) -> str:
    """A text within Excel's limit (in UTF-16 units), cut at a word with an ellipsis if it must be."""
    if _units(text) <= limit:
        return text
    while _units(text) > limit - 1:
        text = text[:-1]
    cut = max(text.rfind(mark) for mark in " ，。；、,;.")
    if cut > len(text) * 2 // 3:
        text = text[:cut]
    return text.rstrip(" ，。；、,;.") + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def form_text(language: Language, kind: FieldType, currency: str) -> str:
    """What a value of a type looks like, in words; empty for plain text."""
    key = _FORMS.get(kind)
    if key is None:
        return ""
    return say(language, key, example=_EXAMPLES.get(kind, ""), currency=currency)


def bounds_text(language: Language, kind: FieldType, low: str, high: str) -> str:
    """Bounds, themselves given in words, as a sentence; empty without any."""
    if low and high:
        return say(language, "between", low=low, high=high)
    dated = kind in (FieldType.DATE, FieldType.DATETIME)
    if low:
        return say(language, "not_before" if dated else "at_least", low=low)
    if high:
        return say(language, "not_after" if dated else "at_most", high=high)
    return ""


def prompt_parts(title: str, *sentences: str) -> tuple[str, str]:
    """Title and text of an input prompt, within the limits."""
    text = "\n".join(s for s in sentences if s)
    return fitted(title, limits.PROMPT_TITLE), fitted(text, limits.PROMPT)


def error_parts(language: Language, label: str, allowed: str) -> tuple[str, str]:
    """Title and text of an error alert: what would be right."""
    title = fitted(say(language, "wrong_title", label=label), limits.ERROR_TITLE)
    return title, fitted(allowed, limits.ERROR_TEXT)


# Fields


def allowed_text(scope: Scope, table: Table, field: Field) -> str:
    """What a field accepts, in words, without its help."""
    language = scope.context.language
    sentences: list[str] = []
    lists = sheet_name(scope.context, "lists")
    match field.type:
        case FieldType.CHOICE if field.depends_on:
            sentences.append(scope.say("pick_child", parent=scope.label(table.field(field.depends_on))))
        case FieldType.CHOICE:
            sentences.append(scope.say("pick_list", sheet=lists))
        case FieldType.MULTI_CHOICE:
            labels = scope.lists[field.list].options
            sentences.append(scope.say("pick_many", options=scope.say("list_join").join(labels)))
        case FieldType.REFERENCE:
            sentences.append(scope.say("pick_table", sheet=scope.table_label(field.table)))
        case _:
            sentences.append(form_text(language, field.type, scope.context.model.currency))
    low, high = ("" if b is None else scope.limit(field.type, b, table) for b in bounds(field))
    sentences.append(bounds_text(language, field.type, low, high))
    if field.max_length is not None:
        sentences.append(scope.say("form_text", limit=field.max_length))
    if field.unique:
        sentences.append(scope.say("unique"))
    return ("" if language is Language.ZH else " ").join(s for s in sentences if s)


def field_validation(scope: Scope, table: Table, field: Field) -> Validation:
    """The rule, the prompt and the alert of an input column."""
    allowed = allowed_text(scope, table, field)
    required = ""
    if field.required:
        required = scope.say("required")
    elif field.required_when is not None:
        required = scope.say("required_sometimes")
    about = scope.context.text(field.help) if field.help else ""
    prompt_title, prompt = prompt_parts(scope.label(field), required, about, allowed)
    error_title, error = error_parts(scope.context.language, scope.label(field), allowed)
    kind, formula, maximum = _rule(scope, table, field)
    soft = field.type in (FieldType.PHONE, FieldType.URL) and not field.unique
    return Validation(
        kind,
        formula,
        maximum,
        prompt_title=prompt_title,
        prompt=prompt,
        error_title=error_title,
        error=error,
        error_style=ErrorStyle.WARNING if soft else ErrorStyle.STOP,
    )


def computed_validation(scope: Scope, field: Field, *, fixed: bool = False) -> Validation:
    """Says that a column computes itself, and what it means."""
    about = scope.context.text(field.help) if field.help else ""
    state = scope.fixed_text() if fixed else scope.say("computed")
    title, prompt = prompt_parts(scope.label(field), state, about)
    return Validation(ValidationKind.ANY, prompt_title=title, prompt=prompt)


def assigned_validation(scope: Scope, field: Field) -> Validation:
    title, prompt = prompt_parts(scope.label(field), scope.say("assigned"))
    return Validation(ValidationKind.ANY, prompt_title=title, prompt=prompt)


_Rule = tuple[ValidationKind, Node | None, Node | None]


def _rule(scope: Scope, table: Table, field: Field) -> _Rule:
    match field.type:
        case FieldType.CHOICE:
            return ValidationKind.LIST, _choices(scope, table, field), None
        case FieldType.REFERENCE:
            return ValidationKind.LIST, Name(table_keys(field.table)), None
        case FieldType.BOOLEAN:
            return ValidationKind.LIST, Text("TRUE,FALSE"), None
        case FieldType.MULTI_CHOICE:
            return ValidationKind.ANY, None, None
        case _ if field.type in _TYPED:
            return _bounded(table, field)
        case _:
            return _text_rule(scope, table, field)


def _choices(scope: Scope, table: Table, field: Field) -> Node:
    """The list's name; of a dependent list, the used part of the parent's column in its matrix."""
    if not field.depends_on:
        return Name(list_labels(field.list))
    matrix, heads = Name(list_matrix(field.list)), Name(list_parents(field.list))
    column = call("MATCH", cell(table, field.depends_on), heads, 0)
    upto = used(call("INDEX", matrix, 0, column), scope.lists[field.list].gaps)
    return Binary(":", call("INDEX", matrix, 1, column), call("INDEX", matrix, upto, column))


def _bounded(table: Table, field: Field) -> _Rule:
    kind = _TYPED[field.type]
    low, high = (bound if bound is not None and fits_rule(bound, table) else None for bound in bounds(field))
    if field.unique:
        conditions = [call("ISNUMBER", cell(table, field)), _alone(table, field, escape=False)]
        if low is not None:
            conditions.append(op(cell(table, field), ">=", low))
        if high is not None:
            conditions.append(op(cell(table, field), "<=", high))
        return ValidationKind.CUSTOM, all_of(conditions), None
    if low is None and high is None:
        low = Number(1) if kind is ValidationKind.DATE else _LEAST
    return kind, low, high


def _text_rule(scope: Scope, table: Table, field: Field) -> _Rule:
    own = cell(table, field)
    length = length_condition(field, own)
    form = form_condition(field, own)
    parts = [length] if length is not None else []
    if field.unique and scope.affordable(table.id, table.id):
        parts.append(_alone(table, field))
    if form is not None:
        parts.append(form)
    while parts and _size(all_of(parts)) > limits.VALIDATION_FORMULA:
        parts.pop()
    if not parts:
        return ValidationKind.ANY, None, None
    if parts == [length]:
        return ValidationKind.TEXT_LENGTH, None, Number(field.max_length or 0)
    return ValidationKind.CUSTOM, all_of(parts), None


def _alone(table: Table, field: Field, *, escape: bool = True) -> Node:
    own = cell(table, field)
    criterion = equal_to(own) if escape else own
    return op(call("COUNTIF", Column(table.id, field.id), criterion), "=", 1)


def _size(node: Node) -> int:
    """An upper bound of a rule's length as text: `$ABC123456`, `$A$5:$A$123456`."""
    total = 0
    for n in walk(node):
        match n:
            case Cell():
                total += 9
            case Column():
                total += 24
            case Name(id):
                total += len(id) + 2
            case Text(value):
                total += len(value) + value.count('"') + 2
            case Number(value):
                total += len(repr(value))
            case Call(function, arguments):
                total += len(function) + 2 + len(arguments)
            case Binary(op=operator):
                total += len(operator) + 2
            case _:
                total += 6
    return total
