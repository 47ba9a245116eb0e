"""pydantic's findings in Chinese sentences for officials, with JSON pointers."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

SENTENCES = {
    "missing": "缺少“{name}”。",
    "extra_forbidden": "不认识“{name}”这一项，请检查拼写。",
    "string_type": "应是文字，不是“{input}”。",
    "string_too_short": "不能空着。",
    "string_too_long": "文字太长，最多{max_length}个字。",
    "int_type": "应是整数，不是“{input}”。",
    "int_from_float": "应是整数，不是“{input}”。",
    "bool_type": "应是 true 或 false，不是“{input}”。",
    "tuple_type": "应是列表（写在方括号里）。",
    "dict_type": "应是条件或一组设置（写在花括号里）。",
    "date_from_datetime_parsing": "日期应像 2027-06-01。",
    "date_parsing": "日期应像 2027-06-01。",
    "model_type": "应是一组设置，不是“{input}”。",
    "model_attributes_type": "应是一组设置，不是“{input}”。",
    "greater_than_equal": "不能小于{ge}，写的是“{input}”。",
    "less_than_equal": "不能大于{le}，写的是“{input}”。",
    "literal_error": "“{input}”不在可选范围内；可选：{expected}。",
    "timezone_aware": "时间要写明时区，例如 2027-05-10T08:00:00+08:00。",
    "datetime_from_date_parsing": "时间写法不对，应像 2027-05-10T08:00:00+08:00。",
    "datetime_parsing": "时间写法不对，应像 2027-05-10T08:00:00+08:00。",
    "datetime_type": "时间写法不对，应像 2027-05-10T08:00:00+08:00。",
}

PATTERNS = {
    r"^[0-9]{6}$": "应是6位旗区代码，例如 150603。",
    r"^[0-9]{9}$": "应是9位乡镇街道代码，例如 150621100。",
    r"^[0-9]{12}$": "应是12位地址单元代码，例如 150603001001。",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "日期应像 2027-05-10。",
    r"^[0-9]{2}-[0-9]{2}$": "月日应像 08-31。",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": "钟点应像 18:00。",
    r"^[0-9][0-9-]{2,19}$": "电话号码只能有数字和短横线，例如 0477-8590000。",
    r"^[a-z]+-[0-9]{4}$": "应像 dalate-2022：小写字母、短横线、四位年份。",
    r"^[0-9A-Za-z-]{1,20}$": "只能用数字、英文字母和短横线，最多20个。",
    r"^[0-9]{4}$": "应是4位城市代码，例如 1506。",
    r"^[0-9]{1,6}(\.[0-9]{1,2})?$": '分数写成引号里的数字，最多两位小数，例如 "655.5"。',
    r"^[a-z][a-z0-9-]{0,39}$": "代码只能用小写字母、数字和短横线，以字母开头，最多40个。",
}
UNDERSCORED = "只能用规定的写法。"


def pydantic_faults(fault: ValidationError, pointer: str) -> Iterator[tuple[str, str]]:
    """Every finding of one validation, as (JSON pointer below `pointer`, Chinese sentence)."""
    for found in fault.errors(include_url=False, include_context=True):
        place = "".join(f"/{part}" for part in found["loc"])
        yield f"{pointer}{place}", _sentence(dict(found))


def _sentence(found: dict[str, Any]) -> str:
    context = found.get("ctx") or {}
    shown = str(found.get("input"))[:60]
    if found["type"] == "string_pattern_mismatch":
        return f"“{shown}”写法不对：{PATTERNS.get(context['pattern'], UNDERSCORED)}"
    sentence = SENTENCES.get(found["type"], "这里的值不合规定（{type}）。")
    name = found["loc"][-1] if found["loc"] else ""
    return sentence.format(**{"name": name, "input": shown, "type": found["type"], **context})
