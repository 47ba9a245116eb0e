"""Reading what a person wants: commands that work anywhere, and the matters that may be begun."""

from __future__ import annotations

from bots.dialogue.reading.plain import bare

RESTART, BACK, HELP, HUMAN, MENU = "restart", "back", "help", "human", "menu"
_COMMANDS = {
    RESTART: "重来 重新来 重新开始 从头来 从头开始 从新来 重填 重新填 重来一遍 重來",
    BACK: "上一步 返回上一步 上一个 退回上一步 回上一步 后退 往回 返回 上一歩",
    HELP: "帮助 帮忙看看 怎么用 怎么办 help ? ? 不会 不会用 幫助 看不懂 使用说明",
    HUMAN: "人工 转人工 人工服务 客服 真人 找人 找工作人员 工作人员 打电话 人工客服 请人帮我",
    MENU: "菜单 主菜单 退出 目录 首页 不办了 选单",
}
COMMANDS = {word: command for command, words in _COMMANDS.items() for word in words.split()}

_EXACT = {
    "guide": "查学校 划片 片区 查片区 上哪个学校 学区 上学 入学条件 需要什么材料 要什么材料 材料清单 政策",
    "enrol": "报名 登记 入学登记 报名登记 我要报名 注册 新生报名 登记孩子 预约报名 继续报名 补正 修改 改 改资料 修改资料",
    "papers": "交材料 传材料 上传材料 材料 拍照 传照片 补材料 交照片 提交 发材料",
    "diary": "进度 查进度 看进度 审核进度 办到哪了 核验 状态 到哪一步了",
    "result": "结果 查结果 看结果 录取结果 分到哪了 录取 分到哪个学校",
    "why": "为什么 原因 凭什么 为啥 怎么回事",
    "confirm": "确认 确认入学 确认学位 确认就读",
    "decline": "放弃 放弃学位 不去了 放弃入学 不上了",
    "withdraw": "撤回 撤回报名 取消报名 退报名 撤销报名 撤销",
    "choose": "选学校 填志愿 选志愿",
    "helper": "代办 请人代办 帮忙 找人帮忙 添加代办 帮办 代办人",
    "phone": "绑定手机 手机号 绑定手机号 换手机号 换号码 绑手机",
    "dispute": "申诉 异议 不对我要申诉 我要申诉 对不上",
    "tipoff": "举报 投诉 反映问题",
}
EXACT = {word: intent for intent, words in _EXACT.items() for word in words.split()}
_LOOSE = (
    ("tipoff", ("举报", "投诉")),
    ("dispute", ("申诉", "异议")),
    ("why", ("为什么", "为啥", "凭什么")),
    ("withdraw", ("撤回", "取消报名", "撤销报名")),
    ("decline", ("放弃",)),
    ("helper", ("代办", "帮我家办")),
    ("phone", ("绑定手机", "换手机号", "换号")),
    ("choose", ("选学校", "填志愿")),
    ("result", ("结果", "录取", "分到哪")),
    ("diary", ("进度", "审核", "核验", "办到哪", "查到哪")),
    (
        "guide",
        (
            "哪个学校",
            "哪所学校",
            "哪里上学",
            "在哪上",
            "划片",
            "片区",
            "学区",
            "什么材料",
            "哪些材料",
            "条件",
            "够不够",
            "年龄",
            "能不能上",
            "什么时候报名",
            "几号报名",
            "政策",
        ),
    ),
    ("papers", ("材料", "照片", "拍照")),
    ("enrol", ("报名", "登记", "补正", "入学")),
    ("confirm", ("确认",)),
)
MENU_ORDER = ("guide", "enrol", "papers", "diary", "result", HUMAN)
"""What the numbers of the menu stand for."""


def command(text: str) -> str | None:
    """The command that works anywhere which `text` is, in these very words; None for anything else."""
    said = bare(text) or text.strip()
    return COMMANDS.get(said.casefold())


def exact_intent(text: str) -> str | None:
    """The matter that `text` names in these very words."""
    return EXACT.get(bare(text))


def intent(text: str) -> str | None:
    """The matter that `text` most likely asks for, by the words it holds; None where it holds none."""
    said = bare(text)
    return EXACT.get(said) or next((name for name, words in _LOOSE if any(word in said for word in words)), None)
