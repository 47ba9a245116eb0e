"""Names of people as households write them: Chinese, with a middle dot, in Latin letters, without a family name."""

import re
import unicodedata

LONGEST = 50
MIDDLE_DOT = "·"
_DOTS = re.compile(r"\s*[·•‧∙⋅・･．.。]\s*")
_BLANKS = re.compile(r"\s+")
_BETWEEN = frozenset("·' -")


class NameFault(ValueError):
    """The text is no name. `in_chinese` says what to do."""

    code = "name-invalid"
    in_chinese = "姓名请照户口簿或证件填写，1到50个字；少数民族姓名中间的点可以直接写“·”。"


def read_name(text: str) -> str:
    """The name in `text`: trimmed, blanks between Chinese characters removed, every kind of middle dot written as "·".

    1 to 50 characters, letters of any script; no family name is asked for (domain 4.3; Mongolian names are one word).
    Raises NameFault.
    """
    name = unicodedata.normalize("NFC", text).strip()
    name = _DOTS.sub(MIDDLE_DOT, name).strip(MIDDLE_DOT)
    name = _BLANKS.sub("" if _is_chinese(name) else " ", name)
    if not 1 <= len(name) <= LONGEST or not _is_written_in_letters(name):
        raise NameFault(f"{len(text)} characters that are no name of 1 to {LONGEST} letters")
    return name


def _is_chinese(name: str) -> bool:
    return any("CJK" in unicodedata.name(letter, "") for letter in name)


def _is_written_in_letters(name: str) -> bool:
    # Mongolian and Tibetan write with marks and joiners beside their letters.
    letters = [letter for letter in name if letter not in _BETWEEN]
    return unicodedata.category(name[0])[0] == "L" and all(unicodedata.category(x)[0] in "LM" for x in letters)


def masked_name(name: str) -> str:
    """The name as lists show it: 张* for two characters, 欧*锋 for three and more (promises 4.4)."""
    if len(name) == 1:
        return "*"
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")  # noqa: PLR2004  # the rule counts characters
