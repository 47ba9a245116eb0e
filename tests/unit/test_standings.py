"""Where everybody stands, by itself: the columns of zones and the numbers of choices, beside the words of the contract."""

from functools import cmp_to_key

from choice_towns import Value, markets, standing, ticket
from hypothesis import given
from naive_zone import NaiveZone
from zone_towns import child, town, towns

from backend.fairness.tickets import TicketDraw
from backend.placement.rules.choice_standings import ChoiceStandings
from backend.placement.rules.inputs import ChoiceInput, ZoneInput
from backend.placement.rules.parse import parse_placement
from backend.placement.rules.run import check_placement, run_placement
from backend.placement.rules.units import ordered_units, standing_of


@given(markets(largest=5))
def test_at_every_school_the_order_is_priority_then_ticket_then_id(value: Value) -> None:
    """Contracts 2: lower priority first, missing = 0; ties by ticket, one for all schools or one for each."""
    parsed = parse_placement(value)
    assert isinstance(parsed, ChoiceInput)
    standings = ChoiceStandings(parsed, TicketDraw(value["seed"], value["draw"]))
    people = {one["id"]: one for one in value["applicants"]}
    place = {one.id: number for number, one in enumerate(parsed.applicants)}
    best_first = {
        school.id: sorted(
            (one for one in people if school.id in people[one]["choices"]),
            key=lambda one: standing(value, school.id, people[one]),
        )
        for school in parsed.schools
    }
    assert standings.orders() == {school: [place[one] for one in ones] for school, ones in best_first.items()}
    for school, ones in best_first.items():
        for one in ones:
            priority, drawn, name = standing(value, school, people[one])
            assert standings.standing(place[one], school) == (priority, drawn, place[name])


@given(markets(largest=5))
def test_a_town_in_numbers_is_the_same_town(value: Value) -> None:
    parsed = parse_placement(value)
    assert isinstance(parsed, ChoiceInput)
    standings = ChoiceStandings(parsed, TicketDraw(value["seed"], value["draw"]))
    seats, choices, orders = standings.numbered()
    names = [school.id for school in parsed.schools]
    assert seats == [school.seats for school in parsed.schools]
    assert [tuple(names[school] for school in wishes) for wishes in choices] == [
        one.choices for one in parsed.applicants
    ]
    assert dict(zip(names, orders, strict=True)) == standings.orders()


@given(towns())
def test_units_stand_by_class_keys_ticket_and_each_says_its_place(value: Value) -> None:
    """Contracts 2: a bundle stands at the place of its best-placed member, with one ticket; members in id order."""
    parsed = parse_placement(value)
    assert isinstance(parsed, ZoneInput)
    naive = NaiveZone(value)
    units = ordered_units(parsed)
    assert sorted(one.id for unit in units for one in unit.members) == sorted(naive.people)
    for unit in units:
        ids = [one.id for one in unit.members]
        assert ids == naive.labels[unit.name]
        assert (unit.ticket, unit.size, unit.zone) == (naive.ticket(unit.name), len(ids), naive.people[ids[0]]["zone"])
        assert unit.siblings_at == {naive.people[one].get("sibling_at") for one in ids} - {None}
    best = [min((naive.people[one.id] for one in unit.members), key=cmp_to_key(naive.before)) for unit in units]
    for unit, one, behind, other in zip(units, best, units[1:], best[1:], strict=False):
        level = naive.before(one, other)
        assert level < 0 or (level == 0 and unit.ticket < behind.ticket)
        assert (unit.place < behind.place) == (level < 0)
    ranks = {name: rank for rank, name in enumerate((*value["classes"], value["last_class"]))}
    for unit, one in zip(units, best, strict=True):
        assert unit.place[0] == ranks[one["class"]]
        assert len(unit.place[1]) == len(value["order"])


def test_of_two_units_with_one_ticket_the_smaller_name_goes_first() -> None:
    """A ticket that is forced by a question of a why-card may be another's: then id or label decide."""

    class Same(TicketDraw):
        def ticket(self, identifier: str) -> bytes:
            return b"one for all" if identifier else b""

    people: list[Value] = [{"id": one, "zone": "P", "class": "1", "keys": {}} for one in ("a", "b", "c", "d")]
    people[0]["bundle"] = people[3]["bundle"] = "bb"
    value = {"mechanism": "zone", "seed": "s", "draw": "d", "classes": ["1"], "last_class": "5", "order": []}
    parsed = parse_placement(value | {"schools": [{"id": "P", "seats": 1, "overflow": []}], "applicants": people})
    assert isinstance(parsed, ZoneInput)
    standing = standing_of(parsed, Same("s", "d"))
    assert [[parsed.applicants[one].id for one in standing.members(unit)] for unit in standing.order] == [
        ["b"],
        ["a", "d"],
        ["c"],
    ]


def test_a_bundle_stands_in_id_order_where_every_school_draws_for_itself() -> None:
    people = [{"id": one, "choices": ["S"], "bundle": "twins"} for one in ("b", "a", "c")]
    value = {"mechanism": "choice", "seed": "s", "draw": "d", "tie_break": "per-school", "applicants": people}
    parsed = parse_placement(value | {"schools": [{"id": "S", "seats": 3}]})
    assert isinstance(parsed, ChoiceInput)
    assert ChoiceStandings(parsed, TicketDraw("s", "d")).orders() == {"S": [0, 1, 2]}


def test_the_cut_off_is_the_last_by_priority_and_not_by_ticket() -> None:
    """Contracts 2: `cutoff` is the last admitted; three are admitted, whoever has the last ticket first in priority."""
    value = {"mechanism": "choice", "seed": "s", "draw": "d", "tie_break": "single"}
    drawn = sorted("abc", key=lambda one: ticket(value, one))
    people = [{"id": one, "choices": ["S"], "priority": {"S": -turn}} for turn, one in enumerate(drawn)]
    (school,) = run_placement(value | {"schools": [{"id": "S", "seats": 3}], "applicants": people})["schools"]
    assert school["cutoff"] == {"priority": 0, "ticket": ticket(value, drawn[0]).hex()}


def test_the_checker_of_zones_orders_those_who_are_alike_by_ticket() -> None:
    value = town(draw="other", applicants=[child(one) for one in "abcdefgh"])
    result = run_placement(value)
    assert [row["id"] for row in result["placements"] if row["school"]] != ["a", "b"]
    assert check_placement(value, result).passed
