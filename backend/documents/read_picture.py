"""The task behind the extra `[ocr]`: what stands on a good photograph becomes proposals; it never decides (A23, wishes 9)."""

import json
import time
import uuid
from dataclasses import asdict

from backend.documents.gateways.reader import is_switched_on, present_reader
from backend.documents.queries import retakes_of
from backend.documents.rows import Paper
from backend.documents.rules.attempts import RETAKES_AT_MOST
from backend.documents.rules.read_papers import PAGES_OF_KIND, Reading, is_other_page, read_page
from backend.documents.safe_keeping import take_out
from backend.documents.tell_sender import tell_sender
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.foundation.tasks import put_task

WRONG_PAGE = "picture-wrong-page"


def plan_reading(paper: Paper) -> None:
    """Have a good photograph read, where there is a reader and the paper is of a kind that is read."""
    if paper.kind in PAGES_OF_KIND and is_switched_on():
        put_task("read-picture", str(paper.id), {"paper_id": str(paper.id)})


def read_picture(paper_id: str) -> None:
    """Read the clean picture and seal what was read; a page of another kind is asked for again, twice at most.

    Read before, or taken again since, nothing happens.
    """
    paper = db.session.get(Paper, uuid.UUID(paper_id))
    engine = present_reader()
    if paper is None or engine is None or paper.state != "good" or paper.read_at is not None:
        return
    began = time.process_time()
    reading = read_page(engine.read(take_out(paper.child_id, paper.id, "clean")))
    paper.read_at, paper.read_ms = clock.now(), round((time.process_time() - began) * 1000)
    told = {"page": reading.page, "fields": {name: asdict(read) for name, read in reading.fields.items()}}
    paper.reading_sealed = seal(paper.child_id, _place(paper.id), json.dumps(told, ensure_ascii=False))
    if is_other_page(paper.kind, reading.page) and paper.replaced_at is None:
        _ask_for_the_right_page(paper, reading)
    record("paper.read", "paper", paper.id, page=reading.page, fields=sorted(reading.fields))


def reading_of(paper: Paper) -> dict[str, dict[str, object]]:
    """Field → {value, sure, is_confident} as read off the paper; empty where nothing was read."""
    if paper.reading_sealed is None:
        return {}
    told: dict[str, dict[str, dict[str, object]]] = json.loads(
        unseal(paper.child_id, _place(paper.id), paper.reading_sealed)
    )
    return told["fields"]


def _ask_for_the_right_page(paper: Paper, reading: Reading) -> None:
    paper.state = "retake" if retakes_of(paper.child_id, paper.kind) < RETAKES_AT_MOST else "human"
    paper.reasons = [WRONG_PAGE]
    db.session.flush()
    tell_sender(paper)
    record("paper.wrong-page", "paper", paper.id, kind=paper.kind, page=reading.page, state=paper.state)


def _place(paper_id: uuid.UUID) -> str:
    return f"paper.reading.{paper_id}"
