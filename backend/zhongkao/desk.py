"""The exam office's desk: rules, sheets, quotas, rechecks; and the command room of each session."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.fairness.canonical import canonical_json
from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.problems import Refusal, parse_id
from backend.identity.actors import NotAllowed, actor, official_who_may, policy
from backend.zhongkao.admission_rows import admission_rows
from backend.zhongkao.command_session import extend_band, pause_session, resume_session, tell_everybody
from backend.zhongkao.compare_engines import kept_comparison
from backend.zhongkao.correct_admission import correct_admission
from backend.zhongkao.counter.desk import counter
from backend.zhongkao.deal_quotas import deal_quotas
from backend.zhongkao.exam_places import NoExamRules, latest_year, rules_row_of, session_named, sessions_of
from backend.zhongkao.freeze_admission import freeze_admission
from backend.zhongkao.import_exam_sheet import KIND_NAMES, import_exam_sheet
from backend.zhongkao.publish_exam_rules import example_rules, publish_exam_rules, rules_written_in
from backend.zhongkao.recheck_score import answer_recheck, rechecks_of_year
from backend.zhongkao.remind_band import remind_band, reminder_facts
from backend.zhongkao.report_in import settle_absent, settle_admission
from backend.zhongkao.session_page import session_facts
from backend.zhongkao.watch_leavers import last_moves_of, leaver_rows, watch_leavers
from backend.zhongkao.year_figures import year_facts

desk = DeskRoom("zhongkao", __name__, menu=(MenuEntry(75, "中考志愿与录取", "zhongkao_desk.year_page", "exam.read"),))
desk.register_blueprint(counter)
READ = official_who_may("exam.read")
COMMAND = official_who_may("exam.command")


@desk.get("/exam")
@policy(READ)
def year_page() -> str:
    """The newest year: rules, sheets, sessions."""
    return _year_page()


def _year_page(refusal: Refusal | None = None) -> str:
    try:
        year = latest_year()
    except NoExamRules:
        return render_template("zhongkao/year.html", year=None, refusal=refusal, kinds=KIND_NAMES)
    facts = year_facts(year)
    return render_template(
        "zhongkao/year.html",
        year=year,
        rules=rules_row_of(year),
        sessions=sessions_of(year),
        refusal=refusal,
        kinds=KIND_NAMES,
        rechecks=rechecks_of_year(actor(), year),
        **facts,
    )


@desk.post("/exam/rules")
@policy(official_who_may("exam.publish"))
def new_rules() -> str | Response | tuple[str, int]:
    """Publish the rules in the form or the file."""
    file = request.files.get("file")
    try:
        content = rules_written_in(file.read() if file else b"")
        publish_exam_rules(actor(), content, request.form.get("reason", "").strip() or "公布")
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        return _year_page(refusal), refusal.status
    flash("规则已公布，各场次已排定。", "success")
    return redirect(url_for("zhongkao_desk.year_page"))


@desk.get("/exam/rules/example.json")
@policy(READ)
def rules_example() -> Response:
    """An example of a rules file to begin with."""
    answer = Response(canonical_json(example_rules()), mimetype="application/json")
    answer.headers["Content-Disposition"] = "attachment; filename=exam-rules.json"
    return answer


@desk.post("/exam/<int:year>/imports")
@policy(official_who_may("exam.import"))
def new_import(year: int) -> str | tuple[str, int]:
    """Try a sheet dry or take it over; the faults of every row stand on one page."""
    file, kind = request.files.get("file"), request.form.get("kind", "")
    name, data = (file.filename or "", file.read()) if file else ("", b"")
    try:
        imported = import_exam_sheet(actor(), year, kind, name, data, dry_run=request.form.get("press") != "apply")
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        return _year_page(refusal), refusal.status
    heading, back = f"{year} 年中考 · 导入{KIND_NAMES[kind]}", url_for("zhongkao_desk.year_page")
    return render_template("desk/imported.html", heading=heading, imported=imported, back=back)


@desk.post("/exam/<int:year>/quotas")
@policy(official_who_may("exam.publish"))
def new_quotas(year: int) -> Response:
    """Deal the quotas of the year."""
    tried(lambda: deal_quotas(actor(), year), "指标已分配到各初中。")
    return redirect(url_for("zhongkao_desk.year_page"))


@desk.post("/exam/rechecks/<recheck_id>")
@policy(COMMAND)
def recheck_answer(recheck_id: str) -> Response:
    """Answer a recheck with the score that counts."""
    score, finding = request.form.get("score", ""), request.form.get("finding", "")
    tried(lambda: answer_recheck(actor(), parse_id(recheck_id), score, finding), "复核已答复。")
    return redirect(url_for("zhongkao_desk.year_page"))


@desk.get("/exam/<int:year>/<code>")
@policy(READ)
def session_page(year: int, code: str) -> str:
    """The command room of a session."""
    session = session_named(year, code)
    return render_template("zhongkao/session.html", session=session, year=year, **session_facts(session))


def _back(year: int, code: str) -> Response:
    return redirect(url_for("zhongkao_desk.session_page", year=year, code=code))


@desk.post("/exam/<int:year>/<code>/extension")
@policy(COMMAND)
def extend(year: int, code: str) -> Response:
    """Let a band close later."""
    number, minutes = (request.form.get(name, type=int, default=0) for name in ("band", "minutes"))
    reason = request.form.get("reason", "")
    tried(lambda: extend_band(actor(), session_named(year, code), number, minutes, reason), "已延长，后面的时间顺延。")
    return _back(year, code)


@desk.post("/exam/<int:year>/<code>/pause")
@policy(COMMAND)
def pause(year: int, code: str) -> Response:
    """Stop all choosing."""
    tried(lambda: pause_session(actor(), session_named(year, code), request.form.get("reason", "")), "已暂停填报。")
    return _back(year, code)


@desk.post("/exam/<int:year>/<code>/resumption")
@policy(COMMAND)
def resume(year: int, code: str) -> Response:
    """Let choosing go on."""
    tried(lambda: resume_session(actor(), session_named(year, code), request.form.get("reason", "")), "已恢复填报。")
    return _back(year, code)


@desk.post("/exam/<int:year>/<code>/remarks")
@policy(COMMAND)
def tell(year: int, code: str) -> Response:
    """A notice to everybody in the session."""
    tried(lambda: tell_everybody(actor(), session_named(year, code), request.form.get("text", "")), "公告已发布。")
    return _back(year, code)


@desk.get("/exam/<int:year>/<code>/reminder")
@policy(COMMAND)
def reminder(year: int, code: str) -> str:
    """The first press: how many of an open band (`?band=`, from 0) would be reminded by SMS."""
    session = session_named(year, code)
    facts = reminder_facts(session, request.args.get("band", type=int, default=0))
    return render_template("zhongkao/reminder.html", session=session, year=year, **facts)


@desk.post("/exam/<int:year>/<code>/reminder")
@policy(COMMAND)
def remind(year: int, code: str) -> Response:
    """The second press: the messages are put on their way."""
    number = request.form.get("band", type=int, default=-1)
    tried(lambda: remind_band(actor(), session_named(year, code), number), "短信已开始发送。")
    return _back(year, code)


@desk.post("/exam/<int:year>/<code>/admission")
@policy(official_who_may("run.freeze"))
def freeze(year: int, code: str) -> Response:
    """Freeze the closed session and begin its run."""
    run = tried(lambda: freeze_admission(actor(), session_named(year, code)), "已封存，正在运算和独立核对。")
    return redirect(url_for("publication_desk.run_page", run_id=run.id)) if run else _back(year, code)


@desk.post("/exam/<int:year>/<code>/correction")
@policy(official_who_may("run.freeze"))
def correct(year: int, code: str) -> Response:
    """Freeze a correction of the published admission and begin its run."""
    unit, reason = request.form.get("unit", ""), request.form.get("reason", "")
    places = request.form.get("places", type=int, default=0)
    run = tried(
        lambda: correct_admission(actor(), session_named(year, code), unit, places, reason),
        "已封存更正，正在运算和独立核对，还要两人同意才发布。",
    )
    return redirect(url_for("publication_desk.run_page", run_id=run.id)) if run else _back(year, code)


@desk.get("/exam/<int:year>/<code>/leavers")
@policy(READ)
def leavers(year: int, code: str) -> str:
    """Late leavers and who filled the gap."""
    session = session_named(year, code)
    watched = watch_leavers(session)
    rows, moves = leaver_rows(session, watched), last_moves_of(session, watched)
    return render_template("zhongkao/leavers.html", session=session, year=year, leavers=rows, moves=moves)


@desk.get("/exam/<int:year>/<code>/comparison")
@policy(READ)
def comparison(year: int, code: str) -> str:
    """The session as held beside parallel choice, once its last band is closed."""
    session = session_named(year, code)
    kept = kept_comparison(session)
    return render_template("zhongkao/comparison.html", session=session, year=year, report=kept and kept.report)


@desk.get("/exam/<int:year>/<code>/admissions")
@policy(READ)
def admissions(year: int, code: str) -> str:
    """The admitted of a published session by unit, with what became of each."""
    session = session_named(year, code)
    unit = request.args.get("unit")
    return render_template(
        "zhongkao/admissions.html", session=session, year=year, **admission_rows(actor(), session, unit)
    )


@desk.post("/exam/<int:year>/<code>/absent")
@policy(COMMAND)
def absent(year: int, code: str) -> Response:
    """Note everybody who has not reported in by the end of the time for it."""
    tried(lambda: settle_absent(actor(), session_named(year, code)), "已登记为未报到。")
    return redirect(url_for("zhongkao_desk.admissions", year=year, code=code, unit=request.form.get("unit")))


@desk.post("/exam/<int:year>/<code>/admissions/<admission_id>")
@policy(COMMAND)
def settle(year: int, code: str, admission_id: str) -> Response:
    """Note who reported in, did not come, or whose file is returned."""
    state, reason = request.form.get("state", ""), request.form.get("reason", "")
    tried(lambda: settle_admission(actor(), parse_id(admission_id), state, reason), "已记录。")
    return redirect(url_for("zhongkao_desk.admissions", year=year, code=code, unit=request.form.get("unit")))
