"""The desk's pages of a run: the public ceremony step by step; then run → check → two officials → published."""

import uuid
from typing import Any

import segno
from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.desk import DeskRoom, moment_of, tried
from backend.foundation.problems import NotFound, Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.publication.approve_run import approvals_of, approve_run
from backend.publication.ceremonies import ceremony_document, witnesses_of
from backend.publication.lead_ceremony import (
    FALLBACK_AFTER,
    LEAD,
    PublicNumber,
    WitnessName,
    announce_ceremony,
    close_commitments,
    close_reveals,
    conclude_ceremony,
    name_number,
)
from backend.publication.rows import Ceremony, Witness
from backend.publication.runs import begin_run, open_run
from backend.publication.scopes import scopes_of
from backend.publication.views import run_view
from backend.publication.witness_ceremony import commit_at_desk, link_secret, say_at_desk

desk = DeskRoom("publication", __name__)

REFUSED = {
    "second-official-needed": "同一个人不能同意两次，请第二名工作人员来发布。",
    "content-changed": "结果与您看到的不一致，请刷新后重新核对。",
    "run-not-ready": "这一步现在还不能做：请先等独立核对通过。",
}
LEADING = official_who_may(LEAD)


@desk.get("/runs/<run_id>")
@policy(official_who_may("statistics.read"))
def run_page(run_id: str) -> str:
    """One run."""
    found = open_run(actor(), parse_id(run_id), "statistics.read")
    given = any(word.account_id == actor().account_id for word in approvals_of(found.id))
    may_approve = actor().may("run.approve", scopes_of(found.scope)) is not None
    told = {"run": run_view(found), "found": found, "given": given, "may_approve": may_approve}
    return render_template("publication/run.html", **told)


@desk.post("/runs/<run_id>/approval")
@policy(official_who_may("run.approve"))
def give_word(run_id: str) -> Response:
    """Give a word for the output whose hash stood on the page."""
    try:
        with db.session.begin_nested():
            approve_run(parse_id(run_id), actor(), request.form.get("output_sha256", ""))
        flash("已记录您的同意。", "success")
    except Refusal as refusal:
        if refusal.code not in REFUSED:
            raise
        flash(REFUSED[refusal.code], "danger")
    return redirect(url_for("publication_desk.run_page", run_id=run_id))


@desk.get("/runs/<run_id>/ceremony")
@policy(LEADING)
def ceremony_page(run_id: str) -> str:
    """The ceremony, with the one thing to do next."""
    run = open_run(actor(), parse_id(run_id), LEAD)
    ceremony = db.session.get(Ceremony, run.id)
    moment = clock.now()
    return render_template(
        "publication/ceremony_desk.html",
        run=run,
        ceremony=ceremony,
        told=ceremony_document(run, ceremony) if ceremony else None,
        links={one.name: _link(one) for one in witnesses_of(run.id)},
        is_number_out=bool(ceremony and ceremony.number_at and moment >= ceremony.number_at),
        may_fall_back=bool(ceremony and ceremony.number_at and moment >= ceremony.number_at + FALLBACK_AFTER),
    )


@desk.post("/runs/<run_id>/ceremony")
@policy(LEADING)
def announce(run_id: str) -> Response:
    """Announce the ceremony with its witnesses and the public number."""
    form = request.form
    lines = zip(form.getlist("witness"), form.getlist("office"), strict=False)
    names = [WitnessName(name, office) for name, office in lines if name.strip()]
    number = _number() if form.get("number_name", "").strip() else None
    tried(lambda: announce_ceremony(actor(), parse_id(run_id), names, number), "抽签仪式已公告，公开页面已经可以看到。")
    return _back(run_id)


@desk.post("/runs/<run_id>/ceremony/number")
@policy(LEADING)
def name_later_number(run_id: str) -> Response:
    """Name a later public number."""
    tried(lambda: name_number(actor(), parse_id(run_id), _number()), "已改用新的公开数字。")
    return _back(run_id)


@desk.post("/runs/<run_id>/ceremony/<step>")
@policy(LEADING)
def take(run_id: str, step: str) -> Response:
    """Take one witness's commitment, or digits, at the desk."""
    key, form = parse_id(run_id), request.form
    name = form.get("witness", "")
    if step not in {"commitment", "word"}:
        raise NotFound
    if step == "commitment":
        tried(lambda: commit_at_desk(actor(), key, name, form.get("commitment", "")), f"{name}的承诺已公布。")
    else:
        tried(lambda: say_at_desk(actor(), key, name, form.get("text", "")), f"{name}的数字与承诺一致，已公布。")
    return _back(run_id)


@desk.post("/runs/<run_id>/ceremony/<part>/closing")
@policy(LEADING)
def close(run_id: str, part: str) -> Response:
    """Nobody commits, or speaks, any more."""
    key = parse_id(run_id)
    if part not in {"commitments", "words"}:
        raise NotFound
    if part == "commitments":
        tried(lambda: close_commitments(actor(), key), "承诺已截止并记入公开账本，现在请见证人说出数字。")
    else:
        tried(lambda: close_reveals(actor(), key), "数字已说完。")
    return _back(run_id)


@desk.post("/runs/<run_id>/ceremony/conclusion")
@policy(LEADING)
def conclude(run_id: str) -> Response:
    """Make the seed and begin; the public number is typed twice."""
    first, second = (request.form.get(name, "").strip() for name in ("number", "number_again"))
    if first != second:
        flash("两次输入的公开数字不一样，请照原样再输一次。", "danger")
        return _back(run_id)
    begun = tried(lambda: conclude_ceremony(actor(), parse_id(run_id), first or None), "种子已算出，已开始运行。")
    return redirect(url_for("publication_desk.run_page", run_id=run_id)) if begun else _back(run_id)


@desk.post("/runs/<run_id>/start")
@policy(LEADING)
def start_again(run_id: str) -> Response:
    """A run that the checker refused runs again with the seed it has."""
    run = open_run(actor(), parse_id(run_id), LEAD)
    tried(lambda: begin_run(run), "已用同一个种子重新运行。")
    return redirect(url_for("publication_desk.run_page", run_id=run_id))


def _back(run_id: str) -> Response:
    return redirect(url_for("publication_desk.ceremony_page", run_id=run_id))


def _number() -> PublicNumber:
    """The public number of the form; a time that cannot be read lies in the past and is refused as such."""
    form = request.form
    texts = {name: form.get(f"number_{name}", "") for name in ("name", "source", "fallback")}
    return PublicNumber(appears_at=moment_of(form.get("number_at", "")), **texts)


def _link(one: Witness) -> dict[str, Any]:
    """The witness's own address, and the picture that a phone reads it from."""
    path = url_for(
        "publication_pages.witness", run_id=one.run_id, witness_id=uuid.UUID(str(one.id)), secret=link_secret(one)
    )
    address = str(current_app.config["PUBLIC_URL"]).rstrip("/") + path
    return {"address": address, "picture": segno.make(address, error="m").svg_data_uri(scale=4, border=2)}
