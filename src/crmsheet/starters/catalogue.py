"""The small tables of the demo: products, competitors and people, in both languages.

Knows these rows and what the simulation needs of each. Does not know what happens with them (`trading`).
"""

from __future__ import annotations

from crmsheet.model.words import Label
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """`cost` is the share of the price that it costs us, `share` that of orders at the end of the history,
    `growth` its course towards it: above 1 it gains; `returns` is the chance that an order of it is returned,
    at least in part."""

    code: str
    name: Label
    category: str
    price: int
    cost: float
    share: float
    growth: float
    returns: float


@dataclass(frozen=True, slots=True)
class Competitor:
    name: Label
    product: Label
    strengths: Label
    weaknesses: Label
    price_note: Label


@dataclass(frozen=True, slots=True)
class Rep:
    """A person who sells. `wins` is the share of closed deals that are won, `punctual` the share of next
    steps done in time, `pace` the length of a sale relative to the others'."""

    name: Label
    mailbox: str
    team: Label
    role: str
    wins: float
    punctual: float
    pace: float


PRODUCTS: tuple[Product, ...] = (
    Product("WA-200", Label("智能手表", "Smart watch"), "wearable", 899, 0.62, 0.27, 1.8, 0.2),
    Product("EB-110", Label("无线耳机", "Wireless earbuds"), "audio", 399, 0.58, 0.18, 1.1, 0.06),
    Product("TB-300", Label("平板电脑", "Tablet"), "computing", 1999, 0.74, 0.13, 0.8, 0.04),
    Product("MC-500", Label("会议摄像头", "Conference camera"), "meeting", 1299, 0.6, 0.13, 1.2, 0.03),
    Product("SP-120", Label("智能音箱", "Smart speaker"), "audio", 299, 0.55, 0.11, 0.7, 0.06),
    Product("RT-060", Label("企业路由器", "Business router"), "network", 799, 0.66, 0.09, 1.0, 0.03),
    Product("PB-020", Label("充电宝", "Power bank"), "accessory", 129, 0.5, 0.05, 0.9, 0.04),
    Product("SV-001", Label("延保服务", "Extended warranty"), "service", 199, 0.2, 0.04, 1.3, 0.0),
)

COMPETITORS: tuple[Competitor, ...] = (
    Competitor(
        Label("蓝鲸数码", "Blue Whale Digital"),
        Label("手表、耳机", "Watches and earbuds"),
        Label("价格低，铺货快", "Cheap and quickly in the shops"),
        Label("售后弱，返修周期长", "Weak service, slow repairs"),
        Label("同款低约一成", "About ten per cent cheaper"),
    ),
    Competitor(
        Label("银杏科技", "Ginkgo Technology"),
        Label("会议设备", "Meeting equipment"),
        Label("方案完整，本地工程师多", "Complete solutions and many local engineers"),
        Label("起订量高，账期短", "High minimum order, short credit"),
        Label("整体高半成", "About five per cent dearer"),
    ),
    Competitor(
        Label("飞鸟电子", "Feiniao Electronics"),
        Label("平板、路由器", "Tablets and routers"),
        Label("品牌知名度高", "Well-known brand"),
        Label("不支持定制", "No customisation"),
        Label("价格相当", "Same price level"),
    ),
    Competitor(
        Label("晨星供应链", "Morning Star Supply"),
        Label("全品类贴牌", "Private label of all kinds"),
        Label("账期长达 90 天", "Credit of up to 90 days"),
        Label("质量不稳定", "Uneven quality"),
        Label("低一到两成", "Ten to twenty per cent cheaper"),
    ),
)

_EAST, _SOUTH, _NORTH = (
    Label("华东组", "East team"),
    Label("华南组", "South team"),
    Label("北方组", "North team"),
)

REPS: tuple[Rep, ...] = (
    Rep(Label("陈晓东", "Kevin Chen"), "chen.xiaodong", _EAST, "manager", 0.41, 0.92, 0.8),
    Rep(Label("林佳怡", "Grace Lin"), "lin.jiayi", _EAST, "sales", 0.37, 0.88, 0.9),
    Rep(Label("王建国", "Frank Wang"), "wang.jianguo", _SOUTH, "sales", 0.33, 0.80, 1.0),
    Rep(Label("赵雨萌", "Vivian Zhao"), "zhao.yumeng", _SOUTH, "sales", 0.30, 0.84, 1.0),
    Rep(Label("孙志强", "Steven Sun"), "sun.zhiqiang", _NORTH, "sales", 0.26, 0.68, 1.15),
    Rep(Label("周雅婷", "Helen Zhou"), "zhou.yating", _NORTH, "sales", 0.24, 0.58, 1.3),
)
