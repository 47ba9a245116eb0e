"""The public boards as pages: every unit at this moment, and one unit by score step; counts, never a person (A54, P12)."""

from typing import Any

from flask import Blueprint, render_template

from backend.foundation.carried_answers import carried
from backend.foundation.problems import NotFound
from backend.identity.actors import PUBLIC, policy
from backend.zhongkao.board.api import number_of_unit, public_view
from backend.zhongkao.board.refusals import RanksNotReady
from backend.zhongkao.board.standing import unit_board, unit_boards

pages = Blueprint("board_pages", __name__, template_folder="templates")


@pages.get("/public/zhongkao/<int:year>/boards")
@policy(PUBLIC)
@carried(seconds=1)
def boards_page(year: int) -> str:
    """Every unit of the newest session: plan, how many chose it, the lowest inside."""
    try:
        view, confirmed_at = public_view(year)
    except RanksNotReady:
        return render_template("board/public_boards.html", year=year, units=None)
    told = unit_boards(view, confirmed_at)
    return render_template("board/public_boards.html", year=year, units=told, session_name=view.book.said["name"])


@pages.get("/public/zhongkao/<int:year>/boards/<path:unit>")
@policy(PUBLIC)
@carried(seconds=1)
def board_page(year: int, unit: str) -> str:
    """How many chose a unit at each score step. Raises NotFound, UnitNotOnBoard."""
    try:
        view, confirmed_at = public_view(year)
    except RanksNotReady as refusal:
        raise NotFound from refusal
    told: dict[str, Any] = unit_board(view, number_of_unit(view, unit), confirmed_at)
    most = max((step["count"] for step in told["steps"]), default=1)
    return render_template("board/public_board.html", year=year, board=told, most=most)
