"""Whatever a report says of unmet rules is read in Chinese: no English sentence and no label reaches a parent."""

import re

from class_intakes import intakes
from hypothesis import given, settings

from backend.classes.rules.forming import form_classes
from backend.classes.rules.values import ClassInput, FormOptions, Pupil
from backend.classes.rules.words import unmet_words

ENGLISH = re.compile(r"(?:should|cannot|was not|division|label|classes)")


@settings(max_examples=60, deadline=None)
@given(intakes(most=8))
def test_every_violation_has_chinese_words(value: ClassInput) -> None:
    for one in form_classes(value).report["violations"]:
        assert not ENGLISH.search(unmet_words(one)), one


def test_reasons_are_told_with_their_figures() -> None:
    pupils = tuple(
        Pupil(
            f"p{n}",
            {"sex": "男女"[n % 2], "ethnicity": "汉", "household": "东"},
            {"score": 100_000 * (n == 0)},
            "双" if n in (0, 2, 4) else "",
            "甲" if n < 5 else "",
        )
        for n in range(8)
    )
    told = [
        unmet_words(one) for one in form_classes(ClassInput(pupils, FormOptions(4, "s", (), 50))).report["violations"]
    ]
    assert any("一个班最多 2 人" in words and "3 名学生应在同一个班" in words for words in told), told
    assert any("人数多于班数（4 个班）" in words for words in told), told
    assert any("没有找到各项差距都不超过 0.5 分的分法" in words for words in told), told
    assert not any("双" in words or "甲" in words for words in told)
