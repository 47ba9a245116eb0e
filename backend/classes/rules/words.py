"""What the columns, values and rules of class lists are called where people read them."""

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
