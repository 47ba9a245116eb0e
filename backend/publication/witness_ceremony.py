"""A witness commits to digits and says them later, at the desk in the hall or by the link on the own phone."""

import hmac
import re
import uuid

from sqlalchemy import select

from backend.fairness.ceremony import DIGEST, WITNESS_TEXT, opens_witness
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.publication.ceremonies import ceremony_of
from backend.publication.ceremony_refusals import (
    CeremonyNotReady,
    CommitmentMalformed,
    CommitmentStands,
    NotWhatWasCommitted,
)
from backend.publication.lead_ceremony import LEAD
from backend.publication.rows import Run, Witness
from backend.publication.runs import open_run

BLANKS = re.compile(r"\s+")


def commit_at_desk(actor: Actor, run_id: uuid.UUID, name: str, commitment: str) -> Witness:
    """The commitment of a witness who stands at the desk. Raises NotFound, NotAllowed and what `_commit` raises."""
    open_run(actor, run_id, LEAD)
    return _commit(_named(run_id, name), commitment, "desk")


def commit_by_link(run_id: uuid.UUID, witness_id: uuid.UUID, secret: str, commitment: str) -> Witness:
    """The commitment of a witness by the own link. Raises NotFound and what `_commit` raises."""
    return _commit(witness_of_link(run_id, witness_id, secret), commitment, "link")


def say_at_desk(actor: Actor, run_id: uuid.UUID, name: str, text: str) -> Witness:
    """The digits of a witness who stands at the desk. Raises NotFound, NotAllowed and what `_say` raises."""
    open_run(actor, run_id, LEAD)
    return _say(_named(run_id, name), text)


def say_by_link(run_id: uuid.UUID, witness_id: uuid.UUID, secret: str, text: str) -> Witness:
    """The digits of a witness by the own link. Raises NotFound and what `_say` raises."""
    return _say(witness_of_link(run_id, witness_id, secret), text)


def witness_of_link(run_id: uuid.UUID, witness_id: uuid.UUID, secret: str) -> Witness:
    """The witness whose link carries this secret. Raises NotFound, the same whatever is wrong."""
    witness = db.session.get(Witness, witness_id)
    if witness is None or witness.run_id != run_id or not hmac.compare_digest(link_secret(witness), secret):
        raise NotFound
    return witness


def link_secret(witness: Witness) -> str:
    """The secret of the witness's own page."""
    return unseal(witness.run_id, f"witness.link.{witness.id}", witness.link_sealed)


def _named(run_id: uuid.UUID, name: str) -> Witness:
    witness = db.session.execute(
        select(Witness).where(Witness.run_id == run_id, Witness.name == name.strip())
    ).scalar_one_or_none()
    if witness is None:
        raise NotFound
    return witness


def _commit(witness: Witness, commitment: str, by: str) -> Witness:
    """Keep the hash. Raises CeremonyNotReady, CommitmentMalformed, CommitmentStands (another one is there already)."""
    given = commitment.strip().lower()
    if ceremony_of(witness.run_id, lock=True).state != "announced":
        raise CeremonyNotReady
    if DIGEST.fullmatch(given) is None:
        raise CommitmentMalformed
    db.session.refresh(witness)
    if witness.commitment is not None:
        if witness.commitment != given:
            raise CommitmentStands
        return witness
    witness.commitment, witness.committed_at, witness.committed_by = given, clock.now(), by
    record("ceremony.witness-committed", "run", witness.run_id, witness=witness.name, commitment=given, by=by)
    return witness


def _say(witness: Witness, text: str) -> Witness:
    """Keep the digits where they open the commitment; blanks between them do not count.

    Raises CeremonyNotReady, NotWhatWasCommitted.
    """
    digits = BLANKS.sub("", text)
    if ceremony_of(witness.run_id, lock=True).state != "revealing" or witness.dismissed_at is not None:
        raise CeremonyNotReady
    root = db.session.get_one(Run, witness.run_id).roster_root
    if WITNESS_TEXT.fullmatch(digits) is None or not opens_witness(
        witness.commitment or "", root, witness.name, digits
    ):
        raise NotWhatWasCommitted
    db.session.refresh(witness)
    if witness.said is None:
        witness.said, witness.said_at = digits, clock.now()
        record("ceremony.witness-said", "run", witness.run_id, witness=witness.name)
    return witness
