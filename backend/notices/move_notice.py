"""Let a notice's delivery take a step: state, attempt and a row of what happened, together."""

from backend.foundation import clock
from backend.foundation.database import db
from backend.notices.rows import Notice, NoticeStep


def move_notice(notice: Notice, state: str, detail: str = "") -> None:
    """Set the state and write the step down. `detail` is a gateway's code or a class of failure, never a person's data.

    The database refuses a step that rules/delivery.py does not list.
    """
    notice.state = state
    notice.moved_at = clock.now()
    db.session.add(
        NoticeStep(
            notice_id=notice.id,
            at=notice.moved_at,
            attempt=notice.attempt,
            channel=notice.channel,
            state=state,
            detail=detail[:200],
        )
    )
    db.session.flush()
