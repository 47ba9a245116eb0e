"""Claim a child that another guardian has registered (a second guardian, a divorce); nothing is told to the asker.

The answer is the same whether such a child is known or not (promises D13): an unknown one is denied in the end.
"""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from backend.families.people import particulars_of
from backend.families.queries import guardians_of, present_guardianship
from backend.families.refusals import ParticularsWrong
from backend.families.register_child import child_with
from backend.families.rows import Child, Claim
from backend.families.rules.claims import banner_of_number, same_name
from backend.families.rules.id_number import IdNumberFault, read_id_number
from backend.families.rules.names import NameFault, read_name
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index, seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor

ANSWER_WITHIN = timedelta(days=5)


class ClaimExists(Refusal):
    """The same claim of the same guardian is open already."""

    code = "claim-exists"


class ChildIsYours(Refusal):
    """The guardian cares for this child already."""

    code = "child-is-yours"


@dataclass(frozen=True)
class Said:
    """What a claimant says: the child's number and name, and his own where he gives them."""

    id_number: str
    name: str
    guardian_name: str | None = None
    guardian_id_number: str | None = None


def claim_child(actor: Actor, said: Said, relation: str) -> Claim:
    """The claim; the child's present guardian has five days to answer, then it is a case for the desk.

    Raises ParticularsWrong, ClaimExists, ChildIsYours.
    """
    said = _read(said)
    known_index = blind_index("child.known", f"resident:{said.id_number}")
    child = child_with(known_index)
    if child is not None and not same_name(particulars_of(child)["name"], said.name):
        child = None
    if child is not None and present_guardianship(child.id, actor.account_id) is not None:
        raise ChildIsYours
    claim = _write(actor, said, relation, known_index, child)
    put_task("lapse-claim", str(claim.id), {"claim_id": str(claim.id)}, due_at=claim.answer_by)
    record("claim.made", "claim", claim.id)
    return claim


def _read(said: Said) -> Said:
    faults = []
    number, name, own_name, own_number = said.id_number, "", None, None
    try:
        number = read_id_number(said.id_number, clock.today()).number
    except IdNumberFault as fault:
        faults.append({"pointer": "/id_number", "code": fault.code, "detail": fault.in_chinese})
    try:
        name = read_name(said.name)
        own_name = read_name(said.guardian_name) if said.guardian_name else None
    except NameFault as fault:
        faults.append({"pointer": "/name", "code": fault.code, "detail": fault.in_chinese})
    try:
        own_number = read_id_number(said.guardian_id_number).number if said.guardian_id_number else None
    except IdNumberFault as fault:
        faults.append({"pointer": "/guardian_id_number", "code": fault.code, "detail": fault.in_chinese})
    if faults:
        raise ParticularsWrong(faults)
    return Said(number, name, own_name, own_number)


def _write(actor: Actor, said: Said, relation: str, index: bytes, child: Child | None) -> Claim:
    claim_id, moment = uuid.uuid4(), clock.now()
    claim = Claim(
        id=claim_id,
        child_id=child.id if child else None,
        claimant_id=actor.account_id,
        relation=relation,
        banner=banner_of_number(said.id_number),
        said_sealed=seal(actor.account_id, _place(claim_id), json.dumps(asdict(said), ensure_ascii=False)),
        said_index=index,
        state="waiting",
        asked_at=moment,
        answer_by=moment + ANSWER_WITHIN,
    )
    try:
        with db.session.begin_nested():
            db.session.add(claim)
    except IntegrityError as error:
        raise ClaimExists from error
    return claim


def said_in(claim: Claim) -> Said:
    """What the claimant said, in clear."""
    return Said(**json.loads(unseal(claim.claimant_id, _place(claim.id), claim.said_sealed)))


def _place(claim_id: uuid.UUID) -> str:
    return f"claim.said.{claim_id}"


def asked_guardians(claim: Claim) -> list[uuid.UUID]:
    """The accounts that are asked to answer the claim."""
    return guardians_of(claim.child_id) if claim.child_id else []
