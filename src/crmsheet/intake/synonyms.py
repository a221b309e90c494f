"""Words of customer sheets that mean the same thing, by the id that it has in specs.

Knows headers and sheet names as people and programs write them in Chinese and English. Does not know tables.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from crmsheet.intake.texts import name_form

_FIELDS: Final = """
name: 名称, 姓名, 名字, full name
customer: 客户, 客户名称, 客户名, 客户全称, 客户姓名, 顾客, 会员, 甲方, 买方, 客户公司, account,
  account name, customer name, client, client name
company: 公司, 公司名称, 公司名, 企业, 企业名称, 单位名称, 公司全称, organization, organisation, company name, firm
short_name: 简称, 客户简称, 公司简称
customer_id: 客户编号, 客户编码, 客户代码, 客户号, account id, customer no, customer no., customer number,
  customer code, client id
code: 编码, 代码
id: 编号, 序号, no, no., record id, #
contact: 联系人, 联系人姓名, 对接人, 客户联系人, 联络人, contact name, contact person, primary contact
job_title: 职位, 职务, 岗位, 头衔, title, position, contact_title
department: 部门, 所属部门, dept
phone: 电话, 联系电话, 联系方式, 电话号码, 座机, 固定电话, 办公电话, 公司电话,
  phone number, tel, telephone, business phone, work phone
mobile: 手机, 手机号, 手机号码, 移动电话, mobile phone, cell, cell phone, mobile number
email: 邮箱, 电子邮箱, 电子邮件, 邮件, 邮箱地址, e-mail, email address, mail, work email
wechat: 微信, 微信号, wechat id
qq: qq号
website: 网址, 网站, 官网, 公司网址, url, web site, homepage, website url
fax: 传真
address: 地址, 详细地址, 公司地址, 通讯地址, 联系地址, 收货地址, street, mailing address, billing street
postcode: 邮编, 邮政编码, zip, zip code, postal code
country: 国家, country/region
province: 省份, 省, 所在省份, 所属省份, state/province, state/region
city: 城市, 市, 所在城市
district: 区县
region: 地区, 区域, 所在地区, 大区, 所属区域, 片区, area, territory
industry: 行业, 所属行业, 行业类别, 客户行业, sector
company_size: 企业规模, 公司规模, 规模, 人数规模, 员工人数, 员工数, employees, number of employees, no. of employees, size
customer_type: 客户类型, 客户类别, 客户分类, 客户性质, account type
type: 类型
level: 客户等级, 等级, 级别, 客户级别, 客户星级, 重要程度, grade, tier, customer level
status: 状态, 客户状态, 当前状态, lead status, account status
lifecycle: 生命周期, 客户阶段, lifecycle stage
source: 来源, 客户来源, 线索来源, 获客渠道, 渠道来源, 来源渠道, lead source, original source
channel: 渠道, 销售渠道
owner: 负责人, 业务员, 销售, 销售员, 销售人员, 跟进人, 客户负责人, 所有者, 归属人, 销售负责人, 客户经理,
  业务经理, 责任人, 所属销售, account owner, sales rep, salesperson, sales representative, contact owner,
  deal owner, record owner, assigned to, account manager
created: 创建时间, 创建日期, 建档日期, 录入时间, 录入日期, 添加时间, 登记日期, 注册时间, created date,
  create date, created at, created on, date created, created_on
modified: 更新时间, 修改时间, 最后修改时间, last modified, last modified date, updated at
last_contact: 最近联系, 上次联系, 最后联系, 最后联系时间, 最近联系时间, 上次联系时间, 上次联系日期, 最近联系日期,
  最后跟进时间, 最近跟进时间, 上次跟进时间, 最近跟进日期, last contacted, last activity date, last contact date,
  last_activity
next_date: 下次联系, 下次跟进, 下次回访, 下次联系时间, 下次跟进时间, 下次跟进日期, 下次联系日期, 下次回访时间,
  计划跟进日期, next contact, next follow-up, next follow up, next activity date, follow-up date
next_step: 下一步, 下一步计划, 下步计划, 跟进计划, next steps, next_action
content: 跟进内容, 沟通内容, 跟进记录, 内容, 拜访内容, 联系内容
first_contact: 首次联系, 首次联系时间, 首次联系日期, first contact
receivable: 应收, 应收金额, 应收款项
subject: 主题, 标题
activity_type: 跟进方式, 联系类型, 跟进类型, 拜访方式, type of contact
result: 结果, 跟进结果, outcome
product: 产品, 产品名称, 商品, 商品名称, 货品, 品名, 意向产品, product name, item
product_code: 产品编码, 产品编号, 商品编码, 货号, sku, item code
model: 型号, 规格, 规格型号, specification
category: 类别, 分类, 产品类别, 品类
qty: 数量, 件数, 销量, quantity, units
unit: 单位, 计量单位, uom
price: 单价, 价格, 售价, unit price
amount: 金额, 总金额, 订单金额, 合同金额, 成交金额, 销售金额, 总价, total, total amount, order amount,
  deal amount, value, deal value, deal - value
