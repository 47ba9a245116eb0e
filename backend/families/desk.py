"""Pages of the desk: disputed claims to decide, and helpers who file for many families."""

import uuid
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.families.claim_child import said_in
from backend.families.decide_claim import claim_scopes, decide_claim
from backend.families.helper_counts import helper_counts
from backend.families.people import guardian_particulars, particulars_of
from backend.families.queries import disputed_claims, guardians_of, present_guardianship
from backend.families.rows import Child, Claim
from backend.families.rules.claims import Outcome
from backend.families.rules.names import masked_name
from backend.foundation.audit import record_access
from backend.foundation.database import db
from backend.foundation.desk import DeskRoom, MenuEntry
from backend.foundation.problems import NotFound, Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.notices.sentences import explain

OUTCOMES = {"both": "两人都可以办理", "replace": "改由申请人办理", "refuse": "不同意认领"}
RELATIONS = {"father": "父亲", "mother": "母亲", "grandparent": "祖父母或外祖父母", "other": "其他监护人"}
DISPUTED_FOR = {"refused": "现监护人不同意", "silence": "现监护人没有答复"}

desk = DeskRoom(
    "families",
    __name__,
    menu=(
        MenuEntry(26, "监护人争议", "families_desk.claims", "claim.decide"),
        MenuEntry(27, "代办情况", "families_desk.helpers", "statistics.read"),
    ),
)


def _mine() -> list[Claim]:
    asking = actor()
    return [claim for claim in disputed_claims() if asking.may("claim.decide", claim_scopes(claim))]


@desk.get("/claims")
@policy(official_who_may("claim.decide"))
def claims() -> str:
    """The claims that wait for this official's decision; names masked."""
    rows = [
        {
            "claim": claim,
            "child": masked_name(said_in(claim).name),
            "why": DISPUTED_FOR[claim.disputed_for or "silence"],
        }
        for claim in _mine()
    ]
    return render_template("families/claims.html", rows=rows, relations=RELATIONS)


@desk.get("/claims/<claim_id>")
@policy(official_who_may("claim.decide"))
def open_claim(claim_id: str) -> str:
    """One claim with both sides in clear; the look is written down."""
    return render_template(
        "families/claim.html", outcomes=OUTCOMES, relations=RELATIONS, **_both_sides(parse_id(claim_id))
    )


def _both_sides(claim_id: uuid.UUID) -> dict[str, Any]:
    claim = db.session.get(Claim, claim_id)
    if claim is None or claim.child_id is None or claim.state != "disputed":
        raise NotFound
    grant = authorize_office(actor(), "claim.decide", claim_scopes(claim))
    record_access(grant.role.name, "child", claim.child_id, f"claim {claim.id}")
    present = [
        {"relation": care.relation, **guardian_particulars(care)}
        for account in guardians_of(claim.child_id)
        if (care := present_guardianship(claim.child_id, account)) is not None
    ]
    return {
        "claim": claim,
        "said": said_in(claim),
        "child": particulars_of(db.session.get_one(Child, claim.child_id)),
        "present": present,
        "why": DISPUTED_FOR[claim.disputed_for or "silence"],
    }


@desk.post("/claims/<claim_id>/decision")
@policy(official_who_may("claim.decide"))
def new_decision(claim_id: str) -> Response:
    """The decision with its reason; both sides can read it."""
    outcome, reason = request.form.get("outcome", ""), request.form.get("reason", "")
    if outcome not in OUTCOMES:
        raise NotFound
    try:
        decide_claim(actor(), parse_id(claim_id), cast("Outcome", outcome), reason)
        flash("已作出决定，并通知了申请人。", "success")
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
    return redirect(url_for("families_desk.claims"))


@desk.get("/helpers")
@policy(official_who_may("statistics.read"))
def helpers() -> str:
    """How many families each helper files for: many is a question to ask, not a fault."""
    return render_template("families/helpers.html", rows=helper_counts())
