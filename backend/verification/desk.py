"""The review desk: the queue, a case with pictures and data side by side, the second word, the sample, the figures."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response as Answer
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.documents.show_picture import SAFE, paper_with_picture, staff_picture
from backend.enrolment.rows import Application
from backend.foundation.desk import DeskRoom, MenuEntry, tried
from backend.foundation.problems import NotFound, Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.notices.sentences import explain
from backend.policy.rules.facts import FACTS, PAPER_KINDS, Value
from backend.verification.case_queue import ALL, MINE, SECOND, open_cases
from backend.verification.case_view import case_view, record_view
from backend.verification.deal_case import hand_on
from backend.verification.decide_case import answer_proposal, decide_case, open_case_for
from backend.verification.diary_words import diary_word
from backend.verification.dispute_check import open_doubt
from backend.verification.figures import figures_of
from backend.verification.queries import banners_of
from backend.verification.reason_words import REASONS
from backend.verification.rerun_checks import rerun_checks
from backend.verification.rules.reasons import REASON_CODES
from backend.verification.spot_checks import judge_spot_check, open_spot_check, spot_checks_waiting

desk = DeskRoom(
    "verification",
    __name__,
    menu=(
        MenuEntry(30, "信息审核", "verification_desk.queue", "case.decide"),
        MenuEntry(31, "核验统计", "verification_desk.figures", "case.decide"),
    ),
)

Opened = TypeVar("Opened")
TRUTHS: dict[str, Value] = {"yes": True, "no": False}
SHOWN = {ALL: "全部", MINE: "分给我的", SECOND: "等待复审"}


@desk.get("/cases")
@policy(official_who_may("case.decide"))
def queue() -> str:
    """The cases that wait, oldest first: all, mine, or those that wait for a second word; and the sample."""
    show = request.args.get("show", ALL)
    reason = request.args.get("reason", "")
    banners = banners_of(actor(), "case.decide")
    cases = open_cases(banners, actor().account_id, show if show in SHOWN else ALL, reason if reason in REASONS else "")
    return render_template(
        "verification/queue.html", cases=cases, show=show, reason=reason, shown=SHOWN, reasons=REASONS,
        sample=spot_checks_waiting(banners),
    )  # fmt: skip


@desk.post("/cases/<case_id>/look")
@policy(official_who_may("case.decide"))
def look(case_id: str) -> str | Response:
    """Open a case: a change, since the look at the child's record is written down with it."""
    case = _opened(lambda: case_view(actor(), parse_id(case_id)))
    if case is None:
        return redirect(url_for("verification_desk.queue"))
    reason_codes = {code: (diary_word("reason", code), fits) for code, fits in REASON_CODES.items()}
    return render_template("verification/case.html", case=case, reason_codes=reason_codes, paper_names=PAPER_KINDS)


@desk.get("/cases/<case_id>/papers/<paper_id>")
@policy(official_who_may("case.decide"))
def picture(case_id: str, paper_id: str) -> Answer:
    """One picture of an open case, with the reader's login across it; each look is written down."""
    _, application = open_case_for(actor(), parse_id(case_id))
    return _picture_of(application, paper_id)


@desk.post("/cases/<case_id>/decision")
@policy(official_who_may("case.decide"))
def decide(case_id: str) -> Response:
    """Decide a case and go back to the queue; what is refused changes nothing."""
    form = request.form
    told = {name.removeprefix("fact:"): text for name, text in form.items() if name.startswith("fact:") and text}
    facts = {name: _value(name, text) for name, text in told.items()}
    words = (form.get("decision", ""), form.get("reason_code", ""), form.get("reason", ""))
    tried(
        lambda: decide_case(actor(), parse_id(case_id), *words, facts),
        "已记录您的决定，家长会收到通知；不通过的先由同事复审。",
    )
    return redirect(url_for("verification_desk.queue"))


