"""Enter what is published into the season's ledger, in the same transaction: the chain grows and never changes.

The rule-book of a decision enters before it, as a statement without people whose `public.json` is the book itself: its hash in the
manifest is the `rule_book_sha256` of every decision made under it.
"""

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend.fairness.canonical import canonical_json
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.publication.gateways import LedgerBook, book_behind
from backend.publication.rows import LedgerEntry, Run
from backend.publication.rules.ledger import (
    STATEMENT,
    Ceremony,
    Decision,
    Level,
    decision_entry,
    first_hash,
    shown_names,
)
from backend.publication.runs import frozen_input_of, output_of, salt_key_of


@dataclass(frozen=True)
class Statement:
    """What officials decided for single children: `rule` and `public` are shown, `rows` (each with an `id`) are not."""

    rule: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    public: Mapping[str, Any]


def enter_run(run: Run) -> LedgerEntry:
    """The entry of a run that is being published; its rule-book enters first where it has not yet."""
    book = book_behind(run.book_sha256)
    season = str(book.year)
    _hold(season)
    _enter_book(book, season)
    return _enter(season, f"run/{run.id}", decision_of(run), run_id=run.id)


def enter_statement(cause: str, book_sha256: str, statement: Statement) -> LedgerEntry:
    """The entry of a statement about single children, made under the book; `cause` names it, and it enters once."""
    book = book_behind(book_sha256)
    season = str(book.year)
    _hold(season)
    _enter_book(book, season)
    value = {**statement.rule, "rows": list(statement.rows)}
    told = {
        "value": value,
        "output": {"rows": [{"id": row["id"], "stands": True} for row in statement.rows]},
        "public": dict(statement.public),
        "frozen_at": _instant(),
        "book": book_sha256,
        "salt_key": secrets.token_hex(32),
    }
    return _enter(season, cause, _statement(told), told=told)


def enter_drawn(cause: str, run: Run, kind: str, rule: Mapping[str, Any], output: Mapping[str, Any]) -> LedgerEntry:
    """The entry of what the seed of a published run decides beside its lists (`kind` names no person); enters once."""
    season = str(book_behind(run.book_sha256).year)
    _hold(season)
    behind = db.session.execute(select(LedgerEntry.hash).where(LedgerEntry.run_id == run.id)).scalar_one()
    value = {"seed": "", "draws_on": behind, **rule}
    told = {"kind": kind, "value": value, "output": dict(output), "frozen_at": _instant(), "book": run.book_sha256}
    return _enter(season, cause, _statement(told), told=told)


def decision_of(run: Run) -> Decision:
    """The run as a decision of the ledger, from its stored bytes. Raises RunDamaged, SealBroken."""
    return Decision(
        kind=run.kind,
        value=frozen_input_of(run),
        output=output_of(run),
        frozen_at=run.frozen_at.astimezone(clock.SHANGHAI).isoformat(),
        rule_book_sha256=run.book_sha256,
        ceremony=_ceremony(run.ceremony) if run.ceremony else None,
        salt_key=salt_key_of(run),
        corrects=_corrected(run),
    )


def decision_of_statement(entry: LedgerEntry) -> Decision:
    """The statement, or what a run's seed decided beside its lists, behind an entry. Raises SealBroken."""
    told = unseal(entry.id, f"ledger_entry.statement.{entry.id}", entry.statement_sealed or b"")
    return _statement(json.loads(told))


def entries_of(season: str) -> list[LedgerEntry]:
    """The entries of a season in their order; none where there is no such season."""
    return list(
        db.session.execute(
            select(LedgerEntry).where(LedgerEntry.season == season).order_by(LedgerEntry.number)
        ).scalars()
    )


def _hold(season: str) -> None:
    """One entry at a time in a season, until the transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"ledger/{season}", 0))))


def _enter_book(book: LedgerBook, season: str) -> None:
    cause = f"rule-book/{book.sha256}"
    if db.session.execute(select(LedgerEntry.id).where(LedgerEntry.cause == cause)).first():
        return
    rule = {"decided": "rule-book", "banner": book.banner, "year": book.year, "version": book.version}
    decision = Decision(
        STATEMENT, {**rule, "rows": []}, {"rows": []}, _instant(), book.sha256, public=json.loads(_text(book.content))
    )
    _enter(season, cause, decision)


def _enter(
    season: str, cause: str, decision: Decision, run_id: uuid.UUID | None = None, told: Mapping[str, Any] | None = None
) -> LedgerEntry:
    last = db.session.execute(
        select(LedgerEntry).where(LedgerEntry.season == season).order_by(LedgerEntry.number.desc()).limit(1)
    ).scalar_one_or_none()
    entry, contents = decision_entry(
        last.number + 1 if last else 1, decision, last.hash if last else first_hash(season)
    )
    key = uuid.uuid4()
    kept = LedgerEntry(
        id=key,
        season=season,
        number=last.number + 1 if last else 1,
        cause=cause,
        run_id=run_id,
        entry=entry,
        hash=entry["hash"],
        shown={name: contents[name].decode() for name in shown_names(decision.kind, Level.PUBLIC)},
        statement_sealed=seal(key, f"ledger_entry.statement.{key}", _text(told)) if told else None,
        entered_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    record("ledger.entered", "ledger", season, number=kept.number, hash=kept.hash, cause=cause)
    return kept


def _statement(told: Mapping[str, Any]) -> Decision:
    salt_key = told.get("salt_key")
    return Decision(
        told.get("kind", STATEMENT),
        told["value"],
        told["output"],
        told["frozen_at"],
        told["book"],
        salt_key=bytes.fromhex(salt_key) if salt_key else None,
        public=told.get("public"),
    )


def _ceremony(transcript: Mapping[str, Any]) -> Ceremony:
    """The ceremony of the seed; witnesses and public number are null where they were not named before."""
    named = transcript.get("witnesses")
    return Ceremony(
        transcript["office_commitment"],
        tuple((part["party"], part["text"]) for part in transcript["parts"]),
        transcript["seed"],
        None if named is None else tuple(named),
        transcript.get("beacon"),
        transcript.get("beacon_fallback"),
    )


def _corrected(run: Run) -> tuple[str, str] | None:
    """The hash of the entry that the run replaces, and why."""
    if run.corrects is None:
        return None
    earlier = db.session.execute(select(LedgerEntry.hash).where(LedgerEntry.run_id == run.corrects)).scalar_one()
    return earlier, run.correction_reason or ""


def _instant() -> str:
    return clock.now().astimezone(clock.SHANGHAI).isoformat()


def _text(value: Any) -> str:
    return canonical_json(value).decode()
