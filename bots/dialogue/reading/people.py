"""Reading names, phone numbers, relations and nations as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from backend.families.rules.id_number import IdNumber, IdNumberFault, read_id_number
from backend.families.rules.nations import NATIONS
from bots.dialogue.reading.plain import bare, plain, trimmed

LONGEST_NAME = 50
"""Characters of a name; Mongolian and Kazakh names pass 17 and have no family name."""
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●.。﹒･", "·"))
_LEADS = re.compile(r"^(?:孩子|小孩|娃|宝宝|我|他|她|学生|姓名|名字|家长|监护人|的|大名|全名|:|叫做|叫|是|,| )+")
_CALLED = re.compile(r"^.{0,8}?(?:名字|大名|全名|叫做|叫)[是叫: ]*(?=.{2})")
"""Whoever it is (孙子, 我家闺女), and the word that says that a name follows."""
_TAILS = re.compile(r"\(.*$|[,;、/ ]+(男|女)(孩|生|的)?$|(?<=.{2})[啊呀呢哦噢]+$")
_NO_NAME = re.compile(
    r"不知道|不会|怎么|咋|什么|啥|干嘛|哪[里个儿]|为何|请问|你好|您好|谢谢|等[一会]|稍等|身份证|户口|报名|[吗么]$"
)
"""What nobody is called: somebody who writes it has not understood the question."""
_RELATIONS = {
    "father": "爸爸 父亲 爸 爹 父 老爸 亲爸 后爸 孩子爸爸 他爸 她爸 孩子爸 孩子他爸 继父 养父",
    "mother": "妈妈 母亲 妈 娘 母 老妈 亲妈 后妈 孩子妈妈 他妈 她妈 孩子妈 孩子他妈 继母 养母",
    "grandparent": "爷爷 奶奶 爷 奶 姥 额布格 额么格 姥姥 姥爷 外公 外婆 祖父 祖母 外祖父 外祖母 额吉 祖父母 外祖父母 爷爷奶奶 祖父母或外祖父母",
    "other": "其他 其它 别的 亲戚 舅舅 姑姑 叔叔 姨 哥哥 姐姐 其他监护人",
}
_OTHERS = re.compile(r"(伯伯?|叔叔?|姑姑?|姨|舅舅?|婶婶?|哥哥?|姐姐?|嫂子?|邻居|老师|监护人)$")
_BOYS, _GIRLS = ("男", "儿子", "小子", "孙子"), ("女", "姑娘", "丫头")
_HELD = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
"""An ID number among other words."""
_LOOKALIKES = str.maketrans("OoQIl|", "000111")
RELATIONS = ("father", "mother", "grandparent", "other")


def read_name(text: str) -> str | None:
    """The name that `text` gives, with `·` between its parts; None where it cannot be a name."""
    named = _TAILS.sub("", _LEADS.sub("", _CALLED.sub("", trimmed(text))))
    name = re.sub(r"\s*·\s*", "·", named.translate(_DOTS)).strip("·")
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        name = name.replace(" ", "")
    if _NO_NAME.search(name) or not 2 <= len(name) <= LONGEST_NAME or not all(_in_a_name(letter) for letter in name):  # noqa: PLR2004
        return None
    return name


def _in_a_name(letter: str) -> bool:
    return letter in "· -'" or unicodedata.category(letter) in {"Lo", "Lu", "Ll", "Lm", "Mn"}


def read_phone(text: str) -> str | None:
    """The eleven digits of a mobile number in `text`, whatever stands between them; None where there is none."""
    digits = re.sub(r"[\s\-.()]", "", plain(text))
    found = re.search(r"(?<!\d)(?:\+?86|0086)?(1[3-9]\d{9})(?!\d)", digits)
    return found.group(1) if found else None


def read_code(text: str) -> str | None:
    """The six digits of a one-time code in `text`; None where there are none, or several sixes."""
    digits = re.findall(r"(?<!\d)\d{6}(?!\d)", re.sub(r"(?<=\d)[\s-]+(?=\d)", "", plain(text)))
    return digits[0] if len(digits) == 1 else None


def read_relation(text: str) -> str | None:
    """father, mother, grandparent or other; None where the words say none of them."""
    said = re.sub(r"^(我|是|孩子|小孩|娃|他|她|学生|家|的)+", "", bare(text)) or bare(text)
    found = next((relation for relation, words in _RELATIONS.items() if said in words.split()), None)
    return found or ("other" if _OTHERS.search(said) else None)


def read_nation(text: str) -> str | None:
    """The nation (民族) named, without 族 at its end, as GB/T 3304 writes it; None where there is no such nation."""
    said = re.sub(r"^(我们|我|孩子|他|她|都|是|民族|:)+", "", bare(text)) or bare(text)
    for nation in (said, said.removesuffix("族")):
        if nation in NATIONS:
            return nation
    return "蒙古" if said.removesuffix("族") == "蒙" else None


def read_sex(text: str) -> str | None:
    """Male or female; None where the words say neither."""
    said = bare(text)
    if said in {"1", "2"}:
        return "male" if said == "1" else "female"
    is_boy, is_girl = (any(word in said for word in words) for words in (_BOYS, _GIRLS))
    return None if is_boy == is_girl else "male" if is_boy else "female"


def read_id(text: str, today: date) -> IdNumber | IdNumberFault:
    """The ID number in `text` (GB 11643), or what is wrong with it.

    Spaces, dashes and full-width digits are let pass; × and 叉 at the end are X. Letters that look like digits (O, I, l)
    are taken for digits only where the check digit then agrees.
    """
    number = re.sub(r"[\s\-.:]|身份证号码?|号码|证号|身份证", "", trimmed(text))
    number = re.sub(r"[×✕✖*叉xχХх]$", "X", number)
    held = _HELD.findall(number)
    number = held[0] if len(held) == 1 else number
    try:
        return read_id_number(number, today)
    except IdNumberFault as fault:
        repaired = number.translate(_LOOKALIKES)
        try:
            return read_id_number(repaired, today)
        except IdNumberFault:
            return fault
