"""Ceremonies as they are asked for, and as everybody sees them: the file from which the seed can be recomputed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.fairness.ceremony_check import FORMAT
from backend.foundation import clock
from backend.foundation.crypto import unseal
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.publication.rows import Ceremony, Run, StruckOut, Witness


def ceremony_of(run_id: uuid.UUID, *, lock: bool = False) -> Ceremony:
    """The ceremony of a run; `lock` holds it until the transaction ends. Raises NotFound."""
    asked = select(Ceremony).where(Ceremony.run_id == run_id)
    found = db.session.execute(asked.with_for_update() if lock else asked).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def witnesses_of(run_id: uuid.UUID) -> list[Witness]:
    """All witnesses ever named for a run, in the order of the seed text."""
    return list(db.session.execute(select(Witness).where(Witness.run_id == run_id).order_by(Witness.place)).scalars())


def standing_witnesses(run_id: uuid.UUID) -> list[Witness]:
    """The witnesses that were not dismissed, in the order of the seed text."""
    return [one for one in witnesses_of(run_id) if one.dismissed_at is None]


def struck_out_of(run_id: uuid.UUID) -> list[StruckOut]:
    """Who was struck out of the run's frozen list, in order."""
    return list(
        db.session.execute(select(StruckOut).where(StruckOut.run_id == run_id).order_by(StruckOut.id)).scalars()
    )


def is_struck_out(run_id: uuid.UUID, number: str) -> bool:
    """Whether the number of the frozen list is struck out."""
    return (
        db.session.execute(
            select(func.count()).select_from(StruckOut).where(StruckOut.run_id == run_id, StruckOut.number == number)
        ).scalar_one()
        > 0
    )


def office_secret(run: Run) -> str:
    """The office's part of the seed; whoever reads it before the end could weigh the seed."""
    return unseal(run.id, f"run.office.{run.id}", run.office_sealed)


def ceremony_document(run: Run, ceremony: Ceremony) -> dict[str, Any]:
    """The ceremony's public file (docs/formats/ceremony.md), as far as it has come; the office's text only at the end."""
    is_over = ceremony.state == "concluded"
    return {
        "format": FORMAT,
        "run": str(run.id),
        "kind": run.kind,
        "scope": run.scope,
        "state": ceremony.state,
        "rows": run.rows_count,
        "root": run.roster_root,
        "input_sha256": run.input_sha256,
        "rule_book_sha256": run.book_sha256,
        "office": {"commitment": run.office_commitment, "text": office_secret(run) if is_over else None},
        "public_number": _number(ceremony),
        "witnesses": [_witness(one) for one in witnesses_of(run.id)],
        "struck_out": [{"row": one.row, "struck_at": _instant(one.struck_at)} for one in struck_out_of(run.id)],
        "frozen_at": _instant(run.frozen_at),
        "announced_at": _instant(ceremony.announced_at),
        "committed_at": _instant(ceremony.committed_at),
        "revealed_at": _instant(ceremony.revealed_at),
        "concluded_at": _instant(ceremony.concluded_at),
        "seed": run.ceremony["seed"] if is_over and run.ceremony else None,
    }


def _number(ceremony: Ceremony) -> dict[str, Any] | None:
    if ceremony.number_name is None:
        return None
    return {
        "name": ceremony.number_name,
        "source": ceremony.number_source,
        "appears_at": _instant(ceremony.number_at),
        "fallback": ceremony.number_fallback,
        "text": ceremony.number_text,
    }


def _witness(one: Witness) -> dict[str, Any]:
    return {
        "name": one.name,
        "office": one.office,
        "commitment": one.commitment,
        "committed_at": _instant(one.committed_at),
        "committed_by": one.committed_by,
        "text": one.said,
        "said_at": _instant(one.said_at),
        "dismissed_at": _instant(one.dismissed_at),
    }


def _instant(moment: datetime | None) -> str | None:
    """ISO 8601 in the prefecture's time, to the millisecond: all of one length, so that texts compare as times."""
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds") if moment else None
