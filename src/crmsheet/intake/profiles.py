"""Exports of systems that customers come from: how each names its columns.

Knows what gives a system away, what it puts before and behind the names of fields, names that it keeps in two columns,
and columns that are only about the export. What a name means is `headers`' and `synonyms`'. Does not know tables.

HubSpot, Salesforce and Pipedrive are as their public documentation of exports and imports names columns; 问卷星 as in
published exports; 纷享销客 as in published lists of its fields; 企业微信, 钉钉 and 简道云 by the names usual there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.intake.grids import Raw, Row, Sheet
from crmsheet.structs import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Profile:
    """How a system writes its exports. `tells` are sets of headers (casefolded), each of which gives it away."""

    id: str
    label: str
    tells: tuple[frozenset[str], ...] = ()
    tell: re.Pattern[str] | None = None
    """A form that several headers have."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Casefolded header to what it means; empty for what is left out."""
    cut: re.Pattern[str] | None = None
    """What is cut off around the name of a field."""
    joined: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Columns that together are one (casefolded), and its name."""
    separator: str = ""
    """Between several choices, where it is an uncommon one."""


def _set(*headers: str) -> frozenset[str]:
    return frozenset(h.casefold() for h in headers)


def _nothing(*headers: str) -> dict[str, str]:
    return {h.casefold(): "" for h in headers}


_QUESTION: Final = re.compile(
    r"^\s*\d+\s*[、.．:：]\s*|^(?:请问|请填写|请输入|请选择|您的|你的|贵公司的?|您所在的?)+|[（(](?:必填|选填|单选|多选)[)）]|"
    r"(?:是什么|是哪里|是|为)?[？?：:_＿]*\s*$"
)

PROFILES: Final[Mapping[str, Profile]] = {
    p.id: p
    for p in (
        Profile(
            "wenjuanxing",
            "问卷星",
            (_set("提交答卷时间", "所用时间"), _set("提交答卷时间", "来自IP")),
            names={
                **_nothing("序号", "所用时间", "来源", "来源详情", "来自IP", "总分"),
                "提交答卷时间": "日期",
            },
            cut=_QUESTION,
            separator="┋",
        ),
        Profile(
            "wecom",
            "企业微信",
            (
                _set("添加人", "添加时间"),
                _set("客户名称", "添加人", "添加渠道"),
                _set("所属客服", "添加时间"),
            ),
            names={
                "添加人": "负责人",
                "添加成员": "负责人",
                "所属客服": "负责人",
                "添加人账号": "",
                "添加时间": "创建日期",
                "添加渠道": "客户来源",
                "添加方式": "客户来源",
                "企业": "公司名称",
                "客户企业": "公司名称",
                "备注名": "联系人",
                "描述": "备注",
                "客户类型": "",
            },
        ),
        Profile(
            "dingtalk",
            "钉钉",
            (_set("审批编号", "发起人姓名"), _set("审批编号", "发起时间"), _set("创建人", "协同人")),
            names={
                **_nothing(
                    "审批编号",
                    "标题",
                    "审批状态",
                    "审批结果",
                    "完成时间",
                    "发起人工号",
                    "发起人UserID",
                    "耗时(时:分:秒)",
                ),
                "发起人姓名": "负责人",
                "发起人部门": "部门",
                "发起时间": "日期",
                "协同人": "",
            },
        ),
        Profile(
            "jiandaoyun",
            "简道云",
            (_set("提交人", "提交时间", "更新时间"), _set("数据ID", "提交人")),
            names={
                **_nothing("数据ID", "更新时间", "流程状态", "当前节点"),
                "提交人": "负责人",
                "提交时间": "创建日期",
            },
        ),
        Profile(
            "fxiaoke",
            "纷享销客",
            (_set("负责人主属部门"), _set("负责人（必填）", "客户名称（必填）")),
            names={
                **_nothing(
                    "负责人主属部门",
                    "归属部门",
                    "锁定状态",
                    "生命状态",
                    "业务类型",
                    "最后修改人",
                    "最后修改时间",
                ),
                "成交状态": "客户状态",
                "1级行业": "行业",
                "客户级别": "客户等级",
            },
            cut=re.compile(r"[（(](?:必填|选填|系统)[)）]"),
        ),
        Profile(
            "hubspot",
            "HubSpot",
            (
                _set("Record ID", "Contact owner"),
                _set("Record ID", "Company owner"),
                _set("Record ID", "Deal owner"),
                _set("Record ID", "First Name", "Last Name"),
            ),
            names={
                **_nothing(
                    "Record ID", "Associated Company IDs", "Associated Contact IDs", "Associated Deal IDs"
                ),
                "contact owner": "owner",
                "company owner": "owner",
                "deal owner": "owner",
                "company name": "customer",
                "associated company": "customer",
                "associated company (primary)": "customer",
                "phone number": "phone",
                "deal name": "deal",
                "deal stage": "stage",
                "create date": "created",
                "annual revenue": "annual_revenue",
            },
            joined=((("first name", "last name"), "contact name"),),
        ),
        Profile(
            "salesforce",
            "Salesforce",
            (
                _set("Account Owner", "Account Name"),
                _set("Opportunity Owner", "Opportunity Name"),
                _set("Lead Owner", "Lead Source"),
                _set("AccountId", "OwnerId"),
            ),
            names={
                **_nothing(
                    "Account ID",
                    "Contact ID",
                    "Opportunity ID",
                    "Lead ID",
                    "Last Modified Date",
                    "Last Activity",
                ),
                "account owner": "owner",
                "opportunity owner": "owner",
                "lead owner": "owner",
                "account name": "customer",
                "company / account": "customer",
                "opportunity name": "deal",
                "billing city": "city",
                "billing state/province": "province",
                "billing country": "country",
                "billing street": "address",
                "probability (%)": "probability",
                "close date": "expected_close",
                "created date": "created",
                "description": "remark",
            },
            joined=((("first name", "last name"), "contact name"),),
        ),
        Profile(
            "pipedrive",
            "Pipedrive",
            tell=re.compile(r"^(?:deal|person|organization|lead|activity|note) - ", re.IGNORECASE),
            names={
                "deal - title": "deal",
                "deal - value": "amount",
                "deal - stage": "stage",
                "deal - owner": "owner",
                "deal - organization": "customer",
                "deal - contact person": "contact",
                "deal - expected close date": "expected_close",
                "organization - name": "customer",
                "organization - owner": "owner",
                "organization - address": "address",
                "person - name": "contact name",
                "person - organization": "customer",
                "person - owner": "owner",
                "person - email": "email",
                "person - phone": "phone",
                "deal - id": "",
                "person - id": "",
                "organization - id": "",
            },
            cut=re.compile(
                r"^(?:deal|person|organization|lead|activity|note) - |\s*(?:-|\()\s*(?:work|home|mobile|other)\)?$|\*$",
                re.IGNORECASE,
            ),
        ),
    )
}


def recognised(sheet: Sheet) -> Profile | None:
    """The system that a sheet was exported from, if its first row gives that away."""
    if not sheet.rows:
        return None
    headers = {_text(v).casefold() for v in sheet.rows[0].values}
    for profile in PROFILES.values():
        if any(tell <= headers for tell in profile.tells):
            return profile
        if profile.tell is not None and sum(profile.tell.match(h) is not None for h in headers) >= 2:
            return profile
    return None


def prepared(sheet: Sheet, profile: Profile) -> Sheet:
    """The sheet with its columns called by what they mean; what is only about the export has no name."""
    if not sheet.rows:
        return sheet
    first, *data = sheet.rows
    texts = [_text(v) for v in first.values]
    plain = [_plain(profile, t) for t in texts]
    names = [_meaning(profile, t, p) for t, p in zip(texts, plain, strict=True)]
    where = {t.casefold(): n for n, t in reversed(tuple(enumerate(texts)))}
    joins = [
        (tuple(where[h] for h in parts), name) for parts, name in profile.joined if set(parts) <= where.keys()
    ]
    for parts, _ in joins:
        for column in parts:
            names[column] = ""
    header = Row(first.number, (*names, *(name for _, name in joins)))
    return replace(sheet, rows=(header, *(_row(profile, row, len(names), joins) for row in data)))


def _plain(profile: Profile, header: str) -> str:
    text = header.strip()
    while profile.cut is not None and (cut := profile.cut.sub("", text).strip()) != text:
        text = cut
    return text


def _meaning(profile: Profile, header: str, plain: str) -> str:
    for word in (header.rstrip("*").strip(), plain):
        if word.casefold() in profile.names:
            return profile.names[word.casefold()]
    return plain


def _row(profile: Profile, row: Row, width: int, joins: Sequence[tuple[tuple[int, ...], str]]) -> Row:
    values: list[Raw] = [
        v.split(profile.separator)
        if profile.separator and isinstance(v, str) and profile.separator in v
        else v
        for v in row.values
    ]
    values += [None] * (width - len(values))
    for columns, _ in joins:
        parts = [_text(values[c]) for c in columns]
        values.append(" ".join(p for p in parts if p) or None)
    return Row(row.number, tuple(values))


def _text(value: Raw) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
