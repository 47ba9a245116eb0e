"""Tickets and the drawn order: recomputed by a second program, consistent when somebody is struck out, bundled."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.tickets import TicketDraw, bundle_units, draw_order, labels_equal_to_ids, ticket_order

IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6).map(
    lambda text: f"n{text}"
)
ROSTERS = st.dictionaries(IDS, st.sampled_from([None, "twins 1", "twins 2", "三胞胎"]), max_size=12)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


def ticket_by_the_definition(seed: str, draw: str, name: str) -> bytes:
    """HMAC written out from RFC 2104, so that nothing is shared with the program."""
    key = hashlib.sha256(seed.encode()).digest().ljust(64, b"\0")
    message = b"sunroll-ticket/v1\x00" + draw.encode() + b"\x00" + name.encode()
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()


@given(TEXTS, TEXTS, IDS)
def test_a_ticket_is_the_published_hmac(seed: str, draw: str, name: str) -> None:
    assert TicketDraw(seed, draw).ticket(name) == ticket_by_the_definition(seed, draw, name)
    key = hashlib.sha256(seed.encode()).digest()
    message = b"sunroll-ticket/v1\0" + draw.encode() + b"\0" + name.encode()
    assert TicketDraw(seed, draw).ticket(name) == hmac.new(key, message, hashlib.sha256).digest()


@given(ROSTERS, TEXTS, TEXTS)
def test_the_order_is_that_of_a_naive_program(people: dict[str, str | None], seed: str, draw: str) -> None:
    """Every head is sorted by (ticket of its name, the name, its id): bundles come out together by themselves."""

    def place(no: str) -> tuple[bytes, bytes, bytes]:
        name = people[no] or no
        return ticket_by_the_definition(seed, draw, name), name.encode(), no.encode()

    drawn = draw_order(people, seed, draw)
    assert [one.no for one in drawn] == sorted(people, key=place)
    assert [one.position for one in drawn] == list(range(1, len(people) + 1))
    assert all(one.ticket == place(one.no)[0] for one in drawn)


@given(ROSTERS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(people: dict[str, str | None], shuffler) -> None:
    """T-2.11: swapping two rows of the input gives the same result."""
    rows = list(people.items())
    shuffler.shuffle(rows)
    assert draw_order(dict(rows), "种子", "一小") == draw_order(people, "种子", "一小")


@given(st.sets(IDS, min_size=1, max_size=12), st.data())
def test_striking_a_child_out_moves_nobody_else(ids: set[str], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(sorted(ids)))
    assert [no for no in ticket_order(ids, "s", "d") if no != gone] == ticket_order(ids - {gone}, "s", "d")


def test_a_bundle_of_one_draws_with_its_label() -> None:
    (only,) = draw_order({"a": "B"}, "s", "d")
    assert only.ticket == ticket_by_the_definition("s", "d", "B")


def test_bundle_members_stand_together_in_id_order_by_bytes() -> None:
    """U+FFFD sorts before U+1F600 by UTF-8 bytes and after it by UTF-16 units."""
    people = {"😀": "B", "\ufffd": "B", "b": "B"}
    assert [one.no for one in draw_order(people, "s", "d")] == ["b", "\ufffd", "😀"]
    assert bundle_units(people) == [("B", ("b", "\ufffd", "😀"))]


def test_seed_and_draw_are_not_trimmed() -> None:
    tickets = {TicketDraw(seed, draw).ticket("a") for seed in ("s", " s", "s ") for draw in ("d", "d\n")}
    assert len(tickets) == 6


def test_a_label_that_is_an_id_is_refused() -> None:
    people = {"a": "b", "b": None, "c": "c", "d": "x"}
    assert labels_equal_to_ids(people) == {"b", "c"}
    with pytest.raises(ValueError, match="labels that are also ids"):
        draw_order(people, "s", "d")


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_every_child_has_the_same_chance_of_standing_first(start: int) -> None:
    """300 seeds, three children: each is first between 60 and 140 times (odds of a false alarm below 1e-6)."""
    firsts = [ticket_order("abc", f"{start}/{trial}", "d")[0] for trial in range(300)]
    assert all(60 <= firsts.count(no) <= 140 for no in "abc")
