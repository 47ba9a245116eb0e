"""What the state of a child's application allows, and where it forbids something: the reason and the next date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bots.dialogue.values import Reply
from bots.dialogue.world import Application, Banner, Child, World

TAKES_PAPERS = frozenset({"draft", "returned"})
BEFORE_RESULT = frozenset(
    {"draft", "submitted", "checking", "in_review", "returned", "rejected", "verified", "choosing", "settled", "frozen"}
)
WITHDRAWABLE = BEFORE_RESULT - {"frozen", "rejected"} | {"unplaced"}
CHOOSING = frozenset({"draft", "returned", "verified", "choosing"})
OVER = frozenset({"rejected", "declined", "lapsed"})
"""The child is free to be registered anew (A22), and the family may still ask what came of this one."""


def application_of(child: Child | None) -> Application | None:
    """The child's application, None where it has none or has withdrawn it."""
    found = child.application if child else None
    return None if found is None or found.state == "withdrawn" else found


def may_apply(child: Child) -> bool:
    """Whether an application may be begun or gone on with for this child."""
    found = application_of(child)
    return found is None or found.state in TAKES_PAPERS | OVER


def next_date(banner: Banner | None, stage: str, now: datetime) -> Reply | None:
    """The next date of the banner's calendar after `now`, as a sentence; None where the calendar has no more."""
    if banner is None:
        return None
    window = banner.window(stage)
    coming = [(date.starts_at, "chat.next_date", date.what) for date in banner.dates if date.starts_at > now]
    if window and window.opens_at > now:
        coming.append((window.opens_at, "chat.next_opening", ""))
    if window and window.opens_at <= now < window.closes_at:
        coming.append((window.closes_at, "chat.next_closing", ""))
    if not coming:
        return None
    at, code, what = min(coming)
    return Reply(code, {"what": what, "at": at.isoformat()})


def window_refusal(world: World, banner_code: str, stage: str, now: datetime) -> Reply | None:
    """Why no application may be filed there now, with the next date; None inside the window [opens_at, closes_at)."""
    banner = world.banner(banner_code)
    if banner is None:
        return None
    facts: dict[str, Any] = {"banner": banner.name, "stage": stage}
    window = banner.window(stage)
    if not banner.disclosed or window is None:
        return Reply("chat.refuse.not_disclosed", facts)
    if now < window.opens_at:
        return Reply("chat.refuse.not_open", facts)
    if now >= window.closes_at:
        return Reply("chat.refuse.closed", {**facts, "at": window.closes_at.isoformat()})
    return None


def refuse_filing(child: Child | None, world: World, now: datetime) -> Reply | None:
    """Why the child's form and papers cannot be changed now; None where they can."""
    if child is None:
        return Reply("chat.refuse.no_child")
    found = application_of(child)
    if found is None:
        return Reply("chat.refuse.no_application", {"child": child.name})
    if found.state == "returned" and found.return_by is not None and now >= found.return_by:
        return Reply("chat.refuse.return_over", {"child": child.name, "at": found.return_by.isoformat()})
    if found.state in TAKES_PAPERS:
        return window_refusal(world, found.banner, found.stage, now) if found.state == "draft" else None
    return _state_forbids(child, found)


def takes_pictures(child: Child) -> bool:
    """Whether photographs of this child's papers are taken now: while the form is open, later what must be retaken."""
    found = application_of(child)
    return found is not None and (found.state in TAKES_PAPERS or bool(found.retakes))


def refuse_picture(child: Child | None, world: World, now: datetime) -> Reply | None:
    """Why no photograph of the child's papers is taken now; None where one is."""
    return None if child is not None and _only_retakes(child) else refuse_filing(child, world, now)


def _only_retakes(child: Child) -> bool:
    found = application_of(child)
    return found is not None and found.state not in TAKES_PAPERS and bool(found.retakes)


def refuse_withdrawal(child: Child | None) -> Reply | None:
    """Why the application cannot be withdrawn (D28: until the allocation is frozen); None where it can."""
    if child is None:
        return Reply("chat.refuse.no_child")
    found = application_of(child)
    if found is None:
        return Reply("chat.refuse.no_application", {"child": child.name})
    return None if found.state in WITHDRAWABLE else _state_forbids(child, found, "chat.refuse.too_late_to_withdraw")


def refuse_result(child: Child | None) -> Reply | None:
    """Why there is no result to tell yet; None where there is one."""
    if child is None:
        return Reply("chat.refuse.no_child")
    found = application_of(child)
    if found is None:
        return Reply("chat.refuse.no_application", {"child": child.name})
    if found.state not in BEFORE_RESULT:
        return None
    if found.letter_opens_at is not None:
        return Reply("chat.refuse.letter_locked", {"child": child.name, "at": found.letter_opens_at.isoformat()})
    return Reply("chat.refuse.no_result", {"child": child.name, "state": found.state})


def refuse_confirmation(child: Child | None, now: datetime) -> Reply | None:
    """Why the place cannot be confirmed or declined now; None where it can."""
    reason = refuse_result(child)
    found = application_of(child)
    if reason is not None or child is None or found is None:
        return reason
    if found.state != "placed":
        return _state_forbids(child, found)
    if found.confirm_by is not None and now >= found.confirm_by:
        return Reply("chat.refuse.confirmation_over", {"child": child.name, "at": found.confirm_by.isoformat()})
    return None


def refuse_helper(child: Child | None) -> Reply | None:
    """Why a matter of guardians alone is not begun: no child, or one that this person only helps with; None for their own."""
    if child is None:
        return Reply("chat.refuse.no_child")
    return Reply("chat.refuse.only_guardian", {"child": child.name}) if child.helped else None


def refuse_choice(child: Child | None) -> Reply | None:
    """Why schools cannot be chosen now (C04; multi-school zones); None where they can."""
    if child is None:
        return Reply("chat.refuse.no_child")
    found = application_of(child)
    if found is None:
        return Reply("chat.refuse.no_application", {"child": child.name})
    return None if found.state in CHOOSING and found.options else _state_forbids(child, found)


def _state_forbids(child: Child, found: Application, code: str = "chat.refuse.state") -> Reply:
    return Reply(code, {"child": child.name, "state": found.state})
