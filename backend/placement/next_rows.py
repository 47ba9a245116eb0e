"""The families of a run, a few hundred a task: what tells all of them goes through them by their receipts."""

import uuid

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.placement.rows import PlacementRow

BATCH = 200


def next_rows(run_id: uuid.UUID, after: str) -> list[PlacementRow]:
    """The next rows of the run, in the order of receipts, beginning with the one that follows `after`."""
    rows = select(PlacementRow).where(PlacementRow.run_id == run_id, PlacementRow.receipt > after)
    return list(db.session.execute(rows.order_by(PlacementRow.receipt).limit(BATCH)).scalars())


def put_the_rest(kind: str, run_id: uuid.UUID, rows: list[PlacementRow]) -> bool:
    """Put a task of the kind for the families after these; false where these were the last."""
    is_more = len(rows) == BATCH
    if is_more:
        last = str(rows[-1].receipt)
        put_task(kind, f"{run_id}/{last}", {"run_id": str(run_id), "after": last})
    return is_more
