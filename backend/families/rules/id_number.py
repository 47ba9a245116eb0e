"""The citizen's ID number (GB 11643): what it says by itself, and what is wrong with it in words."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Sex = Literal["male", "female"]

_LENGTH = 18
_FIRST_GENERATION_LENGTH = 15
_EARLIEST_BIRTH_YEAR = 1880
_FORM = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# Provinces by their first two digits. Below the province every code counts, also those abolished since: a number
# keeps the division of the day it was given (T-4.2). 81, 82, 83 are the residence permits of Hong Kong, Macau, Taiwan.
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_FOREIGNERS_PERMIT = "9"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number without a fault: 18 characters with a capital X, the day of birth and the sex that it states."""

    number: str
    born_on: date
    sex: Sex


class IdNumberFault(ValueError):
    """The text is no ID number. `code` is permanent; the message is English, `in_chinese` is for families."""

    code = "id-number-fault"
    in_chinese = "身份证号码不正确。"


class IdNumberOfWrongLength(IdNumberFault):
    """Not 18 characters; numbers of 15 digits ended with 2012 and are not converted by guessing."""

    code = "id-number-length"
    in_chinese = "身份证号码应为18位，请对照身份证或户口簿逐位核对。"


class IdNumberWithWrongCharacters(IdNumberFault):
    """Something else than 17 digits and a digit or X."""

    code = "id-number-characters"
    in_chinese = "身份证号码前17位应为数字，最后一位应为数字或字母X。"


class IdNumberOfNoProvince(IdNumberFault):
    """The first two digits are no province, past or present."""

    code = "id-number-province"
    in_chinese = "身份证号码开头两位不是任何省份的代码，请核对。"


class IdNumberWithImpossibleBirth(IdNumberFault):
    """Digits 7 to 14 are no day on which a living person can have been born."""

    code = "id-number-birth"
    in_chinese = "身份证号码第7至14位不是一个真实的出生日期，请核对。"


class IdNumberWithWrongCheckDigit(IdNumberFault):
    """The last character is not the one that the other 17 ask for: a digit was mistyped or two were swapped."""

    code = "id-number-check-digit"
    in_chinese = "身份证号码校验不通过，可能有一位写错或两位颠倒，请逐位核对。"


def read_id_number(text: str, on: date | None = None) -> IdNumber:
    """The ID number in `text`, trimmed and with `x` made `X`; nothing else is corrected.

    `on` is the day of reading: whoever is born after it has no number yet; None tells no future from the past.
    Raises a kind of IdNumberFault for the first of: length, characters, province, birth, check digit
    (GB 11643-1999; T-4.2).
    """
    number = text.strip().upper() if text.isascii() else text.strip()
    if len(number) != _LENGTH:
        raise IdNumberOfWrongLength(_about_length(len(number)))
    if _FORM.fullmatch(number) is None:
        raise IdNumberWithWrongCharacters("the first 17 characters must be digits, the last a digit or X")
    if _province(number) not in _PROVINCES:
        raise IdNumberOfNoProvince(f"the number begins with {number[:2]}, which is no province")
    born_on = _birth(number[6:14], on)
    expected = check_digit(number)
    if number[-1] != expected:
        raise IdNumberWithWrongCheckDigit("the check digit is wrong: one digit is mistyped, or two are swapped")
    return IdNumber(number, born_on, "male" if int(number[16]) % 2 else "female")


def check_digit(digits: str) -> str:
    """The 18th character for the first 17 digits of `digits` (ISO 7064 MOD 11-2)."""
    weighted = sum(int(digit) * one for digit, one in zip(digits[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[weighted % 11]


def _about_length(length: int) -> str:
    if length == _FIRST_GENERATION_LENGTH:
        return "a number of 15 digits is no longer valid; use the number of 18 from the present card or household book"
    return f"an ID number has 18 characters, this has {length}"


def _province(number: str) -> str:
    # The permit of permanently resident foreigners is 9, then the province.
    return number[1:3] if number.startswith(_FOREIGNERS_PERMIT) else number[:2]


def _birth(digits: str, on: date | None) -> date:
    shown = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise IdNumberWithImpossibleBirth(f"the birth date {shown} is not in the calendar") from error
    if born_on.year < _EARLIEST_BIRTH_YEAR:
        raise IdNumberWithImpossibleBirth(f"the birth date {shown} is too long ago for anyone with a number")
    if on is not None and born_on > on:
        raise IdNumberWithImpossibleBirth(f"the birth date {shown} has not come yet")
    return born_on
