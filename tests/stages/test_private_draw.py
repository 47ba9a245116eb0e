"""Private schools (D09, B10, domain 2.8): registered for, drawn in public where too many came, and off the public list."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.fairness.tickets import draw_order
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement import private_draw
from backend.placement.answer_place import confirm_place
from backend.placement.freeze_placement import freeze_placement
from backend.placement.place_view import place_view
from backend.placement.private_draw import freeze_private, schools_not_drawn
from backend.placement.private_wish import PrivateSchoolUnknown, PrivateWishTooLate, wish_private
from backend.placement.ready_refusals import NobodyReady, PrivateDrawOpen
from backend.placement.rules.draw import check_draw, run_draw
from backend.policy.rows import Plan
from backend.policy.rules.book import Book
from backend.publication.ledger_folder import sealed_folder
from backend.publication.runs import frozen_input_of
from backend.results.private_result import private_result
from backend.results.school_result import ResultNotPublished
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import bearer, renewed
from tests.ledger_builders import both_checkers, written_to
from tests.placement_builders import after_the_close, bureau, published, settled
from tests.private_builders import PRIVATE, drawn, open_private_school


@pytest.fixture(autouse=True)
def ground(opened: None) -> None:
    open_private_school()


@pytest.fixture
def families() -> list[Any]:
    """Three families, of which two registered for the private school's one seat."""
    made = [settled() for _ in range(3)]
    with unit_of_work():
        for actor, application in made[:2]:
            wish_private(renewed(actor), application.id, PRIVATE)
    after_the_close()
    return [(renewed(actor), application) for actor, application in made]


def test_who_is_admitted_there_is_off_the_public_list_and_the_others_stand_in_it(
    families: list[Any], tmp_path: Any
) -> None:
    """B10, 公民同招: the public list waits for the private draw; everybody ends with one school."""
    assert schools_not_drawn(KANGBASHI, "primary") == [PRIVATE]
    with pytest.raises(PrivateDrawOpen):
        freeze_placement(KANGBASHI, "primary", "测试派位", bureau())
    drawn()
    states = sorted(application.state for _, application in families)
    assert states == ["placed", "settled", "settled"]
    winner = next(family for family in families if family[1].state == "placed")
    view = place_view(winner[0], winner[1].id)
    assert (view["school"]["code"], view["why"]["step"], view["why"]["position"]) == (PRIVATE, "private", 1)
    run = published()
    numbers = {one["id"] for one in frozen_input_of(run)["applicants"]}
    assert numbers == {application.receipt for _, application in families if application is not winner[1]}
    with unit_of_work():
        confirm_place(winner[0], winner[1].id, clock.now())
    assert {code for code, _ in both_checkers(written_to(tmp_path, sealed_folder(str(clock.now().year))))} == {0}


@pytest.mark.usefixtures("families")
@pytest.mark.parametrize("way", ["circle", "two-shuffles"])
def test_a_book_may_have_the_order_drawn_in_another_way_and_strangers_recompute_it(
    way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The circle method and two shuffles (domain 2.8) with the seed of the ceremony, from freeze to ledger."""
    usual = private_draw.book_in_force

    def by_the_way(banner: str) -> Book:
        book = usual(banner)
        return book.model_copy(update={"placement": book.placement.model_copy(update={"private_draw": way})})

    monkeypatch.setattr(private_draw, "book_in_force", by_the_way)
    run = drawn()
    assert frozen_input_of(run)["way"] == way
    assert {code for code, _ in both_checkers(written_to(tmp_path, sealed_folder(str(clock.now().year))))} == {0}


def test_where_no_more_came_than_there_are_seats_all_are_admitted(families: list[Any]) -> None:
    with unit_of_work():
        db.session.query(Plan).filter_by(school=PRIVATE).update({"seats": 5})
    drawn()
    assert sorted(application.state for _, application in families) == ["placed", "placed", "settled"]


def test_one_registers_for_private_schools_alone_and_in_time(app: Any) -> None:
    actor, application = settled()
    own = renewed(actor)
    for school in (f"{KANGBASHI}-P01", "150603-P77"):
        with pytest.raises(PrivateSchoolUnknown):
            wish_private(own, application.id, school)
    client, path = app.test_client(), f"/api/applications/{application.id}/private"
    assert client.put(path, headers=bearer(own), json={"school": PRIVATE}).get_json() == {"school": PRIVATE}
    assert schools_not_drawn(KANGBASHI, "primary") == [PRIVATE]
    assert client.put(path, headers=bearer(own), json={"school": None}).status_code == 200
    after_the_close()
    with pytest.raises(NobodyReady):
        freeze_private(bureau(), PRIVATE, "民办抽签")
    with unit_of_work():
        freeze_placement(KANGBASHI, "primary", "测试派位", bureau())
    with pytest.raises(PrivateWishTooLate):
        wish_private(own, application.id, PRIVATE)


def test_only_the_banner_freezes_a_private_list(families: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        freeze_private(bureau(DALATE), PRIVATE, "民办抽签")


rosters = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([None, None, "twins", "three"])),
    unique_by=lambda row: row[0],
)


@settings(max_examples=80, deadline=None)
@given(rosters, st.integers(0, 9), st.sampled_from(["add", "skip", "offer-one"]), st.integers(0, 7))
def test_the_checker_passes_true_draws_and_no_other(
    roster: list[tuple[str, str | None]], seats: int, rule: str, change: int
) -> None:
    """D1 to D6: another word for one child, or two children changing places, is found."""
    rows = [{"no": no, "bundle": bundle} for no, bundle in roster]
    value = {"roster": rows, "seed": "s", "draw": "d", "seats": seats, "last_bundle": rule}
    output = run_draw(value)
    assert check_draw(value, output).passed
    if not rows:
        return
    one = output["results"][change % len(rows)]
    one["result"] = "admitted" if one["result"] != "admitted" else "waiting"
    assert not check_draw(value, output).passed


def test_the_public_page_shows_the_whole_draw_by_receipts_and_what_computes_it_again(
    app: Any, families: list[Any]
) -> None:
    """B10, P6: nothing before the release; afterwards order, tickets, seed and hashes, and no name."""
    page = f"/public/schools/{PRIVATE}/draw"
    assert app.test_client().get(page).status_code == 404
    with pytest.raises(ResultNotPublished):
        private_result(f"{KANGBASHI}-P01")
    run = drawn()
    told = private_result(PRIVATE)
    roster = {row["no"]: row["bundle"] for row in told["rows"]}
    assert set(roster) == {str(application.receipt) for _, application in families[:2]}
    computed = draw_order(roster, told["seed"], told["draw"])
    assert [(one.position, one.no, one.ticket.hex()) for one in computed] == [
        (row["position"], row["no"], row["ticket"]) for row in told["rows"]
    ]
    assert (told["seats"], told["registered"], told["admitted"]) == (1, 2, 1)
    first, second = (row["no"] for row in told["rows"])
    shown = app.test_client().get(f"{page}?no={second}").text
    assert run.input_sha256 is not None
    assert all(value in shown for value in (first, second, told["seed"], run.input_sha256))
    assert "您家排第 2 位：候补" in shown
    assert page in app.test_client().get("/public/schools").text
