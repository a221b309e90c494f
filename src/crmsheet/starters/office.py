"""What the demo company wrote down about its own work: actions, ideas, rules, access, strategies.

Knows these texts, in both languages, and to which part of the story they belong. Does not know the tables.
"""

from __future__ import annotations

from crmsheet.model.words import Label
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """`begin` and `due` are days before the last day (negative: after it); `done` likewise, None while open."""

    problem: Label
    area: str
    plan: Label
    rep: int
    begin: int
    due: int
    done: int | None
    before: float | None = None
    after: float | None = None
    best: bool = False
    note: Label | None = None
    sleeper: bool = False
    """It is about one of the key accounts that fell asleep."""
    region: str | None = None


ACTIONS: tuple[Action, ...] = (
    Action(
        Label("华南销售额连续下滑", "Sales in South China keep falling"),
        "revenue",
        Label(
            "逐个拜访前 20 名客户，查清是价格、交期还是竞品",
            "Visit the 20 largest customers: price, delivery or competitor?",
        ),
        2,
        60,
        10,
        None,
        100,
        None,
        region="south",
    ),
    Action(
        Label("华南满意度下降", "Satisfaction in South China falls"),
        "satisfaction",
        Label("华南售后改为两天内上门，补一名工程师", "Service visits within two days; one more engineer"),
        3,
        45,
        -20,
        None,
        62,
        None,
        region="south",
    ),
    Action(
        Label("北方组折扣过深", "The North team discounts too deeply"),
        "margin",
        Label(
            "折扣超过 10% 须主管审批，每周公布折扣榜",
            "More than 10% needs the manager; discounts shown every week",
        ),
        0,
        50,
        -10,
        None,
        20,
        None,
    ),
    Action(
        Label("电商大客户停止下单", "E-commerce key accounts stopped ordering"),
        "retention",
        Label(
            "主管和负责人一起回访，给出专属返点方案",
            "Manager and owner visit together with an offer of their own",
        ),
        5,
        40,
        5,
        None,
        0,
        None,
        sleeper=True,
    ),
    Action(
        Label("电商大客户沉睡：安排高层互访", "Sleeping key account: visit by our management"),
        "retention",
        Label("总经理拜访，了解换供应商的原因", "The managing director asks why they changed supplier"),
        0,
        20,
        -15,
        None,
        None,
        None,
        sleeper=True,
    ),
    Action(
        Label("智能手表退货率偏高", "Too many smart watches come back"),
        "satisfaction",
        Label(
            "把续航问题反馈研发，出货前抽检 5%", "Battery problem reported to R&D; 5% tested before delivery"
        ),
        1,
        150,
        90,
        84,
        20,
        13,
        True,
        Label("抽检发现一批电池问题，退货率下降", "The tests found a bad batch; fewer come back"),
    ),
    Action(
        Label("展会线索没人跟", "Nobody calls the leads of the fair"),
        "conversion",
        Label(
            "展会后 3 天内电话联系全部名片，分给两人",
            "Call every card within three days, split between two people",
        ),
        2,
        240,
        200,
        198,
        4,
        11,
        True,
        Label(
            "三天内联系的线索转化率高近两倍", "Leads called within three days buy almost three times as often"
        ),
    ),
    Action(
        Label("下一步经常空着", "Next steps are left empty"),
        "follow_up",
        Label("每天下班前 10 分钟补齐下一步", "Ten minutes every evening to fill them in"),
        4,
        120,
        60,
        65,
        58,
        81,
        True,
        Label("写成固定习惯后几乎不漏", "As a habit it is hardly ever forgotten"),
    ),
    Action(
        Label("逾期应收增加", "Overdue receivables grow"),
        "payment",
        Label("到期前 5 天提醒，逾期 30 天停发货", "Remind five days before; stop deliveries after 30 days"),
        0,
        35,
        -25,
        None,
        None,
        None,
    ),
    Action(
        Label("教育行业成交慢", "Schools take long to decide"),
        "conversion",
        Label(
            "准备校园采购流程说明和预算模板", "Prepare a guide to school procurement and a budget template"
        ),
        3,
        200,
        140,
        139,
        9,
        12,
        False,
        Label("有帮助，但周期仍长", "It helps, yet it still takes long"),
    ),
    Action(
        Label("会议摄像头在用率低", "Conference cameras are hardly used"),
        "usage",
        Label("给前 10 名客户做现场培训", "Training on site for the ten largest customers"),
        1,
        30,
        -5,
        None,
        46,
        None,
    ),
    Action(
        Label("资料不全的客户太多", "Too many incomplete customer records"),
        "follow_up",
        Label("每周一抽查 20 条，补全行业和联系人", "Check 20 records every Monday"),
        5,
        90,
        20,
        None,
        None,
        None,
    ),
)


@dataclass(frozen=True, slots=True)
class Idea:
    rep: int
    ago: int
    about: Label
    text: Label
    status: str
    answer: Label | None = None


IDEAS: tuple[Idea, ...] = (
    Idea(
        1,
        96,
        Label("客户 / 行业", "Customers / Industry"),
        Label("行业里希望加“跨境电商”", "Please add “cross-border e-commerce” to the industries"),
        "done",
        Label("已在“选项”表添加", "Added on the Lists sheet"),
    ),
    Idea(
        3,
        71,
        Label("跟进记录", "Activities"),
        Label("手机上填内容太长，希望常用语", "Typing on the phone takes long; set phrases would help"),
        "planned",
        Label("先整理十条常用语", "We will collect ten first"),
    ),
    Idea(
        4,
        48,
        Label("交易记录 / 折扣", "Transactions / Discount"),
        Label("折扣上限想按产品分开设", "The discount limit should differ by product"),
        "open",
    ),
    Idea(2, 33, Label("看板", "Dashboard"), Label("希望能按团队看", "I would like to see teams"), "open"),
    Idea(
        5,
        20,
        Label("目标", "Targets"),
        Label("目标改成按周", "Targets by week"),
        "declined",
        Label("周目标波动太大，保持按月", "Weeks vary too much; we stay with months"),
    ),
    Idea(
        0,
        6,
        Label("满意度调查", "Surveys"),
        Label("问卷在交货后一周发，回答更多", "Ask a week after delivery; more people answer"),
        "open",
    ),
)


