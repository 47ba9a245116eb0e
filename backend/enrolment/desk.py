"""Pages of the desk: how many applications stand where, the funnel, and pictures of papers for those who decide."""

from typing import Any, Literal

from flask import Response, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field

from backend.documents.show_picture import SAFE, paper_with_picture, staff_picture
from backend.documents.views import reason_text
from backend.enrolment.close_window import closing_of
from backend.enrolment.decide_paper import decide_paper, open_paper
from backend.enrolment.enrol_by import not_registered, send_enrol_by
from backend.enrolment.queries import A_PAGE, a_page_of, counts_by_state, papers_to_look_at, reached_by_state
from backend.enrolment.rows import Application
from backend.enrolment.rules.funnel import funnel
from backend.enrolment.rules.states import STATES
from backend.families.people import name_of
from backend.families.rules.names import masked_name
from backend.foundation.desk import DeskRoom, MenuEntry, day_of, tried
from backend.foundation.problems import NotFound, Refusal, parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.sentences import explain, say
from backend.policy.books_in_force import book_in_force, books_in_force
from backend.policy.rules.book import Book
from backend.policy.rules.facts import STAGES

desk = DeskRoom(
    "enrolment",
    __name__,
    menu=(
        MenuEntry(20, "报名情况", "enrolment_desk.banners", "statistics.read"),
        MenuEntry(25, "看不清的照片", "enrolment_desk.papers", "case.decide"),
    ),
)


OUTREACH = "disclosure.publish"
MOST_SHOWN = 500


class PurposeMissing(Refusal):
    """A picture of a child's paper is opened for a case only, and the case is written down."""

    code = "purpose-missing"
    status = 422


class ListQuery(BaseModel):
    """Which list of applications, and which page of it."""

    stage: Literal["kindergarten", "primary", "junior"]
    state: str = Field(max_length=20)
    page: int = Field(default=0, ge=0, le=10_000)


@desk.get("/applications")
@policy(official_who_may("statistics.read"))
def banners() -> str:
    """The banners this official may see, each with its count by stage and state."""
    seen = [book for book in books_in_force() if actor().may("statistics.read", banner_scopes(book.banner))]
    rows = [{"book": book, "total": sum(counts_by_state(book.banner, book.year).values())} for book in seen]
    return render_template("enrolment/banners.html", rows=rows)


@desk.get("/applications/<banner>")
@policy(official_who_may("statistics.read"))
def banner_page(banner: str) -> str:
    """One banner: where its applications stand, how far they came, and when its windows closed. No personal data."""
    authorize_office(actor(), "statistics.read", banner_scopes(banner))
    book = book_in_force(banner)
    counts, reached = counts_by_state(banner, book.year), reached_by_state(banner, book.year)
    facts = {
        "book": book,
        "stages": [(stage, STAGES[stage]) for stage in book.stages],
        "states": [(state, say(f"word.state.{state}")) for state in STATES],
        "counts": counts,
        "funnels": {stage: funnel(reached, stage) for stage in book.stages},
        "state_names": {state: say(f"word.state.{state}") for state in STATES},
        "closings": _closings(book),
        "may_tell": actor().may(OUTREACH, banner_scopes(banner)) is not None,
        "may_list": actor().may("case.decide", banner_scopes(banner)) is not None,
    }
    return render_template("enrolment/banner.html", **facts)


def _closings(book: Book) -> list[tuple[str, Any, Any]]:
    return [
        (STAGES[window.stage], window.closes_at, closing_of(book.banner, window.stage, window.closes_at))
        for window in book.windows
    ]


@desk.get("/applications/<banner>/not-registered")
@policy(official_who_may(OUTREACH))
def unregistered(banner: str) -> str:
    """Children of the rosters who have not registered (E06), by school; a name only where the family has an account."""
    authorize_office(actor(), OUTREACH, banner_scopes(banner))
    found = not_registered(banner)
    rows = [(one.from_school, masked_name(name_of(one.child.id)) if one.child else "") for one in found[:MOST_SHOWN]]
    known = sum(one.child is not None for one in found)
    facts = {"book": book_in_force(banner), "rows": rows, "total": len(found), "known": known}
    return render_template("enrolment/not_registered.html", **facts)


@desk.post("/applications/<banner>/enrol-by")
@policy(official_who_may(OUTREACH))
def enrol_by(banner: str) -> Any:
    """限期入学 (E06): tell the families that have not registered by which day, and where."""
    until = day_of(request.form.get("until", ""))
    sent = tried(lambda: send_enrol_by(actor(), banner, until, request.form.get("office", "")), "限期入学通知已发出。")
    if sent is not None:
        flash(f"通知了 {sent[0]} 位家长；还有 {sent[1]} 个孩子的家庭没有账号，请学校送达纸质通知书。", "success")
    return redirect(url_for("enrolment_desk.unregistered", banner=banner))


@desk.get("/applications/<banner>/list")
@policy(official_who_may("case.decide"))
def listed(banner: str) -> str:
    """Applications of a stage in a state: receipt, masked name, unit; nothing else of a person."""
    authorize_office(actor(), "case.decide", banner_scopes(banner))
    try:
        query = ListQuery.model_validate(request.args.to_dict())
    except ValueError as error:
        raise NotFound from error
    if query.state not in STATES:
        raise NotFound
    book = book_in_force(banner)
    found = a_page_of(banner, book.year, query.stage, query.state, query.page)
    facts = {
        "book": book,
        "query": query,
        "stage_name": STAGES[query.stage],
        "state_name": say(f"word.state.{query.state}"),
        "rows": [_row(application) for application in found],
        "more": len(found) == A_PAGE,
    }
    return render_template("enrolment/list.html", **facts)


def _row(application: Application) -> dict[str, Any]:
    return {
        "receipt": application.receipt,
        "child": masked_name(name_of(application.child_id)),
        "unit_code": application.unit_code,
        "moved_at": application.moved_at,
    }


@desk.get("/papers/<paper_id>/picture")
@policy(official_who_may("case.decide"))
def paper_picture(paper_id: str) -> Response:
    """The clean picture for an official with a case, the login all over it; the look is written down (P13)."""
    case = request.args.get("case", "").strip()
    if not case:
        raise PurposeMissing
    paper = paper_with_picture(parse_id(paper_id))
    open_paper(actor(), paper, f"case {case[:60]}")
    return Response(staff_picture(paper, actor()), mimetype="image/jpeg", headers=SAFE)


@desk.get("/papers")
@policy(official_who_may("case.decide"))
def papers() -> str:
    """The photographs that two retakes did not make legible, of all banners this official decides for."""
    rows = [
        {
            "paper": paper,
            "kind": say(f"word.paper.{paper.kind}"),
            "receipt": application.receipt,
            "child": masked_name(name_of(application.child_id)),
            "reasons": [reason_text(code) for code in paper.reasons],
        }
        for book in books_in_force()
        if actor().may("case.decide", banner_scopes(book.banner))
        for paper, application in papers_to_look_at(book.banner, book.year)
    ]
    return render_template("enrolment/papers.html", rows=rows)


@desk.post("/papers/<paper_id>/decision")
@policy(official_who_may("case.decide"))
def paper_decision(paper_id: str) -> Any:
    """Usable, or please once more."""
    try:
        decide_paper(actor(), parse_id(paper_id), usable=request.form.get("usable") == "yes")
        flash("已记录。", "success")
    except Refusal as refusal:
        flash(explain(refusal.code, refusal.facts), "danger")
    return redirect(url_for("enrolment_desk.papers"))
