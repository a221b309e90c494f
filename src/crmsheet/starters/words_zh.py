"""The Chinese words of the demo data. All persons and companies are invented."""

from __future__ import annotations

from crmsheet.starters.words import Opinion, Part, Words


def _parts(text: str) -> tuple[Part, ...]:
    """`恒heng 远yuan` as parts: the word, then its spelling in Latin letters."""
    found = []
    for word in text.split():
        cut = next(i for i, c in enumerate(word) if c.isascii())
        found.append(Part(word[:cut], word[cut:]))
    return tuple(found)


_SURNAMES = """王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu
胡hu 郭guo 何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 冯feng 邓deng 曹cao
彭peng 曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su
吕lv 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao"""

_GIVEN = """伟wei 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 涛tao 明ming 超chao
霞xia 平ping 刚gang 桂英guiying 建华jianhua 志强zhiqiang 秀兰xiulan 晓东xiaodong 佳怡jiayi 雨萌yumeng
子轩zixuan 浩然haoran 欣怡xinyi 思远siyuan 雅婷yating 俊杰junjie 文博wenbo 梦洁mengjie 海燕haiyan
国栋guodong 春梅chunmei 立新lixin 晓雯xiaowen 嘉豪jiahao 婉婷wanting 宇航yuhang 诗涵shihan 天佑tianyou
若曦ruoxi 建军jianjun 永康yongkang 慧敏huimin 振华zhenhua 晨曦chenxi 丹丹dandan 鹏飞pengfei 雪梅xuemei
少华shaohua 美玲meiling 云峰yunfeng 可欣kexin 启明qiming 冬梅dongmei"""

_FIRST = """恒heng 华hua 鑫xin 盛sheng 瑞rui 联lian 天tian 博bo 金jin 宏hong 嘉jia 锐rui 安an 卓zhuo
启qi 万wan 明ming 海hai 新xin 中zhong 智zhi 优you 德de 泰tai 永yong 凯kai 晨chen 星xing 云yun 汇hui
润run 景jing 百bai 友you 诚cheng 立li"""

_SECOND = """远yuan 信xin 达da 源yuan 丰feng 创chuang 讯xun 通tong 科ke 和he 润run 普pu 悦yue 诺nuo
腾teng 顺shun 泽ze 洋yang 图tu 航hang 邦bang 睿rui 康kang 力li 成cheng 华hua 晟sheng 佳jia 辰chen 域yu
拓tuo 凡fan 维wei 合he"""

