"""Reading what a person wants: commands that work anywhere, and the matters that may be begun."""

from __future__ import annotations

import re

from bots.dialogue.reading.loose import loose_command, loose_matter
from bots.dialogue.reading.plain import bare

RESTART, BACK, HELP, HUMAN, MENU = "restart", "back", "help", "human", "menu"
_COMMANDS = {
    RESTART: "ᠳᠠᠬᠢᠨ дахин 重来 重新来 重新开始 从头来 从头开始 从新来 重填 重新填 重来一遍 重來",
    BACK: "ᠪᠤᠴᠠᠬᠤ буцах 上一步 返回上一步 上一个 退回上一步 回上一步 后退 往回 返回 上一歩",
    HELP: "ᠲᠤᠰᠠᠯᠠᠮᠵᠢ тусламж 帮助 帮忙看看 怎么用 怎么办 help ? ? 不会 不会用 幫助 看不懂 使用说明",
    HUMAN: "ᠬᠦᠮᠦᠨ хүн ажилтан 人工 转人工 人工服务 客服 真人 找人 找工作人员 工作人员 打电话 人工客服 请人帮我",
    MENU: "ᠴᠡᠰ цэс 菜单 主菜单 退出 目录 首页 不办了 选单",
}
COMMANDS = {bare(word) or word: command for command, words in _COMMANDS.items() for word in words.split()}

_EXACT = {
    "guide": "ᠰᠤᠷᠭᠠᠭᠤᠯᠢ сургууль 查学校 划片 片区 查片区 上哪个学校 学区 上学 入学条件 需要什么材料 要什么材料 材料清单 政策",
    "enrol": "ᠪᠦᠷᠢᠳᠬᠡᠯ бүртгэл бүртгүүлэх 报名 登记 入学登记 报名登记 我要报名 注册 新生报名 登记孩子 预约报名 继续报名 补正 修改 改 改资料 修改资料",
    "papers": "ᠮᠠᠲ᠋ᠧᠷᠢᠶᠠᠯ материал 交材料 传材料 上传材料 材料 拍照 传照片 补材料 交照片 提交 发材料",
    "diary": "ᠶᠠᠪᠤᠴᠠ явц 进度 查进度 看进度 审核进度 办到哪了 核验 状态 到哪一步了",
    "result": "ᠳ᠋ᠦᠩ дүн 结果 查结果 看结果 录取结果 分到哪了 录取 分到哪个学校",
    "why": "ᠶᠠᠭᠠᠬᠢᠭᠠᠳ яагаад 为什么 原因 凭什么 为啥 怎么回事",
    "confirm": "ᠪᠠᠲᠤᠯᠠᠬᠤ батлах 确认 确认入学 确认学位 确认就读",
    "decline": "ᠲᠠᠲᠠᠭᠠᠯᠵᠠᠬᠤ татгалзах 放弃 放弃学位 不去了 放弃入学 不上了",
    "withdraw": "ᠪᠤᠴᠠᠭᠠᠬᠤ буцаах 撤回 撤回报名 取消报名 退报名 撤销报名 撤销",
    "choose": "选学校 填志愿 选志愿",
    "helper": "ᠲᠥᠯᠥᠭᠡᠯᠡᠭᠴᠢ төлөөлөгч 代办 请人代办 帮忙 找人帮忙 添加代办 帮办 代办人",
    "phone": "ᠤᠲᠠᠰᠤ утас 绑定手机 手机号 绑定手机号 换手机号 换号码 绑手机",
    "dispute": "申诉 不对我要申诉 我要申诉 对不上",
    "objection": "ᠰᠠᠨᠠᠯ санал 异议 复核 我有异议 不服 申请复核 对结果有异议",
    "preference": "优待 申请优待 优待申请 军人子女 消防子女 公安子女 人才子女",
    "private": "民办 民办学校 民办报名 摇号 报民办 登记民办",
    "line": "候补 候补名单 查候补 候补第几 排到第几了",
    "leave_list": "退出名单 退出封存的名单",
    "deferral": "缓学 申请缓学 缓学申请 晚一年上学",
    "transfer": "转学 申请转学 转学申请 我要转学 查转学 ᠰᠢᠯᠵᠢᠬᠦ шилжих",
    "language": "语言 换语言 切换语言 ᠬᠡᠯᠡ хэл",
    "intent": "ᠤᠷᠢᠳᠴᠢᠯᠠᠭᠠᠳ урьдчилан 先登记 先报名 意向登记 报名意向 来不及",
    "score": "ᠣᠨᠤᠭ᠎ᠠ оноо 成绩 查成绩 分数 中考成绩 中考 考了多少分 查分",
    "rank": "ᠡᠷᠡᠮᠪᠡ эрэмбэ 名次 排名 位次 实时名次 实时排名 实时位次 第几名 我的排名",
    "exam_choose": "ᠰᠣᠩᠭᠣᠬᠤ сонгох 填报 改志愿 中考志愿 填报志愿 报志愿 换志愿 选高中",
    "standing_order": "ᠳᠠᠭᠠᠭᠠᠯᠭ᠎ᠠ даатгах 托管志愿 托管 志愿托管",
    "admission": "ᠡᠯᠰᠡᠯᠲᠡ элсэлт 中考录取 录取查询 录取通知书 通知书 高中录取",
    "report_in": "ᠢᠷᠡᠪᠡ ирлээ 报到 我要报到 高中报到",
    "tipoff": "ᠭᠣᠮᠳᠤᠯ гомдол 举报 投诉 反映问题",
}
EXACT = {bare(word): intent for intent, words in _EXACT.items() for word in words.split()}
CALLED_FIRST = re.compile(r"(?:转|找|要|请)?人工[\s,，。、:：!！]+\S")
"""Whoever calls for a human and tells at once what it is about wants the human, whatever matter the rest names."""
MENU_ORDER = ("guide", "enrol", "papers", "diary", "result", HUMAN, "score", "language")
"""What the numbers of the menu stand for."""


def command(text: str) -> str | None:
    """The command that works anywhere which `text` is, in its very words or in others; None for anything else."""
    if CALLED_FIRST.match(text.strip()):
        return HUMAN
    said = (bare(text) or text.strip()).casefold()
    return COMMANDS.get(said) or (loose_command(said) if said not in EXACT else None)


def exact_intent(text: str) -> str | None:
    """The matter that `text` names in these very words."""
    return EXACT.get(bare(text))


def intent(text: str) -> str | None:
    """The matter that `text` most likely asks for, by the words it holds; None where it holds none."""
    said = bare(text)
    return EXACT.get(said) or loose_matter(said)
