"""What follows a published result goes by the book in force: filing (E28), transfers (D15), children who do not come (D30)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.classes.publish_plan import publish_plan
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from backend.notices.rows.deliveries import Notice
from backend.placement.answer_place import confirm_place
from backend.placement.file_results import file_results, posted_until
from backend.placement.place_view import place_view
from backend.placement.pre_admission import NotFiledYet
from backend.placement.report_absence import (
    AbsenceTooEarly,
    NotReportedAbsent,
    absent_list,
    report_absence,
    report_arrival,
)
from backend.placement.rounds import taken_at
from backend.placement.rows import Proposal
from backend.placement.special_cases import NotForThisState, approve, propose, withdraw_proposal
from backend.placement.transfers import (
    AlreadyThere,
    NearerWithRoom,
    SeatsWaitedFor,
    TransferOutOfTurn,
    TransfersNotNow,
    TransfersNotOffered,
    schools_with_room,
)
from backend.placement.waiting_list import public_line
from backend.policy.books_in_force import book_in_force
from backend.policy.publish_rulebook import publish_rulebook
from backend.policy.rows import Plan, SchoolRow
from backend.seats.rows import Conduct
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import official, renewed
from tests.journey_builders import stand_at
from tests.placement_builders import (
    after_the_close,
    bureau,
    confirmed,
    given,
    placed,
    published,
    row_of,
    seats_at,
    settled,
    work,
)

pytestmark = pytest.mark.usefixtures("opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
REASON = "全家搬到第二小学旁边"
CALLED = "电话和家访都没有人"


def the_book_says(**sections: dict[str, Any]) -> None:
    """A new version of the banner's book with these sections."""
    book = book_in_force(KANGBASHI)
    with unit_of_work():
        publish_rulebook(bureau(), KANGBASHI, book.content | sections | {"version": book.version + 1}, "改规则")


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def one_placed_others_waiting(others: int = 1) -> list[Application]:
    """A child with the only, confirmed seat of P01, then those that wait for it."""
    seats_at(P01, 1)
    made = [settled() for _ in range(others + 1)]
    after_the_close()
    published()
    families = sorted(made, key=lambda family: family[1].state)
    with unit_of_work():
        confirm_place(renewed(families[0][0]), families[0][1].id, clock.now())
    return [application for _, application in families]


def p01() -> Actor:
    return official("school-admissions", Scope("school", P01))


def reported(application: Application) -> None:
    with unit_of_work():
        report_absence(p01(), P01, application.id, CALLED)
    work()


def told(application: Application) -> list[str]:
    accounts = guardians_of(application.child_id)
    codes = db.session.query(Notice.code).filter(Notice.account_id.in_(accounts)).order_by(Notice.made_at)
    return [code for (code,) in codes if code.startswith("absent-")]


def asked(application: Application, school: str = P02) -> Proposal:
    with unit_of_work():
        return propose("transfer", bureau(), application.id, school, REASON)


def signed(proposal: Proposal) -> None:
    with unit_of_work():
        approve("transfer", bureau(), proposal.id)
    work()


def refused(refusal: type[Refusal], call: Callable[[], object]) -> Refusal:
    with pytest.raises(refusal) as caught:
        call()
    return caught.value


def test_a_place_is_kept_for_the_days_of_the_book_and_only_then_goes_to_the_next_in_line() -> None:
    """Domain 2.10: without `[no_show]` it goes at once; the same absence with another book waits."""
    the_book_says(no_show={"kept_days": 3, "unit": "calendar"})
    absent, waiting = one_placed_others_waiting()
    reported(absent)
    assert (absent.state, waiting.state, told(absent)) == ("confirmed", "unplaced", ["absent-kept"])
    (listed,) = absent_list(bureau(), KANGBASHI)
    kept_until = row_of(absent).kept_until
    assert kept_until is not None
    assert (listed["no"], listed["kept_until"]) == (absent.receipt, kept_until.isoformat())
    assert list(db.session.query(Conduct)) == []
    stand_at(kept_until + timedelta(seconds=2))
    work()
    assert (absent.state, waiting.state, taken_at(P01)) == ("declined", "placed", 1)
    assert told(absent) == ["absent-kept", "absent-released"]
    assert [one.fact for one in db.session.query(Conduct)] == ["conduct.absent_last_year"]


