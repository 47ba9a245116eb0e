"""Public pages of seats: whose home's seat is used until when, and the list of approved preferences."""

from flask import Blueprint, render_template, request

from backend.foundation.problems import NotFound
from backend.identity.actors import PUBLIC, policy
from backend.notices.sentences import say
from backend.policy.books_in_force import NoBookInForce, book_in_force
from backend.policy.rules.facts import STAGES
from backend.seats.address_locks import HomeNumberTooShort, home_state
from backend.seats.preferences import public_list

pages = Blueprint("seats_pages", __name__, template_folder="templates", url_prefix="/public/banners")


@pages.get("/<banner>/homes")
@policy(PUBLIC)
def homes(banner: str) -> str:
    """Look up a home by its property unit number: is its seat used, and until when."""
    unit, found, problem = request.args.get("unit", "").strip(), None, None
    try:
        book = book_in_force(banner)
        if unit:
            found = home_state(banner, unit)
    except NoBookInForce as none:
        raise NotFound from none
    except HomeNumberTooShort as short:
        problem = say(f"problem.{short.code}")
    return render_template("seats/homes.html", book=book, unit=unit, found=found, problem=problem, stages=STAGES)


@pages.get("/<banner>/preferences")
@policy(PUBLIC)
def preferences(banner: str) -> str:
    """The approved preferences by group, with the receipts."""
    try:
        book = book_in_force(banner)
    except NoBookInForce as none:
        raise NotFound from none
    return render_template("seats/preferences.html", book=book, rows=public_list(banner), stages=STAGES)
