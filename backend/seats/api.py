"""HTTP for officials: settle the seats of a stage, and see who waits for a fact."""

from typing import Any

from apiflask import APIBlueprint

from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.seats.settle_seats import order_settlement, waiting_for_facts

api = APIBlueprint("seats", __name__, url_prefix="/api/desk", tag="seats")


@api.post("/banners/<banner>/stages/<stage>/settlement")
@policy(official_who_may("seats.settle"))
def settle(banner: str, stage: str) -> tuple[dict[str, Any], int]:
    """Settle the seat types of all checked applications of the stage; the work goes on after the answer."""
    return order_settlement(banner, stage, actor()), 202


@api.get("/banners/<banner>/stages/<stage>/settlement")
@policy(official_who_may("seats.settle"))
def look(banner: str, stage: str) -> dict[str, Any]:
    """Who cannot be settled yet, and which facts are missing."""
    authorize_office(actor(), "seats.settle", banner_scopes(banner))
    return {"waiting": waiting_for_facts(banner, stage)}
