"""HTTP of the board: one's own standing, what would be elsewhere, one's own history, and the public boards."""

from typing import Any, cast

from apiflask import APIBlueprint
from flask import Flask, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState

from backend.foundation.carried_answers import carried
from backend.identity.actors import CANDIDATE, PUBLIC, actor, policy
from backend.identity.sessions import token_of
from backend.zhongkao.board.before_flask import freshness
from backend.zhongkao.board.boards import Boards, Seat
from backend.zhongkao.board.choice_writer import ChoiceWriter
from backend.zhongkao.board.frames import moments_of
from backend.zhongkao.board.reading import View
from backend.zhongkao.board.refusals import RanksNotReady, UnitNotOnBoard, UnitNotYours
from backend.zhongkao.board.standing import instant, standing_of, unit_board, unit_boards
from backend.zhongkao.log_in_candidate import candidate_of, present_login
from backend.zhongkao.may_choose import may_choose

api = APIBlueprint("board", __name__, url_prefix="/api", tag="zhongkao")


def hang_boards(state: BlueprintSetupState) -> None:
    """Give the app its readers and its writer of choices."""
    app = cast("Flask", state.app)
    app.extensions["boards"] = Boards(app.config["BOARD"])
    app.extensions["choice_writer"] = ChoiceWriter(app.app_context, app.extensions["boards"])


api.record_once(hang_boards)


def boards() -> Boards:
    """The boards of this host."""
    found: Boards = current_app.extensions["boards"]
    return found


@api.get("/exam/standing")
@policy(CANDIDATE)
def standing() -> Response:
    """One's own standing; `?session=CODE` names another session than the newest."""
    seat = _own_seat()
    return _tagged(seat.view, standing_of(seat), freshness(seat))


@api.get("/exam/push")
@policy(CANDIDATE)
def push() -> dict[str, str]:
    """Where live ranks are pushed: a WebSocket for phones, a stream of events for browsers."""
    there = current_app.config["PUSH_URL"]
    return {"socket": f"{there.replace('http', 'ws', 1)}/push", "events": f"{there}/push/events"}


@api.get("/exam/what-if/<path:unit>")
@policy(CANDIDATE)
def what_if(unit: str) -> Response:
    """The rank one would have in another unit, if nobody else moved."""
    seat = _own_seat()
    number = number_of_unit(seat.view, unit)
    if not may_choose(candidate_of(actor()), seat.view.book.units[number]["id"]):
        raise UnitNotYours
    return _tagged(seat.view, standing_of(seat, number), freshness(seat))


@api.get("/exam/history")
@policy(CANDIDATE)
def history() -> Response:
    """One's own unit and rank, minute by minute, and as of now."""
    seat = _own_seat()
    view, book = seat.view, seat.view.book
    reader = boards().reader(book.said["session"])
    if reader is None:
        raise RanksNotReady
    moments = moments_of(reader.folder, book.said["order"], len(view.choice), seat.position)
    shown = [(one.version, one.at, one.unit, one.rank) for one in moments if one.version < view.version]
    shown.append((view.version, view.published_at, view.choice[seat.position], view.rank[seat.position]))
    items = [
        {
            "version": version,
            "at": instant(at),
            "unit": book.units[held]["code"] or None,
            "unit_name": book.units[held]["name"] or None,
            "rank": rank or None,
        }
        for version, at, held, rank in shown
    ]
    return _tagged(view, {"items": items}, freshness(seat))


@api.get("/zhongkao/<int:year>/boards")
@policy(PUBLIC)
@carried(seconds=1)
def public_boards(year: int) -> Response:
    """Every unit of the newest session: plan, how many chose it, the lowest inside."""
    view, confirmed_at = public_view(year)
    return _tagged(view, {"items": unit_boards(view, confirmed_at), "version": view.version}, [])


@api.get("/zhongkao/<int:year>/boards/<path:unit>")
@policy(PUBLIC)
@carried(seconds=1)
def public_board(year: int, unit: str) -> Response:
    """Counts by score step of a unit; never a person."""
    view, confirmed_at = public_view(year)
    return _tagged(view, unit_board(view, number_of_unit(view, unit), confirmed_at), [])


def _own_seat() -> Seat:
    login = present_login(token_of(request) or "")
    wanted = request.args.get("session")
    for session in boards().sessions():
        seat = boards().seat(login.candidate_id, session)
        if seat is not None and wanted in {None, seat.view.book.said["code"]}:
            return seat
    raise RanksNotReady


def public_view(year: int) -> tuple[View, int]:
    """The newest session of the year as everybody may see it, and when it was last confirmed. Raises RanksNotReady."""
    for session in boards().sessions():
        reader = boards().reader(session)
        confirmed_at = reader.confirmed_at if reader else 0
        view = reader.view() if reader else None
        if view is not None and view.book.said["year"] == year:
            return view, confirmed_at
    raise RanksNotReady


def number_of_unit(view: View, unit: str) -> int:
    """The number of a unit by its code. Raises UnitNotOnBoard."""
    number = view.book.number_of.get(unit)
    if number is None:
        raise UnitNotOnBoard
    return number


def _tagged(view: View, told: dict[str, Any], headers: list[tuple[str, str]]) -> Response:
    """The answer with its version as ETag: 304 where the asker has it."""
    answer = jsonify(told)
    answer.set_etag(f"{view.book.said['session']}-{view.version}", weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    for name, value in headers:
        answer.headers[name] = value
    answer.make_conditional(request)
    return answer
