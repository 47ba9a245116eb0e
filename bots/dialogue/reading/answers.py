"""Reading an answer to a closed question: a number, a yes or no, a choice by number or by words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.dialogue.reading.plain import bare

_HAN = {"零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
_HAN |= {"六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBERED = re.compile(
    r"^(?:选|选择|我选|第|no|按|回复)?(\d{1,2}|[一二两三四五六七八九十]{1,3})(?:个|号|项|条|种|位|吧|的|呢|啊)*$"
)
YES = frozenset(
    [
        "1",
        "ᠲᠡᠢᠮᠦ",
        "ᠵᠥᠪ",
        "тийм",
        "зөв",
        "болно",
        "зөвшөөрнө",
        "是",
        "是的",
        "对",
        "对的",
        "对对",
        "好",
        "好的",
        "好吧",
        "行",
        "行的",
        "可以",
        "同意",
        "我同意",
        "愿意",
        "嗯",
        "嗯嗯",
        "恩",
        "没错",
        "正确",
        "确认",
        "确定",
        "要",
        "需要",
        "有",
        "ok",
        "okay",
        "y",
        "yes",
        "没问题",
        "办",
        "提交",
        "交上去",
        "都对",
        "都对的",
        "全对",
        "绑在一起",
        "申请认领",
        "对,交上去",
    ]
)
NO = frozenset(
    [
        "2",
        "ᠦᠭᠡᠢ",
        "ᠪᠢᠰᠢ",
        "үгүй",
        "биш",
        "不",
        "不是",
        "不对",
        "否",
        "不同意",
        "我不同意",
        "不行",
        "不可以",
        "不愿意",
        "没有",
        "没",
        "不要",
        "不用",
        "不需要",
        "不了",
        "错",
        "错了",
        "不确认",
        "取消",
        "n",
        "no",
        "算了",
        "再想想",
        "不办",
        "不填",
        "不填了",
        "先不报到",
        "不交了",
        "有不对的",
        "有不对",
        "有错",
        "分开",
        "不交",
        "不放弃",
        "不撤回",
    ]
)
SKIP = frozenset(
    [
        "跳过",
        "ᠠᠯᠭᠠᠰᠠᠬᠤ",
        "алгасах",
        "略过",
        "不知道",
        "不清楚",
        "不记得",
        "忘了",
        "不填",
        "不写",
        "没有",
        "无",
        "下一步",
        "pass",
        "skip",
        "说不清",
        "不想说",
        "空",
    ]
)


def number(text: str) -> int | None:
    """The whole number that `text` says: `2`, `②`, `第二个`, `选2`, `十二`; None where it says none."""
    found = _NUMBERED.match(bare(text).casefold())
    return han_number(found.group(1)) if found else None


def han_number(digits: str) -> int | None:
    """A number up to 99 in ordinary or Chinese digits; None where it is none."""
    if digits.isdecimal():
        return int(digits)
    if any(digit not in _HAN for digit in digits) or not digits:
        return None
    if "十" not in digits:
        return _HAN[digits] if len(digits) == 1 else None
    tens, _, ones = digits.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def numbers(text: str) -> list[int] | None:
    """The numbers of an order such as `2 1 3`, `2、1、3` or `213` (each one digit); None where something else stands there."""
    parts = [part for part in re.split(r"[\s,,、;;.>-]+", text.strip()) if part]
    if len(parts) == 1 and parts[0].isdecimal():
        parts = list(parts[0])
    read = [number(part) for part in parts]
    return [one for one in read if one is not None] if read and all(one is not None for one in read) else None


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None where it is neither."""
    said = bare(text).casefold()
    if said in YES or number(said) == 1:
        return True
    return False if said in NO or number(said) == 2 else None  # noqa: PLR2004 - the second of two choices


def is_skip(text: str) -> bool:
    """Whether the person does not want to, or cannot, answer this question."""
    return bare(text).casefold() in SKIP


def choice(text: str, labels: Sequence[str]) -> int | None:
    """The index in `labels` that `text` chooses, by its number (from 1), or by words that only one label holds."""
    chosen = number(text)
    if chosen is not None:
        return chosen - 1 if 1 <= chosen <= len(labels) else None
    said = bare(text).casefold()
    if not said:
        return None
    spoken = [bare(label).casefold() for label in labels]
    exact = [index for index, label in enumerate(spoken) if label == said]
    if len(exact) == 1:
        return exact[0]
    if exact:
        return None
    if len(said) > 1:
        held = [index for index, label in enumerate(spoken) if said in label or (len(label) > 1 and label in said)]
        if len(held) == 1:
            return held[0]
    return None
