"""HTTP for officials: look at a run, lead its ceremony, give a word for it; and the public file of a ceremony."""

import uuid
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from backend.foundation.database import db
from backend.foundation.problems import parse_id
from backend.identity.actors import PUBLIC, actor, official_who_may, policy
from backend.publication.approve_run import approve_run
from backend.publication.ceremonies import ceremony_document, ceremony_of
from backend.publication.lead_ceremony import (
    PublicNumber,
    WitnessName,
    announce_ceremony,
    close_commitments,
    close_reveals,
    conclude_ceremony,
    name_number,
)
from backend.publication.rows import Run
from backend.publication.runs import begin_run, open_run
from backend.publication.views import run_view
from backend.publication.witness_ceremony import commit_at_desk, say_at_desk

api = APIBlueprint("publication", __name__, url_prefix="/api", tag="publication")
LEAD = official_who_may("ceremony.lead")


class ApprovalBody(BaseModel):
    """The hash of the output that the official has looked at."""

    output_sha256: str = Field(min_length=64, max_length=64)


class WitnessBody(BaseModel):
    """A witness as the public reads it."""

    name: str = Field(min_length=1, max_length=60)
    office: str = Field(min_length=1, max_length=60)


class NumberBody(BaseModel):
    """A public number of the future."""

    name: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1, max_length=200)
    appears_at: AwareDatetime
    fallback: str = Field(min_length=1, max_length=200)

    def value(self) -> PublicNumber:
        """The number as the verbs take it."""
        return PublicNumber(self.name, self.source, self.appears_at, self.fallback)


class AnnouncementBody(BaseModel):
    """Who witnesses the draw, and which public number of the future is waited for (null: none)."""

    witnesses: list[WitnessBody] = Field(min_length=3, max_length=20)
    number: NumberBody | None = None


class CommitmentsBody(BaseModel):
    """Commitments by the names of the witnesses."""

    commitments: dict[str, str] = Field(min_length=1, max_length=20)


class WordsBody(BaseModel):
    """The digits that witnesses say, by their names."""

    words: dict[str, str] = Field(min_length=1, max_length=20)


class ConclusionBody(BaseModel):
    """The public number as it was printed; null where none was named, or where it never appeared."""

    number: str | None = Field(default=None, max_length=200)


@api.get("/desk/runs/<run_id>")
@policy(official_who_may("statistics.read"))
def look_at_run(run_id: str) -> dict[str, Any]:
    """One run: state, hashes, report, words, progress."""
    return run_view(open_run(actor(), parse_id(run_id), "statistics.read"))


@api.post("/desk/runs/<run_id>/approval")
@policy(official_who_may("run.approve"))
@api.input(ApprovalBody, arg_name="body")
def give_word(run_id: str, body: ApprovalBody) -> dict[str, Any]:
    """Give a word for the output with this hash; the second official's word publishes it."""
    return run_view(approve_run(parse_id(run_id), actor(), body.output_sha256))


@api.post("/desk/runs/<run_id>/start")
@policy(LEAD)
def start_again(run_id: str) -> tuple[dict[str, Any], int]:
    """Run once more, with the seed it has, what the checker refused."""
    run = open_run(actor(), parse_id(run_id), "ceremony.lead")
    begin_run(run)
    return run_view(run), 202


@api.get("/ceremonies/<run_id>")
@policy(PUBLIC)
def look_at_ceremony(run_id: str) -> dict[str, Any]:
    """The public file of a ceremony, as far as it has come."""
    return _document(parse_id(run_id))


@api.post("/desk/runs/<run_id>/ceremony")
@policy(LEAD)
@api.input(AnnouncementBody, arg_name="body")
def announce(run_id: str, body: AnnouncementBody) -> tuple[dict[str, Any], int]:
    """Announce the ceremony."""
    key = parse_id(run_id)
    names = [WitnessName(one.name, one.office) for one in body.witnesses]
    announce_ceremony(actor(), key, names, body.number.value() if body.number else None)
    return _document(key), 201


@api.post("/desk/runs/<run_id>/ceremony/number")
@policy(LEAD)
@api.input(NumberBody, arg_name="body")
def name_later_number(run_id: str, body: NumberBody) -> dict[str, Any]:
    """Name a later public number, as long as nobody has spoken."""
    key = parse_id(run_id)
    name_number(actor(), key, body.value())
    return _document(key)


@api.post("/desk/runs/<run_id>/ceremony/commitments")
@policy(LEAD)
@api.input(CommitmentsBody, arg_name="body")
def take_commitments(run_id: str, body: CommitmentsBody) -> dict[str, Any]:
    """Take commitments at the desk."""
    key = parse_id(run_id)
    for name, commitment in body.commitments.items():
        commit_at_desk(actor(), key, name, commitment)
    return _document(key)


@api.post("/desk/runs/<run_id>/ceremony/commitments/closing")
@policy(LEAD)
def end_commitments(run_id: str) -> dict[str, Any]:
    """Nobody commits any more."""
    close_commitments(actor(), parse_id(run_id))
    return _document(parse_id(run_id))


@api.post("/desk/runs/<run_id>/ceremony/words")
@policy(LEAD)
@api.input(WordsBody, arg_name="body")
def take_words(run_id: str, body: WordsBody) -> dict[str, Any]:
    """Take the witnesses' digits at the desk."""
    key = parse_id(run_id)
    for name, text in body.words.items():
        say_at_desk(actor(), key, name, text)
    return _document(key)


@api.post("/desk/runs/<run_id>/ceremony/words/closing")
@policy(LEAD)
def end_words(run_id: str) -> dict[str, Any]:
    """Nobody speaks any more."""
    close_reveals(actor(), parse_id(run_id))
    return _document(parse_id(run_id))


@api.post("/desk/runs/<run_id>/ceremony/conclusion")
@policy(LEAD)
@api.input(ConclusionBody, arg_name="body")
def conclude(run_id: str, body: ConclusionBody) -> dict[str, Any]:
    """Make the seed and begin the work."""
    conclude_ceremony(actor(), parse_id(run_id), body.number)
    return _document(parse_id(run_id))


def _document(run_id: uuid.UUID) -> dict[str, Any]:
    return ceremony_document(db.session.get_one(Run, run_id), ceremony_of(run_id))