net_amount: 净额, 实付金额
discount: 折扣, 折扣率
tax: 税额, 税
cost: 成本, 费用
gross_profit: 毛利, 利润, profit
revenue: 销售额, 营业额, 年销售额, 年营业额, 收入, sales, annual revenue
budget: 预算
currency: 币种, 货币
paid: 已付款, 已回款, 回款金额, 已收款, paid amount
unpaid: 未付款, 未回款, 应收款, 欠款金额, 欠款, outstanding, balance, amount due
pay_status: 付款状态, 回款状态, 支付状态, payment status
pay_method: 付款方式, 支付方式, payment method
order_no: 订单号, 订单编号, 单号, order no, order no., order number, order id
contract_no: 合同编号, 合同号, contract no, contract no., contract number
invoice_no: 发票号, 发票号码, invoice no, invoice no., invoice number, invoice
deal: 商机, 商机名称, 机会名称, 项目名称, 项目, deal name, opportunity, opportunity name, deal - title, opp
deal_id: 商机编号, 项目编号, opportunity id
stage: 阶段, 销售阶段, 商机阶段, 项目阶段, deal stage, sales stage
probability: 成交概率, 赢率, 概率, 可能性, prob, prob., win probability, probability (%)
expected_amount: 预计金额, 预计成交金额, 预期金额, expected revenue
expected_close: 预计成交日期, 预计成交时间, 预计签约日期, 预计结单日期, expected close date, close date
closed_date: 成交日期, 签约日期, 赢单日期, 成交时间, won date, closed
lost_reason: 输单原因, 丢单原因, 战败原因, loss reason, closed lost reason
date: 日期, 时间, 订单日期, 下单时间, 下单日期, 交易日期, 销售日期, 业务日期, 跟进日期, 跟进时间,
  拜访日期, order date, transaction date, activity date
month: 月份, 月
year: 年份, 年度, 年
due_date: 到期日, 到期日期, 截止日期, 应付日期, deadline
start: 开始, 开始日期, 开始时间, 起始日期, start date
end: 结束, 结束日期, 结束时间, end date
delivery_date: 交货日期, 发货日期, 交付日期, ship date
birthday: 生日, 出生日期, birth date, date of birth
gender: 性别, sex
age: 年龄
id_card: 身份证, 身份证号, 身份证号码
uscc: 统一社会信用代码, 信用代码, 税号, 纳税人识别号, tax id
tags: 标签, 客户标签, labels
needs: 需求, 客户需求, requirements
hobby: 爱好, 兴趣爱好, interests
score: 评分, 得分, 满意度, satisfaction
remark: 备注, 说明, 备注说明, 备注信息, notes, note, remarks, comment, comments, description
active: 是否有效, 在用
priority: 优先级
team: 团队, 小组, 销售团队, group
share: 占比, 比例, percent, percentage
rate: 比率, 完成率
target: 目标, 目标值, goal, quota
done: 已完成, 是否完成, completed
attachment: 附件, 附件链接, attachment_link
first_name: 名, firstname, given name
last_name: 姓, lastname, surname, family name
"""
_TABLES: Final = """
customers: 客户, 客户表, 客户信息, 客户信息表, 客户资料, 客户列表, 客户清单, 客户档案, 客户管理, 客户名单,
  会员, customer, accounts, account, clients, client, customer list, companies, company
contacts: 联系人, 联系人表, 联系人信息, 通讯录, contact, people, contact list
orders: 订单, 订单表, 订单明细, 订单记录, 销售订单, 销售记录, 销售明细, 销售, order, sales, sales orders, order list
transactions: 交易, 交易记录, 交易明细, 流水, transaction
deals: 商机, 商机表, 商机列表, 销售机会, 机会, 项目, deal, opportunities, pipeline, opportunity
activities: 跟进记录, 跟进, 跟进表, 客户跟进, 客户跟进表, 客户跟进记录, 拜访记录, 拜访, 沟通记录,
  联系记录, activity, follow-ups, follow ups, follow_ups, visits, calls
products: 产品, 产品表, 产品目录, 商品, 商品表, 价格表, product, price list, items, catalogue, catalog
users: 人员, 员工, 员工表, 销售人员, 团队成员, 业务员, user, staff, employees, sales reps, team
payments: 回款, 回款记录, 收款, 收款记录, 付款记录, payment, receipts
contracts: 合同, 合同表, 合同台账, 合同管理, contract
leads: 线索, 线索表, 潜在客户, lead, prospects
costs: 费用, 费用表, 报销, expenses
targets: 目标, 目标表, 业绩目标, goals, quotas
feedback: 反馈, 客户反馈, 投诉, 投诉记录, complaints, tickets
surveys: 满意度调查, 调查, 问卷, survey
suppliers: 供应商, 供应商表, supplier, vendors
inventory: 库存, 库存表, stock
"""


def _lines(text: str) -> list[str]:
    return text.strip().replace("\n  ", " ").splitlines()


def _read(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(text):
        name, _, words = line.partition(": ")
        for word in (name, name.replace("_", " "), *words.split(", ")):
            found.setdefault(name_form(word), name)
    return found


@cache
def _fields() -> dict[str, str]:
    return _read(_FIELDS)


@cache
def _tables() -> dict[str, str]:
    return _read(_TABLES)


def field_word(header: str) -> str:
    """The id of the field that a header usually means; "" when none is known."""
    return _fields().get(name_form(header), "")


def table_word(name: str) -> str:
    """The id of the table that a sheet of that name usually holds; "" when none is known."""
    return _tables().get(name_form(name), "")


def table_in(title: str) -> str:
    """The id of the table that a Chinese title speaks of (2024年客户台账); the word that stands last counts."""
    form = name_form(title)
    found = [
        (form.rfind(word) + len(word), len(word), name)
        for word, name in _tables().items()
        if len(word) > 1 and not word.isascii() and word in form
    ]
    return max(found)[2] if found else ""


@cache
def _chinese(tables: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(_TABLES if tables else _FIELDS):
        name, _, words = line.partition(": ")
        first = words.split(", ")[0]
        if not first.isascii():
            found[name] = first
    return found


def chinese_word(name: str, *, table: bool = False) -> str:
    """How the field (or table) of an id is usually called in Chinese; "" when that is not known."""
    return _chinese(table).get(name, "")
