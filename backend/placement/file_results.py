"""公示期满备案 (E28): what stood in public without an open objection is filed with the bureau, once for each state of it."""

import uuid
from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.fairness.canonical import canonical_json, sha256_hex
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.placement.objections import OPEN
from backend.placement.pre_admission import filings_of, receipts_holding
from backend.placement.rounds import hold_stage, public_plan, published_rounds, run_under_way
from backend.placement.rows import Filing, Objection
from backend.placement.stage_counts import public_counts
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.publication.enter_ledger import Statement, enter_statement
from backend.publication.runs import RunUnderWay

FILE = "result.file"


class NothingPosted(Refusal):
    """No result of the stage is published, so nothing stood in public yet."""

    code = "nothing-posted"


class PostingNotOver(Refusal):
    """The result has not stood in public long enough; `until` says when it has."""

    code = "posting-not-over"


class ObjectionsWaiting(Refusal):
    """Objections of the stage wait for their answer; `count` says how many."""

    code = "objections-waiting"


class NothingNewToFile(Refusal):
    """The lists are those of the last filing."""

    code = "nothing-new-to-file"


def file_results(actor: Actor, banner: str, stage: str) -> Filing:
    """File the stage's lists as they stand (E28): after the posting by the book, and only without an open objection.

    The filing enters the ledger. What changes afterwards (a line that moved, a correction) is filed again, as the next
    number. Raises NotAllowed, NothingPosted, PostingNotOver, RunUnderWay, ObjectionsWaiting, NothingNewToFile.
    """
    authorize_office(actor, FILE, banner_scopes(banner))
    hold_stage(banner, stage)
    until = posted_until(banner, stage)
    if until is None:
        raise NothingPosted
    if clock.now() < until:
        raise PostingNotOver(until=until.isoformat())
    if (run := run_under_way(banner, stage)) is not None:
        raise RunUnderWay(run=str(run.id))
    if waiting := sum(_objections(banner, stage)[state] for state in OPEN):
        raise ObjectionsWaiting(count=waiting)
    return _filed(actor, banner, stage, until)


def posted_until(banner: str, stage: str) -> datetime | None:
    """When the newest round of the stage will have stood in public as long as the book says, None before any."""
    rounds = published_rounds(banner, stage)
    return deadline_after(book_in_force(banner), "publication", rounds[-1][1].switched_at) if rounds else None


def _filed(actor: Actor, banner: str, stage: str, until: datetime) -> Filing:
    book, earlier = book_in_force(banner), filings_of(banner, stage)
    content = _content(banner, stage)
    if earlier and earlier[-1].content["schools"] == content["schools"]:
        raise NothingNewToFile
    one = Filing(
        id=uuid.uuid4(),
        banner=banner,
        stage=stage,
        year=book.year,
        number=len(earlier) + 1,
        posted_until=until,
        content=content,
        filed_by=actor.account_id,
        filed_at=clock.now(),
    )
    db.session.add(one)
    rule = {"decided": "filing", "scope": f"{banner}/{stage}", "number": one.number}
    enter_statement(f"filing/{one.id}", book.sha256, Statement(rule, (), content))
    record("results.filed", "stage", f"{banner}/{stage}", number=one.number)
    return one


def _content(banner: str, stage: str) -> dict[str, Any]:
    """What is filed, all of it public: counts, and of each school's list of receipts the hash."""
    told, plan = _objections(banner, stage), public_plan(banner, stage)
    schools = [
        {
            "school": school,
            "plan": plan[school],
            "admitted": len(receipts),
            "list_sha256": sha256_hex(canonical_json(receipts)),
        }
        for school, receipts in sorted(receipts_holding(banner, plan).items())
    ]
    return {
        "schools": schools,
        "objections": {word: told[word] for word in ("upheld", "rejected")},
        "rounds": [run.output_sha256 for run, _ in published_rounds(banner, stage)],
        **public_counts(banner, stage),
    }


def _objections(banner: str, stage: str) -> Counter[str]:
    """State → how many objections of the stage's applications of the year stand in it."""
    found = db.session.execute(
        select(Objection.state, func.count())
        .join(Application, Application.id == Objection.application_id)
        .where(Objection.banner == banner, Objection.stage == stage, Application.year == book_in_force(banner).year)
        .group_by(Objection.state)
    )
    return Counter({state: count for state, count in found})  # noqa: C416  # rows are no pairs to a type checker
