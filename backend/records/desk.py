"""The desk's download of a school's records."""

from flask import Response, request

from backend.foundation.desk import DeskRoom
from backend.foundation.doors import keyless
from backend.identity.actors import actor, official_who_may, policy
from backend.records.export_records import MEDIA, export_records

desk = DeskRoom("records", __name__)


@desk.post("/schools/<school>/records")
@policy(official_who_may("record.export"))
@keyless
def export(school: str) -> Response:
    """The school's records as a file; every export is written down."""
    wanted = "csv" if request.form.get("format") == "csv" else "xlsx"
    answer = Response(export_records(actor(), school, wanted), content_type=MEDIA[wanted])
    answer.headers["Content-Disposition"] = f'attachment; filename="records-{school}.{wanted}"'
    return answer
