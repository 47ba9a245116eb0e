"""Public pages: the entrance, schools with their results, the ledger, tip-offs, and the phone page's files."""

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response

from backend.foundation.carried_answers import carried
from backend.foundation.problems import NotFound
from backend.identity.actors import PUBLIC, policy
from backend.notices.sentences import say
from backend.placement.rounds import published_rounds
from backend.policy.books_in_force import books_in_force
from backend.policy.disclosures import standing_page
from backend.policy.places import plan_of, schools_of
from backend.policy.rules.facts import STAGES
from backend.policy.rules.placing_words import LAST_BUNDLES
from backend.publication.ledger_folder import archive, public_folder
from backend.results.archives import archive_answer
from backend.results.file_tipoff import TipoffEmpty, Told, file_tipoff, tipoff_with
from backend.results.frozen_lists import frozen_lists
from backend.results.ledger_views import seasons_view
from backend.results.private_result import private_result
from backend.results.school_result import ResultNotPublished, school_result

pages = Blueprint("results_pages", __name__, template_folder="templates")

DRAWN = {"admitted": "录取", "waiting": "候补", "offered": "同胞已录取，学校另行征求意见"}
PHONE = Path(__file__).parents[2] / "miniprogram" / "dist" / "build" / "h5"


@pages.get("/")
@policy(PUBLIC)
def entrance() -> str:
    """The entrance: where to go as a family, as anybody, as an official."""
    banners = [
        {"code": book.banner, "name": book.banner_name, "year": book.year, "disclosed": standing_page(book) is not None}
        for book in books_in_force()
    ]
    return render_template("results/entrance.html", banners=banners)


@pages.get("/public/schools")
@policy(PUBLIC)
@carried()
def schools() -> str:
    """All schools, by banner and stage, with what is published of them."""
    groups = []
    for book in books_in_force():
        for stage in book.stages:
            plan, published = plan_of(book.banner, stage), published_rounds(book.banner, stage)
            rows = [
                {
                    "code": school.code,
                    "name": school.name,
                    "seats": plan.get(school.code, 0),
                    "private": school.private,
                }
                for school in schools_of(book.banner, stage)
            ]
            groups.append(
                {"banner": book.banner_name, "stage": STAGES[stage], "rows": rows, "published": bool(published)}
            )
    return render_template("results/schools.html", groups=groups)


@pages.get("/public/schools/<code>")
@policy(PUBLIC)
@carried()
def school(code: str) -> tuple[str, int]:
    """One school's result, or the word that it is not published yet."""
    try:
        return render_template("results/school.html", result=school_result(code), code=code), 200
    except ResultNotPublished:
        return render_template("results/school.html", result=None, code=code), 404


@pages.get("/public/schools/<code>/draw")
@policy(PUBLIC)
@carried(unless=("no",))
def private_draw(code: str) -> tuple[str, int]:
    """A private school's draw: the whole order by receipt, and what it takes to compute it again."""
    own = request.args.get("no", "").strip().upper()
    try:
        result = private_result(code)
    except ResultNotPublished:
        return render_template("results/private.html", result=None, code=code), 404
    found = next((row for row in result["rows"] if row["no"] == own), None)
    page = render_template(
        "results/private.html", result=result, code=code, own=own, found=found, words=DRAWN, bundles=LAST_BUNDLES
    )
    return page, 200


@pages.get("/public/ledger")
@policy(PUBLIC)
@carried()
def ledger() -> str:
    """The ledger of every season: the head to compare, the decisions, the folder to take home and check."""
    return render_template("results/ledger.html", seasons=seasons_view(), frozen=frozen_lists())


@pages.get("/public/ledger/<season>.zip")
@policy(PUBLIC)
@carried()
def ledger_archive(season: str) -> Response:
    """The public folder of a season."""
    return archive_answer(archive(season, public_folder(season)), f"sunroll-ledger-{season}-public.zip")


@pages.get("/public/tipoff")
@policy(PUBLIC)
def tipoff() -> str:
    """The form for a tip-off, and the look at one by its receipt."""
    receipt, found, unknown = request.args.get("receipt", "").strip(), None, False
    if receipt:
        try:
            found = tipoff_with(receipt)
        except NotFound:
            unknown = True
    return render_template("results/tipoff.html", found=found, unknown=unknown, receipt=receipt, problem=None)


@pages.post("/public/tipoff")
@policy(PUBLIC)
def tip_off() -> tuple[str, int] | Response:
    """File the tip-off and show its receipt."""
    form = request.form
    told = Told(form.get("text", ""), form.get("banner"), form.get("school"), form.get("contact"))
    try:
        filed = file_tipoff(told)
    except TipoffEmpty as empty:
        problem = say(f"problem.{empty.code}")
        return render_template("results/tipoff.html", found=None, unknown=False, receipt="", problem=problem), 422
    return redirect(f"/public/tipoff?receipt={filed.receipt}", code=303)


@pages.get("/phone/")
@pages.get("/phone/<path:name>")
@policy(PUBLIC)
def phone(name: str = "index.html") -> Response | tuple[str, int]:
    """The phone page as it was built from the mini-program's source; without a build, what is missing.

    Its typefaces may be used elsewhere: by the mini-program and by the simulated chat.
    """
    if not (PHONE / "index.html").is_file():
        return render_template("results/phone_missing.html"), 503
    answer = send_from_directory(PHONE, name)
    answer.headers["Cache-Control"] = "no-cache" if name == "index.html" else "public, max-age=86400"
    if name.startswith("fonts/"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
