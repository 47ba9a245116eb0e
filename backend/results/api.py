"""HTTP for everybody: a school's result, tip-offs."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from backend.identity.actors import PUBLIC, policy
from backend.results.file_tipoff import Told, file_tipoff, tipoff_with
from backend.results.school_result import school_result

api = APIBlueprint("results", __name__, url_prefix="/api", tag="results")


class TipoffBody(BaseModel):
    """A tip-off: what happened; where and how to reach the teller if he wishes."""

    text: str = Field(max_length=5000)
    banner: str | None = Field(default=None, max_length=6)
    school: str | None = Field(default=None, max_length=20)
    contact: str | None = Field(default=None, max_length=100)


@api.get("/schools/<code>/results")
@policy(PUBLIC)
def results(code: str) -> dict[str, Any]:
    """A school's published result."""
    return school_result(code)


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