def test_a_child_that_comes_while_its_place_is_kept_has_it_as_before() -> None:
    the_book_says(no_show={"kept_days": 3, "unit": "calendar"})
    absent, waiting = one_placed_others_waiting()
    refused(NotReportedAbsent, lambda: report_arrival(p01(), P01, absent.id))
    reported(absent)
    kept_until = row_of(absent).kept_until
    with unit_of_work():
        report_arrival(p01(), P01, absent.id)
    assert absent_list(bureau(), KANGBASHI) == []
    assert kept_until is not None
    stand_at(kept_until + timedelta(seconds=2))
    work()
    assert (absent.state, waiting.state, list(db.session.query(Conduct))) == ("confirmed", "unplaced", [])


def test_an_absence_reported_before_the_books_day_is_refused_and_next_year_is_the_books_word() -> None:
    the_book_says(no_show={"reports_from": day(30), "next_year": False})
    absent, _ = one_placed_others_waiting()
    early = refused(AbsenceTooEarly, lambda: reported(absent))
    assert early.facts["from_on"] == book_in_force(KANGBASHI).no_show.reports_from
    stand_at(clock.now() + timedelta(days=31))
    reported(absent)
    assert absent.state == "declined"
    assert list(db.session.query(Conduct)) == []
    assert [one["no"] for one in absent_list(bureau(), KANGBASHI)] == [absent.receipt]


@pytest.mark.parametrize(("seat", "state"), [("further-round", "declined"), ("stays", "confirmed")])
def test_the_seat_of_a_no_show_is_not_given_to_the_line_where_the_book_keeps_it(seat: str, state: str) -> None:
    """`further-round`: it lies for the next round; `stays`: it is the child's for good (D30)."""
    the_book_says(no_show={"seat": seat})
    absent, waiting = one_placed_others_waiting()
    reported(absent)
    assert (absent.state, waiting.state) == (state, "unplaced")
    assert public_line(P01)["free"] == 0
    assert public_line(P01)["kept_for_round"] == (1 if seat == "further-round" else 0)
    if seat == "further-round":
        published(reason="未报到空出的学位再派一轮")
        assert (waiting.state, row_of(waiting).school, public_line(P01)["kept_for_round"]) == ("placed", P01, 0)


def test_transfers_are_offered_or_not_and_on_the_books_days() -> None:
    """D15; 东胜 2025 takes them from one day to another (domain 2.4)."""
    child = confirmed(placed(1))[0]
    refused(AlreadyThere, lambda: asked(child, P01))
    the_book_says(transfers={"offered": False})
    refused(TransfersNotOffered, lambda: asked(child))
    the_book_says(transfers={"from_on": day(2), "to_on": day(4)})
    assert "起到" in str(refused(TransfersNotNow, lambda: asked(child)).facts["days"])
    stand_at(clock.now() + timedelta(days=3))
    proposal = asked(child)
    stand_at(clock.now() + timedelta(days=3))
    refused(TransfersNotNow, lambda: asked(child))
    signed(proposal)
    assert row_of(child).school == P02


def test_a_transfer_goes_to_the_nearest_school_with_room_of_where_the_family_lives_now() -> None:
    """D15: 就近安排."""
    the_book_says(transfers={"to": "nearest-with-room"})
    child = confirmed(placed(1))[0]
    third = f"{KANGBASHI}-P03"
    with unit_of_work():
        add_school(third)
    room = schools_with_room(KANGBASHI, "primary", child.unit_code or "", child)
    assert [one["school"] for one in room] == [P02, third]
    far = asked(child, third)
    assert "primary2" in str(refused(NearerWithRoom, lambda: signed(far)).facts["school"])
    signed(asked(child, P02))
    assert row_of(child).school == P02


