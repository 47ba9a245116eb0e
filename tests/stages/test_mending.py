"""A confirmed fault is mended (wishes 12, E28): the same list and seed without it, two officials, every family told."""

from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.mending.mend_fault import (
    NothingToMend,
    answer_unchanged,
    look_at_fault,
    propose_mending,
    sign_mending,
)
from backend.placement.objection_views import objections_of
from backend.placement.objections import answer_objection, file_objection
from backend.placement.place_view import place_view
from backend.placement.rows import Objection
from backend.placement.special_cases import ProposerCannotApprove
from backend.policy.rows import Zone
from tests.enrolment_builders import DALATE, KANGBASHI, unit_of
from tests.families_builders import desk_client, renewed
from tests.placement_builders import after_the_close, bureau, published, settled, work

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
TEXT = "我家的社区今年应当属于第二小学"

pytestmark = pytest.mark.usefixtures("opened")


@pytest.fixture
def families() -> list[Any]:
    """Two families of unit 1 and one of unit 2; unit 1 was printed into the wrong zone, and that is confirmed."""
    made = [settled(unit_code=unit_of(KANGBASHI, number)) for number in (1, 1, 2)]
    after_the_close()
    published()
    families = [(renewed(actor), application) for actor, application in made]
    with unit_of_work():
        one = file_objection(families[0][0], families[0][1].id, TEXT, clock.now())
    with unit_of_work():
        answer_objection(bureau(), one.id, "片区表确实划错了，将更正", "unit", upholds=True)
    return families


def origin() -> Objection:
    return db.session.query(Objection).filter_by(origin=None).one()


def zones_corrected() -> None:
    """The bureau hands in the right zone table: unit 1 belongs to the second school."""
    with unit_of_work():
        db.session.query(Zone).filter_by(school=P01, unit_code=unit_of(KANGBASHI, 1)).delete()
        year = db.session.query(Zone).filter_by(school=P02).one().year
        db.session.add(Zone(year=year, school=P02, unit_code=unit_of(KANGBASHI, 1), seat_types=[], multi_school=False))


def receipts(families: list[Any]) -> list[str]:
    return [application.receipt for _, application in families]


def test_every_file_of_the_fault_is_listed_with_what_the_corrected_run_gives_it(families: list[Any]) -> None:
    _, before = look_at_fault(bureau(), origin().id)
    assert [one.is_changed for one in before.files] == [False, False]
    zones_corrected()
    _, found = look_at_fault(bureau(), origin().id)
    assert sorted(one.application.receipt or "" for one in found.files) == sorted(receipts(families[:2]))
    assert {(one.given, one.held, one.corrected, one.is_changed) for one in found.files} == {(P01, P01, P02, True)}
    assert found.others_moved == 0
    with pytest.raises(NotAllowed):
        look_at_fault(bureau(DALATE), origin().id)


def test_two_officials_mend_the_files_that_are_chosen_and_the_families_are_answered(families: list[Any]) -> None:
    """The objecting family moves; the other one keeps its place until somebody decides, each with a word of its own."""
    zones_corrected()
    first, second = bureau(), bureau()
    with unit_of_work():
        told = propose_mending(first, origin().id, "片区表划错了社区1", receipts(families[:1]))
    assert (told.done, told.left) == (receipts(families[:1]), {})
    with unit_of_work():
        alone = sign_mending(first, origin().id)
    assert isinstance(alone.left[families[0][1].receipt], ProposerCannotApprove)
    with unit_of_work():
        assert sign_mending(second, origin().id).done == receipts(families[:1])
    work()
    assert place_view(families[0][0], families[0][1].id)["school"]["code"] == P02
    assert place_view(families[1][0], families[1][1].id)["school"]["code"] == P01
    with unit_of_work():
        assert propose_mending(first, origin().id, "片区表划错了社区1", receipts(families)).done == receipts(
            families[1:2]
        )
    with unit_of_work():
        assert sign_mending(second, origin().id).done == receipts(families[1:2])
    (own,) = objections_of(families[1][0], families[1][1].id)
    assert (own["state"], "更正到" in own["answer"]) == ("upheld", True)


def test_files_that_the_fault_did_not_change_are_answered_together(families: list[Any]) -> None:
    with unit_of_work():
        told = answer_unchanged(bureau(), origin().id)
    assert told.done == receipts(families[1:2])
    (own,) = objections_of(families[1][0], families[1][1].id)
    assert own["state"] == "rejected"
    assert own["answer"].endswith("结果不变。")
    with unit_of_work():
        assert answer_unchanged(bureau(), origin().id).done == []


def test_an_objection_without_a_confirmed_fault_has_nothing_to_mend(families: list[Any]) -> None:
    found = db.session.query(Objection).filter(Objection.origin.is_not(None)).one()
    with pytest.raises(NothingToMend):
        look_at_fault(bureau(), found.id)


def test_the_desk_leads_from_the_answer_to_the_last_signature(app: Any, families: list[Any]) -> None:
    zones_corrected()
    key = origin().id
    page = f"/desk/objections/{KANGBASHI}/{key}/mending"
    desk, second = desk_client(app, bureau()), desk_client(app, bureau())
    assert page in desk.get(f"/desk/objections/{KANGBASHI}").text
    shown = desk.get(page).text
    assert all(receipt in shown for receipt in receipts(families[:2]))
    assert receipts(families)[2] not in shown
    words = {"request_key": "1", "reason": "片区表划错了社区1", "receipt": receipts(families[:2])}
    assert "已提出 2 份更正" in desk.post(f"{page}/proposals", data=words, follow_redirects=True).text
    signed = second.post(f"{page}/signature", data={"request_key": "2"}, follow_redirects=True).text
    assert "已签字更正 2 份" in signed
    assert "已签字" in second.get(page).text
