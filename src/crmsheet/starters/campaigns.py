"""The marketing campaigns of the demo data, and which customers they brought.

Knows the campaigns, in both languages. Does not know the table's other figures (`office_rows`).
"""

from __future__ import annotations

from crmsheet.model.words import Label
from crmsheet.starters.trading import Customer
from crmsheet.starters.world import World
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Campaign:
    """`begin` days before the last day, for `days`; `spent` as a share of the budget. It brings customers of
    these sources while it runs and for six weeks after."""

    name: Label
    kind: str
    industry: str
    goal: Label
    rep: int
    begin: int
    days: int
    budget: int
    spent: float
    sources: tuple[str, ...]
    result: Label | None


CAMPAIGNS: tuple[Campaign, ...] = (
    Campaign(
        Label("智能手表上市直播", "Smart watch launch stream"),
        "online",
        "ecommerce",
        Label("新线索 30 条", "30 new leads"),
        1,
        900,
        60,
        60_000,
        0.94,
        ("social", "website", "ads"),
        Label("线索质量高，门店类客户转化快", "Good leads; shops decided quickly"),
    ),
    Campaign(
        Label("华东渠道伙伴大会", "East China partner day"),
        "event",
        "retail",
        Label("签约伙伴 5 家", "Five partners signed"),
        0,
        700,
        30,
        80_000,
        1.08,
        ("partner", "referral"),
        Label("超支，但带来稳定复购的伙伴", "Over budget, but partners that keep buying"),
    ),
    Campaign(
        Label("智慧办公展", "Smart office fair"),
        "expo",
        "it",
        Label("会议设备意向客户 20 家", "20 prospects for meeting equipment"),
        2,
        560,
        14,
        120_000,
        0.98,
        ("expo",),
        Label("现场名片多，跟进不及时，转化偏低", "Many cards, slow follow-up, few buyers"),
    ),
    Campaign(
        Label("教育行业方案巡展", "Education road show"),
        "event",
        "education",
        Label("覆盖 6 个城市", "Six cities"),
        3,
        430,
        75,
        70_000,
        0.85,
        ("outbound", "phone", "referral"),
        Label("校园采购周期长，需要半年后回访", "Schools buy slowly; call again in half a year"),
    ),
    Campaign(
        Label("线上选型指南投放", "Buying guide online"),
        "online",
        "manufacturing",
        Label("资料下载 200 次", "200 downloads"),
        4,
        300,
        90,
        45_000,
        0.9,
        ("website", "ads"),
        Label("下载多、成交少，落地页已改版", "Many downloads, few sales; landing page changed"),
    ),
    Campaign(
        Label("老客户答谢季", "Loyalty weeks"),
        "gift",
        "retail",
        Label("唤醒沉睡客户 15 家", "15 sleeping customers won back"),
        1,
        190,
        45,
        50_000,
        0.76,
        ("referral", "other"),
        Label("老客户转介绍效果好", "Referrals by customers worked well"),
    ),
    Campaign(
        Label("电商平台联合推广", "Marketplace promotion"),
        "online",
        "ecommerce",
        Label("新客户 10 家", "Ten new customers"),
        5,
        120,
        60,
        90_000,
        1.15,
        ("ads", "social"),
        Label("费用超支，新客户少", "Over budget and few new customers"),
    ),
    Campaign(
        Label("无线耳机新品试用", "Earbuds trial"),
        "online",
        "",
        Label("试用申请 100 份", "100 trial requests"),
        3,
        40,
        60,
        30_000,
        0.55,
        ("social", "website"),
        None,
    ),
    Campaign(
        Label("医疗客户参观日", "Visitors' day for health care"),
        "event",
        "health",
        Label("意向客户 8 家", "Eight prospects"),
        0,
        12,
        30,
        25_000,
        0.3,
        ("referral", "outbound"),
        None,
    ),
)


def campaign_of(world: World, customer: Customer, draw: float) -> str | None:
    """The campaign that brought a customer, if one did."""
    if draw > 0.6:
        return None
    ago = world.market.last - customer.created
    for found in CAMPAIGNS:
        if found.begin >= ago > found.begin - found.days - 42 and customer.source in found.sources:
            return found.name.text(world.language)
    return None
