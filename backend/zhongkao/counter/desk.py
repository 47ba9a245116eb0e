"""The exam office's counter: phones stored against papers and confirmed by a second official; letters printed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.zhongkao.change_phone import (
    change_candidate_phone,
    confirm_candidate_phone,
    waiting_phones,
    withdraw_candidate_phone,
)
from backend.zhongkao.letters import printed_letter

counter = Blueprint("counter", __name__)
COMMAND = official_who_may("exam.command")
IN_FORCE = "新号码已生效，原来的登录全部退出，请考生用新号码登录。"
WAITS = "考生还在填报：请另一位工作人员在本页核对后核准，新号码才生效；在此之前原号码照常有效。"


@counter.get("/exam/<int:year>/phones")
@policy(COMMAND)
def phones(year: int) -> str:
    """The form of the counter, and what waits for a second official."""
    return render_template("zhongkao/phones.html", year=year, waiting=waiting_phones(actor(), year))


@counter.post("/exam/<int:year>/phones")
@policy(COMMAND)
def new_phone(year: int) -> Response:
    """Store another phone for a candidate who stands at the counter with his papers."""
    number, phone, reason = (request.form.get(name, "") for name in ("number", "phone", "reason"))
    change = tried(lambda: change_candidate_phone(actor(), year, number, phone, reason), "手机号已登记。")
    if change is not None:
        flash(IN_FORCE if change.in_force_at else WAITS, "info")
    return _back(year)


@counter.post("/exam/<int:year>/phones/<change_id>/confirmation")
@policy(COMMAND)
def confirm(year: int, change_id: str) -> Response:
    """The second official's word."""
    tried(lambda: confirm_candidate_phone(actor(), parse_id(change_id)), IN_FORCE)
    return _back(year)


@counter.post("/exam/<int:year>/phones/<change_id>/withdrawal")
@policy(COMMAND)
def withdraw(year: int, change_id: str) -> Response:
    """Take back a change that waits."""
    reason = request.form.get("reason", "")
    tried(lambda: withdraw_candidate_phone(actor(), parse_id(change_id), reason), "已撤回，原号码不变。")
    return _back(year)


@counter.get("/exam/admissions/<admission_id>/letter.pdf")
@policy(COMMAND)
def printed(admission_id: str) -> Response:
    """The letter of admission on paper, for a candidate who stands at the counter."""
    answer = Response(printed_letter(actor(), parse_id(admission_id)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "inline; filename=luqu-tongzhishu.pdf"
    return answer


def _back(year: int) -> Response:
    return redirect(url_for("zhongkao_desk.counter.phones", year=year))
