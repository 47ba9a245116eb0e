"""HTTP: consents, children, claims, helpers, and everything we hold about a family."""

from datetime import date
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from backend.families.answer_claim import answer_claim
from backend.families.claim_child import Said, claim_child
from backend.families.close_account import close_account
from backend.families.consent_texts import consent_texts
from backend.families.correct_child import correct_child
from backend.families.end_helper import end_helper
from backend.families.export_my_data import export_my_data
from backend.families.forget_child import forget_child
from backend.families.give_consent import GivenConsent
from backend.families.queries import children_helped_by, children_of, claims_of, claims_to_answer, present_guardianship
from backend.families.register_child import register_child
from backend.families.rules.particulars import Written
from backend.families.share_with_helper import share_with_helper
from backend.families.views import AS_HELPER, child_view, claim_view, consent_view, helper_view
from backend.foundation import clock
from backend.foundation.problems import parse_id
from backend.identity.actors import GUARDIAN, PUBLIC, actor, policy

api = APIBlueprint("families", __name__, url_prefix="/api", tag="families")

Relation = Literal["father", "mother", "grandparent", "other"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentBody(_Body):
    """A purpose that was agreed to, with the digest of the text that was shown."""

    purpose: str = Field(max_length=20)
    sha256: str = Field(min_length=64, max_length=64)


class ChildBody(_Body):
    """A child to register. Birth and sex are needed only where no resident's number states them."""

    name: str = Field(max_length=100)
    id_kind: Literal["resident", "hkm", "other"] = "resident"
    id_number: str | None = Field(default=None, max_length=40)
    born_on: date | None = None
    sex: Literal["male", "female"] | None = None
    ethnicity: str = Field(max_length=20)
    relation: Relation
    guardian_name: str = Field(max_length=100)
    guardian_id_number: str | None = Field(default=None, max_length=40)
    consents: list[ConsentBody] = Field(max_length=10)
    channel: Literal["phone", "chat", "service-point"] = "phone"


class ClaimBody(_Body):
    """A claim: the child's number and name; the claimant's own name and number where officials will need them."""

    id_number: str = Field(max_length=40)
    name: str = Field(max_length=100)
    relation: Relation
    guardian_name: str | None = Field(default=None, max_length=100)
    guardian_id_number: str | None = Field(default=None, max_length=40)


class AnswerBody(_Body):
    """Yes or no."""

    accept: bool


class CorrectionBody(_Body):
    """The name, the ethnicity, or both as they should stand."""

    name: str | None = Field(default=None, max_length=100)
    ethnicity: str | None = Field(default=None, max_length=20)


class HelperBody(_Body):
    """The helper's phone, for how many days, and the digest of the helper text where it was shown."""

    phone: str = Field(max_length=20)
    days: int
    sha256: str | None = Field(default=None, min_length=64, max_length=64)


@api.get("/consents")
@policy(PUBLIC)
def consents() -> dict[str, Any]:
    """The texts that a guardian is asked to agree to, before anything is written down."""
    return {"items": [consent_view(text) for text in consent_texts()]}


@api.get("/children")
@policy(GUARDIAN)
def children() -> dict[str, Any]:
    """The children in the guardian's care, then those the account helps with."""
    asking = actor()
    own = [child_view(child, care.relation) for child, care in children_of(asking.account_id)]
    helped = [child_view(child, AS_HELPER) for child in children_helped_by(asking.account_id, clock.now())]
    return {"items": own + helped}


@api.post("/children")
@policy(GUARDIAN)
@api.input(ChildBody, arg_name="body")
def new_child(body: ChildBody) -> tuple[dict[str, Any], int]:
    """Register a child; the same child again by the same guardian is that child."""
    told = body.model_dump(exclude={"relation", "consents", "channel"})
    given = [GivenConsent(consent.purpose, consent.sha256) for consent in body.consents]
    child = register_child(actor(), Written(**told), body.relation, given, body.channel)
    care = present_guardianship(child.id, actor().account_id)
    return child_view(child, care.relation if care else body.relation), 201


@api.put("/children/<child_id>/particulars")
@policy(GUARDIAN)
@api.input(CorrectionBody, arg_name="body")
def corrected_child(child_id: str, body: CorrectionBody) -> dict[str, Any]:
    """Correct a name or an ethnicity that was written wrong."""
    child = correct_child(actor(), parse_id(child_id), body.name, body.ethnicity)
    care = present_guardianship(child.id, actor().account_id)
    return child_view(child, care.relation if care else AS_HELPER)


@api.post("/children/<child_id>/forgetting")
@policy(GUARDIAN)
def forgotten_child(child_id: str) -> tuple[str, int]:
    """Withdraw the consents for a child and have its data made unreadable."""
    forget_child(actor(), parse_id(child_id))
    return "", 204


@api.delete("/me")
@policy(GUARDIAN)
def closed_account() -> tuple[str, int]:
    """Close the account; children are left first."""
    close_account(actor())
    return "", 204


@api.get("/claims")
@policy(GUARDIAN)
def claims() -> dict[str, Any]:
    """The claims of others that wait for this guardian's answer, and the guardian's own."""
    account_id = actor().account_id
    incoming = [claim_view(claim, "incoming") for claim in claims_to_answer(account_id)]
    return {"items": incoming + [claim_view(claim, "outgoing") for claim in claims_of(account_id)]}


@api.post("/claims")
@policy(GUARDIAN)
@api.input(ClaimBody, arg_name="body")
def new_claim(body: ClaimBody) -> tuple[dict[str, Any], int]:
    """Claim a child that another guardian has registered."""
    claim = claim_child(actor(), Said(**body.model_dump(exclude={"relation"})), body.relation)
    return claim_view(claim, "outgoing"), 201


@api.post("/claims/<claim_id>/answer")
@policy(GUARDIAN)
@api.input(AnswerBody, arg_name="body")
def new_answer(claim_id: str, body: AnswerBody) -> dict[str, Any]:
    """The present guardian's answer."""
    return claim_view(answer_claim(actor(), parse_id(claim_id), accept=body.accept), "incoming")


@api.post("/children/<child_id>/helpers")
@policy(GUARDIAN)
@api.input(HelperBody, arg_name="body")
def new_helper(child_id: str, body: HelperBody) -> tuple[dict[str, Any], int]:
    """Let somebody file for the family until a day."""
    return helper_view(share_with_helper(actor(), parse_id(child_id), body.phone, body.days, body.sha256)), 201


@api.delete("/children/<child_id>/helpers/<helper_id>")
@policy(GUARDIAN)
def no_more_helper(child_id: str, helper_id: str) -> tuple[str, int]:
    """Take a helper's leave."""
    end_helper(actor(), parse_id(child_id), parse_id(helper_id))
    return "", 204


@api.get("/me/export")
@policy(GUARDIAN)
def everything_held() -> dict[str, Any]:
    """Everything we hold about the guardian and the children."""
    return export_my_data(actor())
