"""The school's pages: admitted list, sheets, plan, witnesses, lists, moves, exports. The ceremony itself is publication's."""

from typing import Any

from flask import Response as Download
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.classes.call_witnesses import call_witnesses, witness_call
from backend.classes.class_lists import class_lists, newest_run
from backend.classes.export_lists import MEDIA, export_lists
from backend.classes.gather_intake import facts_of
from backend.classes.import_sheets import KIND_NAMES, import_class_sheet, teachers_of
from backend.classes.intake import admitted_list, planned_classes, standing_counts
from backend.classes.join_classes import join_classes
from backend.classes.move_ledger import (
    CODE_NAMES,
    approve_move,
    leave_class,
    open_proposals,
    propose_move,
    runs_with_proposals,
)
from backend.classes.publish_plan import plan_of_run, publish_plan
from backend.classes.rules.words import VALUE_NAMES, column_name, unmet_words
from backend.classes.standing import classes_now, moves_of
from backend.classes.transfer_in import enter_school
from backend.foundation.database import db
from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.doors import arrived_at, keyless
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.answer_place import confirm_by_school
from backend.placement.report_absence import report_absence
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.publication.ceremonies import witnesses_of
from backend.publication.rows import Ceremony, Run
from backend.publication.runs import open_run
from backend.publication.scopes import place_of
from backend.publication.withdraw_run import withdraw_run

MENU = (
    MenuEntry(60, "录取与分班", "classes_desk.schools", "classes.form"),
    MenuEntry(61, "班级变动", "classes_desk.moves", "special.approve"),
)
desk = DeskRoom("classes", __name__, menu=MENU)
FORM = official_who_may("classes.form")


@desk.get("/schools")
@policy(FORM)
def schools() -> Response:
    """The school this official works for (the first, where there are several)."""
    mine = [scope.id for scope in actor().scopes_for("classes.form") if scope.kind == "school"]
    return redirect(url_for("classes_desk.school_page", school=mine[0]))


@desk.get("/schools/<school>")
@policy(FORM)
def school_page(school: str) -> str:
    """One school: how many are admitted and confirmed, sheets, plan, ceremony, lists, moves."""
    authorize_office(actor(), "classes.form", school_scopes(school))
    run, counts = newest_run(school), standing_counts(school)
    is_published = run is not None and run.state == "published"
    return render_template(
        "classes/school.html",
        school=school_named(school),
        code=school,
        admitted=sum(counts.values()),
        confirmed=sum(counts.values()) - counts.get("placed", 0),
        late=counts.get("confirmed", 0) if is_published else 0,
        without_record=counts.get("enrolled", 0),
        planned=planned_classes(school),
        facts=len(facts_of(school)),
        teachers=len(teachers_of(school)),
        lists=class_lists(actor(), school) if run else None,
        **_of_run(run),
    )


def _of_run(run: Run | None) -> dict[str, Any]:
    told: dict[str, Any] = {"plan": None, "call": None, "ceremony": None, "moves": [], "proposals": [], "now": {}}
    told |= {
        "spoken": False,
        "column_name": column_name,
        "unmet_words": unmet_words,
        "values": VALUE_NAMES,
        "codes": CODE_NAMES,
    }
    if run is None:
        return told
    told |= {"plan": plan_of_run(run), "call": witness_call(run), "ceremony": db.session.get(Ceremony, run.id)}
    told["spoken"] = any(one.said is not None for one in witnesses_of(run.id))
    if run.state == "published":
        told |= {"moves": moves_of(run), "proposals": open_proposals(run), "now": classes_now(run)}
    return told


@desk.post("/schools/<school>/admitted")
@policy(official_who_may("admitted.read"))
def look(school: str) -> str:
    """The admitted list; the look is written down."""
    rows = admitted_list(actor(), school)
    confirms = book_in_force(school.split("-", maxsplit=1)[0]).confirmation.by == "school"
    return render_template(
        "classes/admitted.html", school=school_named(school), code=school, rows=rows, confirms=confirms
    )


@desk.post("/schools/<school>/class-sheets/<any('pupils','teachers'):kind>")
@policy(FORM)
def take_sheet(school: str, kind: str) -> str | Response:
    """Import the sheet, or try it: every row's faults at once."""
    file = request.files.get("file")
    name, data = (file.filename or "", file.read()) if file else ("", b"")
    dry_run = request.form.get("dry_run") == "1"
    taken = tried(lambda: import_class_sheet(actor(), school, kind, name, data, dry_run=dry_run), "表格已读完。")
    if taken is None:
        return _back(school)
    named, back = school_named(school), url_for("classes_desk.school_page", school=school)
    heading = f"{named.name if named else school} · 导入{KIND_NAMES[kind]}表"
    return render_template("desk/imported.html", heading=heading, imported=taken, back=back)


