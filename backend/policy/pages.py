"""Public pages: the banners, and each banner's disclosure page in words (D12a-D12f, D24)."""

from flask import Blueprint, render_template

from backend.foundation import clock
from backend.foundation.problems import NotFound
from backend.identity.actors import PUBLIC, policy
from backend.policy.books_in_force import NoBookInForce, book_in_force, books_in_force
from backend.policy.disclosures import standing_page
from backend.policy.page_names import FILTERS
from backend.policy.rules.facts import STAGES
from backend.policy.views import banner_view

pages = Blueprint("policy_pages", __name__, template_folder="templates")

for named in FILTERS:
    pages.add_app_template_filter(named, named.__name__)

STATES = {"not-disclosed": "公告还没有公布", "upcoming": "还没有开始", "open": "正在登记", "closed": "已经结束"}


@pages.get("/public/banners")
@policy(PUBLIC)
def banners() -> str:
    """All banners with the state of their windows."""
    views = [banner_view(book, clock.now()) for book in books_in_force()]
    return render_template("policy/public_banners.html", banners=views, stages=STAGES, states=STATES)


@pages.get("/public/banners/<banner>")
@policy(PUBLIC)
def disclosure_page(banner: str) -> tuple[str, int] | str:
    """One banner's disclosure page, or a page that says it does not stand yet."""
    try:
        book = book_in_force(banner)
    except NoBookInForce as none:
        raise NotFound from none
    page = standing_page(book)
    view = banner_view(book, clock.now())
    if page is None:
        return render_template("policy/public_disclosure.html", page=None, banner=view, stages=STAGES), 404
    return render_template(
        "policy/public_disclosure.html", page=page.value, published=page, banner=view, stages=STAGES, states=STATES
    )