WORDS = Words(
    surnames=_parts(_SURNAMES),
    given=_parts(_GIVEN),
    surname_first=True,
    brands_first=_parts(_FIRST),
    brands_second=_parts(_SECOND),
    trades={
        "manufacturing": ("电子", "精密机械", "汽车零部件", "仪器制造", "智能装备"),
        "retail": ("商贸", "数码", "电器连锁", "通讯器材", "百货"),
        "ecommerce": ("电子商务", "网络商城", "供应链", "跨境电商"),
        "it": ("信息技术", "软件", "网络科技", "系统集成"),
        "logistics": ("物流", "供应链管理", "速运"),
        "hospitality": ("酒店管理", "餐饮管理", "文旅"),
        "finance": ("金融服务", "资产管理", "保险经纪"),
        "real_estate": ("置业", "物业管理", "产业园"),
        "education": ("教育科技", "培训", "文化传播"),
        "health": ("医疗器械", "健康管理", "医药"),
        "government": ("城市服务", "公共设施", "信息中心"),
        "other": ("实业", "贸易", "环保科技"),
    },
    company="{city}{brand}{trade}有限公司",
    deal="{customer}·{product}·{month}",
    address="{city}市{road}{number}号{building}栋{room}室",
    roads=(
        *(
            "人民路",
            "中山路",
            "解放大道",
            "建设路",
            "和平街",
            "科技路",
            "创新大道",
            "长江路",
            "滨海路",
            "学院路",
        ),
        *(
            "工业园一路",
            "高新大道",
            "文化路",
            "新华街",
            "友谊路",
            "金融街",
            "软件园路",
            "迎宾大道",
            "朝阳路",
            "湖滨路",
        ),
    ),
    titles=(
        *("采购经理", "采购主管", "总经理", "副总经理", "运营总监", "IT 经理", "行政主管", "门店店长"),
        *("商品部经理", "市场总监", "项目经理", "信息中心主任", "业务经理", "董事长助理"),
    ),
    needs=(
        "计划为门店补货{product}，看重毛利和供货稳定",
        "年会礼品采购，意向{product}，数量约 {quantity} 台，要求可印 LOGO",
        "员工福利项目，想对比两三家的{product}报价",
        "会议室改造，需要{product}，要求上门安装调试",
        "关注{product}的续航和防水，希望先拿样机试用",
        "希望账期 30 天，按月对账，{product}为主",
        "线上店铺主推{product}，需要稳定的代发和售后支持",
        "现有供应商交期不稳，想找{product}的备选供应商",
        "分公司统一采购{product}，需要开增值税专用发票",
        "预算有限，优先考虑{product}的入门款",
        "希望{product}能对接自有管理平台",
        "关注{product}新品上市时间，愿意首批试销",
    ),
    talk={
        "call": (
            "电话介绍{product}，{contact}对配置和价格比较关心，约定进一步沟通",
            "回访上次发的资料，{contact}表示在等内部预算审批",
            "{contact}询问{product}的交期和质保，已逐项答复",
            "电话确认需求数量约 {quantity} 台，主要用于{city}本地项目",
        ),
        "email": (
            "发送{product}彩页和参数表，抄送{contact}",
            "邮件回复技术问题，附上{product}测试报告",
            "把案例和资质文件发给{contact}，请其转交采购部",
        ),
        "wechat": (
            "微信沟通，{contact}要{product}的实拍图和对比表，已发",
            "微信确认样机签收，{contact}说下周反馈试用情况",
            "微信答疑：{product}支持企业定制开机画面",
        ),
        "meeting": (
            "线上会议，讲解{product}方案，对方采购和技术都参加",
            "到公司会议，确认 {quantity} 台的交付计划和付款方式",
            "与{contact}及其主管开会，重点讨论售后响应时间",
        ),
        "visit": (
            "上门拜访，参观仓库和门店，了解{product}现有品牌的问题",
            "拜访{contact}，当面演示{product}，对方认可外观和做工",
            "登门送样机并做简单培训，现场解决两个疑问",
        ),
        "demo": (
            "演示{product}的主要功能，{contact}对续航提出疑问",
            "远程演示{product}管理后台，对方希望增加批量设置",
            "现场演示 1 小时，参加 5 人，整体反馈良好",
        ),
        "quote": (
            "提交{product} {quantity} 台报价 {amount} 元，含税含运",
            "按新数量更新报价，总价 {amount} 元，有效期 15 天",
            "{contact}认为报价略高，重新核算后报 {amount} 元",
        ),
        "sample": (
            "寄出{product}样机 1 台，已登记归还日期",
            "样机已到，{contact}安排技术部测试两周",
        ),
        "contract": (
            "发送合同初稿，{contact}法务审核中",
            "合同条款沟通：付款改为三七开，质保一年不变",
        ),
    },
    care={
        "call": (
            "例行回访，{product}使用正常，近期暂无采购计划",
            "了解下季度采购安排，{contact}说要等预算",
            "节前问候，顺便介绍{product}新款",
        ),
        "wechat": (
            "微信发送新品资料，{contact}表示有需要会联系",
            "微信告知促销政策，{contact}要了{product}的价格",
        ),
        "email": (
            "发送季度对账单和新品目录",
            "邮件通知{product}固件升级，附操作说明",
        ),
        "visit": (
            "例行拜访，查看陈列和库存，{product}动销不错",
            "拜访{contact}，收集终端用户对{product}的意见",
        ),
        "service": (
            "协助处理{product}维修，已寄回检测",
            "远程指导{product}设置，问题解决",
            "安排更换 2 台故障{product}，客户认可处理速度",
        ),
        "meeting": ("季度复盘会，回顾订单和售后，商定下季度目标",),
    },
    unreached=("两次拨打未接通，改日再联系", "电话无人接听，已发短信说明来意", "对方在开会，请晚些再打"),
    won=(
        "客户确认下单{product} {quantity} 台，合同已签",
        "收到盖章合同，{product}按计划发货",
        "{contact}确认成交，预付款已到账",
    ),
    lost={
        "price": ("对方选择更低价的供应商，差距约一成", "价格谈不拢，客户放弃"),
        "competitor": ("客户最终选了竞品，看重对方的本地服务", "竞品给了更长账期，客户转向对方"),
        "budget": ("预算被砍，项目取消", "今年预算用完，明年再议"),
        "features": ("{product}缺少客户要求的功能，未通过测试", "接口不满足对方平台要求"),
        "long_cycle": ("项目一拖再拖，对方决定暂停", "审批周期太长，客户搁置"),
        "no_decision_maker": ("一直未见到决策人，{contact}无法推动", "决策人更换，项目重新评估"),
        "silent": ("多次联系无回应，按输单处理", "客户失联，关闭商机"),
        "poor_fit": ("实际需求与{product}定位不符", "客户需要的是定制产品，我们做不了"),
        "other": ("客户业务调整，不再采购", "客户公司搬迁，项目终止"),
    },
    complaint=(
        "客户投诉{product}到货有破损，已登记",
        "{contact}不满意响应速度，要求给出改进方案",
        "投诉{product}续航达不到宣传，情绪较大",
    ),
    plans={
        "call": ("电话跟进进展", "回电确认意向", "电话了解预算审批", "致电约下次沟通"),
        "email": ("发送补充资料", "邮件答复技术问题", "发送案例和资质"),
        "wechat": ("微信发对比表", "微信确认试用情况", "微信提醒反馈"),
        "meeting": ("安排线上会议", "约技术交流会", "约采购负责人开会"),
        "visit": ("上门拜访", "登门送样", "拜访决策人"),
        "demo": ("安排产品演示", "演示管理后台"),
        "quote": ("提交报价单", "按新数量更新报价", "核算后重新报价"),
        "sample": ("寄送样机", "安排试用"),
        "contract": ("发送合同初稿", "跟进合同审核"),
        "service": ("跟进维修进度", "回访售后满意度"),
    },
    opinions={
        "quality": Opinion(
            ("{product}做工扎实，用了几个月没出问题", "这批{product}质量稳定，抽检全部合格"),
            ("{product}有 2 台开机异常，希望加强出厂检验", "{product}表面有划痕，包装需要改进"),
        ),
        "function": Opinion(
            ("{product}功能齐全，员工上手很快", "{product}连接稳定，会议效果比以前好"),
            ("{product}续航不足一天，和宣传有差距", "{product}偶尔断连，希望尽快升级固件"),
        ),
        "price": Opinion(
            ("{product}价格合理，性价比高", "批量价有优势，下次还会选{product}"),
            ("{product}比同类贵一些，希望有阶梯价", "促销价变动太频繁，不好做预算"),
        ),
        "delivery": Opinion(
            ("下单三天到货，比承诺的快", "送货师傅主动帮忙搬到仓库，很好"),
            ("{product}晚到五天，影响了门店活动", "到货数量少一箱，补发又等了一周"),
        ),
        "attitude": Opinion(
            ("业务员响应快，问题当天就答复", "服务态度好，介绍{product}很专业"),
            ("打了三次电话才有人回复", "换了对接人没有通知，沟通要从头来"),
        ),
        "aftersale": Opinion(
            ("换货流程简单，两天就换好", "维修进度随时能查，满意"),
            ("返修等了三周，期间没有备用机", "售后电话难打通，希望增加人手"),
        ),
        "other": Opinion(
            ("希望多组织新品体验活动", "对账单清楚，财务很满意"),
            ("发票抬头开错，重开花了很久", "说明书字太小，老人看不清"),
        ),
    },
    solutions=(
        "已换货并致歉",
        "已升级固件，客户确认正常",
        "补发并赠送配件",
        "调整送货安排，客户接受",
        "已电话解释，客户理解",
    ),
    return_reasons=("质量问题", "续航不满意", "发错型号", "客户项目取消", "运输破损", "多订退回"),
    events={
        "visit": ("浏览{product}详情页", "浏览价格页 3 次", "浏览案例中心"),
        "download": ("下载{product}参数表", "下载行业方案白皮书", "下载价格目录"),
        "form": ("提交询价表单：{product}", "提交经销合作申请"),
        "webinar": ("参加{product}新品直播", "参加渠道政策说明会"),
        "trial": ("申请{product}试用", "预约到店体验{product}"),
    },
    remarks=(
        "老客户介绍，关系较好",
        "对账较慢，注意催收",
        "只认指定快递",
        "节日前会集中采购",
        "由总部统一付款",
    ),
    hobbies=("钓鱼", "羽毛球", "茶道", "摄影", "爬山", "书法", "自驾游", "篮球"),
)
