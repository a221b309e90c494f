"""Plans made by hand: small ones that use everything the writer can write."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Name, Number, Spot, Text
from crmsheet.model.words import Language
from crmsheet.plan.book import (
    ColumnWidth,
    Plan,
    PlanName,
    PlanSheet,
    PrintSetup,
    RowHeight,
    SheetKind,
)
from crmsheet.plan.cells import (
    Block,
    CellHighlight,
    CellValidation,
    Merge,
    PlanCell,
    Validation,
    ValidationKind,
)
from crmsheet.plan.charts import Axis, Mark, PlanChart, Series
from crmsheet.plan.looks import Align, Border, Highlight, Style, VerticalAlign
from crmsheet.plan.place import default_layout
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable, RowHighlight
from crmsheet.write import written

CREATED = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)
HEADER = Style(bold=True, color="FFFFFF", fill="1F3864", wrap=True, vertical=VerticalAlign.CENTER)
DATE = Style(number_format="yyyy-mm-dd", align=Align.CENTER)
MONEY = Style(number_format="#,##0.00")
COMPUTED = Style(number_format="#,##0.00", fill="F3F4F6", border=Border.BOX, border_color="E5E7EB")


def written_bytes(plan: Plan) -> bytes:
    """The workbook of a plan in its default layout."""
    return written(plan, default_layout(plan), created=CREATED)


def lists_block() -> Block:
    words = ("初步接触", "报价 & 谈判", "赢单")
    return Block(
        "list.stage",
        "lists",
        1,
        0,
        rows=3,
        columns=1,
        cells=tuple(PlanCell(i, 0, word, style=Style(locked=False)) for i, word in enumerate(words)),
    )


def deals_table(rows: tuple[tuple[str, float | None, str | None], ...]) -> PlanTable:
    """Name, amount, stage; net is a formula of the amount, flag one that gives text, truth and errors."""
    names: tuple[Value, ...] = tuple(r[0] for r in rows) or (None,)
    amounts: tuple[Value, ...] = tuple(r[1] for r in rows) or (None,)
    stages: tuple[Value, ...] = tuple(r[2] for r in rows) or (None,)
    amount = Cell("deals", "amount")
    nets = tuple((a if isinstance(a, int | float) else 0) / 1.13 for a in amounts)
    shares: tuple[Value, ...] = tuple(
        ExcelError.DIV0 if a is None else 100 / a if isinstance(a, int | float) else None for a in amounts
    )
    big: tuple[Value, ...] = tuple(isinstance(a, int | float) and a > 1000 for a in amounts)
    note: tuple[Value, ...] = tuple("" if a is None else "ok" for a in amounts)
    return PlanTable(
        id="deals",
        name="deals",
        sheet="deals",
        row=3,
        column=0,
        row_ids=tuple(f"X{i}" for i in range(len(rows))),
        columns=(
            PlanColumn("name", "客户名称", ColumnRole.INPUT, Style(), HEADER, names, width=24),
            PlanColumn(
                "amount",
                "金额\n(元)",
                ColumnRole.INPUT,
                MONEY,
                HEADER,
                amounts,
                validation=Validation(
                    ValidationKind.DECIMAL,
                    Number(0),
                    Name("limit"),
                    prompt_title="金额",
                    prompt="不含税 <元>",
                    error_title="金额",
                    error='要 "数字"',
                ),
            ),
            PlanColumn(
                "stage",
                "阶段",
                ColumnRole.INPUT,
                Style(),
                HEADER,
                stages,
                validation=Validation(ValidationKind.LIST, Name("stages")),
                note="选一个阶段",
            ),
            PlanColumn(
                "net",
                "净额 [#1] 'a'@",
                ColumnRole.COMPUTED,
                COMPUTED,
                HEADER,
                nets,
                Binary("/", amount, Number(1.13)),
            ),
            PlanColumn(
                "share",
                "占比",
                ColumnRole.COMPUTED,
                Style(number_format="0.0%"),
                HEADER,
                shares,
                Binary("/", Number(100), amount),
            ),
            PlanColumn(
                "big",
                "大单",
                ColumnRole.COMPUTED,
                Style(),
                HEADER,
                big,
                Binary(">", amount, Number(1000)),
            ),
            PlanColumn(
                "note",
                "状态",
                ColumnRole.COMPUTED,
                Style(),
                HEADER,
                note,
                Call("IF", (Binary("=", amount, Text("")), Text(""), Text("ok"))),
                level=1,
            ),
            PlanColumn(
                "_id",
                "_id",
                ColumnRole.ROW_ID,
                Style(color="999999"),
                HEADER,
                tuple(f"X{i}" for i in range(len(rows))) or (None,),
                hidden=True,
            ),
        ),
        highlights=(
            RowHighlight(
                Binary(">", amount, Name("limit")), Highlight("9C0006", "FFC7CE", bold=True), stop=True
            ),
            RowHighlight(
                Binary("=", Cell("deals", "stage"), Text("赢单")),
                Highlight(fill="C6EFCE"),
                columns=("name", "stage"),
            ),
        ),
        header_height=30,
        room=1000,
    )


DEALS = (
    ("上海 <一> & 二", 1200.5, "赢单"),
    ("北京", None, None),
    (" =SUM(1) ", 80, "初步接触"),
    ("", 0.1 + 0.2, "初步接触"),
)


def everything(rows: tuple[tuple[str, float | None, str | None], ...] = DEALS) -> Plan:
    """Each feature of a plan at least once."""
    table = deals_table(rows)
    net = Column("deals", "net")
    nets = [v for v in table.columns[3].values if isinstance(v, int | float)]
    total = sum(nets)
    board = Block(
        "board.cards",
        "board",
        1,
        1,
        rows=3,
        columns=4,
        cells=(
            PlanCell(0, 0, "看板", style=Style(bold=True, size=20, border=Border.BOX)),
            PlanCell(1, 0, total, Call("SUM", (net,)), MONEY),
            PlanCell(1, 1, ExcelError.NA, Call("NA", ()), link="list.stage"),
            PlanCell(1, 2, True, Binary(">", Spot("board.cards", 1, 0), Number(-1))),
            PlanCell(2, 0, "", Call("IF", (Binary(">", Number(1), Number(0)), Text(""), Text("x")))),
            PlanCell(2, 1, "赢单", style=Style(locked=False)),
            PlanCell(
                2,
                2,
                5,
                Call(
                    "MAXIFS", (Area("calc.months", 0, 1, 3, 1), Area("calc.months", 0, 1, 3, 1), Text(">4"))
                ),
            ),
        ),
        merges=(Merge(0, 0, 0, 3),),
        validations=(CellValidation(2, 1, 2, 1, Validation(ValidationKind.LIST, Name("stages"))),),
        highlights=(
            CellHighlight(1, 0, 2, 1, Binary("<", Spot("board.cards", 1, 0), Number(0)), Highlight("FF0000")),
            CellHighlight(1, 0, 1, 0, None, data_bar="0072B2"),
        ),
    )
    points: tuple[Value, ...] = (3, None, ExcelError.NA, 5)
    calc = Block(
        "calc.months",
        "calc",
        0,
        0,
        rows=5,
        columns=3,
        cells=(
            *(PlanCell(i, 0, f"2026-0{i + 1}") for i in range(4)),
            *(
                PlanCell(i, 1, v, Call("NA", ()) if v is ExcelError.NA else None, MONEY)
                for i, v in enumerate(points)
                if v is not None
            ),
            *(PlanCell(i, 2, 4, style=MONEY) for i in range(4)),
            PlanCell(4, 1, "销售额 & <净>"),
            PlanCell(4, 2, "目标"),
        ),
    )
    months = Area("calc.months", 0, 0, 3, 0)
    actual = Series(Spot("calc.months", 4, 1), months, Area("calc.months", 0, 1, 3, 1), "0072B2")
    target = Series(Spot("calc.months", 4, 2), months, Area("calc.months", 0, 2, 3, 2), "E69F00", dashed=True)
    slices = replace(actual, point_colors=("0072B2", "E69F00", "009E73", "CC79A7"))
    charts = tuple(
        PlanChart(
            f"board.chart{i}",
            "board",
            6 + 15 * (i // 2),
            1 + 5 * (i % 2),
            width=400,
            height=260,
            mark=kind,
            series=(slices,)
            if kind is Mark.DOUGHNUT
            else (actual, replace(target, overlay=kind is Mark.COLUMN, labels=kind is not Mark.COLUMN)),
            title="收入 ‘净’!A1" if i else "",
            alt_text="每月的销售额 & \x01目标",
            values=Axis('0\\.0,"万"', "万元"),
            legend=True,
            data_labels=i % 2 == 1,
            stacked=i == 2,
            font="微软雅黑",
        )
        for i, kind in enumerate((Mark.LINE, Mark.COLUMN, Mark.BAR, Mark.DOUGHNUT))
    )
    return Plan(
        title="客户跟进表",
        language=Language.ZH,
        font="微软雅黑",
        font_size=11,
        sheets=(
            PlanSheet(
                "board",
                "看板 O'Neil",
                SheetKind.BOARD,
                tab_color="1F3864",
                freeze_row=1,
                widths=(ColumnWidth(0, 0, 2), ColumnWidth(1, 12, 14)),
                heights=(RowHeight(1, 1, 30),),
                gridlines=False,
                zoom=90,
                protected=True,
                print_setup=PrintSetup(
                    footer="&L内部资料&R&P/&N", repeat_first=0, repeat_last=1, parts=((0, 9), (10, 30))
                ),
            ),
            PlanSheet("deals", "商机", SheetKind.ENTRY, freeze_row=4, freeze_column=1),
            PlanSheet("lists", "Lists", SheetKind.LISTS),
            PlanSheet("calc", "_calc", SheetKind.CALC, hidden=True),
        ),
        tables=(table,),
        blocks=(
            board,
            calc,
            lists_block(),
            Block(
                "deals.title",
                "deals",
                0,
                0,
                rows=2,
                columns=12,
                cells=(PlanCell(0, 0, "商机表"), PlanCell(1, 11, 1000, style=MONEY)),
                anchored=False,
            ),
            Block("deals.side", "deals", 5, 10, rows=1, columns=1, cells=(PlanCell(0, 0, "旁注"),)),
        ),
        charts=charts,
        names=(
            PlanName("stages", "阶段列表", Area("list.stage", 0, 0, 2, 0)),
            PlanName("limit", "limit", Spot("deals.title", 1, 11)),
            PlanName("net_total", "net_total", Call("SUM", (net,)), hidden=True),
        ),
        active_sheet="deals",
        properties=(("subject", "CRM"), ("comments", "a & b")),
    )
