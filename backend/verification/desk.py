"""The review desk: the queue by age, and a case with pictures and data side by side."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import DeskRoom, MenuEntry
from backend.foundation.problems import Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.notices.sentences import say
from backend.policy.rules.facts import FACTS, Value
from backend.verification.case_view import case_view, open_cases
from backend.verification.decide_case import REASON_CODES, decide_case

desk = DeskRoom("verification", __name__, menu=(MenuEntry(30, "信息审核", "verification_desk.queue", "case.decide"),))

TRUTHS = {"yes": True, "no": False}


@desk.get("/cases")
@policy(official_who_may("case.decide"))
def queue() -> str:
    """The cases that wait, oldest first."""
    banners = [scope.id for scope in actor().scopes_for("case.decide") if scope.kind == "banner"]
    return render_template("verification/queue.html", cases=open_cases(banners))


@desk.post("/cases/<case_id>/look")
@policy(official_who_may("case.decide"))
def look(case_id: str) -> str:
    """Open a case: a change, since the look at the child's record is written down with it."""
    return render_template(
        "verification/case.html", case=case_view(actor(), parse_id(case_id)), reason_codes=REASON_CODES
    )


@desk.post("/cases/<case_id>/decision")
@policy(official_who_may("case.decide"))
def decide(case_id: str) -> Response:
    """Decide a case and go back to the queue."""
    form = request.form
    facts = {name.removeprefix("fact:"): text for name, text in form.items() if name.startswith("fact:") and text}
    try:
        decide_case(
            actor(),
            parse_id(case_id),
            form.get("decision", ""),
            form.get("reason_code", ""),
            form.get("reason", ""),
            {name: _value(name, text) for name, text in facts.items() if name in FACTS},
        )
        flash("已记录您的决定,家长会收到通知。", "success")
    except Refusal as refusal:
        flash(say(f"problem.{refusal.code}", **refusal.facts), "danger")
    return redirect(url_for("verification_desk.queue"))


def _value(name: str, text: str) -> Value:
    kind = FACTS[name].kind
    if kind == "truth":
        return TRUTHS.get(text, False)
    return int(text) if kind == "number" and text.isdigit() else text
