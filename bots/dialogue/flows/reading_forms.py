"""Reading the words that forms ask for: where the household is, what home, what work, which dates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bots.dialogue.reading.dates import is_lunar, read_date
from bots.dialogue.reading.plain import bare
from bots.dialogue.steps import Scene
from bots.dialogue.values import Reply

OLDEST_PUPIL_DAYS = 20 * 366
"""A birth longer ago is taken for a grown-up's."""


def _by_words(text: str, table: dict[str, tuple[str, ...]]) -> str | None:
    said = bare(text)
    named = [value for value, words in table.items() if any(word in said for word in words)]
    return named[0] if len(named) == 1 else None


def read_household_place(text: str) -> str | None:
    """Here or elsewhere or unknown: whether the child's household (户口) is in the banner."""
    return _by_words(
        text,
        {
            "here": ("本旗", "本区", "本地", "这里", "当地"),
            "elsewhere": ("外地", "外旗", "外省", "别的旗", "老家", "外面", "其他地方"),
            "unknown": ("说不清", "不清楚", "不知道", "不确定"),
        },
    )


def read_home(text: str) -> str | None:
    """owned, contract, rented or none."""
    if "没有房" in bare(text) or "没房" in bare(text) or bare(text) in {"没有", "无"}:
        return "none"
    return _by_words(
        text,
        {
            "owned": ("房产证", "房本", "不动产证", "不动产权", "自己的房", "自家", "自有", "有房"),
            "contract": ("购房合同", "买了房", "网签", "期房", "还没办证"),
            "rented": ("租",),
            "none": ("住亲戚", "借住", "单位宿舍"),
        },
    )


def read_work(text: str) -> str | None:
    """insured, business or none."""
    if bare(text) in {"没有", "都没有", "无", "没"}:
        return "none"
    return _by_words(text, {"insured": ("社保", "单位", "上班", "保险"), "business": ("执照", "开店", "个体", "生意")})


def read_use(text: str) -> str | None:
    """住宅, 公寓 or 商业."""
    return _by_words(
        text,
        {"住宅": ("住宅", "普通住房", "平房", "楼房"), "公寓": ("公寓",), "商业": ("商业", "商铺", "门面", "底商")},
    )


def read_owner(text: str) -> str | None:
    """parents, grandparents, self or other: whose home it is, seen from the child."""
    return _by_words(
        text,
        {
            "grandparents": ("爷爷", "奶奶", "姥", "外公", "外婆", "祖父", "祖母", "老人"),
            "parents": ("爸", "妈", "父母", "父亲", "母亲", "我的", "我们", "夫妻"),
            "self": ("孩子", "本人", "学生"),
            "other": ("其他", "亲戚", "叔", "舅", "别人"),
        },
    )


def read_birth(scene: Scene, text: str) -> Any:
    """A child's day of birth as YYYY-MM-DD, or what is wrong with it."""
    if is_lunar(text):
        return Reply("chat.miss.lunar")
    day = read_date(text, scene.now.date())
    if day is None:
        return Reply("chat.miss.date")
    if scene.now.date() - day > timedelta(days=OLDEST_PUPIL_DAYS):
        return Reply("chat.miss.too_old")
    return day.isoformat()


def read_past_date(scene: Scene, text: str) -> Any:
    """Any day up to now as YYYY-MM-DD, or what is wrong with it."""
    if is_lunar(text):
        return Reply("chat.miss.lunar")
    day = read_date(text, scene.now.date())
    return day.isoformat() if day else Reply("chat.miss.date")
