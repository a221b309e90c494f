"""Words that praise or complain, in Chinese and English, as customers of companies use them.

Data only. What a word means next to others is `sentiment`'s affair.
"""

from __future__ import annotations

from typing import Final

_CHINESE: Final = """
2 非常满意 十分满意 超预期 超出预期 物超所值 无可挑剔 一流 完美 惊喜 强烈推荐 给力 卓越 赞不绝口 五星 好评
1 好 满意 不错 快 很快 迅速 及时 准时 按时 专业 耐心 热情 热心 周到 细心 细致 贴心 友好 礼貌 负责 认真 靠谱
1 可靠
1 稳定 方便 便捷 好用 易用 顺畅 流畅 清晰 清楚 清爽 灵敏 精准 准确 喜欢 推荐 优秀 优质 出色 棒 赞 值得 实惠
1 划算 便宜
1 省心 省力 省时 省电 放心 安心 高效 有效 有帮助 有用 实用 好看 漂亮 美观 精致 舒服 舒适 轻便 耐用 结实 牢固
1 完好 齐全
1 感谢 谢谢 感激 开心 高兴 愉快 信任 认可 肯定 表扬 点赞 提升 改善 进步 改进明显 顺利 合理 公道 透明 领先
1 强大 丰富
1 没问题 不贵 不慢 合适 到位 回购 续约 增购 再次购买 配合 主动 清静 降噪好 音质好 续航好
1 扎实 合格 优势 性价比高 帮忙 答复 简单 上手快 上手很快 答应 赠送 随时能查 当天 省事
0 无线 无论 无锡 无需 不仅 不但 不只 不光 不断 不久 不同 不管 别人 别的 未来 非洲 快捷方式 一次 大小
0.5 还好 还行 可以 宝贵 解决 正常 理想 期待
0 好像 爱好 最好 好几 正好 你好 您好 只好 好多 好了 尽快 赶快 快递 快要 快件 加快 差不多 出差 差价 差异 差旅
0 偏好 好处 美好
0 贵公司 贵司 贵方 高低 希望 建议 方便的话 满意度 好评率 慢慢 便利店 正常情况 可以吗 是否可以 能不能 稳定性
0 可靠性 准确性
-0.5 一般 凑合 勉强 普通 有待 不足 问题 偏高 偏慢 偏低 麻烦 繁琐 复杂 好久
-1 差 坏 慢 贵 太贵 退货 退款 投诉 抱怨 故障 损坏 破损 坏了 开裂 划痕 瑕疵 漏 漏水 缺货 缺件 少件 错发 发错
-1 延误 延迟
-1 迟 迟到 拖延 拖 超时 晚 晚到 卡顿 卡 死机 掉线 断线 断开 发热 发烫 噪音 噪声 杂音 异响 闪退 报错 错误
-1 出错 失灵 难用
-1 难 不便 不满 生气 失望 遗憾 敷衍 推诿 冷淡 粗鲁 不耐烦 骗 欺骗 虚假 夸大 误导 后悔 担心 不放心 不值
-1 不合理 不合格
-1 返修 返工 维修 赔偿 索赔 取消 流失 下降 降低 变差 恶化 不兼容 不匹配 连不上 打不开 没人 无人 没反应
-1 没有回复 不回复 没回复
-1 找不到 搞错 混乱 脏 旧 重复收费 乱收费 涨价 隐瞒 缩水 少了 缺少 缺乏 浪费 不清楚 不稳定 不及时 不专业
-1 不准
-1 异常 差距 断连 等了 又等 才有人 从头来 没有通知 难打通 打不通 开错 花了很久 太小 看不清 需要改进 太频繁 太多 太大 太重
-1 不好做 贵一些 贵了 少一箱 少了 漏发 补发 重开 停机 反复 一拖再拖 无人接听 联系不上
-2 糟糕 极差 很差 太差 恶劣 垃圾 差劲 坑 骗子 无法接受 不能接受 忍无可忍 再也不 拒绝 愤怒 严重 崩溃 灾难
"""
_ENGLISH: Final = """
2 excellent outstanding superb amazing fantastic perfect exceptional flawless delighted brilliant wonderful
2 awesome exceeded
1 good great nice fast quick quickly prompt promptly punctual professional patient friendly polite helpful
1 attentive reliable
1 stable convenient handy intuitive smooth smoothly clear clearly accurate precise love loved like liked
1 likes recommend
1 recommended satisfied happy pleased pleasant impressed impressive solid sturdy durable comfortable light
1 lightweight elegant
1 beautiful affordable worth worthwhile efficient effective useful easy easily simple responsive thanks
1 thank thankful grateful
1 trust trusted improved improvement better best fair transparent generous valuable enjoy enjoyed works well
1 praise
1 helped attractive passed again complete competitive friendly expert knowledgeable same-day ahead fits thorough
0.5 ok okay fine decent reasonable acceptable adequate solved resolved fixed
-0.5 average mediocre so-so lacking limited issue issues problem problems complicated trouble confusing
-0.5 unclear
-1 bad poor poorly slow slowly late delay delayed delays expensive overpriced broken break breaks broke
-1 damaged defect defective
-1 faulty fault fails fail failed failure error errors wrong missing scratched leak leaking noisy noise
-1 crash crashes crashed
-1 freeze freezes frozen lag laggy overheats hot disconnects dropped unstable unreliable difficult hard
-1 annoying annoyed angry
-1 disappointed disappointing disappointment unhappy dissatisfied unsatisfied complaint complain complained
-1 complaining return
-1 returned refund cancel cancelled rude ignored unprofessional unhelpful misleading misled useless waste
-1 wasted regret worse
-1 dirty incomplete incompatible inconvenient impatient unfair hidden overcharged lost confused
-1 scratches scratch waited waiting dearer weak gap overdue unanswered short shortage mistake mistakes
-1 twice reject rejected
-1 unreadable small tiny illegible changes drops drop cut stops stopped repeated chase chasing worst-case
-2 terrible horrible awful worst unacceptable disgusting furious scam fraud nightmare disaster pathetic
-2 appalling
"""
DEGREES: Final = {
    word: factor
    for factor, words in (
        (1.75, "极其 极为 极 超级 超 太 最 非常 特别 十分 万分 extremely absolutely incredibly totally"),
        (1.5, "很 挺 相当 真 真的 更 更加 尤其 格外 very really so too highly especially"),
        (1.25, "比较 较 还算 quite rather pretty fairly"),
        (0.6, "有点 有些 有一点 稍 稍微 略 略微 不太 不够 不大 slightly somewhat bit little"),
    )
    for word in words.split()
}
"""What makes the word behind it stronger or weaker."""
_TURNING: Final = """
不 没 没有 未 无 非 别 不是 并非 并不 从不 从未 毫无 不太 不够 不大 不怎么
not no never none hardly barely without cannot neither nor
"""
NEGATIONS: Final = frozenset(_TURNING.split())
"""What turns the word behind it into its opposite; a few weaken it as well."""


def _read(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in text.strip().splitlines():
        weight, *words = line.split()
        found |= dict.fromkeys(words, float(weight))
    return found


WORDS: Final = _read(_CHINESE) | _read(_ENGLISH)
"""Words to their weight, from -2 to 2; with 0 what only looks like a word of praise or complaint."""
