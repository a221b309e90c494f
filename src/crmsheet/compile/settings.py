"""The Settings sheet: the effective date, the spec's settings, and what was fixed at build.

Knows the rows: block `settings.as_of` has the typed date in row 0 and the owned date in row 1, both in
column 1; block `settings.values` has a row per setting that people may change and `settings.fixed` one for
each that the build fixed: label, value, help, hidden id.
Does not know what settings are used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.forms import empty
from crmsheet.compile.frame import Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.scope import shown_number
from crmsheet.compile.shorthand import call, if_
from crmsheet.compile.symbols import AS_OF, DAY, setting_anchor
from crmsheet.compile.validations import bounds_text, error_parts, form_text, prompt_parts
from crmsheet.compile.words import WORDS, say
from crmsheet.excel.names import legal_name
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node, Number, Spot, Text
from crmsheet.model.literals import setting_value as given_value
from crmsheet.model.spec import FieldType, Setting
from crmsheet.plan.book import ColumnWidth, PlanName, PlanSheet, PrintSetup, RowHeight, SheetKind
from crmsheet.plan.cells import Block, CellValidation, PlanCell, Role, Validation, ValidationKind
from crmsheet.plan.looks import Align, Style
from crmsheet.structs import replace

SHEET: Final = "settings"
AS_OF_ANCHOR: Final = "settings.as_of"
AS_OF_INPUT: Final = Spot(AS_OF_ANCHOR, 0, 1)
AS_OF_CELL: Final = Spot(AS_OF_ANCHOR, 1, 1)
FIXED_ANCHOR: Final = "settings.fixed"
VALUE_COLUMN: Final = 1
ID_COLUMN: Final = 3
"""Of `settings.values`: the hidden setting ids."""
_DATES_ROW: Final = 3
_HELP: Final = replace(theme.HINT, size=0, indent=1)


def setting_value(context: Context, setting: Setting) -> Value:
    """What people typed wins over the spec, unless the setting was fixed at build."""
    if setting.editable:
        held = context.state.settings
        return held[setting.id] if setting.id in held else given_value(setting)
    return context.language.value if setting.id == "language" else given_value(setting)


def compiled_settings(context: Context, links: tuple[Link, ...] = (), *, stands: bool = False) -> Pieces:
    """The sheet Settings; where `stands`, the effective date is that of the last refresh."""
    language = context.language
    settings = tuple(s for s in context.model.settings if s.editable)
    fixed = fixed_settings(context)
    widths = (
        ColumnWidth(0, 0, _label_width(context)),
        ColumnWidth(1, 1, 18),
        ColumnWidth(2, 2, 64),
        ColumnWidth(3, 3, 8, hidden=True),
    )
    blocks = [
        top_block(SHEET, sheet_name(context, SHEET), say(language, "settings_hint"), widths, links),
        _heading("settings.head1", _DATES_ROW, say(language, "settings_dates")),
        _dates(context, _DATES_ROW + 1, stands),
    ]
    row = _DATES_ROW + 4
    headings = [_DATES_ROW]
    names = [PlanName(AS_OF, AS_OF, AS_OF_CELL)]
    if settings:
        headings.append(row)
        blocks.append(_heading("settings.head2", row, say(language, "settings_values")))
        blocks.append(_rows(context, setting_anchor(), settings, row + 1))
        row += len(settings) + 2
        names += [
            PlanName(s.id, legal_name(s.id), Spot(setting_anchor(), i, VALUE_COLUMN))
            for i, s in enumerate(settings)
        ]
    headings.append(row)
    blocks.append(_heading("settings.head3", row, say(language, "settings_fixed")))
    blocks.append(_rows(context, FIXED_ANCHOR, fixed, row + 1))
    names += [
        PlanName(s.id, legal_name(s.id), Spot(FIXED_ANCHOR, i, VALUE_COLUMN)) for i, s in enumerate(fixed)
    ]
    sheet = PlanSheet(
        SHEET,
        sheet_name(context, SHEET),
        SheetKind.SETTINGS,
        tab_color=theme.TAB_COLORS[SheetKind.SETTINGS],
        widths=widths,
        heights=title_rows() + tuple(RowHeight(i, i, 22) for i in headings),
        gridlines=False,
        print_setup=PrintSetup(landscape=False, footer=footer(context)),
    )
    return Pieces(sheets=(sheet,), blocks=tuple(blocks), names=tuple(names))


def fixed_settings(context: Context) -> tuple[Setting, ...]:
    """What was decided at build: the spec's own, and those every workbook has."""
    model = context.model
    own = tuple(s for s in model.settings if not s.editable)
    every = (
        Setting("language", WORDS["language"], FieldType.TEXT, context.language.value, editable=False),
        Setting("currency", WORDS["currency"], FieldType.TEXT, model.currency, editable=False),
        Setting(
            "fiscal_year_start",
            WORDS["fiscal_year_start"],
            FieldType.INTEGER,
            model.fiscal_year_start,
            editable=False,
        ),
    )
    known = {s.id for s in model.settings}
    return own + tuple(s for s in every if s.id not in known)


