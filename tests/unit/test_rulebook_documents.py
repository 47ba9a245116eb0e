"""The documents of the rule-book tell every section, fact, claim, term and kind of sheet that the code knows."""

from pathlib import Path

from backend.policy.rules.book import BookSections
from backend.policy.rules.consistency_of_times import TERMS
from backend.policy.rules.facts import CLAIMS, EXCHANGE_ITEMS, FACTS, PAPER_KINDS, STAGES
from backend.policy.rules.import_units import UNIT_COLUMNS
from backend.policy.rules.import_zones import ZONE_COLUMNS
from backend.policy.rules.imports import OVERFLOW_COLUMNS, PLAN_COLUMNS, ROSTER_COLUMNS, SCHOOL_COLUMNS
from backend.seats.rules.home_sheet import HOME_COLUMNS

DOCS = Path(__file__).parents[2] / "docs"
FORMAT = (DOCS / "formats" / "rule-book.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")


def test_every_section_is_told() -> None:
    for name in BookSections.model_fields:
        if name != "estates":
            assert any(sign in FORMAT for sign in (f"`{name}`", f"`[{name}]`", f"`[[{name}]]`")), name


def test_every_fact_claim_and_department_item_is_told_with_its_chinese_name() -> None:
    for words in (FACTS, CLAIMS):
        for name, fact in words.items():
            assert f"| `{name}` | {fact.name} |" in FORMAT, name
    for name, (chinese, fields) in EXCHANGE_ITEMS.items():
        assert f"| `{name}` | {chinese} |" in FORMAT, name
        assert all(f"`{field}`" in FORMAT for field in fields)


def test_every_term_and_column_is_told() -> None:
    for term in TERMS:
        assert f"`{term}`" in FORMAT, term
    sheets = (UNIT_COLUMNS, SCHOOL_COLUMNS, PLAN_COLUMNS, ZONE_COLUMNS, OVERFLOW_COLUMNS, ROSTER_COLUMNS, HOME_COLUMNS)
    for columns in sheets:
        for column in columns:
            assert f"`{column.key}`" in FORMAT or f"`{column.key} " in FORMAT, column.key


def test_the_glossary_has_the_words_of_the_book_in_both_languages() -> None:
    for chinese in (
        *STAGES.values(),
        "学位类型",
        "末位类型",
        "统筹安排",
        "招生规则册",
        "退回补正",
        "学位锁定",
        "长幼随学",
    ):
        assert chinese in GLOSSARY, chinese
    for kind in PAPER_KINDS:
        assert kind in GLOSSARY, kind
