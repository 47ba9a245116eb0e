"""Pages of the desk's entrance: log in, home, log out, and the rehearsal's clock."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation import clock
from backend.foundation.desk import DeskRoom
from backend.foundation.doors import keyless
from backend.foundation.problems import Refusal
from backend.identity.actors import (
    OFFICIAL,
    OFFICIAL_TO_CHANGE_PASSWORD,
    PUBLIC,
    actor,
    official_who_may,
    policy,
    present_actor,
)
from backend.identity.advance_clock import advance_clock
from backend.identity.change_password import change_password
from backend.identity.log_in_official import LoginsTooOften, LoginWrong, log_in_official
from backend.identity.rules.passwords import CHANGED_EVERY_DAYS
from backend.identity.sessions import COOKIE, close_session, open_session, token_of

desk = DeskRoom("identity", __name__)

ROLE_NAMES = {
    "banner-admissions": "旗区招生",
    "city-admissions": "市招生",
    "school-admissions": "学校招生",
    "department": "核验部门",
    "exam-office": "考试中心",
    "auditor": "审计",
    "system-administrator": "系统管理员",
    "security-administrator": "安全管理员",
    "audit-administrator": "审计管理员",
}


class PasswordsDiffer(Refusal):
    """The new password was not written the same way twice."""

    code = "passwords-differ"
    status = 422


@desk.get("/login")
@policy(PUBLIC)
def login() -> str:
    """The log-in page."""
    return render_template("identity/login.html")


@desk.post("/login")
@policy(PUBLIC)
@keyless
def enter() -> Response | tuple[str, int]:
    """Log in: the session's token goes into a cookie that scripts and other sites cannot use."""
    form = request.form
    name, password, one_time = (form.get(field, "") for field in ("name", "password", "totp"))
    try:
        account = log_in_official(name, password, one_time, request.remote_addr or "-")
    except LoginsTooOften as refusal:
        return render_template("identity/login.html", refusal=refusal), refusal.status
    if account is None:
        problem = "用户名、密码或动态口令不对；连续 5 次不对会锁定 15 分钟。"
        return render_template("identity/login.html", problem=problem), LoginWrong.status
    answer = redirect(url_for("identity_desk.home"))
    answer.set_cookie(
        COOKIE,
        open_session(account),
        httponly=True,
        samesite="Strict",
        secure=current_app.config["PUBLIC_URL"].startswith("https"),
        path="/desk",
    )
    return answer


@desk.post("/logout")
@policy(OFFICIAL_TO_CHANGE_PASSWORD)
@keyless
def leave() -> Response:
    """Log out."""
    close_session(token_of(request) or "")
    answer = redirect(url_for("identity_desk.login"))
    answer.delete_cookie(COOKIE, path="/desk")
    return answer


@desk.get("/password")
@policy(OFFICIAL_TO_CHANGE_PASSWORD)
def password() -> str:
    """The page on which an official changes the own password."""
    return render_template("identity/password.html", days=CHANGED_EVERY_DAYS)


@desk.post("/password")
@policy(OFFICIAL_TO_CHANGE_PASSWORD)
def set_password() -> Response | tuple[str, int]:
    """Change the password. No `tried`: what a refused try has counted is kept."""
    form = request.form
    try:
        if form.get("new", "") != form.get("again", ""):
            raise PasswordsDiffer
        session = token_of(request) or ""
        change_password(actor().account_id, form.get("old", ""), form.get("totp", ""), form.get("new", ""), session)
    except Refusal as refusal:
        return render_template("identity/password.html", days=CHANGED_EVERY_DAYS, refusal=refusal), refusal.status
    flash("密码已经改好了，其他地方的登录都已退出。", "success")
    return redirect(url_for("identity_desk.home"))


@desk.get("/")
@policy(OFFICIAL)
def home() -> str:
    """The first page: what this official is here for."""
    may_move_clock = current_app.config["REHEARSAL"] and actor().may("clock.move") is not None
    return render_template("identity/home.html", role_names=ROLE_NAMES, may_move_clock=may_move_clock)


@desk.post("/clock")
@policy(official_who_may("clock.move"))
def move_clock() -> Response:
    """Move the rehearsal's clock ahead."""
    moved = advance_clock(int(request.form["advance_seconds"]))
    flash(f"时间已往前拨到 {moved:%Y-%m-%d %H:%M}。", "success")
    return redirect(url_for("identity_desk.home"))


def shell_facts() -> dict[str, Any]:
    """What the shell shows on every page: who is logged in, the time, whether this is a rehearsal."""
    return {"actor": present_actor(), "desk_now": clock.now, "rehearsal": current_app.config["REHEARSAL"]}
