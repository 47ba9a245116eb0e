"""Pages of the desk: a banner's rule-book, its disclosure page, and the import of sheets."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation.desk import DeskRoom, MenuEntry
from backend.foundation.problems import Refusal
from backend.identity.actors import NotAllowed, actor, official_who_may, policy
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.policy.books_in_force import book_in_force, books_in_force
from backend.policy.import_sheet import import_sheet
from backend.policy.publish_disclosure import publish_disclosure
from backend.policy.publish_rulebook import publish_rulebook, try_rulebook
from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS, STAGES
from backend.policy.rules.placing_words import placing_words
from backend.policy.rules.predicates import in_words
from backend.policy.rules.seat_types import shown_classes
from backend.policy.sheet_kinds import KIND_NAMES
from backend.policy.views import disclosure_state

desk = DeskRoom("policy", __name__, menu=(MenuEntry(10, "规则与公告", "policy_desk.banners", "book.publish"),))


@desk.get("/banners")
@policy(official_who_may("book.publish"))
def banners() -> str:
    """The banners this official works for: their own, and for the city all that have a book."""
    scopes = actor().scopes_for("book.publish")
    books = {book.banner: book for book in books_in_force()}
    codes = {scope.id for scope in scopes if scope.kind == "banner"}
    if any(scope.kind == "city" for scope in scopes):
        codes |= books.keys()
    rows = [{"code": code, "book": books.get(code)} for code in sorted(codes)]
    return render_template("policy/banners.html", rows=rows, stages=STAGES)


@desk.get("/banners/<banner>")
@policy(official_who_may("book.publish"))
def banner_page(banner: str) -> str:
    """One banner: book, disclosure, imports."""
    return render_template("policy/banner.html", **_facts(banner))


def _facts(banner: str) -> dict[str, Any]:
    authorize_office(actor(), "book.publish", banner_scopes(banner))
    book = next((book for book in books_in_force() if book.banner == banner), None)
    facts: dict[str, Any] = {"banner": banner, "book": book, "stages": STAGES, "kinds": KIND_NAMES}
    if book is not None:
        facts["classes"] = [
            (STAGES[stage], shown, in_words(shown.when, FACTS) if hasattr(shown, "when") else shown.text)
            for stage in book.stages
            for shown in shown_classes(book, stage)
        ]
        facts["page"] = disclosure_state(book)
    return facts


@desk.post("/banners/<banner>/book")
@policy(official_who_may("book.publish"))
def new_rulebook(banner: str) -> Response | str | tuple[str, int]:
    """Try the uploaded `book.toml` dry or publish it; its faults are shown all together."""
    toml, estates = request.files.get("toml"), request.files.get("estates")
    try:
        text = toml.read().decode("utf-8") if toml else ""
        estates_csv = estates.read().decode("utf-8") if estates and estates.filename else None
    except UnicodeDecodeError:
        flash("规则册文件应是 UTF-8 编码的文字文件。", "danger")
        return redirect(url_for("policy_desk.banner_page", banner=banner))
    try:
        if request.form.get("press") == "try":
            book, former = try_rulebook(actor(), banner, text, estates_csv)
            return render_template("policy/banner.html", preview=_preview(book, former), **_facts(banner))
        published = publish_rulebook(actor(), banner, text, request.form.get("reason", "").strip() or "—", estates_csv)
    except Refusal as refusal:
        return _refused(banner, refusal)
    flash(f"已公布 {published.year} 年第 {published.version} 版规则册。", "success")
    return redirect(url_for("policy_desk.banner_page", banner=banner))


def _preview(book: Book, former: Book | None) -> dict[str, Any]:
    """What families will read of the book: every sentence, those that are new, and those that fall away."""
    told, before = _sentences(book), _sentences(former) if former else []
    return {
        "book": book,
        "lines": [(line, line not in before) for line in told],
        "gone": [line for line in before if line not in told],
        "is_first": former is None,
    }


def _sentences(book: Book) -> list[str]:
    windows = [
        f"{STAGES[one.stage]}：{one.opens_at:%Y-%m-%d %H:%M} 到 {one.closes_at:%Y-%m-%d %H:%M} 登记"
        for one in book.windows
    ]
    types = [
        f"{STAGES[stage]} {shown.name}：{in_words(shown.when, FACTS) if hasattr(shown, 'when') else shown.text}"
        for stage in book.stages
        for shown in shown_classes(book, stage)
    ]
    return list(dict.fromkeys([*windows, *types, *placing_words(book)]))


@desk.post("/banners/<banner>/disclosure")
@policy(official_who_may("disclosure.publish"))
def new_disclosure(banner: str) -> Response | tuple[str, int]:
    """Publish the disclosure page."""
    try:
        publish_disclosure(actor(), banner)
    except Refusal as refusal:
        return _refused(banner, refusal)
    flash("招生公告已公布。", "success")
    return redirect(url_for("policy_desk.banner_page", banner=banner))


@desk.post("/banners/<banner>/imports")
@policy(official_who_may("sheet.import"))
def new_import(banner: str) -> str | tuple[str, int]:
    """Try a sheet dry or take it over; the faults of every row stand on one page."""
    file, kind = request.files.get("file"), request.form.get("kind", "")
    dry_run = request.form.get("press") != "apply"
    try:
        imported = import_sheet(
            actor(),
            banner,
            kind,
            (file.filename or "") if file else "",
            file.read() if file else b"",
            dry_run=dry_run,
        )
    except Refusal as refusal:
        return _refused(banner, refusal)
    return render_template(
        "desk/imported.html",
        heading=f"{book_in_force(banner).banner_name} · 导入{KIND_NAMES[kind]}",
        imported=imported,
        back=url_for("policy_desk.banner_page", banner=banner),
    )


def _refused(banner: str, refusal: Refusal) -> tuple[str, int]:
    """The banner's page with the refusal's sentence and every fault it names."""
    if isinstance(refusal, NotAllowed):
        raise refusal
    return render_template("policy/banner.html", refusal=refusal, **_facts(banner)), refusal.status