@desk.post("/schools/<school>/plan")
@policy(FORM)
def plan(school: str) -> Response:
    """Publish the plan and seal the list."""
    sent = request.form
    count, tolerance = sent.get("classes", ""), sent.get("tolerance", "").strip() or None
    number = int(count) if count.isdecimal() else 0
    tried(lambda: publish_plan(actor(), school, number, tolerance), "方案已公布，名单已封存。")
    return _back(school)


@desk.post("/schools/<school>/plan/withdrawal")
@policy(official_who_may("ceremony.lead"))
def take_back(school: str) -> Response:
    """Withdraw the plan with its sealed list, before any witness has spoken."""
    run = newest_run(school)
    reason = request.form.get("reason", "")
    if run is not None:
        tried(lambda: withdraw_run(actor(), run.id, reason), "方案已撤回，原因已公开。可以重新公布方案。")
    return _back(school)


@desk.post("/runs/<run_id>/witness-call")
@policy(official_who_may("ceremony.lead"))
def call(run_id: str) -> Response:
    """Call parents as witnesses by the hall's digits."""
    run = open_run(actor(), parse_id(run_id), "ceremony.lead")
    tried(lambda: call_witnesses(actor(), run.id, request.form.get("digits", "")), "已抽出见证人的顺序。")
    return _back(place_of(run.scope))


@desk.post("/schools/<school>/classes/late")
@policy(FORM)
def join(school: str) -> Response:
    """Let the children who confirmed after the draw join a class by the rule."""
    tried(lambda: join_classes(actor(), school), "已按规则插入分班，名单和学籍随后更新。")
    return _back(school)


@desk.post("/schools/<school>/classes/moves")
@policy(FORM)
def propose(school: str) -> Response:
    """Write down a committee's move."""
    sent = request.form
    to_class = int(sent["to_class"]) if sent.get("to_class", "").isdecimal() else 0
    no, reason = sent.get("no", "").strip(), sent.get("reason", "")
    done = "已写下委员会的决定，等教体局的工作人员同意。"
    tried(lambda: propose_move(actor(), school, no, to_class, reason), done)
    return _back(school)


@desk.post("/class-moves/<proposal_id>/approval")
@policy(official_who_may("special.approve"))
def approve(proposal_id: str) -> Response:
    """Let a committee's move happen."""
    tried(lambda: approve_move(actor(), parse_id(proposal_id)), "已同意，已记入变动记录。")
    return redirect(url_for("classes_desk.moves"))


@desk.get("/class-moves")
@policy(official_who_may("special.approve"))
def moves() -> str:
    """For the bureau: committees' moves of all its schools that wait for a second official."""
    waiting = [(place_of(run.scope), *told) for run in runs_with_proposals(actor()) for told in open_proposals(run)]
    return render_template("classes/moves.html", proposals=waiting)


@desk.post("/class-arrivals")
@policy(official_who_may("special.approve"))
def enter() -> Response:
    """For the bureau: a pupil from elsewhere joins a school, in the class that the rule names."""
    school, name, sex = (request.form.get(field, "").strip() for field in ("school", "name", "sex"))
    tried(lambda: enter_school(actor(), school, name, sex), "已按规则插入人数最少的班，已记入变动记录。")
    return redirect(url_for("classes_desk.moves"))


@desk.post("/class-departures")
@policy(official_who_may("special.approve"))
def leave() -> Response:
    """For the bureau: a pupil left a school."""
    school, no = (request.form.get(name, "").strip() for name in ("school", "no"))
    tried(lambda: leave_class(actor(), school, no), "已记入变动记录。")
    return redirect(url_for("classes_desk.moves"))


@desk.post("/schools/<school>/classes/export")
@policy(official_who_may("admitted.read"))
@keyless
def export(school: str) -> Response:
    """The lists as a file; the look is written down."""
    wanted = "csv" if request.form.get("format") == "csv" else "xlsx"
    answer = Download(export_lists(actor(), school, wanted), content_type=MEDIA[wanted])
    answer.headers["Content-Disposition"] = f'attachment; filename="classes-{school}.{wanted}"'
    return answer


@desk.post("/schools/<school>/confirmations/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def confirm(school: str, application_id: str) -> Response:
    """The school has seen the papers and confirms online (D26, D27)."""
    tried(lambda: confirm_by_school(actor(), school, parse_id(application_id), arrived_at()), "已确认入学。")
    return _back(school)


@desk.post("/schools/<school>/absences/<application_id>")
@policy(official_who_may("enrolment.confirm"))
def absent(school: str, application_id: str) -> Response:
    """The school reports that a confirmed child has not come (domain 2.10)."""
    reason = request.form.get("reason", "")
    tried(
        lambda: report_absence(actor(), school, parse_id(application_id), reason),
        "已上报未报到，家长会收到通知，教育局在未报到名单里看到。",
    )
    return _back(school)


def _back(school: str) -> Response:
    return redirect(url_for("classes_desk.school_page", school=school))
