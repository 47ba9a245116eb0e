"""What the columns, values and rules of class lists are called where people read them."""

import re
from collections.abc import Mapping

COLUMN_NAMES = {
    "sex": "性别",
    "ethnicity": "民族",
    "household": "户籍",
    "age": "年龄段",
    "special": "特殊需要",
    "score": "总分",
    "together": "同班",
    "apart": "分开",
    "tolerance": "允许的差距",
}
VALUE_NAMES = {
    "male": "男",
    "female": "女",
    "older": "较大",
    "younger": "较小",
    "elsewhere": "外地",
    "0": "无",
    "1": "有",
}
WISH_NAMES = {
    "together/twins": "双胞胎同班",
    "apart/twins": "双胞胎分开",
    "apart/conflict": "有矛盾的分开",
    "apart/same-sound": "同音名字分开",
}
STEP_NAMES = ("公布方案", "抽取见证人", "见证人出数字", "一键分班", "公布结果")
GAINS = {
    "floor": "优化：各班平均分压到几乎相等；谁和谁同班仍由公开的种子决定，但可选的分法少得多。",
    "draw": "抽取：在各班平均分相差不超过约定分数的所有分法里随机走一遍，谁和谁同班最接近纯抽签；平均分的差距比优化大。",
}
"""What each way gains and loses; the figures measured stand in docs/properties/classes.md."""


def column_name(column: str) -> str:
    """The column as people call it: 总分, 语文成绩, 性别."""
    if column.startswith("score_"):
        return column.removeprefix("score_") + "成绩"
    return COLUMN_NAMES.get(column, column)


UNMET = (
    (
        r"'(.*)' should be (\d+) to (\d+) in each class and is \[(.*)\]; (.*)",
        "“{0}”每班应有 {1} 到 {2} 人，现在各班是 {3} 人；{4}",
    ),
    (
        r"label '.*': (\d+) pupils should be in one class and are in the classes \[(.*)\]; (.*)",
        "有 {0} 名学生应在同一个班，现在在 {1} 班；{2}",
    ),
    (
        r"label '.*': (\d+) pupils should be in different classes and share the classes \[(.*)\]; (.*)",
        "有 {0} 名学生应分在不同的班，现在有人同在 {1} 班；{2}",
    ),
    (
        r"no division was found whose spreads all lie within (\S+) points; .*",
        "没有找到各项差距都不超过 {0} 分的分法，改用了优化",
    ),
)
REASONS = (
    (r"cannot be met: every division was looked at.*", "所有分法都看过，没有一种能同时做到这一项和更优先的各项"),
    (r"was not met: no division was found.*", "没有找到能同时做到这一项和更优先各项的分法"),
    (r"cannot be met: a class has at most (\d+) pupils", "做不到：一个班最多 {0} 人"),
    (r"cannot be met: a class has at most (\d+) with sex '(.*)'", "做不到：一个班的{1}生最多 {0} 人"),
    (r"cannot be met together with the '(?:apart|together)' label .*", "做不到：其中两人另有相反的要求"),
    (r"cannot be met: more pupils than classes \((\d+)\)", "做不到：人数多于班数（{0} 个班）"),
)
"""The report's sentences (rules/unmet.py) and what people read in their place; the parts go over as they are."""


def unmet_words(violation: Mapping[str, str]) -> str:
    """What could not be kept, in Chinese: the column, what stands in the lists, and why. Labels are not named."""
    return f"{column_name(violation['rule'])}：{_said(violation['detail'], UNMET)}。"


def _said(text: str, told: tuple[tuple[str, str], ...]) -> str:
    for pattern, words in told:
        if found := re.fullmatch(pattern, text):
            parts = [_said(VALUE_NAMES.get(part, part), REASONS) for part in found.groups()]
            return words.format(*parts)
    return text
