"""`build --data`: files and sheets named after tables fill them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from crmsheet.api.outside import folder_rows
from crmsheet.errors import UsageError
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.spec import load

SPEC = """\
crmsheet: 1
language: zh
tables:
  customers:
    label: {zh: 客户, en: Customers}
    aliases: [客户档案]
    fields:
      name: {type: text, required: true, label: {zh: 名称, en: Name}}
      created: {type: date, label: {zh: 建档日期, en: Created}}
  visits:
    label: {zh: 拜访, en: Visits}
    key: subject
    fields:
      subject: {type: text, label: {zh: 主题, en: Subject}}
      customer: {type: reference, table: customers, label: {zh: 客户, en: Customer}}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path: Path = tmp_path_factory.mktemp("outside") / "t.yaml"
    path.write_text(SPEC, "utf-8")
    return load(path)


def test_files_of_all_kinds_by_id_label_and_alias(model: Model, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes("名称,建档日期\n甲,2024/1/5\n".encode("gb18030"))
    (tmp_path / "客户档案.tsv").write_text("Name\tCreated\n乙\t20240106\n", "utf-16")
    (tmp_path / "拜访.json").write_text(json.dumps([{"subject": "s", "customer": "甲"}]), "utf-8")
    (tmp_path / "~$customers.xlsx").write_bytes(b"lock")
    (tmp_path / "readme.txt").write_text("hello\nworld\n", "utf-8")
    rows, findings = folder_rows(model, Language.ZH, tmp_path)
    assert rows == {
        "customers": [{"name": "甲", "created": 45296}, {"name": "乙", "created": 45297}],
        "visits": [{"subject": "s", "customer": "甲"}],
    }
    assert [d.code for d in findings] == ["U139"]


def test_one_workbook_with_a_sheet_for_each_table(model: Model, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "客户信息表"
    for row in (["导出于 2024-01-01"], ["客户名称", "创建时间"], ["甲", "2024-01-05"], ["乙", None]):
        first.append(row)
    second = book.create_sheet("Visits")
    second.append(["Subject", "Customer", "Weather"])
    second.append(["s", "甲", "fine"])
    book.create_sheet("else").append(["x"])
    book.save(tmp_path / "all.xlsx")
    for given in (tmp_path, tmp_path / "all.xlsx"):
        rows, findings = folder_rows(model, Language.ZH, given)
        assert rows["customers"] == [{"name": "甲", "created": 45296}, {"name": "乙"}]
        assert rows["visits"] == [{"subject": "s", "customer": "甲"}]
        assert [d.code for d in findings] == ["U133", "U104"]


def test_nothing_for_any_table_is_an_error_that_names_them(model: Model, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError, match=r"U103.*") as failed:
        folder_rows(model, Language.ZH, tmp_path)
    assert "customers.csv" in failed.value.diagnostics[0].remedy
