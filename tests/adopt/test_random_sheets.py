"""Sheets of random cells: never a failure of ours, never a value lost unsaid."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import openpyxl
import pytest
from tests.adopt.messy import Cell, holds_what_the_old_one_held

WORDS = (
    *(
        "客户名称",
        "电话",
        "金额",
        "日期",
        "备注",
        "状态",
        "Name",
        "Phone",
        "Amount",
        "not",
        "A1",
        "合计",
        "小计",
        "Total",
    ),
    *(
        '"quoted"',
        "a: b",
        "- x",
        "#tag",
        "{x}",
        "[f]",
        "x'y",
        "100%",
        "¥5",
        "设置",
        "名称 ",
        "  ",
        "null",
        "1e5",
    ),
    *("=A1*2", "=SUM(A1:A5)", "=B2", "=VLOOKUP(A2,B:C,2,0)", '=IF(C2>5,"大","小")', "=TODAY()-D2", '=C2&"x"'),
    *(
        "很长的文字" * 30,
        "line\nbreak",
        "2024-01-05",
        "2024/13/45",
        "1/2/2024",
        "13800000000",
        "0012",
        "是",
        "√",
    ),
)
FORMATS = ("0%", "¥#,##0", "yyyy-mm", "00000", '0.00"元"', "[Red]0", "@", "# ?/?")
SHEETS = ("客户", "Sheet1", "订单", "1月", "Lists", "History", "使用说明")


def _value(dice: random.Random) -> Cell:
    day = dt.datetime.fromisoformat("2024-01-01") + dt.timedelta(days=dice.randint(0, 500))
    return dice.choice(
        [
            None,
            None,
            dice.choice(WORDS),
            dice.choice(WORDS),
            dice.randint(-5, 10**5),
            dice.random(),
            day,
            True,
        ]
    )


def _column(dice: random.Random) -> list[Cell]:
    """A header and values that are mostly of one kind."""
    header = dice.choice(WORDS) if dice.random() < 0.8 else _value(dice)
    day = dt.datetime.fromisoformat("2024-01-01")
    kinds: list[list[Cell]] = [
        [dice.choice(WORDS[:14]) for _ in range(13)],
        [dice.randint(1, 99) for _ in range(13)],
        [day + dt.timedelta(days=i) for i in range(13)],
        [f"{dice.choice('甲乙丙丁')}公司{i}" for i in range(13)],
        [_value(dice) for _ in range(13)],
    ]
    values = [v if dice.random() < 0.9 else _value(dice) for v in dice.choice(kinds)]
    return [header, *values[: dice.randint(1, 13)]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_a_random_workbook(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number in range(dice.randint(1, 3)):
        sheet = book.create_sheet(f"{dice.choice(SHEETS)}{number}")
        for column in range(1, dice.randint(2, 8)):
            for row, value in enumerate(_column(dice), 1):
                if value is not None:
                    cell = sheet.cell(row, column, value)
                    if dice.random() < 0.05:
                        cell.number_format = dice.choice(FORMATS)
        if dice.random() < 0.3:
            sheet.merge_cells("A1:C1")
        if dice.random() < 0.3:
            sheet.merge_cells("A3:A4")
    file = tmp_path / "random.xlsx"
    book.save(file)
    holds_what_the_old_one_held(file)