def _label_width(context: Context) -> float:
    labels = [context.text(s.label) for s in (*context.model.settings, *fixed_settings(context))]
    labels += [say(context.language, key) for key in ("as_of_input", "as_of")]
    return min(max(theme.text_width(label) for label in labels) + 4, 44)


def _heading(anchor: str, row: int, text: str) -> Block:
    cell = PlanCell(0, 0, text, style=theme.HEADING)
    return Block(anchor, SHEET, row, 0, 1, 1, (cell,))


def _label(text: str) -> Style:
    return Style(color=theme.TEXT, indent=1, wrap=theme.text_width(text) > 42)


def _dates(context: Context, row: int, stands: bool) -> Block:
    language = context.language
    day = Style(number_format="yyyy-mm-dd", align=Align.CENTER)
    typed, shown = say(language, "as_of_input"), say(language, "as_of")
    today = Spot(DAY, 0, 0) if stands else call("TODAY")
    formula = if_(empty(AS_OF_INPUT), today, AS_OF_INPUT)
    cells = (
        PlanCell(0, 0, typed, style=_label(typed)),
        PlanCell(
            0,
            1,
            context.state.as_of_input,
            style=replace(theme.FORM_INPUT, number_format=day.number_format, align=day.align),
            role=Role.INPUT,
            holds="as_of_input",
        ),
        PlanCell(0, 2, say(language, "as_of_input_help"), style=_HELP),
        PlanCell(1, 0, shown, style=_label(shown)),
        PlanCell(
            1,
            1,
            formula=formula,
            style=replace(theme.FORM_OWNED, number_format=day.number_format, align=day.align, bold=True),
        ),
        PlanCell(1, 2, say(language, "as_of_stands" if stands else "as_of_help"), style=_HELP),
    )
    title, error = error_parts(language, typed, form_text(language, FieldType.DATE, context.model.currency))
    rule = Validation(ValidationKind.DATE, Number(1), error_title=title, error=error)
    return Block(AS_OF_ANCHOR, SHEET, row, 0, 2, 3, cells, validations=(CellValidation(0, 1, 0, 1, rule),))


def _rows(context: Context, anchor: str, settings: tuple[Setting, ...], row: int) -> Block:
    cells: list[PlanCell] = []
    rules: list[CellValidation] = []
    for i, setting in enumerate(settings):
        label = context.text(setting.label)
        base = theme.FORM_INPUT if setting.editable else theme.FORM_OWNED
        code = theme.number_format(setting.type, "", context.language, context.model.currency)
        style = replace(base, number_format=code, align=Align.CENTER)
        role = Role.INPUT if setting.editable else Role.OWNED
        about = context.text(setting.help) if setting.help else ""
        if setting.id == "language" and not about:
            about = say(context.language, "language_value")
        cells += [
            PlanCell(i, 0, label, style=_label(label)),
            PlanCell(
                i,
                VALUE_COLUMN,
                setting_value(context, setting),
                style=style,
                role=role,
                holds=f"settings.{setting.id}" if setting.editable else "",
            ),
            PlanCell(i, 2, about, style=_HELP),
            PlanCell(i, ID_COLUMN, setting.id, style=theme.HINT),
        ]
        if setting.editable:
            rule = _rule(context, setting, label, about)
            rules.append(CellValidation(i, VALUE_COLUMN, i, VALUE_COLUMN, rule))
    return Block(anchor, SHEET, row, 0, len(settings), 4, tuple(cells), validations=tuple(rules))


_KINDS: Final[Mapping[FieldType, ValidationKind]] = {
    FieldType.INTEGER: ValidationKind.WHOLE,
    FieldType.RATING: ValidationKind.WHOLE,
    FieldType.NUMBER: ValidationKind.DECIMAL,
    FieldType.CURRENCY: ValidationKind.DECIMAL,
    FieldType.PERCENT: ValidationKind.DECIMAL,
    FieldType.DATE: ValidationKind.DATE,
    FieldType.DATETIME: ValidationKind.DATE,
}


def _rule(context: Context, setting: Setting, label: str, about: str) -> Validation:
    language = context.language
    low: Node | None = None if setting.minimum is None else Number(setting.minimum)
    high: Node | None = None if setting.maximum is None else Number(setting.maximum)
    allowed = form_text(language, setting.type, context.model.currency)
    bounds = ["" if b is None else shown_number(setting.type, b) for b in (setting.minimum, setting.maximum)]
    allowed += bounds_text(language, setting.type, *bounds)
    kind = _KINDS.get(setting.type, ValidationKind.ANY)
    formula = low
    if setting.type is FieldType.BOOLEAN:
        kind, formula, high = ValidationKind.LIST, Text("TRUE,FALSE"), None
    elif setting.options:
        kind, formula, high = ValidationKind.LIST, Text(",".join(setting.options)), None
    elif kind in (ValidationKind.WHOLE, ValidationKind.DECIMAL) and low is None and high is None:
        formula = Number(-1e15)
    elif kind is ValidationKind.DATE and low is None:
        formula = Number(1)
    prompt_title, prompt = prompt_parts(label, about, allowed)
    error_title, error = error_parts(language, label, allowed)
    return Validation(
        kind,
        formula,
        high,
        prompt_title=prompt_title,
        prompt=prompt,
        error_title=error_title,
        error=error,
    )
