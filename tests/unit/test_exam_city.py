"""The exam wing's simulated city: whose better wish was passed over."""

from rehearsal.exam_city import Candidate, wishes_passed_over


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
