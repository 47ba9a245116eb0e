"""Send a log-in code by SMS: at most once, sealed under a key of its own that is shredded when it has gone (D14).

Number and address have budgets of their own where the code is asked for; here stands the budget of the whole service,
over the codes of families and of candidates together, so that nobody can make it send without end from many addresses.
"""

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.notices.rows import Notice
from backend.notices.rules.delivery import ONCE_ONLY
from backend.notices.send_notice import put_notice

WHOLE = ((timedelta(minutes=1), 20_000), (timedelta(hours=1), 120_000), (timedelta(days=1), 300_000))
"""Codes of the whole service: all families of the city in the first five minutes, and a bill that has an end."""
LOOKS_EVERY = 1.0
"""Seconds for which a process believes that the whole budget is not used up."""
_looked: list[float] = []


class CodesUsedUp(Refusal):
    """The whole service has sent as many codes as it may for now; `wait_seconds` says when to try again."""

    code = "codes-used-up"
    status = 429


def send_code(code_id: int, subject: uuid.UUID, phone: str, code: str, notice: str = "login-code") -> None:
    """Put the code on its way in the present transaction. It is never sent again by itself (P8). Raises CodesUsedUp."""
    _require_budget()
    put_notice(f"{notice}/{code_id}", notice, {"code": code}, subject=subject, phone=phone)


def _require_budget() -> None:
    if _looked and clock.monotonic() - _looked[-1] < LOOKS_EVERY:
        return
    moment = clock.now()
    for span, most in WHOLE:
        sent = select(Notice.id).where(Notice.code.in_(ONCE_ONLY), Notice.made_at > moment - span).limit(most)
        if db.session.execute(select(func.count()).select_from(sent.subquery())).scalar_one() >= most:
            raise CodesUsedUp(wait_seconds=min(int(span.total_seconds()), 3600))
    _looked[:] = [clock.monotonic()]
