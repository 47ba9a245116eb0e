"""The desk of families: disputed claims are decided with a reason, every look at a child is written down."""

import uuid

from sqlalchemy import select

from backend.families.answer_claim import answer_claim
from backend.families.claim_child import Said, claim_child
from backend.families.people import particulars_of
from backend.families.queries import guardians_of
from backend.families.rows import Claim
from backend.families.share_with_helper import share_with_helper
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from tests.families_builders import desk_client, guardian, new_phone, official, registered


def disputed() -> tuple[Actor, Actor, Claim]:
    present, child = registered()
    told = particulars_of(child)
    claimant = guardian()
    claim = claim_child(claimant, Said(told["id_number"], told["name"], "其其格"), "father")
    answer_claim(present, claim.id, accept=False)
    return present, claimant, claim


def test_an_official_of_the_banner_sees_the_dispute_with_the_childs_name_masked(app) -> None:
    _, _, claim = disputed()
    client = desk_client(app, official("banner-admissions", Scope("banner", "150603")))
    page = client.get("/desk/claims")
    assert page.status_code == 200, page.text
    assert str(claim.id) in page.text
    assert "苏*娜" in page.text
    assert "苏日娜" not in page.text


def test_an_official_of_another_banner_sees_no_dispute_and_opens_none(app) -> None:
    _, _, claim = disputed()
    client = desk_client(app, official("banner-admissions", Scope("banner", "150621")))
    assert str(claim.id) not in client.get("/desk/claims").text
    assert client.get(f"/desk/claims/{claim.id}").status_code == 403


def test_opening_a_dispute_leaves_a_line_of_who_looked(app) -> None:
    """未保条例 §36, promises P13: no look of staff at a child without a line, also where the page only reads."""
    _, _, claim = disputed()
    reader = official("banner-admissions", Scope("banner", "150603"))
    page = desk_client(app, reader).get(f"/desk/claims/{claim.id}")
    assert page.status_code == 200, page.text
    assert "苏日娜" in page.text
    db.session.rollback()
    seen = db.session.execute(select(AccessRow).where(AccessRow.object_id == str(claim.child_id))).scalars().all()
    assert [(row.principal, row.purpose) for row in seen] == [
        (f"official:{reader.account_id}", f"claim {claim.id}"),
    ]


def test_a_decision_replaces_the_guardian_and_needs_a_reason(app) -> None:
    present, claimant, claim = disputed()
    client = desk_client(app, official("city-admissions", Scope("city", "1506")))
    address = f"/desk/claims/{claim.id}/decision"
    client.post(address, data={"request_key": uuid.uuid4().hex, "outcome": "replace", "reason": " "})
    assert guardians_of(claim.child_id) == [present.account_id]
    told = {"request_key": uuid.uuid4().hex, "outcome": "replace", "reason": "判决书载明由父亲抚养"}
    assert client.post(address, data=told).status_code == 302
    assert guardians_of(claim.child_id) == [claimant.account_id]
    assert db.session.get_one(Claim, claim.id).state == "granted"


def test_helpers_are_counted_without_naming_a_family(app) -> None:
    """Wishes 19: counts per helper are watched for abuse."""
    phone = new_phone()
    for _ in range(2):
        actor, child = registered()
        share_with_helper(actor, child.id, phone, 30)
    page = desk_client(app, official("city-admissions", Scope("city", "1506"))).get("/desk/helpers")
    assert page.status_code == 200, page.text
    assert f"{phone[:3]}****{phone[-4:]}" in page.text
    assert "苏" not in page.text
