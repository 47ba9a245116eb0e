"""The exam wing's simulated city: whose better wish was passed over."""

from datetime import datetime, timedelta

from backend.zhongkao.rules.exam_sheets import read_former_lines
from rehearsal.exam_city import Candidate, make_exam, wishes_passed_over
from rehearsal.exam_former import HEAD, former_rows


def candidate(number: str, points: int, *wishes: str, by_list: bool = False) -> Candidate:
    return Candidate(number, number, "", "J1", "150603", {"all": points * 10}, wishes, leaves_a_list=by_list)


PEOPLE = [
    candidate("a", 600, "u", "v"),
    candidate("b", 590, "u", "v"),
    candidate("c", 590, "u", "v", by_list=True),
    candidate("d", 500, "v"),
]


def test_a_place_held_by_a_lower_total_is_envy_and_one_held_by_an_equal_total_is_none() -> None:
    assert wishes_passed_over(PEOPLE, {"a": "u", "b": "u", "c": "v", "d": None}) == (0, 0)
    assert wishes_passed_over(PEOPLE, {"a": "v", "b": "u", "c": "v", "d": None}) == (1, 0)
    assert wishes_passed_over(PEOPLE, {"a": None, "b": "u", "c": None, "d": "v"}) == (2, 1)


def test_who_could_not_read_his_result_counts_neither_way() -> None:
    assert wishes_passed_over(PEOPLE, {"b": "u", "d": "v"}) == (0, 0)


def test_former_years_are_those_of_other_candidates_at_the_same_schools() -> None:
    """Wish 7: three years of units that were filled, the same for the same seed, each place within the city."""
    city = make_exam("t", 400, datetime.fromisoformat("2031-07-15T08:00:00+08:00"), timedelta(hours=1))
    rows = former_rows("t", city)
    assert rows == former_rows("t", city)
    assert {row[1] for row in rows} == {2030, 2029, 2028}
    header = [*HEAD], *[[str(cell) for cell in row] for row in rows]
    lines, faults = read_former_lines(header, 2031, frozenset(unit.code for unit in city.units))
    assert faults == []
    assert len(lines) == len(rows)
