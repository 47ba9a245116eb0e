"""Claim a child that another guardian has registered (a second guardian, a divorce); nothing is told to the asker.

The answer is the same whether such a child is known or not (promises D13): an unknown one is denied in the end.
"""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

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
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import NoBookInForce, book_in_force
from backend.policy.rules.times import deadline_after
from backend.policy.rules.working_days import CalendarNotDecreed

WITHOUT_A_BOOK = timedelta(days=5)
"""How long the present guardian has where no rule-book gives a time."""


LINK = "/phone/#/pages/family/index"


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
    """The claim; the present guardian has the book's `claim_answer` time, then it is a case for the desk.

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
    _ask_guardians(claim)
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
        answer_by=_answer_by(banner_of_number(said.id_number), moment),
    )
    try:
        with db.session.begin_nested():
            db.session.add(claim)
    except IntegrityError as error:
        raise ClaimExists from error
    return claim


def _answer_by(banner: str | None, moment: datetime) -> datetime:
    try:
        return deadline_after(book_in_force(banner or ""), "claim_answer", moment)
    except (NoBookInForce, KeyError, CalendarNotDecreed):
        return moment + WITHOUT_A_BOOK


def _ask_guardians(claim: Claim) -> None:
    for account in asked_guardians(claim):
        facts = {"relation": claim.relation, "until": claim.answer_by}
        send_notice(account, "claim-asked", facts, f"claim-asked/{claim.id}/{account}", claim.child_id, LINK)


def tell_claimant(claim: Claim, outcome: str) -> None:
    """Tell the claimant what became of the claim, by the name the claimant wrote."""
    facts = {"child": said_in(claim).name, "outcome": outcome}
    send_notice(claim.claimant_id, "claim-answered", facts, f"claim-{claim.state}/{claim.id}", link=LINK)


def said_in(claim: Claim) -> Said:
    """What the claimant said, in clear."""
    return Said(**json.loads(unseal(claim.claimant_id, _place(claim.id), claim.said_sealed)))


def _place(claim_id: uuid.UUID) -> str:
    return f"claim.said.{claim_id}"


def asked_guardians(claim: Claim) -> list[uuid.UUID]:
    """The accounts that are asked to answer the claim."""
    return guardians_of(claim.child_id) if claim.child_id else []
