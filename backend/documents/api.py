"""HTTP: one clean picture by its signed address. Papers are attached and listed through their application."""

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from backend.documents.picture_addresses import holder_of_ticket
from backend.documents.show_picture import SAFE, family_picture
from backend.foundation.problems import parse_id
from backend.identity.actors import PUBLIC, Actor, policy
from backend.identity.grants import roles_of

api = APIBlueprint("documents", __name__, url_prefix="/api", tag="documents")


class TicketQuery(BaseModel):
    """The signature that the address carries."""

    ticket: str = Field(max_length=400)


@api.get("/papers/<paper_id>/picture")
@policy(PUBLIC)
@api.input(TicketQuery, location="query", arg_name="query")
def picture(paper_id: str, query: TicketQuery) -> Response:
    """The clean picture, for ten minutes, as long as the account that was given the address still holds the child."""
    paper = parse_id(paper_id)
    account = holder_of_ticket(paper, query.ticket)
    data = family_picture(paper, Actor(account, "guardian", roles_of(account)))
    return Response(data, mimetype="image/jpeg", headers=SAFE)