@dataclass(frozen=True, slots=True)
class Rule:
    topic: Label
    text: Label
    people: Label
    rep: int
    review: int
    """Days after the last day; negative, overdue."""


RULES: tuple[Rule, ...] = (
    Rule(
        Label("录入时间", "When to fill in"),
        Label("沟通当天记录，订单次日中午前录入", "Contacts the same day, orders by noon the next day"),
        Label("全体销售", "All sales staff"),
        0,
        120,
    ),
    Rule(
        Label("数据核对", "Checking the data"),
        Label(
            "每周五运行 crmsheet refresh，逐条处理检查列的提示",
            "Every Friday run crmsheet refresh and clear what the check column says",
        ),
        Label("各组主管", "Team leads"),
        0,
        60,
    ),
    Rule(
        Label("折扣审批", "Discounts"),
        Label("超过上限的折扣先由主管批准", "The manager agrees to a discount above the limit beforehand"),
        Label("全体销售", "All sales staff"),
        0,
        -12,
    ),
    Rule(
        Label("客户归属", "Who owns a customer"),
        Label("负责人变更由主管在表里改，并通知双方", "The manager changes the owner and tells both"),
        Label("主管", "Managers"),
        0,
        200,
    ),
    Rule(
        Label("保密", "Confidentiality"),
        Label(
            "不得把整本表发给外部；对外只发报表页的 PDF",
            "Never send the workbook outside; only PDFs of report sheets",
        ),
        Label("全体员工", "Everybody"),
        0,
        150,
    ),
    Rule(
        Label("备份", "Backups"),
        Label("刷新前自动备份，备份文件夹保留 30 份", "Every refresh keeps a backup; 30 are kept"),
        Label("系统管理员", "Administrator"),
        1,
        90,
    ),
)

STRATEGIES: dict[str, tuple[Label, Label]] = {
    "retail": (
        Label(
            "保供稳价，按季返点；重点防止沉睡", "Steady supply and prices, quarterly bonus; keep them awake"
        ),
        Label("智能手表、耳机", "Watches, earbuds"),
    ),
    "ecommerce": (
        Label(
            "大促前两个月锁量；大客户由主管共同维护",
            "Fix volumes two months before the sales; managers look after key accounts too",
        ),
        Label("智能手表", "Smart watch"),
    ),
    "manufacturing": (
        Label("从会议室改造切入，带动网络设备", "Begin with meeting rooms, then networks"),
        Label("会议摄像头", "Conference camera"),
    ),
    "it": (
        Label("做集成商的供应伙伴，给技术支持", "Supply integrators and support them technically"),
        Label("企业路由器", "Business router"),
    ),
    "education": (
        Label("跟采购周期走，暑期前完成立项", "Follow the school year; projects before summer"),
        Label("平板电脑", "Tablet"),
    ),
    "hospitality": (
        Label("整店方案，含安装和延保", "Whole-house solutions with installation and warranty"),
        Label("智能音箱", "Smart speaker"),
    ),
    "logistics": (
        Label("车队和仓库用品打包报价", "Bundles for fleets and warehouses"),
        Label("平板电脑", "Tablet"),
    ),
    "finance": (
        Label("资质和保密优先，走集采入围", "Certificates and confidentiality first; framework contracts"),
        Label("会议摄像头", "Conference camera"),
    ),
    "health": (
        Label("先试点一个科室，再推全院", "One department first, then the hospital"),
        Label("平板电脑", "Tablet"),
    ),
    "real_estate": (
        Label("只做有预付款的项目", "Only projects with advance payment"),
        Label("智能音箱", "Smart speaker"),
    ),
    "government": (
        Label("通过当地伙伴投标", "Bid through local partners"),
        Label("会议摄像头", "Conference camera"),
    ),
    "other": (
        Label("线上自助，控制投入", "Self-service online, little effort"),
        Label("充电宝", "Power bank"),
    ),
}

ACCESS: tuple[tuple[str, int, Label], ...] = (
    ("all", 60, Label("主管，负责整本表", "Manager, keeps the workbook")),
    ("own", 60, Label("只看自己的客户", "Own customers only")),
    ("own", 60, Label("只看自己的客户", "Own customers only")),
    ("own", 150, Label("只看自己的客户", "Own customers only")),
    ("own", 210, Label("只看自己的客户", "Own customers only")),
    ("read", 230, Label("只看报表", "Reports only")),
)
"""By person: level, days since it was reviewed, why."""

COST_NOTES: dict[str, Label] = {
    "campaign": Label("活动执行", "Campaigns"),
    "ads": Label("搜索和信息流广告", "Search and feed advertising"),
    "promotion": Label("促销赠品", "Give-aways"),
    "expo": Label("展位与差旅", "Stand and travel"),
    "salary": Label("销售人力", "Sales staff"),
    "tools": Label("软件与通讯", "Software and phones"),
}
MARKET_SOURCE = Label("行业协会月报", "Trade association, monthly report")
