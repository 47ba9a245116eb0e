"""A candidate changes his live choice of a category: proven device, judged at the arrival, answered with receipt and rank."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.exam_places import rules_of_session
from backend.zhongkao.gateways import choice_writer
from backend.zhongkao.log_in_candidate import require_change_code
from backend.zhongkao.refusals import UnitUnknown, require_accepted
from backend.zhongkao.rows import CandidateLogin, ExamCandidate, ExamSession, ExamUnit
from backend.zhongkao.slow_standing import slow_standing
from backend.zhongkao.wishes import Kept, Wish


class ListsOnly(Refusal):
    """The year runs parallel choice: candidates leave a list, and one run at the close admits by it."""

    code = "lists-only"


@dataclass(frozen=True)
class Asked:
    """What the candidate asks: the category, the unit's code (None: take the choice back), the code for a new device."""

    category: str
    unit: str | None
    code: str | None = None
    address: str = "-"
    request_key: str | None = None


def change_my_choice(
    candidate: ExamCandidate, login: CandidateLogin, asked: Asked, arrived_at: datetime
) -> dict[str, Any]:
    """The receipt with the standing after the change.

    Raises NotFound (no session of the category), ListsOnly, ChangeCodeNeeded, ExamCodeWrong, and what `refusals` name.
    """
    session = session_in_force(candidate.year, asked.category)
    if rules_of_session(session).engine == "parallel":
        raise ListsOnly
    require_change_code(candidate, login, asked.code, asked.address)
    wish = Wish(
        candidate.id,
        "clear" if asked.unit is None else "choose",
        None if asked.unit is None else _unit_id(candidate.year, asked.unit),
        arrived_at,
        device=login.device_sha256,
        login_id=login.id,
        request_key=asked.request_key,
    )
    kept, standing = _keep(session, wish)
    require_accepted(kept)
    if standing is None and kept.unit_id is not None:
        standing = slow_standing(session, candidate, kept.unit_id)
    return {
        "receipt": kept.receipt,
        "arrived_at": kept.arrived_at.isoformat(timespec="milliseconds"),
        "version": kept.version,
        "standing": standing,
    }


def _keep(session: ExamSession, wish: Wish) -> tuple[Kept, dict[str, Any] | None]:
    """By the writer that gathers many wishes into one commit where one is at hand, else in this request's own."""
    writer = choice_writer()
    if writer is not None:
        return writer(session.id, wish)
    connection = db.session.connection()
    return keep_wishes(connection, ground_of(connection, session.id), [wish])[0], None


def session_in_force(year: int, category: str) -> ExamSession:
    """The session of the category that candidates look at: the newest that is listed, closed or published.

    Raises NotFound before the first is listed.
    """
    found = db.session.execute(
        select(ExamSession)
        .where(ExamSession.year == year, ExamSession.category == category, ExamSession.state != "planned")
        .order_by(ExamSession.round.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def category_under_way(year: int) -> str:
    """The category whose session is listed and not closed, or that of the newest session. Raises NotFound before the first."""
    found = db.session.execute(
        select(ExamSession.category)
        .where(ExamSession.year == year, ExamSession.state != "planned")
        .order_by(ExamSession.state != "listed", ExamSession.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _unit_id(year: int, code: str) -> int:
    found = db.session.execute(
        select(ExamUnit.id).where(ExamUnit.year == year, ExamUnit.code == code)
    ).scalar_one_or_none()
    if found is None:
        raise UnitUnknown
    return found
