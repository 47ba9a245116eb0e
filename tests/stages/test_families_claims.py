"""Two guardians of one child: the present one answers, refusal or silence goes to officials (D13, wishes)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.families.answer_claim import ClaimAnswered, answer_claim
from backend.families.claim_child import ChildIsYours, ClaimExists, Said, claim_child
from backend.families.decide_claim import ReasonMissing, decide_claim
from backend.families.lapse_claim import lapse_claim
from backend.families.people import child_person, particulars_of
from backend.families.queries import claims_to_answer, guardians_of, open_child
from backend.families.rows import Claim
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.tasks import Task
from backend.identity.actors import Actor, NotAllowed
from backend.identity.rules.roles import Scope
from backend.notices.rows import Notice
from tests.families_builders import guardian, id_number, official, registered, renewed


def claimed() -> tuple[Actor, Actor, Claim]:
    """(present guardian, claimant, claim that waits)."""
    present, child = registered()
    told = particulars_of(child)
    claimant = guardian()
    return present, claimant, claim_child(claimant, Said(told["id_number"], told["name"], "其其格"), "mother")


def test_an_accepted_claim_lets_both_care_for_the_child(app) -> None:
    present, claimant, claim = claimed()
    assert [waiting.id for waiting in claims_to_answer(present.account_id)] == [claim.id]
    answer_claim(present, claim.id, accept=True)
    assert guardians_of(claim.child_id) == [present.account_id, claimant.account_id]
    _, child = open_child(renewed(claimant), claim.child_id, "child.write")
    assert child_person(child).guardian_name == "巴特尔"


def test_a_refused_claim_waits_for_officials_and_changes_nothing(app) -> None:
    present, claimant, claim = claimed()
    answer_claim(present, claim.id, accept=False)
    assert (claim.state, claim.disputed_for) == ("disputed", "refused")
    assert guardians_of(claim.child_id) == [present.account_id]
    with pytest.raises(NotFound):
        open_child(renewed(claimant), claim.child_id, "child.read")


def test_silence_makes_a_case_and_decides_nothing(app) -> None:
    present, _, claim = claimed()
    due = db.session.execute(select(Task.due_at).where(Task.dedupe_key == f"lapse-claim/{claim.id}")).scalar_one()
    assert due == claim.answer_by
    lapse_claim(str(claim.id))
    lapse_claim(str(claim.id))
    assert (claim.state, claim.disputed_for) == ("disputed", "silence")
    assert guardians_of(claim.child_id) == [present.account_id]


def test_the_answer_to_a_claimant_is_the_same_for_a_child_that_nobody_registered(app) -> None:
    """Promises D13: never "ID number → something"; an unknown child and a wrong name look like any other."""
    _, _, real = claimed()
    known = registered()[1]
    unknown = claim_child(guardian(), Said(id_number(), "没有的人"), "mother")
    misnamed = claim_child(guardian(), Said(particulars_of(known)["id_number"], "别的名字"), "mother")
    assert {claim.state for claim in (real, unknown, misnamed)} == {"waiting"}
    assert (unknown.child_id, misnamed.child_id) == (None, None)
    lapse_claim(str(unknown.id))
    assert (unknown.state, unknown.outcome) == ("denied", "refuse")


def test_only_who_cares_for_the_child_answers_and_only_once(app) -> None:
    present, claimant, claim = claimed()
    for stranger in (claimant, guardian()):
        with pytest.raises(NotFound):
            answer_claim(stranger, claim.id, accept=True)
    answer_claim(present, claim.id, accept=False)
    with pytest.raises(ClaimAnswered):
        answer_claim(present, claim.id, accept=True)


def test_a_claim_is_made_once_and_never_for_an_own_child(app) -> None:
    present, claimant, claim = claimed()
    told = particulars_of(open_child(present, claim.child_id, "child.read")[1])
    with pytest.raises(ClaimExists):
        claim_child(claimant, Said(told["id_number"], told["name"]), "mother")
    with pytest.raises(ChildIsYours):
        claim_child(present, Said(told["id_number"], told["name"]), "mother")


@pytest.mark.parametrize(
    ("outcome", "state", "stays", "comes"),
    [("both", "granted", True, True), ("replace", "granted", False, True), ("refuse", "denied", True, False)],
)
def test_an_official_decides_with_a_reason(app, outcome, state, stays, comes) -> None:
    present, claimant, claim = claimed()
    answer_claim(present, claim.id, accept=False)
    decider = official("banner-admissions", Scope("banner", "150603"))
    with pytest.raises(ReasonMissing):
        decide_claim(decider, claim.id, outcome, "  ")
    decide_claim(decider, claim.id, outcome, "核对了离婚协议书")
    caring = guardians_of(claim.child_id)
    assert (claim.state, present.account_id in caring, claimant.account_id in caring) == (state, stays, comes)
    if not stays:
        with pytest.raises(NotFound):
            open_child(renewed(present), claim.child_id, "child.read")
    row = db.session.execute(
        select(AuditRow).where(AuditRow.object_id == str(claim.id), AuditRow.action == "claim.decided")
    ).scalar_one()
    assert row.reason == "核对了离婚协议书"


def test_officials_elsewhere_decide_nothing(app) -> None:
    present, _, claim = claimed()
    answer_claim(present, claim.id, accept=False)
    with pytest.raises(NotAllowed):
        decide_claim(official("banner-admissions", Scope("banner", "150621")), claim.id, "both", "核对了离婚协议书")


def test_the_present_guardian_is_asked_and_the_claimant_told(app) -> None:
    present, claimant, claim = claimed()
    answer_claim(present, claim.id, accept=False)
    told = db.session.execute(select(Notice.account_id, Notice.code).order_by(Notice.made_at)).all()
    assert (present.account_id, "claim-asked") in told
    assert (claimant.account_id, "claim-answered") in told
    assert claim.answer_by - claim.asked_at > timedelta(days=1)
