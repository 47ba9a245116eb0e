"""Reading which paper a photograph shows, as people call papers."""

from __future__ import annotations

from bots.dialogue.reading.plain import bare

KINDS = ("household", "property", "contract", "lease", "residence", "birth", "insurance", "licence", "other")
_WORDS = {
    "household": ("户口簿", "户口本", "户口", "户籍"),
    "property": ("不动产权证", "不动产", "房产证", "房本", "产权证", "房证", "所有权证"),
    "contract": ("购房合同", "买房合同", "买卖合同", "网签", "认购"),
    "lease": ("租赁合同", "租房合同", "租赁", "租房", "租约"),
    "residence": ("居住证", "暂住证", "居住登记"),
    "birth": ("出生医学证明", "出生证", "出生证明"),
    "insurance": ("社保", "社会保险", "养老保险"),
    "licence": ("营业执照", "执照", "个体户"),
    "other": ("其他材料", "其他", "其它", "别的"),
}


def read_paper(text: str) -> str | None:
    """The kind of paper that `text` names; None where it names none or several."""
    said = bare(text)
    named = [kind for kind, words in _WORDS.items() if any(word in said for word in words)]
    return named[0] if len(named) == 1 else None
