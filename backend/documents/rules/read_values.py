"""What a text off a page can mean: numbers with check digits, dates, sex, ethnicity; None for what cannot be so.

A value is proposed only where it is possible: a misread identity number fails its check digit and is left out, so that
nobody is asked to agree to nonsense (wishes 9).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from backend.families.rules.id_number import IdNumberFault, read_id_number

LIKE_DIGITS = str.maketrans({"O": "0", "o": "0", "D": "0", "I": "1", "l": "1", "|": "1", "Z": "2", "S": "5", "B": "8"})
DATE = re.compile(r"(\d{4})\D{0,3}(\d{1,2})\D{1,3}(\d{1,2})")
TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
CERTIFICATE = re.compile(r"(\w)[(（\[【]?(\d{4})[)）\]】]?(.{2,12}?)不动产权第?(\d{5,9})号?")
UNIT_NUMBER = re.compile(r"\d{12}[A-Z]{2}\d{5}F\d{8}")
ETHNICITIES = (
    "汉", "蒙古", "回", "满", "藏", "壮", "维吾尔", "苗", "彝", "土家", "朝鲜", "达斡尔", "鄂温克", "鄂伦春", "锡伯",
    "哈萨克", "布依", "侗", "瑶", "白", "哈尼", "黎", "傣", "畲", "傈僳", "仡佬", "东乡", "拉祜", "水", "佤", "纳西",
    "羌", "土", "仫佬", "柯尔克孜", "景颇", "毛南", "撒拉", "布朗", "塔吉克", "阿昌", "普米", "怒", "乌孜别克", "俄罗斯",
    "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "赫哲", "门巴", "珞巴", "基诺", "高山",
)  # fmt: skip
USES = ("住宅", "公寓", "商业")
NAME = re.compile(r"[\u4e00-\u9fff㐀-䶿·•.]{2,24}")
LONGEST_NUMBER = 18
WIDE, WIDER = ("！", "～"), 0xFEE0
"""Full-width letters, and how far they lie from narrow ones."""


def plain(text: str) -> str:
    """The text without blanks, full-width letters and colons narrowed."""
    narrow = "".join(chr(ord(letter) - WIDER) if WIDE[0] <= letter <= WIDE[1] else letter for letter in text)
    return "".join(narrow.split()).strip(":;,.、。·_-—")


def id_number(text: str) -> str | None:
    """An identity number whose check digit is right."""
    told = re.sub(r"[^0-9X]", "", plain(text).upper().translate(LIKE_DIGITS))
    for start in range(max(1, len(told) - LONGEST_NUMBER + 1)):
        number = told[start : start + LONGEST_NUMBER]
        try:
            read_id_number(number)
        except IdNumberFault:
            continue
        return number
    return None


def day(text: str) -> str | None:
    """A date as YYYY-MM-DD, from 2019年10月2日, 2019-10-02, 2019.10.02 or 20191002."""
    told = text.translate(LIKE_DIGITS)
    found = DATE.search(told) or TOGETHER.search(told)
    if found is None:
        return None
    try:
        read = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    return read.isoformat() if date(1900, 1, 1) <= read <= date(2100, 1, 1) else None


def last_day(text: str) -> str | None:
    """The later date of a span (2022.03.01-2025.03.01); None where only one stands there."""
    days = [day(found.group(0)) for found in DATE.finditer(text.translate(LIKE_DIGITS))]
    days = [each for each in days if each]
    return days[-1] if len(days) > 1 else None


def sex(text: str) -> str | None:
    """Male or female."""
    return {"男": "male", "女": "female"}.get(plain(text)[:1])


def ethnicity(text: str) -> str | None:
    """The name of an ethnicity without 族."""
    told = plain(text).removesuffix("族").replace("漢", "汉")
    return told if told in ETHNICITIES else None


def name(text: str) -> str | None:
    """A person's name: Chinese letters, with a middle dot where there is one."""
    told = plain(text).replace("•", "·").replace(".", "·")
    return told if NAME.fullmatch(told) else None


def household_number(text: str) -> str | None:
    """A household book's number: digits."""
    told = plain(text).translate(LIKE_DIGITS)
    return told if re.fullmatch(r"\d{6,12}", told) else None


def certificate(text: str) -> str | None:
    """A property certificate's number: 蒙(2019)康巴什区不动产权第0000001号."""
    found = CERTIFICATE.search(plain(text))
    if found is None:
        return None
    province, year, place, number = found.groups()
    return f"{province}({year}){place}不动产权第{number}号"


def unit_number(text: str) -> str | None:
    """A real-estate unit number of 28 letters and digits."""
    found = UNIT_NUMBER.search(re.sub(r"[^0-9A-Z]", "", plain(text).upper()))
    return found.group(0) if found else None


def use(text: str) -> str | None:
    """What a home is used for."""
    told = plain(text)
    return next((each for each in USES if each in told), None)


def words(text: str) -> str | None:
    """Any text of some length: an address, a place."""
    told = plain(text)
    return told if len(told) >= 4 else None  # noqa: PLR2004  # a shorter text is no address


READERS: Mapping[str, Callable[[str], str | None]] = {
    "name": name,
    "head_name": name,
    "owner": name,
    "sex": sex,
    "ethnicity": ethnicity,
    "born_on": day,
    "id_number": id_number,
    "address": words,
    "household_number": household_number,
    "moved_in_on": day,
    "certificate": certificate,
    "property_unit": unit_number,
    "use": use,
    "registered_on": day,
    "valid_until": last_day,
}
"""Field → how its text is read."""
EXACT = ("id_number", "household_number", "certificate", "property_unit")
"""Fields that a wrong letter makes useless: they are proposed only where the reader was sure of every letter."""
