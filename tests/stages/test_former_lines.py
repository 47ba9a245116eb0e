"""Where units lie and how far schools admitted in former years: told to anybody, from sheets and from what was published (C15)."""

from typing import Any

import pytest

from backend.foundation.unit_of_work import unit_of_work
from backend.policy.books_in_force import book_in_force
from backend.policy.places import units_of
from backend.results import former_lines as lines_of_results
from backend.results.former_lines import former_lines
from tests.enrolment_builders import KANGBASHI
from tests.placement_builders import after_the_close, published, seats_at, settled
from tests.policy_builders import BANNER, UNITS, kangbashi, made_ready, official_of, take

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
HEAD = ["学校代码", "年份", "计划人数", "录取人数", "最后录取的学位类型", "最后录取的排序条件"]


def test_anybody_reads_the_points_and_the_lines_that_a_sheet_told(app: Any) -> None:
    """Units without a point are left out of the map; a line of this year is nobody's to write."""
    year = kangbashi().year
    placed = [[*UNITS[0], "经度", "纬度"], [*UNITS[1], "109.781327", "39.6"], *([*row, "", ""] for row in UNITS[2:])]
    line = [f"{BANNER}-P01", str(year - 1), "90", "88", "第二类", "落户日期：2021-03-01；住房日期：2020-01-01"]
    with unit_of_work():
        by = official_of()
        made_ready(by, disclosed=False)
        assert not take(by, "lines", [HEAD, [*line[:1], str(year), *line[2:]]]).applied
        assert take(by, "lines", [HEAD, line]).applied
        assert take(by, "units", placed).applied
    client = app.test_client()
    told = client.get(f"/api/banners/{BANNER}/places").get_json()
    assert told["units"] == [{"code": UNITS[1][0], "at": [109.781327, 39.6]}]
    assert told["fictional"] is True
    (one,) = client.get(f"/api/banners/{BANNER}/lines?stage=primary").get_json()["items"]
    assert one == {
        "school": f"{BANNER}-P01", "year": year - 1, "plan": 90, "admitted": 88, "seat_type": "第二类",
        "keys": ["落户日期：2021-03-01", "住房日期：2020-01-01"],
    }  # fmt: skip
    assert client.get(f"/api/banners/{BANNER}/lines?stage=junior").get_json()["items"] == []
    assert len(units_of(BANNER)) == len(UNITS) - 1


@pytest.mark.usefixtures("opened")
def test_what_was_published_here_is_the_line_of_the_year_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """By numbers and words alone; while the year lasts its own result is no former line."""
    seats_at(P01, 1)
    made = [settled() for _ in range(2)]
    after_the_close()
    published()
    assert former_lines(KANGBASHI, "primary") == []
    book = book_in_force(KANGBASHI)
    monkeypatch.setattr(lines_of_results, "book_in_force", lambda _: book.model_copy(update={"year": book.year + 1}))
    told = {line.school: line for line in former_lines(KANGBASHI, "primary")}
    assert (told[P01].year, told[P01].plan, told[P01].admitted) == (book.year, 1, 1)
    assert told[P01].seat_type.startswith("第一类")
    assert sum(line.admitted for line in told.values()) == sum(one.state == "placed" for _, one in made)
