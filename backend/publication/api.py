"""HTTP for officials: look at a run, give a word for it."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.publication.approve_run import approve_run
from backend.publication.runs import open_run
from backend.publication.views import run_view

api = APIBlueprint("publication", __name__, url_prefix="/api/desk", tag="publication")


class ApprovalBody(BaseModel):
    """The hash of the output that the official has looked at."""

    output_sha256: str = Field(min_length=64, max_length=64)


@api.get("/runs/<run_id>")
@policy(official_who_may("statistics.read"))
def look_at_run(run_id: str) -> dict[str, Any]:
    """One run: state, hashes, report, words, progress."""
    return run_view(open_run(actor(), parse_id(run_id), "statistics.read"))


@api.post("/runs/<run_id>/approval")
@policy(official_who_may("run.approve"))
@api.input(ApprovalBody, arg_name="body")
def give_word(run_id: str, body: ApprovalBody) -> dict[str, Any]:
    """Give a word for the output with this hash; the second official's word publishes it."""
    return run_view(approve_run(parse_id(run_id), actor(), body.output_sha256))
