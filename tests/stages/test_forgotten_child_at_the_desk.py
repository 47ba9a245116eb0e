"""A family withdraws its consent (个保法 §15): no page of the desk breaks on what can no longer be read, and none shows it."""

import uuid
from typing import Any

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from backend.enrolment.deferrals import ask_deferral, deferral_register
from backend.enrolment.withdraw_application import withdraw_application
from backend.families.claim_child import Said, claim_child
from backend.families.close_account import close_account
from backend.families.forget_child import forget_child
from backend.families.lapse_claim import lapse_claim
from backend.families.people import FORGOTTEN, particulars_of
from backend.foundation import clock
from backend.foundation.crypto import SealBroken
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rules.roles import Scope
from backend.notices.call_human import call_human
from backend.notices.queries import help_requests_for
from backend.placement.objection_views import look_at_objection, queue
from backend.placement.objections import file_objection
from backend.seats.preferences import ask_preference, claims_waiting
from backend.verification.rows import SpotCheck
from backend.verification.spot_checks import SpotCheckDone, open_spot_check, spot_checks_waiting
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import desk_client, guardian, official, registered, renewed
from tests.placement_builders import after_the_close, bureau, published, seats_at, settled, verified

pytestmark = pytest.mark.usefixtures("opened")

WRITTEN = "现役军人证 01234"
KNOWN = {"banner": KANGBASHI, "stage": "primary", "school": f"{KANGBASHI}-P01", "code": f"{KANGBASHI}-P01"}


def forgotten(actor: Any, application: Any) -> None:
    """The family takes the registration back and withdraws its consent."""
    with unit_of_work():
        withdraw_application(renewed(actor), application.id, "搬走了")
    with unit_of_work():
        forget_child(renewed(actor), application.child_id)


def pages(app: Any) -> list[str]:
    """Every page of the desk that needs no number of a thing to be opened."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.rule.startswith("/desk"):
            continue
        converters = {name: rule._converters[name] for name in rule.arguments}
        known = {
            name: min(one.items)
            if isinstance(one, AnyConverter)
            else 2026
            if isinstance(one, IntegerConverter)
            else KNOWN.get(name)
            for name, one in converters.items()
        }
        if None not in known.values():
            found.append(rule.build(known)[1])
    return sorted(found)


def test_every_page_of_the_desk_opens_with_a_forgotten_child_behind_it(app: Any) -> None:
    """Claims, samples and lists of the office that held its words: they are gone from all of them."""
    actor, application = verified()
    with unit_of_work():
        ask_preference(renewed(actor), application.id, "soldier", WRITTEN, f"{KANGBASHI}-P02")
        sample = SpotCheck(
            id=uuid.uuid4(), application_id=application.id, banner=KANGBASHI, drawn_at=clock.now(), note=""
        )
        db.session.add(sample)
    forgotten(actor, application)
    department = official("department", Scope("department", f"{KANGBASHI}/soldier"))
    assert claims_waiting(department) == []
    assert spot_checks_waiting([KANGBASHI]) == []
    with pytest.raises(SpotCheckDone):
        open_spot_check(bureau(), sample.id)
    looked_at = pages(app)
    assert len(looked_at) >= 20
    for reader in (bureau(), department, official("auditor", Scope("city", "1506"))):
        client = desk_client(app, reader)
        for path in looked_at:
            answer = client.get(path)
            assert answer.status_code < 500, path
            assert WRITTEN not in answer.text


def test_an_objection_outlives_its_words() -> None:
    """It keeps its receipt and its clock; what the family wrote is told to be gone."""
    families = [settled() for _ in range(2)]
    for school in ("P01", "P02"):
        seats_at(f"{KANGBASHI}-{school}", 1)
    third = settled()
    after_the_close()
    published()
    actor, application = next(one for one in [*families, third] if one[1].state == "unplaced")
    with unit_of_work():
        one = file_objection(renewed(actor), application.id, "我家应当有学位", clock.now())
    forgotten(actor, application)
    assert [told["id"] for told in queue(bureau(), KANGBASHI)] == [str(one.id)]
    assert look_at_objection(bureau(), one.id)["text"] == FORGOTTEN


def test_the_register_of_deferred_children_outlives_the_words() -> None:
    """E39: the office still sees that somebody asked; what proved it is gone."""
    actor, child = registered()
    with unit_of_work():
        ask_deferral(renewed(actor), child.id, KANGBASHI, "primary", "早产，医院证明第 7 号")
    with unit_of_work():
        forget_child(renewed(actor), child.id)
    (line,) = deferral_register(bureau(), KANGBASHI)
    assert line["evidence"] == FORGOTTEN


def test_words_that_were_changed_are_never_told_to_be_deleted() -> None:
    """Only a family deletes: a broken seal stays an alarm."""
    actor, application = verified()
    with unit_of_work():
        claim = ask_preference(renewed(actor), application.id, "soldier", WRITTEN, f"{KANGBASHI}-P02")
        claim.evidence_sealed = claim.evidence_sealed[:-1] + bytes([claim.evidence_sealed[-1] ^ 1])
    with pytest.raises(SealBroken):
        claims_waiting(official("department", Scope("department", f"{KANGBASHI}/soldier")))


def test_what_was_asked_ends_with_the_account_and_no_inbox_breaks(app: Any) -> None:
    """A claim and a cry for help of somebody who closed the account: nobody has to answer, and no page fails."""
    _, child = registered()
    number = particulars_of(child)["id_number"]
    asking = guardian()
    with unit_of_work():
        claim = claim_child(asking, Said(number, "另一个名字", "王芳", None), "mother")
        call_human(asking.account_id, "question", "我看不懂这一页", banner=KANGBASHI)
    with unit_of_work():
        lapse_claim(str(claim.id))
    assert len(help_requests_for(bureau())) == 1
    with unit_of_work():
        close_account(renewed(asking))
    db.session.expire_all()
    assert (claim.state, help_requests_for(bureau())) == ("denied", [])
    client = desk_client(app, bureau())
    for path in pages(app):
        assert client.get(path).status_code < 500, path