def add_school(code: str) -> None:
    """A school whose zone is no unit, with seats."""
    told = {"name": "演练小学3", "address": "演练路", "phone": "0477-0000000", "conditions": "36个班"}
    db.session.add(SchoolRow(code=code, banner=KANGBASHI, stage="primary", private=False, **told))
    db.session.flush()
    db.session.add(Plan(year=book_in_force(KANGBASHI).year, school=code, seats=90, classes=2))


def test_of_two_transfers_for_one_seat_the_earlier_asked_goes_first_unless_it_is_withdrawn() -> None:
    first, second = confirmed(placed(2))
    seats_at(P02, 1)
    earlier, later = asked(first), asked(second)
    assert refused(TransferOutOfTurn, lambda: signed(later)).facts["receipt"] == first.receipt
    with unit_of_work():
        withdraw_proposal(bureau(), earlier.id, "家长不转了，留在原校")
    signed(later)
    assert row_of(second).school == P02
    refused(NotForThisState, lambda: withdraw_proposal(bureau(), later.id, "签过字了还想撤"))


def test_with_seat_types_first_the_better_type_goes_before_who_asked_earlier() -> None:
    the_book_says(transfers={"order": "seat-type"})
    renting = {"home.kind": "rented", "home.in_banner": True, "work.kind": "insured", "work.insured_now": True}
    worse, better = settled(facts=renting), settled()
    after_the_close()
    published()
    children = confirmed([(renewed(actor), application) for actor, application in (worse, better)])
    seats_at(P02, 1)
    earlier, later = (asked(child) for child in children)
    refused(TransferOutOfTurn, lambda: signed(earlier))
    signed(later)
    assert row_of(children[1]).school == P02


def test_a_seat_that_somebody_waits_for_is_no_seat_for_a_transfer_unless_the_book_says_so() -> None:
    """The plan grew by one seat and the line has not moved yet: without a word of the book it is the line's."""
    _, waiting, elsewhere = one_placed_others_waiting(2)
    given("special-case", elsewhere, P02)
    seats_at(P01, 2)
    proposal = asked(elsewhere, P01)
    assert P01 not in [one["school"] for one in schools_with_room(KANGBASHI, "primary", "", elsewhere)]
    assert refused(SeatsWaitedFor, lambda: signed(proposal)).facts["waiting"] == 1
    the_book_says(transfers={"waiting_list_first": False})
    signed(proposal)
    assert (row_of(elsewhere).school, waiting.state) == (P01, "unplaced")


def test_by_filing_a_school_seals_its_pupils_only_once_its_list_is_filed_as_it_stands() -> None:
    """E28: 公示 → 无异议 → 备案 → 再予以录取."""
    the_book_says(filing={"admits": "filing"})
    families = placed(2)
    confirmed(families)
    by = official("school-admissions", Scope("school", P01))
    assert "演练primary1" in str(refused(NotFiledYet, lambda: publish_plan(by, P01, 1)).facts["school"])
    card = place_view(renewed(families[0][0]), families[0][1].id)
    assert card["why"]["text"][0].startswith("这是预录取")
    until = posted_until(KANGBASHI, "primary")
    assert until is not None
    stand_at(until + timedelta(seconds=2))
    with unit_of_work():
        file_results(bureau(), KANGBASHI, "primary")
    signed(asked(families[0][1]))
    with unit_of_work():
        confirm_place(renewed(families[0][0]), families[0][1].id, clock.now())
    refused(NotFiledYet, lambda: publish_plan(by, P01, 1))
    with unit_of_work():
        file_results(bureau(), KANGBASHI, "primary")
    assert publish_plan(by, P01, 1).state == "frozen"
    assert "正式录取" in place_view(renewed(families[0][0]), families[0][1].id)["why"]["text"][0]
