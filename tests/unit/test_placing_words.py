"""How places are given, as the disclosure page says it: every rule that decides has its sentence (D12c, E27, domain 2.2)."""

import pytest

from backend.policy.read_book import BOOKS, read_book
from backend.policy.rules.facts import FACTS
from backend.policy.rules.parse_book import book_of
from backend.policy.rules.placing_words import placing_words

MODELS = ("capital-2023", "dalate-2022", "kangbashi-2020", "weifang-2019")


@pytest.mark.parametrize("model", MODELS)
def test_every_key_stage_and_term_of_a_book_is_told(model: str) -> None:
    book = read_book(BOOKS / model)
    told = "".join(placing_words(book))
    assert all(FACTS[key.fact].name in told for key in book.order)
    assert all(kind.name in told for kind in book.seat_types)
    assert "随机号" in told
    assert book.confirmation.text in told
    assert told.count("一套住房") == len(book.locks)
    assert ("长幼随学" in told) == book.families.sibling_follows


def test_what_stands_first_is_said_as_it_is_decided() -> None:
    told = placing_words(read_book(BOOKS / "weifang-2019"))
    assert "第一类里，看户籍在学校的服务片区内：是的在前。" in told
    assert "第四类里，看社会保险累计月数（补缴不计）：多的在前。" in told
    assert "第一类、第二类里，看房屋用途：住宅先于公寓。" in placing_words(read_book(BOOKS / "dalate-2022"))
    assert any(line.startswith("初中：在地址所属的几所学校里填志愿，最多 3 所") for line in told)
    assert any(line.startswith("小学：按地址所属的片区安排") for line in told)


@pytest.mark.parametrize(
    ("overflow", "says"), [("zone-list", "公布的调剂顺序"), ("nearest", "同一教育集团"), ("none", "由教育行政部门")]
)
def test_where_a_full_school_leads_follows_the_book(overflow: str, says: str) -> None:
    content = read_book(BOOKS / "kangbashi-2020").content
    book = book_of(content | {"placement": content["placement"] | {"overflow": overflow}})
    assert says in next(line for line in placing_words(book) if line.startswith("小学"))


@pytest.mark.parametrize(
    ("last_bundle", "says"), [("add", "增加名额"), ("skip", "让给后面"), ("offer-one", "先录取一个")]
)
def test_the_rule_for_twins_at_a_private_schools_last_seat_is_told(last_bundle: str, says: str) -> None:
    """Domain 2.8, T-2.10."""
    content = read_book(BOOKS / "capital-2023").content
    over_plan = ["special-case", *(["last-bundle"] if last_bundle == "add" else [])]
    placement = content["placement"] | {"last_bundle": last_bundle, "over_plan": over_plan}
    assert says in next(line for line in placing_words(book_of(content | {"placement": placement})) if "民办" in line)
