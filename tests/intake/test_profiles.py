"""Exports of other systems: recognised by their headers, and their columns called by what they mean."""

from __future__ import annotations

import pytest

from crmsheet.intake.grids import Raw, Row, Sheet, SourceKind
from crmsheet.intake.profiles import PROFILES, prepared, recognised


def sheet(*rows: tuple[Raw, ...]) -> Sheet:
    return Sheet("x.csv", "x", SourceKind.TEXT, tuple(Row(n, r) for n, r in enumerate(rows, start=1)))


WENJUANXING = (
    *("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"),
    *("1、您的姓名：", "2、请问您的手机号码是？", "3、您所在的公司名称", "4、感兴趣的产品（多选）", "总分"),
)


@pytest.mark.parametrize(
    ("headers", "id_", "means"),
    [
        (
            WENJUANXING,
            "wenjuanxing",
            ("", "日期", "", "", "", "", "姓名", "手机号码", "公司名称", "感兴趣的产品", ""),
        ),
        (
            ("客户名称", "添加人", "添加时间", "添加渠道", "标签", "手机"),
            "wecom",
            ("客户名称", "负责人", "创建日期", "客户来源", "标签", "手机"),
        ),
        (
            ("审批编号", "审批状态", "发起时间", "发起人姓名", "客户名称", "拜访内容"),
            "dingtalk",
            ("", "", "日期", "负责人", "客户名称", "拜访内容"),
        ),
        (
            ("客户名称", "联系电话", "提交人", "提交时间", "更新时间"),
            "jiandaoyun",
            ("客户名称", "联系电话", "负责人", "创建日期", ""),
        ),
        (
            ("客户名称（必填）", "客户级别", "成交状态", "负责人", "负责人主属部门", "锁定状态"),
            "fxiaoke",
            ("客户名称", "客户等级", "客户状态", "负责人", "", ""),
        ),
        (
            (
                "Record ID",
                "First Name",
                "Last Name",
                "Email",
                "Phone Number",
                "Contact owner",
                "Associated Company",
            ),
            "hubspot",
            ("", "", "", "Email", "phone", "owner", "customer", "contact name"),
        ),
        (
            (
                "Opportunity Owner",
                "Account Name",
                "Opportunity Name",
                "Stage",
                "Amount",
                "Close Date",
                "Probability (%)",
            ),
            "salesforce",
            ("owner", "customer", "deal", "Stage", "Amount", "expected_close", "probability"),
        ),
        (
            (
                "Deal - Title*",
                "Deal - Value",
                "Deal - Organization",
                "Person - Email (Work)",
                "Deal - Currency",
            ),
            "pipedrive",
            ("deal", "amount", "customer", "Email", "Currency"),
        ),
    ],
)
def test_columns_are_called_by_what_they_mean(
    headers: tuple[str, ...], id_: str, means: tuple[str, ...]
) -> None:
    found = recognised(sheet(headers, headers))
    assert found is not None
    assert found.id == id_
    assert prepared(sheet(headers), found).rows[0].values == means


def test_names_in_two_columns_become_one() -> None:
    done = prepared(
        sheet(("Record ID", "First Name", "Last Name"), ("1", "Ann", "Lee"), ("2", "Bob", None)),
        PROFILES["hubspot"],
    )
    assert [row.values[-1] for row in done.rows] == ["contact name", "Ann Lee", "Bob"]


def test_several_answers_are_several_choices() -> None:
    done = prepared(sheet(("序号", "1、方向"), ("1", "嵌入式┋控制")), PROFILES["wenjuanxing"])
    assert done.rows[1].values[1] == ["嵌入式", "控制"]


def test_other_files_are_nobodys() -> None:
    assert recognised(sheet(("客户名称", "联系电话", "备注"))) is None
    assert recognised(sheet()) is None
