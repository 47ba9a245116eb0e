"""Which published version showed a change first, by the snapshot of PostgreSQL that each version is (T-1.5, P18)."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, true

from backend.foundation.database import db
from backend.zhongkao.board.rows import BoardVersion
from backend.zhongkao.rules.instants import milliseconds


@dataclass(frozen=True, slots=True)
class Published:
    """One version: its number, when it was published (milliseconds), and the snapshot in its parts.

    A transaction is in it below `finished`, and below `begun` unless it was still `running`.
    """

    version: int
    at: int
    finished: int
    begun: int
    running: frozenset[int]

    def shows(self, transaction: int) -> bool:
        """Whether what that transaction wrote is in the version."""
        return transaction < self.finished or (transaction < self.begun and transaction not in self.running)


def published(version: int, at: int, cut: str) -> Published:
    """The version with PostgreSQL's own text of its snapshot, `xmin:xmax:running,…`."""
    finished, begun, running = cut.split(":")
    return Published(version, at, int(finished), int(begun), frozenset(int(one) for one in running.split(",") if one))


def first_showing(versions: Sequence[Published], transaction: int) -> Published | None:
    """The first of the versions, given in their order, that shows what the transaction wrote; None where none does.

    A later snapshot sees whatever an earlier one saw, so halving finds it.
    """
    at = bisect_left(versions, True, key=lambda one: one.shows(transaction))
    return versions[at] if at < len(versions) else None


def versions_of(session_id: int, until: int) -> list[Published]:
    """The versions of the session's board up to the first that was published after `until` (milliseconds), in order."""
    of_session = BoardVersion.session_id == session_id
    moment = datetime.fromtimestamp(until / 1000, UTC)
    later = select(func.min(BoardVersion.version)).where(of_session, BoardVersion.published_at > moment)
    end = db.session.execute(later).scalar_one()
    found = db.session.execute(
        select(BoardVersion.version, BoardVersion.published_at, BoardVersion.cut)
        .where(of_session, true() if end is None else BoardVersion.version <= end)
        .order_by(BoardVersion.version)
    )
    return [published(row.version, milliseconds(row.published_at), row.cut) for row in found]
