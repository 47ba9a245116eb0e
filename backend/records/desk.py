"""The desk's part of records: the download of a school's records, and another try at those that were incomplete."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.foundation.desk import DeskRoom
from backend.foundation.doors import keyless
from backend.foundation.problems import Refusal
from backend.identity.actors import actor, official_who_may, policy
from backend.notices.sentences import explain
from backend.records.complete_records import complete_records
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


@desk.post("/schools/<school>/records/remaining")
@policy(official_who_may("record.export"))
def complete(school: str) -> AnyResponse:
    """Make the records that could not be made before."""
    try:
        complete_records(actor(), school)
        flash("已开始补建，刷新可看结果。", "success")
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
    return redirect(url_for("classes_desk.school_page", school=school))
