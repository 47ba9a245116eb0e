"""The glossary has one word for one idea, in both languages."""

import re
from collections import Counter
from pathlib import Path

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^\| (?!English|---)([^|]+?) \| ([^|]+?) \| .+ \|$", GLOSSARY, re.MULTILINE)


def twice(words: list[str]) -> list[str]:
    return sorted(word for word, count in Counter(words).items() if count > 1)


def test_no_english_word_stands_for_two_ideas() -> None:
    """What the field calls alike is told apart in brackets: a draw of lots, a draw of classes."""
    assert len(ENTRIES) > 150
    assert twice([word.strip() for english, _ in ENTRIES for word in english.split(",")]) == []


def test_no_chinese_word_stands_for_two_ideas() -> None:
    assert twice([word.strip() for _, chinese in ENTRIES for word in re.split("[、，]", chinese)]) == []
