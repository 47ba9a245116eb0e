"""Open a band at its time: note it and move the lists that were left before."""

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.zhongkao.move_standing_orders import BEHIND, put_next_round
from backend.zhongkao.rows import ExamBand


def open_band(band_id: int) -> None:
    """Note that the band is open. Whether a wish is taken is decided by its arrival and the band's times, not by this."""
    band = db.session.get(ExamBand, band_id)
    if band is None or band.opened_at is not None or band.closed_at is not None or clock.now() < band.open_at:
        return
    band.opened_at = clock.now()
    put_next_round(band.session_id, clock.now() + BEHIND)
    record("exam-band.opened", "exam-band", band.id, number=band.number)
