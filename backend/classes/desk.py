"""The school's pages: admitted list, one press, the lists with their balance report, the export of records."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.classes.class_lists import class_lists, newest_run
from backend.classes.form_classes import order_classes
from backend.classes.intake import admitted_list, planned_classes, standing_counts
from backend.classes.join_classes import join_classes
from backend.foundation.desk import DeskRoom, MenuEntry, tried, witness_texts
from backend.foundation.doors import arrived_at
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.answer_place import confirm_by_school
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named

desk = DeskRoom("classes", __name__, menu=(MenuEntry(60, "录取与分班", "classes_desk.schools", "classes.form"),))


@desk.get("/schools")
@policy(official_who_may("classes.form"))
def schools() -> Response:
    """The school this official works for (the first, where there are several)."""
    mine = [scope.id for scope in actor().scopes_for("classes.form") if scope.kind == "school"]
    return redirect(url_for("classes_desk.school_page", school=mine[0]))


@desk.get("/schools/<school>")
@policy(official_who_may("classes.form"))
def school_page(school: str) -> str:
    """One school: how many are admitted and confirmed, the press, the lists."""
    authorize_office(actor(), "classes.form", school_scopes(school))
    run, counts = newest_run(school), standing_counts(school)
    return render_template(
        "classes/school.html",
        school=school_named(school),
        code=school,
        admitted=sum(counts.values()),
        confirmed=sum(counts.values()) - counts.get("placed", 0),
        late=counts.get("confirmed", 0) if run and run.state == "published" else 0,
        without_record=counts.get("enrolled", 0),
        planned=planned_classes(school),
        lists=class_lists(actor(), school) if run else None,
    )


@desk.post("/schools/<school>/admitted")
@policy(official_who_may("admitted.read"))
def look(school: str) -> str:
    """The admitted list; the look is written down."""
    rows = admitted_list(actor(), school)
    confirms = book_in_force(school.split("-", maxsplit=1)[0]).confirmation.by == "school"
    return render_template(
        "classes/admitted.html", school=school_named(school), code=school, rows=rows, confirms=confirms
    )


@desk.post("/schools/<school>/classes")
@policy(official_who_may("classes.form"))
def form(school: str) -> Response:
    """The one press."""
    sent = request.form
    given = witness_texts(sent)
    count = sent.get("classes", "")
    run = tried(lambda: order_classes(actor(), school, int(count) if count.isdecimal() else 0, given), "分班已开始。")
    if run is None:
        return _back(school)
    return redirect(url_for("publication_desk.run_page", run_id=run.id))


@desk.post("/schools/<school>/classes/late")
@policy(official_who_may("classes.form"))
def join(school: str) -> Response:
    """Let the children who confirmed after the draw join a class by the rule."""
    tried(lambda: join_classes(actor(), school), "已按规则插入分班，名单和学籍随后更新。")
    return _back(school)


@desk.post("/schools/<school>/confirmations/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def confirm(school: str, application_id: str) -> Response:
    """The school has seen the papers and confirms online (D26, D27)."""
    tried(lambda: confirm_by_school(actor(), school, parse_id(application_id), arrived_at()), "已确认入学。")
    return _back(school)


def _back(school: str) -> Response:
    return redirect(url_for("classes_desk.school_page", school=school))
