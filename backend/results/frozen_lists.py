"""What is committed to before a draw: every list that is frozen and not published yet, by hash and count (promises D8).

Shown to everybody from the freezing on, so that whoever noted these values sees afterwards in the ledger that neither
the list nor the office's part of the seed was chosen to fit the result.
"""

from typing import Any

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.publication.rows import Run
from backend.publication.runs import ENDED
from backend.results.ledger_views import run_title


def frozen_lists() -> list[dict[str, Any]]:
    """The commitments of all runs under way, the oldest first; no seed and nothing of a result."""
    runs = db.session.execute(select(Run).where(Run.state.not_in(ENDED)).order_by(Run.frozen_at, Run.id)).scalars()
    return [
        {
            "kind": run.kind,
            "title": run_title(run.kind, run.scope, run.book_sha256),
            "frozen_at": run.frozen_at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
            "rows": run.rows_count,
            "root": run.roster_root,
            "input_sha256": run.input_sha256,
            "office_commitment": run.office_commitment,
            "rule_book_sha256": run.book_sha256,
        }
        for run in list(runs)
    ]
