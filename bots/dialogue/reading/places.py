"""Reading stages and banners as people call them, and telling an address from other words."""

from __future__ import annotations

import re

from bots.dialogue.reading.plain import bare
from bots.dialogue.world import Banner

STAGES = ("kindergarten", "primary", "junior")
_STAGE_WORDS = {
    "kindergarten": ("ᠴᠡᠴᠡᠷᠯᠢᠭ", "цэцэрлэг", "幼儿园", "幼园", "幼稚园", "小班", "入园", "上园"),
    "primary": ("ᠪᠠᠭᠠ", "бага", "小学", "一年级", "小一", "幼升小"),
    "junior": ("ᠳᠤᠮᠳᠠ", "дунд", "初中", "初一", "七年级", "小升初", "中学"),
}
_SHORT = {"达旗": "达拉特旗", "准旗": "准格尔旗", "伊旗": "伊金霍洛旗", "鄂旗": "鄂托克旗", "前旗": "鄂托克前旗"}
_SHORT |= {
    "鄂前旗": "鄂托克前旗",
    "杭旗": "杭锦旗",
    "乌旗": "乌审旗",
    "东胜": "东胜区",
    "康巴什": "康巴什区",
    "康巴什新区": "康巴什区",
}
_ADDRESS = re.compile(
    r"(小区|社区|居委会|嘎查|村|苏木|镇|街道|街|路|花园|家园|新城|苑|号楼|单元|公寓|佳苑|巷)|(?<!记)住(?![房院宿址])"
)
_NAMED = re.compile(r"[^,;。!? ]{2,20}?(?:小区|社区|居委会|嘎查|村|苏木|镇|街道|花园|家园|新城|苑)")


def read_stage(text: str) -> str | None:
    """The stage that `text` names; None where it names none or several."""
    said = bare(text)
    named = [stage for stage, words in _STAGE_WORDS.items() if any(word in said for word in words)]
    return named[0] if len(named) == 1 else None


def read_banner(text: str, banners: tuple[Banner, ...]) -> Banner | None:
    """The banner of `banners` that `text` names, in full or as people shorten it; None where it names none or several."""
    said = bare(text)
    name = _SHORT.get(said, said)
    exact = [banner for banner in banners if banner.name == name]
    if exact:
        return exact[0]
    held = [banner for banner in banners if banner.name in said or (len(said) > 1 and banner.name.startswith(said))]
    return held[0] if len(held) == 1 else None


def sounds_like_an_address(text: str) -> bool:
    """Whether `text` holds a word that addresses hold."""
    return _ADDRESS.search(bare(text)) is not None


def address_in(text: str) -> str:
    """The address that stands in a sentence, empty where none does."""
    found = _NAMED.search(bare(text))
    return found.group() if found else ""


_AROUND = re.compile(r"(那边|那儿|那块|那里|这边|这儿|附近|一带|跟前|旁边)?(住着?的?)?$")
_TAIL = re.compile(r"(\d+(号楼|栋|幢|单元|号|室|层|楼).*$)|(\d+[-#].*$)")
_LEAD = re.compile(r"^(我们|我家|我|家)?(住在|住|家在|地址是|地址|在|是)*")
_PARTS = re.compile(r"(?:内蒙古自治区|内蒙古|内蒙|鄂尔多斯市|鄂尔多斯|[^市旗区]{1,6}(?<![社小校景园])[旗区](?!域))")
_STEPS = re.compile(r"[^镇乡]*?(?:苏木|街道办事处|街道|[镇乡])")


def search_words(text: str) -> list[str]:
    """What to look for in the list of address units, the fullest words first: the address without its house number,
    without the banner, without the town, without 小区 or 社区 at its end. At most four; none for an empty text.
    """
    whole = _AROUND.sub("", _LEAD.sub("", bare(text)))
    tries = [whole, _TAIL.sub("", whole)]
    without_banner = tries[-1]
    while (found := _PARTS.match(without_banner)) and found.end() < len(without_banner):
        without_banner = without_banner[found.end() :]
    short = next((name for name in _SHORT if without_banner.startswith(name)), "")
    without_banner = without_banner.removeprefix(short) or without_banner
    tries.append(without_banner)
    found = _STEPS.match(without_banner)
    tries.append(without_banner[found.end() :] if found else without_banner)
    tries.append(re.sub(r"(小区|社区居委会|社区|居委会|嘎查|村委会|村)$", "", tries[-1]))
    kept = [one[:30] for one in dict.fromkeys(tries) if len(one) > 1]
    return kept[:1] + kept[1:][-3:]
