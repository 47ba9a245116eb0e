"""Why-cards: whatever is told comes out when everything is run again, nothing smaller does, and nothing is kept back."""

from typing import Any

from choice_towns import markets
from hypothesis import given, settings
from hypothesis import strategies as st
from zone_towns import Value, child, town, towns

from backend.placement.rules.inputs import ChoiceInput, ZoneInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import place
from backend.placement.rules.units import ordered_units
from backend.placement.rules.why import confirmed, explain, one_step_less, school_after
from backend.placement.rules.why_changes import Change, change_of, changed

DAYS = [f"{year}-{day}" for year in (2016, 2017, 2019, 2020) for day in ("01-01", "05-01", "05-02", "08-30", "12-31")]


def explained(value: Value) -> tuple[Any, dict[str, str | None], dict[str, tuple[Change, ...]]]:
    """(parsed input, school by applicant, changes by applicant)."""
    parsed = parse_placement(value)
    result = place(parsed)
    return parsed, {row.id: row.school for row in result.placements}, explain(parsed, result)


def all_confirmed(value: Value) -> None:
    parsed, schools, cards = explained(value)
    assert cards.keys() == schools.keys()
    result = place(parsed)
    for one, changes in cards.items():
        for change in changes:
            assert change_of(change.document()) == change
            assert confirmed(parsed, result, one, change), (one, schools[one], change)


@given(towns())
def test_every_change_told_of_a_zone_placement_is_what_a_full_run_gives(value: Value) -> None:
    """W1 and W3: with the change the school that is named, with one step less not yet."""
    all_confirmed(value)


@given(markets(largest=8))
def test_every_change_told_of_a_placement_by_choices_is_what_a_full_run_gives(value: Value) -> None:
    """W1 and W3, by the menus of everybody; the school named is the first that the change opens."""
    all_confirmed(value)


@given(towns(largest=7), st.data())
@settings(max_examples=60)
def test_no_better_value_of_a_key_is_kept_back(value: Value, data: st.DataObject) -> None:
    """W4: where a better value of one key alone leads to another school, such a change is told, and none is nearer."""
    parsed, schools, cards = explained(value)
    if not (parsed.order and parsed.applicants):
        return
    one = data.draw(st.sampled_from(parsed.applicants))
    rule = data.draw(st.sampled_from(parsed.order))
    tried = rule.values if rule.values is not None else (DAYS if rule.key == "on" else range(-3, 13))
    mine = next(unit for unit in ordered_units(parsed) if one in unit.members)
    leading = []
    for item in tried:
        change = Change("key", None, key=rule.key, before=one.keys.get(rule.key), after=item)
        edited = changed(parsed, one.id, change)
        assert isinstance(edited, ZoneInput)
        moved = next(unit for unit in ordered_units(edited) if unit.name == mine.name)
        others = [unit.name for unit in ordered_units(edited)]
        before = [unit.name for unit in ordered_units(parsed)]
        is_better = others.index(moved.name) < before.index(mine.name)
        after = school_after(parsed, one.id, change)
        if is_better and after not in {schools[one.id], None}:
            leading.append(item)
    told = [change for change in cards[one.id] if change.kind == "key" and change.then and change.key == rule.key]
    assert bool(told) >= bool(leading), (leading, cards[one.id])


@given(markets(largest=6), st.data())
@settings(max_examples=60)
def test_no_better_number_and_no_further_choice_is_kept_back(value: Value, data: st.DataObject) -> None:
    """W4 for choices: whoever could gain by one better number, or by one more choice with its usual number, is told."""
    parsed, schools, cards = explained(value)
    if not parsed.applicants:
        return
    one = data.draw(st.sampled_from(parsed.applicants))
    assert isinstance(parsed, ChoiceInput)
    numbers = [each.priority.get(school, 0) for each in parsed.applicants for school in each.choices]
    wished = one.choices[: one.choices.index(schools[one.id])] if schools[one.id] else one.choices
    for school in wished:
        for number in range(min(numbers), one.priority.get(school, 0)):
            if school_after(parsed, one.id, Change("priority", None, at=school, after=number)) != schools[one.id]:
                assert any(change.kind == "priority" and change.then for change in cards[one.id])
    usual = max((one.priority.get(school, 0) for school in one.choices), default=max(numbers, default=0))
    for each in parsed.schools if schools[one.id] is None else ():
        if each.id not in one.choices:
            more = Change("choice", each.id, at=each.id, after=one.priority.get(each.id, usual))
            if school_after(parsed, one.id, more) == each.id:
                assert any(change.kind == "choice" for change in cards[one.id])


