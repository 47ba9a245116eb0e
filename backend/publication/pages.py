"""Public pages of a ceremony: live for hall and phone, the file to recompute it, a witness's own page."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from backend.fairness.canonical import canonical_json
from backend.foundation.database import db
from backend.foundation.problems import Refusal, parse_id
from backend.identity.actors import PUBLIC, policy
from backend.publication.ceremonies import ceremony_document, ceremony_of
from backend.publication.rows import Run
from backend.publication.witness_ceremony import commit_by_link, say_by_link, witness_of_link

pages = Blueprint("publication_pages", __name__, template_folder="templates", url_prefix="/public/ceremonies")


@pages.get("/<run_id>")
@policy(PUBLIC)
def ceremony(run_id: str) -> str:
    """The ceremony as everybody sees it, renewed every few seconds."""
    run, told = _told(run_id)
    return render_template("publication/ceremony.html", told=told, run=run)


@pages.get("/<run_id>.json")
@policy(PUBLIC)
def ceremony_file(run_id: str) -> Response:
    """The file: everything needed to recompute the seed, as canonical JSON."""
    _, told = _told(run_id)
    return Response(canonical_json(told), content_type="application/json; charset=utf-8")


@pages.get("/<run_id>/witness/<witness_id>/<secret>")
@policy(PUBLIC)
def witness(run_id: str, witness_id: str, secret: str) -> str:
    """A witness's own page: commit now, say it later. The digits stay on the phone until they are said."""
    one = witness_of_link(parse_id(run_id), parse_id(witness_id), secret)
    _, told = _told(run_id)
    return render_template("publication/witness.html", told=told, witness=one, refused=None)


@pages.post("/<run_id>/witness/<witness_id>/<secret>/<any('commitment','words'):step>")
@policy(PUBLIC)
def witness_step(run_id: str, witness_id: str, secret: str, step: str) -> Answer | tuple[str, int]:
    """Take the commitment or the digits of whoever holds the link."""
    key, own = parse_id(run_id), parse_id(witness_id)
    try:
        with db.session.begin_nested():
            if step == "commitment":
                commit_by_link(key, own, secret, request.form.get("commitment", ""))
            else:
                say_by_link(key, own, secret, request.form.get("text", ""))
    except Refusal as refusal:
        one = witness_of_link(key, own, secret)
        _, told = _told(run_id)
        return render_template("publication/witness.html", told=told, witness=one, refused=refusal), refusal.status
    return redirect(url_for("publication_pages.witness", run_id=run_id, witness_id=witness_id, secret=secret), code=303)


def _told(run_id: str) -> tuple[Run, dict[str, Any]]:
    key = parse_id(run_id)
    found = ceremony_of(key)
    run = db.session.get_one(Run, key)
    return run, ceremony_document(run, found)
