"""The queue of cases as an official sees it: whose, why, how old; no child's data."""

import uuid
from collections.abc import Iterable
from typing import Any

from backend.foundation import clock
from backend.verification.deal_case import names_of
from backend.verification.queries import cases_waiting, has_reason
from backend.verification.reason_words import reason_text
from backend.verification.rows import Case

MINE, SECOND, ALL = "mine", "second", "all"
DAY_S = 86_400


def open_cases(
    banners: Iterable[str], reader: uuid.UUID | None = None, show: str = ALL, reason: str = "", limit: int = 200
) -> list[dict[str, Any]]:
    """The queue of these banners, oldest first: `show` is mine, second (waits for a second official) or all.

    `reason` is a kind of reason (mismatch, not-found, paper …); "" for every kind.
    """
    wanted = [has_reason(reason)] if reason else []
    if show == MINE:
        wanted.append(Case.taken_by == reader)
    elif show == SECOND:
        wanted.append(Case.first_at.is_not(None))
    found = cases_waiting(banners, limit, *wanted)
    names = names_of({who for case, _, _ in found for who in (case.taken_by, case.first_by) if who})
    moment = clock.now()
    return [
        {
            "id": str(case.id),
            "receipt": receipt,
            "banner": case.banner,
            "stage": stage,
            "opened_at": case.opened_at.isoformat(),
            "days": int((moment - case.opened_at).total_seconds() // DAY_S),
            "reasons": list(case.reasons),
            "reason_texts": [reason_text(each) for each in case.reasons],
            "taken_by": names.get(case.taken_by, "") if case.taken_by else "",
            "is_mine": case.taken_by == reader,
            "waits_for_second": case.first_at is not None,
            "first_by": names.get(case.first_by, "") if case.first_by else "",
            "may_second": case.first_by is not None and case.first_by != reader,
        }
        for case, receipt, stage in found
    ]