def test_eleven_days_earlier() -> None:
    """Wishes 3: the date of the last one in decides, and level with it the smaller number."""
    dates = {"a": "2019-05-02", "b": "2019-05-13", "c": "2019-04-01"}
    value = town(order=[{"key": "on"}], applicants=[child(one, keys={"on": on}) for one, on in dates.items()])
    _, schools, cards = explained(value)
    assert schools == {"a": "P", "b": None, "c": "P"}
    told = cards["b"][0]
    assert (told.kind, told.key, told.before, told.then, told.unit) == ("key", "on", "2019-05-13", "P", "days")
    assert (told.by, told.after) in {(11, "2019-05-02"), (12, "2019-05-01")}
    assert cards["a"][0].kind == "key"
    assert cards["a"][0].then is None


def test_one_more_choice_had_seven_places() -> None:
    """Wishes 3: whoever is left out by a short list is told which school had room, most room first."""
    value: Value = {
        "mechanism": "choice",
        "seed": "s",
        "draw": "d",
        "tie_break": "single",
        "schools": [{"id": "S1", "seats": 1}, {"id": "S2", "seats": 3}, {"id": "X", "seats": 8}],
        "applicants": [
            {"id": "a", "choices": ["S1"], "priority": {"S1": 4}},
            {"id": "x", "choices": ["X"], "priority": {"X": 0}},
            {"id": "b", "choices": ["S1"], "priority": {"S1": 6}},
        ],
    }
    _, schools, cards = explained(value)
    assert (schools["a"], schools["b"]) == ("S1", None)
    more = [(change.kind, change.at, change.free) for change in cards["b"][:2]]
    assert more == [("choice", "X", 7), ("choice", "S2", 3)]
    told = cards["b"][2]
    assert (told.kind, told.at, told.before, told.then, told.unit) == ("priority", "S1", 6, "S1", "units")


def test_where_there_is_room_for_everybody_the_worst_stand_keeps_the_place() -> None:
    value = town(order=[{"key": "on"}], applicants=[child("a", keys={"on": "2019-05-02"})])
    _, _, cards = explained(value)
    assert [change.document() for change in cards["a"]] == [{"kind": "worst", "then": "P"}]


def test_more_seats_are_counted_by_running_the_lists_again() -> None:
    """With one more seat the twins go in and the single child behind them does not: two more are needed."""
    value = town(
        schools=[{"id": "P", "seats": 1, "overflow": []}],
        order=[{"key": "n"}],
        applicants=[
            child("a", keys={"n": 1}),
            child("t1", keys={"n": 2}, bundle="T"),
            child("t2", keys={"n": 2}, bundle="T"),
            child("z", keys={"n": 3}),
        ],
    )
    _, _, cards = explained(value)
    seats = {one: [change.by for change in changes if change.kind == "seats"] for one, changes in cards.items()}
    assert seats == {"a": [], "t1": [2], "t2": [2], "z": [1]}


def test_the_step_before_the_smallest_is_found_for_every_kind() -> None:
    parsed = parse_placement(town(order=[{"key": "home", "values": ["x", "y", "z"]}, {"key": "n"}, {"key": "on"}]))
    steps = [
        Change("key", "P", key="home", before="z", after="x", by=2, unit="steps"),
        Change("key", "P", key="n", before=9, after=4, by=5, unit="units"),
        Change("key", None, key="on", before="2019-02-27", after="2019-03-01", by=2, unit="days"),
        Change("class", "P", before="5", after="1", by=3, unit="classes"),
        Change("seats", "P", at="P", by=2, unit="seats"),
        Change("key", "P", key="n", before=5, after=4, by=1, unit="units"),
    ]
    less = [one_step_less(parsed, step) for step in steps]
    assert [each and each.after for each in less] == ["y", 5, "2019-02-28", "2", None, None]
    assert [each and each.by for each in less] == [1, 4, 1, 2, 1, None]
