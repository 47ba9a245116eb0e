"""An official leads a public draw through its steps: announce, close the commitments, close the saying, conclude.

Order of the steps and what nobody can do in each: docs/properties/placement.md, D9 to D12; promises D8.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.fairness.ceremony import FEWEST_WITNESSES, CeremonyRules, conclude
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.publication.ceremonies import ceremony_document, ceremony_of, office_secret, standing_witnesses
from backend.publication.ceremony_refusals import (
    CeremonyExists,
    CeremonyNotReady,
    CommitmentsMissing,
    NumberNeeded,
    NumberNotFuture,
    NumberNotOut,
    NumberUnfit,
    WitnessesUnfit,
)
from backend.publication.enter_ledger import Statement, enter_statement
from backend.publication.rows import Ceremony, Run, Witness
from backend.publication.runs import RunNotReady, begin_run, open_run

LEAD = "ceremony.lead"
FALLBACK_AFTER = timedelta(hours=24)
LONGEST_NAME = 60


@dataclass(frozen=True)
class WitnessName:
    """A witness as the public reads it: the name, and the office in which this person stands there (家长代表)."""

    name: str
    office: str


@dataclass(frozen=True)
class PublicNumber:
    """A public number of the future: its name, where it is printed, when it is out, the text used if it never appears."""

    name: str
    source: str
    appears_at: datetime
    fallback: str


def announce_ceremony(
    actor: Actor, run_id: uuid.UUID, witnesses: Sequence[WitnessName], number: PublicNumber | None
) -> Ceremony:
    """The ceremony of a frozen list is announced: who witnesses it, which public number of the future is waited for.

    Raises NotFound, NotAllowed, RunNotReady, CeremonyExists, WitnessesUnfit, NumberUnfit, NumberNotFuture.
    """
    run = open_run(actor, run_id, LEAD)
    if run.state != "frozen" or run.ceremony is not None:
        raise RunNotReady(state=run.state)
    if db.session.get(Ceremony, run.id) is not None:
        raise CeremonyExists
    names = [WitnessName(one.name.strip(), one.office.strip()) for one in witnesses]
    _fit(names)
    ceremony = Ceremony(run_id=run.id, announced_at=clock.now(), announced_by=actor.account_id)
    if number is not None:
        _take_number(ceremony, number)
    db.session.add(ceremony)
    db.session.flush()
    for place, one in enumerate(names, 1):
        key = uuid.uuid4()
        link = seal(run.id, f"witness.link.{key}", secrets.token_urlsafe(24))
        db.session.add(Witness(id=key, run_id=run.id, place=place, name=one.name, office=one.office, link_sealed=link))
    db.session.flush()
    record("ceremony.announced", "run", run.id, witnesses=[one.name for one in names], number=ceremony.number_name)
    return ceremony


def name_number(actor: Actor, run_id: uuid.UUID, number: PublicNumber) -> Ceremony:
    """A later public number is named, as long as nobody has spoken (the first was out before all had committed).

    Raises NotFound, NotAllowed, CeremonyNotReady, NumberUnfit, NumberNotFuture.
    """
    ceremony = _at(actor, run_id, "announced")
    _take_number(ceremony, number)
    record("ceremony.number-named", "run", run_id, number=number.name)
    return ceremony


def close_commitments(actor: Actor, run_id: uuid.UUID) -> Ceremony:
    """Nobody commits any more, and what was committed to enters the ledger; from now on witnesses speak.

    Who has not committed is dismissed; the others are the witnesses of the seed. Raises NotFound, NotAllowed,
    CeremonyNotReady, CommitmentsMissing, NumberNotFuture.
    """
    ceremony = _at(actor, run_id, "announced")
    moment = clock.now()
    named = standing_witnesses(run_id)
    committed = [one for one in named if one.commitment is not None]
    if len(committed) < FEWEST_WITNESSES:
        raise CommitmentsMissing(count=len(committed))
    if ceremony.number_at is not None and moment >= ceremony.number_at:
        raise NumberNotFuture
    for one in named:
        if one.commitment is None:
            one.dismissed_at = moment
    ceremony.committed_at = moment
    ceremony.state = "revealing"
    db.session.flush()
    run = db.session.get_one(Run, run_id)
    rule = {"decided": "ceremony", "run": str(run.id), "scope": run.scope}
    statement = Statement(rule, (), ceremony_document(run, ceremony))
    enter_statement(f"ceremony/{run.id}", run.book_sha256, statement)
    record("ceremony.committed", "run", run_id, witnesses=len(committed))
    return ceremony


def close_reveals(actor: Actor, run_id: uuid.UUID) -> Ceremony:
    """Nobody speaks any more; whoever kept silent stands in the seed by the fixed rule, and there is no second draw.

    Raises NotFound, NotAllowed, CeremonyNotReady.
    """
    ceremony = _at(actor, run_id, "revealing")
    ceremony.revealed_at = clock.now()
    ceremony.state = "waiting"
    silent = [one.name for one in standing_witnesses(run_id) if one.said is None]
    record("ceremony.revealed", "run", run_id, silent=silent)
    return ceremony


def conclude_ceremony(actor: Actor, run_id: uuid.UUID, number_text: str | None = None) -> Run:
    """The seed is made and the work begins; `number_text` is the public number as it was printed.

    None stands for no public number where none was named, and for the fall-back from a day after it was due.
    Raises NotFound, NotAllowed, CeremonyNotReady, NumberNotOut, NumberNeeded, NumberUnfit, RunNotReady.
    """
    ceremony = _at(actor, run_id, "waiting")
    run = open_run(actor, run_id, LEAD)
    ceremony.number_text = _number_said(ceremony, number_text)
    witnesses = standing_witnesses(run_id)
    names = tuple(one.name for one in witnesses)
    rules = CeremonyRules(run.roster_root, run.office_commitment, names, ceremony.number_name, ceremony.number_fallback)
    said = {one.name: one.said for one in witnesses if one.said is not None}
    transcript = conclude(rules, office_secret(run), said, ceremony.number_text)
    run.ceremony = {
        "root": transcript.root,
        "office_commitment": run.office_commitment,
        "witnesses": list(names),
        "beacon": ceremony.number_name,
        "beacon_fallback": ceremony.number_fallback,
        "parts": [{"party": part.party, "text": part.text} for part in transcript.parts],
        "seed": transcript.seed,
    }
    ceremony.concluded_at = clock.now()
    ceremony.state = "concluded"
    record("ceremony.concluded", "run", run_id, seed=transcript.seed)
    begin_run(run)
    return run


def _at(actor: Actor, run_id: uuid.UUID, state: str) -> Ceremony:
    """The ceremony, held until the transaction ends, for an official who may lead it. Raises CeremonyNotReady."""
    run = open_run(actor, run_id, LEAD)
    ceremony = ceremony_of(run.id, lock=True)
    if ceremony.state != state or run.state != "frozen":
        raise CeremonyNotReady(state=ceremony.state)
    return ceremony


def _fit(names: Sequence[WitnessName]) -> None:
    told = [one.name for one in names]
    is_short = all(0 < len(text) <= LONGEST_NAME for one in names for text in (one.name, one.office))
    if len(told) < FEWEST_WITNESSES or len(set(told)) < len(told) or not is_short or "office" in told:
        raise WitnessesUnfit


def _take_number(ceremony: Ceremony, number: PublicNumber) -> None:
    texts = [number.name, number.source, number.fallback]
    if not all(text.strip() and "\0" not in text for text in texts) or number.appears_at.tzinfo is None:
        raise NumberUnfit
    if number.appears_at <= clock.now():
        raise NumberNotFuture
    ceremony.number_name, ceremony.number_source, ceremony.number_fallback = (text.strip() for text in texts)
    ceremony.number_at = number.appears_at


def _number_said(ceremony: Ceremony, text: str | None) -> str | None:
    said = (text or "").strip()
    if ceremony.number_at is None:
        if said:
            raise NumberUnfit
        return None
    if clock.now() < ceremony.number_at:
        raise NumberNotOut(appears_at=ceremony.number_at.isoformat())
    if "\0" in said:
        raise NumberUnfit
    if not said and clock.now() < ceremony.number_at + FALLBACK_AFTER:
        raise NumberNeeded(fallback_from=(ceremony.number_at + FALLBACK_AFTER).isoformat())
    return said or None