@desk.post("/cases/<case_id>/second")
@policy(official_who_may("case.decide"))
def second(case_id: str) -> Response:
    """The second official's word on a proposed decision."""
    agrees = request.form.get("agrees") == "yes"
    reason = request.form.get("reason", "")
    done = "复审已记录，决定生效，家长会收到通知。" if agrees else "没有同意，这一件重新审核。"
    tried(lambda: answer_proposal(actor(), parse_id(case_id), reason, agrees=agrees), done)
    return redirect(url_for("verification_desk.queue"))


@desk.post("/cases/<case_id>/hand-on")
@policy(official_who_may("case.decide"))
def pass_on(case_id: str) -> Response:
    """Give a case to the colleague whose turn it is."""
    tried(lambda: hand_on(actor(), parse_id(case_id), request.form.get("reason", "")), "已转给同事。")
    return redirect(url_for("verification_desk.queue"))


@desk.post("/spot-checks/<check_id>/look")
@policy(official_who_may("case.decide"))
def look_at_sample(check_id: str) -> str | Response:
    """Open one of the sample; the look is written down."""
    opened = _opened(lambda: open_spot_check(actor(), parse_id(check_id)))
    if opened is None:
        return redirect(url_for("verification_desk.queue"))
    check, case = opened[0], record_view(opened[1])
    return render_template("verification/spot_check.html", case=case, check=check, paper_names=PAPER_KINDS)


@desk.get("/spot-checks/<check_id>/papers/<paper_id>")
@policy(official_who_may("case.decide"))
def sample_picture(check_id: str, paper_id: str) -> Answer:
    """One picture of a spot check, with the reader's login across it; each look is written down."""
    _, application = open_spot_check(actor(), parse_id(check_id))
    return _picture_of(application, paper_id)


@desk.post("/spot-checks/<check_id>/finding")
@policy(official_who_may("case.decide"))
def finding(check_id: str) -> Response:
    """Write down what the look at the sample found; a fault puts the application into review."""
    is_right, note = request.form.get("is_right") == "yes", request.form.get("note", "")

    def judge() -> None:
        _, application = judge_spot_check(actor(), parse_id(check_id), note, is_right=is_right)
        if not is_right:
            open_doubt(application, "spot-check", "抽查发现问题")

    tried(judge, "抽查结果已记录。")
    return redirect(url_for("verification_desk.queue"))


@desk.get("/verification")
@policy(official_who_may("case.decide"))
def figures() -> str:
    """Workload and pass rates by interface, banner by banner; counts alone."""
    told = {banner: figures_of(actor(), banner) for banner in banners_of(actor(), "case.decide")}
    return render_template("verification/figures.html", banners=told, reasons=REASONS)


@desk.post("/verification/<banner>/rerun")
@policy(official_who_may("case.decide"))
def rerun(banner: str) -> Response:
    """Ask the departments again about what is still open."""
    tried(lambda: rerun_checks(actor(), banner), "正在重新请部门核对还没有答复的项目；人工已经决定的不会再动。")
    return redirect(url_for("verification_desk.figures"))


def _opened(step: Callable[[], Opened]) -> Opened | None:
    """What the step opens; None where it is refused, with the refusal's sentence for the next page."""
    try:
        return step()
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
        return None


def _picture_of(application: Application, paper_id: str) -> Answer:
    """A picture among the papers of the application's child, with the reader's login across it."""
    paper = paper_with_picture(parse_id(paper_id))
    if paper.child_id != application.child_id:
        raise NotFound
    return Answer(staff_picture(paper, actor()), mimetype="image/jpeg", headers=SAFE)


def _value(name: str, text: str) -> Value:
    """What a form field says, by the kind of its fact; what is none of the kind is refused by the verb."""
    kind = FACTS[name].kind if name in FACTS else "text"
    if kind == "truth":
        return TRUTHS.get(text, text)
    return int(text) if kind == "number" and text.isdecimal() else text
