"""Objections (domain 2.10, E28, wishes 12): a receipt, a clock, one answer by somebody else; one fault, all its files."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.enrolment.rows import ApplicationEvent
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.objection_views import look_at_objection, objections_of, queue
from backend.placement.objections import (
    AnotherOfficialNeeded,
    NothingToObject,
    ObjectionAnswered,
    ObjectionOpen,
    ObjectionTextMissing,
    ObjectionTooLate,
    answer_objection,
    file_objection,
    objection_until,
)
from backend.placement.rows import Objection
from backend.placement.same_fault import FAULTS, FaultUnknown, files_hit
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.verification.diary import diary_of
from backend.verification.rows import Case
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import bearer, desk_client, renewed
from tests.journey_builders import stand_at
from tests.placement_builders import bureau, placed, settled

pytestmark = pytest.mark.usefixtures("opened")

TEXT = "我家的地址应当属于第二小学的片区"


@pytest.fixture
def families() -> list[Any]:
    """Three families whose result is published."""
    return placed(3)


def filed(family: Any) -> Objection:
    with unit_of_work():
        return file_objection(family[0], family[1].id, TEXT, clock.now())


def test_an_objection_has_a_receipt_a_clock_a_line_in_the_diary_and_one_answer(families: list[Any]) -> None:
    actor, application = families[0]
    one = filed(families[0])
    assert one.answer_by == deadline_after(book_in_force(KANGBASHI), "objection_answer", one.filed_at)
    with pytest.raises(ObjectionOpen):
        filed(families[0])
    with unit_of_work():
        answer_objection(bureau(), one.id, "经核对片区表，地址属于第一小学。", None, upholds=False)
    (seen,) = objections_of(actor, application.id)
    assert (seen["text"], seen["state"], seen["answer"]) == (TEXT, "rejected", "经核对片区表，地址属于第一小学。")
    with pytest.raises(ObjectionAnswered):
        answer_objection(bureau(), one.id, "又核对了一遍", None, upholds=True)
    lines = db.session.execute(
        select(ApplicationEvent.reason).where(ApplicationEvent.application_id == application.id)
    ).scalars()
    assert [line for line in lines if one.receipt in line] == [
        f"异议 {one.receipt}：已收到，等待答复",
        f"异议 {one.receipt}：异议不成立：经核对片区表，地址属于第一小学。",
    ]
    told = [line for line in diary_of(actor, application.id, "en") if one.receipt in line["text"]]
    assert [line["what"] for line in told] == [f"Objection {one.receipt}"] * 2
    assert told[-1]["text"] == f"Objection {one.receipt}: Not upheld: 经核对片区表，地址属于第一小学。"


def test_what_families_write_is_read_by_name_of_the_case_and_by_nobody_else(families: list[Any]) -> None:
    """P13: each look of an official is written down; other families and banners get nothing."""
    one = filed(families[0])
    with pytest.raises(NotFound):
        objections_of(families[1][0], families[0][1].id)
    for other in (bureau(DALATE),):
        with pytest.raises(NotAllowed):
            queue(other, KANGBASHI)
        with pytest.raises(NotFound):
            look_at_objection(other, one.id)
    assert TEXT not in str(queue(bureau(), KANGBASHI))
    before = db.session.query(AccessRow).count()
    assert look_at_objection(bureau(), one.id)["text"] == TEXT
    assert db.session.query(AccessRow).count() == before + 1


def test_who_decided_the_file_before_does_not_answer(families: list[Any]) -> None:
    """Domain 2.10: the re-check is another official's."""
    one, first = filed(families[0]), bureau()
    case = Case(
        application_id=families[0][1].id,
        banner=KANGBASHI,
        reasons=["mismatch:police/household"],
        opened_at=clock.now(),
        decided_at=clock.now(),
        decided_by=first.account_id,
        decision="accept",
        reason_code="papers-prove",
    )
    db.session.add(case)
    db.session.flush()
    with pytest.raises(AnotherOfficialNeeded):
        answer_objection(first, one.id, "维持原来的决定", None, upholds=False)
    with pytest.raises(ObjectionTextMissing):
        answer_objection(bureau(), one.id, "不", None, upholds=False)


def test_nothing_is_objected_to_before_the_result() -> None:
    actor, application = settled()
    with pytest.raises(NothingToObject):
        file_objection(renewed(actor), application.id, TEXT, clock.now())


def test_an_objection_is_a_sentence_within_the_term(families: list[Any]) -> None:
    with pytest.raises(ObjectionTextMissing):
        file_objection(families[0][0], families[0][1].id, "不", clock.now())
    until = objection_until(families[0][1])
    assert until is not None
    with pytest.raises(ObjectionTooLate):
        file_objection(families[0][0], families[0][1].id, TEXT, until)
    assert file_objection(families[0][0], families[0][1].id, TEXT, until - timedelta(milliseconds=1)).state == "filed"


def test_a_confirmed_fault_opens_every_file_that_it_has_hit(families: list[Any]) -> None:
    """Wish 12: the other families of the address unit are told before they ask, each with a clock of its own."""
    families[2][1].unit_code = f"{KANGBASHI}001999"
    db.session.flush()
    one = filed(families[0])
    with unit_of_work():
        answer_objection(bureau(), one.id, "片区表把这个社区划错了", "unit", upholds=True)
    found = [told for told in queue(bureau(), KANGBASHI) if told["state"] == "found"]
    assert [told["application"] for told in found] == [families[1][1].receipt]
    (own,) = objections_of(families[1][0], families[1][1].id)
    assert one.receipt in own["text"]
    assert db.session.get_one(Objection, uuid.UUID(own["id"])).origin == one.id
    assert objections_of(families[2][0], families[2][1].id) == []


def test_every_kind_of_fault_has_a_finder_and_no_other_is_taken(families: list[Any]) -> None:
    for fault in FAULTS:
        assert set(files_hit(families[0][1], fault)) <= {families[1][1], families[2][1]}
    with pytest.raises(FaultUnknown):
        files_hit(families[0][1], "weather")
    assert len(files_hit(families[0][1], "key")) == 2


def test_an_answer_that_is_late_is_shown_as_late(families: list[Any]) -> None:
    one = filed(families[0])
    assert [told["is_late"] for told in queue(bureau(), KANGBASHI)] == [False]
    stand_at(one.answer_by + timedelta(seconds=1))
    assert [told["is_late"] for told in queue(bureau(), KANGBASHI)] == [True]


def test_the_family_files_by_phone_and_the_desk_answers_on_its_page(app: Any, families: list[Any]) -> None:
    actor, application = families[0]
    client = app.test_client()
    path = f"/api/applications/{application.id}/objections"
    receipt = client.post(path, headers=bearer(actor), json={"text": TEXT}).get_json()["receipt"]
    desk = desk_client(app, bureau())
    page = desk.get(f"/desk/objections/{KANGBASHI}").get_data(as_text=True)
    assert receipt in page
    assert TEXT not in page
    one = page.split(f"/desk/objections/{KANGBASHI}/")[1].split("/look")[0]
    looked = desk.post(f"/desk/objections/{KANGBASHI}/{one}/look", data={"request_key": "1"})
    assert TEXT in looked.get_data(as_text=True)
    words = {"request_key": "2", "word": "uphold", "answer": "确实划错了，将更正", "fault": "unit"}
    done = desk.post(f"/desk/objections/{KANGBASHI}/{one}/answer", data=words, follow_redirects=True)
    assert "异议成立" in done.get_data(as_text=True)
    assert client.get(path, headers=bearer(actor)).get_json()["items"][0]["state"] == "upheld"
