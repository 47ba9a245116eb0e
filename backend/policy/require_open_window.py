"""Is the registration of a stage open for what arrived at an instant? If not, a refusal that says when it is."""

from datetime import datetime

from backend.foundation.problems import Refusal
from backend.policy.books_in_force import book_in_force
from backend.policy.disclosures import standing_page
from backend.policy.rules.sections import Window
from backend.policy.rules.times import window_state


class WindowClosed(Refusal):
    """The registration of this stage has ended, or the banner does not offer the stage."""

    code = "window-closed"


class WindowNotOpen(Refusal):
    """The registration of this stage has not begun; `opens_at` says when it does."""

    code = "window-not-open"


class WindowNotDisclosed(Refusal):
    """The banner's disclosure page does not stand, so no window opens (D12a-D12f)."""

    code = "window-not-disclosed"


REFUSALS: dict[str, type[Refusal]] = {
    "closed": WindowClosed,
    "upcoming": WindowNotOpen,
    "not-disclosed": WindowNotDisclosed,
}


def require_open_window(banner: str, stage: str, arrived_at: datetime) -> Window:
    """The window that is open for a request which arrived at `arrived_at` (the stamp of the edge, not of processing).

    Raises NoBookInForce, WindowNotDisclosed, WindowNotOpen, WindowClosed.
    """
    book = book_in_force(banner)
    found = window_state(book, stage, arrived_at, disclosed=standing_page(book) is not None)
    if found.state == "open" and found.window is not None:
        return found.window
    window = found.window
    raise REFUSALS[found.state](
        banner=book.banner_name,
        stage=stage,
        opens_at=window.opens_at.isoformat() if window else None,
        closes_at=window.closes_at.isoformat() if window else None,
    )
