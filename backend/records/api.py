"""HTTP for schools: export the school records."""

from typing import Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel

from backend.foundation.doors import keyless
from backend.identity.actors import actor, official_who_may, policy
from backend.records.export_records import MEDIA, export_records

api = APIBlueprint("records", __name__, url_prefix="/api/desk", tag="records")


class ExportQuery(BaseModel):
    """The kind of file."""

    format: Literal["xlsx", "csv"] = "xlsx"


@api.post("/schools/<school>/records")
@policy(official_who_may("record.export"))
@keyless
@api.input(ExportQuery, location="query", arg_name="query")
def export(school: str, query: ExportQuery) -> Response:
    """The school's records as a file. A change, since every export is written down."""
    data = export_records(actor(), school, query.format)
    answer = Response(data, content_type=MEDIA[query.format])
    answer.headers["Content-Disposition"] = f'attachment; filename="records-{school}.{query.format}"'
    return answer
