"""File a tip-off without saying who one is (D12f), follow it by its receipt, answer it once."""

import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import CITY, Scope, banner_scopes
from backend.results.rows import Tipoff

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LONG = 12
SHORTEST = 5


class TipoffEmpty(Refusal):
    """A tip-off says in a sentence what happened."""

    code = "tipoff-empty"
    status = 422


class TipoffAnswered(Refusal):
    """The tip-off has its one answer already."""

    code = "tipoff-answered"


@dataclass(frozen=True)
class Told:
    """What somebody tells: the text, perhaps where, perhaps how to reach him."""

    text: str
    banner: str | None = None
    school: str | None = None
    contact: str | None = None


def file_tipoff(told: Told) -> Tipoff:
    """Keep the tip-off and give a receipt; nobody's account is noted with it. Raises TipoffEmpty."""
    if len(told.text.strip()) < SHORTEST:
        raise TipoffEmpty
    tipoff_id = uuid.uuid4()
    place = (told.school or "").strip() or None
    banner = (told.banner or "").strip() or (place.split("-", maxsplit=1)[0] if place and "-" in place else None)
    tipoff = Tipoff(
        id=tipoff_id,
        receipt="T" + "".join(secrets.choice(LETTERS) for _ in range(LONG)),
        banner=banner,
        school=place,
        text_sealed=seal(tipoff_id, f"tipoff.text.{tipoff_id}", told.text.strip()),
        contact_sealed=seal(tipoff_id, f"tipoff.contact.{tipoff_id}", told.contact) if told.contact else None,
        filed_at=clock.now(),
        state="filed",
    )
    db.session.add(tipoff)
    db.session.flush()
    return tipoff


def tipoff_with(receipt: str) -> Tipoff:
    """The tip-off with this receipt. Raises NotFound."""
    found = db.session.execute(select(Tipoff).where(Tipoff.receipt == receipt.strip().upper())).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def text_of(tipoff: Tipoff) -> str:
    """What was told, for the official who answers."""
    return unseal(tipoff.id, f"tipoff.text.{tipoff.id}", tipoff.text_sealed)


def answer_tipoff(actor: Actor, tipoff_id: uuid.UUID, answer: str) -> Tipoff:
    """The office's one answer. Raises NotFound, NotAllowed, TipoffEmpty, TipoffAnswered."""
    tipoff = db.session.execute(select(Tipoff).where(Tipoff.id == tipoff_id).with_for_update()).scalar_one_or_none()
    if tipoff is None:
        raise NotFound
    authorize_office(actor, "tipoff.answer", _scopes(tipoff))
    if tipoff.state == "answered":
        raise TipoffAnswered
    if len(answer.strip()) < SHORTEST:
        raise TipoffEmpty
    tipoff.state, tipoff.answer, tipoff.answered_at = "answered", answer.strip(), clock.now()
    tipoff.answered_by = actor.name
    record("tipoff.answered", "tipoff", tipoff.id)
    return tipoff


def _scopes(tipoff: Tipoff) -> tuple[Scope, ...]:
    return banner_scopes(tipoff.banner) if tipoff.banner else (Scope("city", CITY),)


def tipoffs_for(actor: Actor) -> list[Tipoff]:
    """The tip-offs that this official answers, open ones first."""
    scopes = actor.scopes_for("tipoff.answer")
    query = select(Tipoff).order_by(Tipoff.state.desc(), Tipoff.filed_at)
    if not any(scope.kind == "city" for scope in scopes):
        query = query.where(Tipoff.banner.in_([scope.id for scope in scopes]))
    return list(db.session.execute(query).scalars())
