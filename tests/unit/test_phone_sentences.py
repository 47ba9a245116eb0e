"""The phone's sentences are those of the one catalogue, whole in every language the phone speaks (wishes 20)."""

import re

import pytest

from backend.notices.sentences import gaps, language, own_codes, template
from sunroll.phone_sentences import FOLDER, as_json, main, phone_languages, phone_sentences

MONGOLIAN = re.compile("[\u1820-\u1842]")
HAN = re.compile("[\u4e00-\u9fff]")
SAID_TO_THE_OFFICE = {"diary.withdraw.reason"}
"""Sentences that officials read, not families: they stay Chinese."""


def test_the_phone_speaks_chinese_mongolian_and_english() -> None:
    assert phone_languages() == ("en", "mn-Mong", "zh-CN")


@pytest.mark.parametrize("tag", ["en", "mn-Mong", "zh-CN"])
def test_the_files_beside_the_phones_source_are_the_catalogue(tag: str) -> None:
    """Else write them anew: python -m sunroll.phone_sentences."""
    assert (FOLDER / f"{tag}.json").read_text(encoding="utf-8") == as_json(phone_sentences(tag))


def test_writing_the_files_writes_every_language(tmp_path) -> None:
    assert main(tmp_path) == 0
    assert sorted(file.stem for file in tmp_path.iterdir()) == ["en", "mn-Mong", "zh-CN"]


@pytest.mark.parametrize("tag", ["en", "mn-Mong"])
def test_a_language_of_the_phone_has_every_sentence_with_the_same_facts(tag: str) -> None:
    assert "phone" in language(tag).covers
    assert [fault for fault in gaps(tag) if fault.startswith("phone.")] == []
    assert phone_sentences(tag).keys() == phone_sentences("zh-CN").keys()


def test_mongolian_is_written_in_its_own_script_and_marked_as_a_draft() -> None:
    """A sentence left in Chinese or in Latin letters is not translated."""
    told = {code: re.sub(r"\{\w+\}", "", text) for code, text in phone_sentences("mn-Mong").items()}
    wordless = {code for code, text in phone_sentences("zh-CN").items() if not HAN.search(text)}
    untold = [code for code, text in told.items() if not MONGOLIAN.search(text) or HAN.search(text)]
    assert [code for code in untold if code not in SAID_TO_THE_OFFICE | wordless | {"frame.day-example"}] == []
    assert not language("mn-Mong").is_reviewed
    assert all(template(code, "mn-Mong") for code in own_codes("mn-Mong"))


def test_suffixes_are_joined_by_the_narrow_space_of_the_script() -> None:
    """U+202F keeps a suffix with its word; a hyphen or a blank would tear it off."""
    texts = phone_sentences("mn-Mong").values()
    assert any("\u202f" in text for text in texts)
    assert [text for text in texts if re.search("[\u1820-\u1842]-[\u1820-\u1842]", text)] == []
