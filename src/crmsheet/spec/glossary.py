"""Labels for the words that customer sheets share, so that specs need not repeat them.

Knows ids and their Chinese and English labels. A label in the spec always wins.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

_WORDS: Final = """
# sheets and tables
guide 使用说明|Guide; settings 设置|Settings; lists 选项|Lists; dashboard 看板|Dashboard; kpi 指标|KPIs
kpis 指标|KPIs; today 今日待办|Today; customers 客户|Customers; contacts 联系人|Contacts
transactions 交易记录|Transactions; orders 订单|Orders; deals 商机|Deals
opportunities 商机|Opportunities; activities 跟进记录|Activities; follow_ups 跟进记录|Follow-ups
surveys 满意度|Surveys; feedback 反馈|Feedback; targets 目标|Targets; costs 费用|Costs
products 产品|Products; competitors 竞争对手|Competitors; users 人员|Users; market 市场数据|Market
actions 行动计划|Actions; events 线索事件|Lead events; lead_events 线索事件|Lead events
purchases 购买记录|Purchases; leads 线索|Leads; pool 公海|Pool; funnel 漏斗|Funnel
kpi_history 指标历史|KPI_History; change_log 修改记录|ChangeLog; merge_conflicts 合并冲突|Merge conflicts
forecast 预测|Forecast; alerts 预警|Alerts; issues 数据质检|Issues
# people and companies
name 名称|Name; short_name 简称|Short name; customer 客户|Customer; customer_id 客户编号|Customer ID
company 公司名称|Company; code 编码|Code; id 编号|ID; uscc 统一社会信用代码|Credit code
customer_type 客户类型|Type; type 类型|Type; lifecycle 客户状态|Status; status 状态|Status
level 客户等级|Level; priority 优先级|Priority; industry 行业类别|Industry; region 所在地区|Region
province 省份|Province; city 城市|City; address 详细地址|Address; company_size 企业规模|Company size
size 规模|Size; source 客户来源|Source; owner 负责人|Owner; contact 联系人|Contact
contact_name 联系人姓名|Contact; contact_title 职位|Job title; job_title 职位|Job title
position 职位|Job title; phone 联系电话|Phone; mobile 手机|Mobile; email 电子邮件|Email
wechat 微信|WeChat; social 社交媒体账号|Social account; hobby 兴趣爱好|Interests; needs 客户需求|Needs
pref_tags 偏好标签|Preferences; preference 偏好|Preference; tags 标签|Tags; budget 预算|Budget
age_band 年龄段|Age band; gender 性别|Gender; birthday 生日|Birthday; created 建档日期|Created
created_on 建档日期|Created; locked 锁定|Protected; consent 同意联系|Consent to contact
remark 备注|Notes; note 备注|Note; notes 备注|Notes; is_primary 主要联系人|Primary contact
active 在用|Active; decision_role 决策角色|Decision role; team 团队|Team; role 角色|Role
# dates of a customer
first_order 首购日期|First order; last_order 末购日期|Last order; n_orders 订单数|Orders
revenue_total 累计销售额|Total revenue; gp_total 累计毛利|Total gross profit
last_contact 上次联系日期|Last contact; last_activity 最近跟进日期|Last activity
next_date 下次跟进日期|Next step on; next_step 下一步|Next step; next_action 后续行动|Next action
idle_days 未跟进天数|Idle days; recency_days 未购买天数|Days since last order; flag 标记|Flag
segment 客群|Segment; abc ABC 分类|ABC; value_tier 价值层级|Value tier; open_deals 在途商机数|Open deals
n_activities 跟进次数|Activities
# transactions
txn_id 交易编号|Transaction ID; order_no 订单号|Order no.; date 日期|Date; month 月份|Month
product 产品|Product; category 类别|Category; qty 数量|Quantity; quantity 数量|Quantity
price 单价|Unit price; amount 金额|Amount; net_amount 净额|Net amount; cost 成本|Cost
gross_profit 毛利|Gross profit; pay_status 付款状态|Payment status; paid 已回款|Paid
due_date 到期日|Due date; due 截止日期|Due; channel 渠道|Channel; txn_type 交易类型|Transaction type
txn_status 交易状态|Transaction status; discount 折扣|Discount; tax 税额|Tax; unit 单位|Unit
currency 币种|Currency
# deals and activities
opp_id 商机编号|Deal ID; deal_id 商机编号|Deal ID; deal 商机|Deal; opp 商机|Deal; stage 阶段|Stage
probability 成交概率|Probability; weighted 加权金额|Weighted amount
expected_close 预计成交日期|Expected close; expected_amount 预计金额|Expected amount
closed 成交日期|Closed; closed_date 成交日期|Closed; lost_reason 输单原因|Lost reason
competitor 竞争对手|Competitor; stage_since 阶段开始日期|In stage since; rotting 停滞|Rotting
rot_days 停滞天数|Rot days; kind 性质|Kind; act_id 跟进编号|Activity ID
activity_type 跟进方式|Activity type; content 沟通内容|Content; result 结果|Result
activity_result 跟进结果|Activity result; done 已完成|Done; done_date 完成日期|Done on
attachment_link 附件链接|Attachment; quote_amount 报价金额|Quoted amount; strengths 优势|Strengths
weaknesses 劣势|Weaknesses; wins 赢单数|Wins; losses 输单数|Losses
# surveys, feedback, targets
survey_id 问卷编号|Survey ID; score 评分|Score; wave 期次|Wave; comment 评语|Comment; topic 主题|Topic
rating 评分|Rating; text 内容|Text; resolved_date 解决日期|Resolved on; sentiment 情感|Sentiment
scope 范围|Scope; scope_type 范围类型|Scope type; metric 指标|Metric; value 数值|Value
target 目标|Target; event 事件|Event; detail 详情|Detail; feedback_topic 反馈主题|Topic
feedback_status 处理状态|Status; action_status 进度|Progress; survey_kind 问卷类型|Survey kind
cost_type 费用类型|Cost type; start 开始日期|Start; end 结束日期|End; problem 问题|Problem
plan 方案|Plan; yes_no 是否|Yes or no; health 健康度|Health
# metrics
revenue 销售额|Net revenue; gross_margin 毛利率|Gross margin; order_count 订单数|Orders
aov 笔单价|Average order value; arpa 客单价|Revenue per account
purchase_frequency 购买频次|Purchase frequency; return_rate 退货率|Return rate
collection_rate 回款率|Collection rate; overdue_ar 逾期应收|Overdue receivables
market_share 市场份额|Market share; quota_attainment 目标达成率|Attainment
new_customers 新客户数|New customers; cac 获客成本|Acquisition cost; retention 客户保留率|Retention
churn 流失率|Churn; repeat_rate 复购率|Repeat rate; reactivated 唤醒客户数|Won back; nps 净推荐值|NPS
csat 客户满意度|CSAT; csat_mean 满意度均分|Mean satisfaction; response_rate 问卷回收率|Response rate
pipeline_open 在途商机额|Open pipeline; pipeline_weighted 加权商机额|Weighted pipeline
coverage 商机覆盖率|Pipeline coverage; win_rate 赢单率|Win rate; win_loss_ratio 赢输比|Win/loss ratio
sales_cycle 平均销售周期|Sales cycle; avg_deal 平均成交额|Average deal size
velocity 销售速度|Sales velocity; won 赢单数|Won deals; lost 输单数|Lost deals
next_step_coverage 下一步覆盖率|Next-step coverage; overdue_followups 逾期跟进数|Overdue follow-ups
on_time_rate 按时跟进率|On-time rate; touches 客户触达次数|Touches
first_response 首次响应天数|First response; stale_customers 沉睡客户数|Stale customers
pool_candidates 公海可释放客户|Pool candidates; completeness 资料完整率|Completeness
customer_count 客户数|Customers; active_customers 活跃客户数|Active customers
open_count 在途商机数|Open deals
# settings and selectors
as_of 统计日期|As of; period 期间|Period; stale_months 沉睡月数|Months until stale
fiscal_year_start 财年起始月|Fiscal year starts in month; language 语言|Language
up_color 上涨颜色|Colour of a rise; idle_limit 未跟进上限(天)|Idle limit in days
pool_days 公海天数|Days until pool; due_days 提前提醒天数|Days ahead
churn_months 流失月数|Months until churned; active_months 活跃月数|Months active; day 日|Day
week 周|Week; quarter 季度|Quarter; year 年|Year; basic 基本信息|Basics; sales 销售过程|Sales
demand 客户需求|Needs; computed 自动计算|Computed; follow_up 跟进|Follow-up; stale 沉睡|Stale
never_bought 从未购买|Never bought; overdue 逾期|Overdue; high_priority 高优先级|High priority
duplicate 重复|Duplicate
"""


def _read() -> dict[str, Label]:
    words: dict[str, Label] = {}
    for line in _WORDS.splitlines():
        if not line or line.startswith("#"):
            continue
        for entry in line.split(";"):
            word, _, texts = entry.strip().partition(" ")
            zh, _, en = texts.partition("|")
            words[word] = Label(zh, en)
    return words


GLOSSARY: Final = _read()


def known_label(word: str) -> Label | None:
    """The built-in label of an id, or None."""
    return GLOSSARY.get(word)
