"""HTTP: a school's result, tip-offs and the ledger for everybody, a family's proof, the sealed ledger for auditors."""

from dataclasses import asdict
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from backend.foundation.carried_answers import carried
from backend.foundation.doors import keyless
from backend.foundation.problems import parse_id
from backend.identity.actors import GUARDIAN, PUBLIC, actor, official_who_may, policy
from backend.publication.ledger_folder import archive, public_folder
from backend.results.archives import archive_answer
from backend.results.file_tipoff import Told, file_tipoff, tipoff_with
from backend.results.former_lines import former_lines
from backend.results.frozen_lists import frozen_lists
from backend.results.ledger_views import folder_view, seasons_view
from backend.results.open_ledger import open_ledger
from backend.results.private_result import private_result
from backend.results.prove_place import prove_place
from backend.results.school_result import school_result

api = APIBlueprint("results", __name__, url_prefix="/api", tag="results")


class TipoffBody(BaseModel):
    """A tip-off: what happened; where and how to reach the teller if he wishes."""

    text: str = Field(max_length=5000)
    banner: str | None = Field(default=None, max_length=6)
    school: str | None = Field(default=None, max_length=20)
    contact: str | None = Field(default=None, max_length=100)


class LinesQuery(BaseModel):
    """Which stage."""

    stage: Literal["kindergarten", "primary", "junior"]


class ExportBody(BaseModel):
    """Which season's ledger an auditor opens, and for which audit."""

    season: str = Field(max_length=20)
    reason: str = Field(min_length=5, max_length=500)


@api.get("/schools/<code>/results")
@policy(PUBLIC)
@carried()
def results(code: str) -> dict[str, Any]:
    """A school's published result."""
    return school_result(code)


@api.get("/schools/<code>/draw")
@policy(PUBLIC)
@carried()
def private_draw(code: str) -> dict[str, Any]:
    """A private school's published draw: the whole order by receipt, and all it takes to compute it again."""
    return private_result(code)


@api.get("/banners/<banner>/lines")
@policy(PUBLIC)
@carried()
@api.input(LinesQuery, location="query", arg_name="query")
def lines(banner: str, query: LinesQuery) -> dict[str, Any]:
    """How far the schools of a stage admitted in former years."""
    return {"items": [asdict(line) for line in former_lines(banner, query.stage)]}


@api.post("/tipoffs")
@policy(PUBLIC)
@api.input(TipoffBody, arg_name="body")
def tip_off(body: TipoffBody) -> tuple[dict[str, Any], int]:
    """File a tip-off; the receipt is the only way to its answer."""
    filed = file_tipoff(Told(body.text, body.banner, body.school, body.contact))
    return {"receipt": filed.receipt, "filed_at": filed.filed_at.isoformat()}, 201


@api.get("/tipoffs/<receipt>")
@policy(PUBLIC)
def follow(receipt: str) -> dict[str, Any]:
    """How a tip-off stands."""
    found = tipoff_with(receipt)
    return {
        "receipt": found.receipt,
        "state": found.state,
        "filed_at": found.filed_at.isoformat(),
        "answer": found.answer,
        "answered_at": found.answered_at.isoformat() if found.answered_at else None,
    }


@api.get("/ledger")
@policy(PUBLIC)
@carried()
def ledger() -> dict[str, Any]:
    """Every season's ledger: its head and its decisions; and what is committed to but not published yet."""
    return {"items": seasons_view(), "frozen": frozen_lists()}


@api.get("/ledger/<season>")
@policy(PUBLIC)
@carried()
def ledger_folder(season: str) -> dict[str, Any]:
    """The public folder of a season, every file as text by its path."""
    return folder_view(season, public_folder(season))


@api.get("/applications/<application_id>/proof")
@policy(GUARDIAN)
def proof(application_id: str) -> dict[str, Any]:
    """The family's own rows with their proofs, beside the public folder."""
    return folder_view(*prove_place(actor(), parse_id(application_id)))


@api.get("/applications/<application_id>/proof.zip")
@policy(GUARDIAN)
def proof_archive(application_id: str) -> Response:
    """The same as a file to keep and to check elsewhere."""
    season, folder = prove_place(actor(), parse_id(application_id))
    return archive_answer(archive(season, folder), f"sunroll-ledger-{season}-family.zip")


@api.post("/desk/ledger/sealed")
@policy(official_who_may("ledger.read"))
@keyless
@api.input(ExportBody, arg_name="body")
def sealed_ledger(body: ExportBody) -> Response:
    """The sealed folder for an auditor. No request key: an answer that holds every list is kept nowhere."""
    return archive_answer(open_ledger(actor(), body.season, body.reason), f"sunroll-ledger-{body.season}-sealed.zip")
