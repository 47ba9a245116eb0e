"""The public page of a school's waiting list: the line, the free seats, every move; one's own place by receipt."""

from flask import Blueprint, render_template, request

from backend.identity.actors import PUBLIC, policy
from backend.placement.waiting_list import public_line

pages = Blueprint("placement_pages", __name__, template_folder="templates", url_prefix="/public/schools")


@pages.get("/<school>/waiting")
@policy(PUBLIC)
def waiting(school: str) -> str:
    """The waiting list as it stands now."""
    told = public_line(school)
    own = request.args.get("no", "").strip().upper()
    place = next((one["place"] for one in told["line"] if one["no"] == own), None)
    return render_template("placement/waiting.html", told=told, own=own, place=place)
