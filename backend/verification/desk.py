"""The review desk: the queue by age, and a case with pictures and data side by side."""

from flask import Response as Answer
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.documents.show_picture import SAFE, paper_with_picture, staff_picture
from backend.foundation.database import db
from backend.foundation.desk import DeskRoom, MenuEntry
from backend.foundation.problems import NotFound, Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.notices.sentences import explain
from backend.policy.rules.facts import FACTS, PAPER_KINDS, Value
from backend.verification.case_view import case_view, open_cases
from backend.verification.decide_case import decide_case, open_case_for
from backend.verification.queries import banners_of
from backend.verification.rules.reasons import REASON_CODES

desk = DeskRoom("verification", __name__, menu=(MenuEntry(30, "信息审核", "verification_desk.queue", "case.decide"),))

TRUTHS: dict[str, Value] = {"yes": True, "no": False}


@desk.get("/cases")
@policy(official_who_may("case.decide"))
def queue() -> str:
    """The cases that wait, oldest first."""
    return render_template("verification/queue.html", cases=open_cases(banners_of(actor(), "case.decide")))


@desk.post("/cases/<case_id>/look")
@policy(official_who_may("case.decide"))
def look(case_id: str) -> str | Response:
    """Open a case: a change, since the look at the child's record is written down with it."""
    try:
        case = case_view(actor(), parse_id(case_id))
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
        return redirect(url_for("verification_desk.queue"))
    return render_template("verification/case.html", case=case, reason_codes=REASON_CODES, paper_names=PAPER_KINDS)


@desk.get("/cases/<case_id>/papers/<paper_id>")
@policy(official_who_may("case.decide"))
def picture(case_id: str, paper_id: str) -> Answer:
    """One picture of an open case, with the reader's login across it; each look is written down."""
    _, application = open_case_for(actor(), parse_id(case_id))
    paper = paper_with_picture(parse_id(paper_id))
    if paper.child_id != application.child_id:
        raise NotFound
    return Answer(staff_picture(paper, actor()), mimetype="image/jpeg", headers=SAFE)


@desk.post("/cases/<case_id>/decision")
@policy(official_who_may("case.decide"))
def decide(case_id: str) -> Response:
    """Decide a case and go back to the queue; what is refused changes nothing."""
    form = request.form
    told = {name.removeprefix("fact:"): text for name, text in form.items() if name.startswith("fact:") and text}
    facts = {name: _value(name, text) for name, text in told.items()}
    words = (form.get("decision", ""), form.get("reason_code", ""), form.get("reason", ""))
    try:
        with db.session.begin_nested():
            decide_case(actor(), parse_id(case_id), *words, facts)
        flash("已记录您的决定，家长会收到通知。", "success")
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
    return redirect(url_for("verification_desk.queue"))


def _value(name: str, text: str) -> Value:
    """What a form field says, by the kind of its fact; what is none of the kind is refused by the verb."""
    kind = FACTS[name].kind if name in FACTS else "text"
    if kind == "truth":
        return TRUTHS.get(text, text)
    return int(text) if kind == "number" and text.isdecimal() else text
