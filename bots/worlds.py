"""What the dialogue may know at this moment, gathered from the service's own queries and put into plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from backend.documents.queries import papers_of
from backend.enrolment.add_paper import TAKES_RETAKES
from backend.enrolment.applications import latest_application_of
from backend.enrolment.order_chat_picture import kinds_on_their_way
from backend.enrolment.rows import Application as ApplicationRow
from backend.enrolment.views import application_view
from backend.families.consent_texts import consent_texts
from backend.families.people import guardian_particulars, particulars_of
from backend.families.queries import children_helped_by, children_of
from backend.families.rows import Child as ChildRow
from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.grants import roles_of
from backend.notices.call_human import has_called
from backend.notices.lock_letters import opens_at_of
from backend.placement.place_view import place_view
from backend.policy.books_in_force import NoBookInForce, book_in_force
from backend.policy.disclosures import standing_page
from backend.policy.rules.times import BEIJING, window_state
from backend.verification.rows import Case
from bots.dialogue.reading.papers import KINDS
from bots.dialogue.stages import BEFORE_RESULT, CHOOSING, TAKES_PAPERS
from bots.dialogue.values import Conversation
from bots.dialogue.world import Application, Banner, Child, Consent, Date, Window, World
from bots.person import SMS, Caller
from bots.wishes.exam import login_of


def world_of(caller: Caller, conversation: Conversation) -> World:
    """The facts for this caller: own and helped children, the consents in force, the banners that are spoken of."""
    account = caller.account()
    children: list[Child] = []
    is_named = False
    if account is not None:
        actor = Actor(account.id, "guardian", roles_of(account.id))
        own = children_of(account.id)
        is_named = any(guardian_particulars(care) for _, care in own)
        children = [_child(actor, child, helped=False) for child, _ in own]
        children += [_child(actor, child, helped=True) for child in children_helped_by(account.id, clock.now())]
    may_speak_to_human = all(frame.flow == "human" for frame in conversation.frames)
    return World(
        banners=tuple(_banners(_spoken_of(conversation, children))),
        children=tuple(children),
        consents=tuple(Consent(one.purpose, one.title, one.text, one.sha256, one.required) for one in consent_texts()),
        has_phone=account is not None and account.phone_index is not None,
        guardian_is_named=is_named,
        by_sms=caller.person.channel == SMS,
        is_candidate=login_of(caller) is not None,
        help_is_open=account is not None and may_speak_to_human and has_called(account.id),
    )


def _spoken_of(conversation: Conversation, children: Iterable[Child]) -> list[str]:
    places = [frame.slots.get("unit") for frame in conversation.frames]
    codes = [str(place["banner"]) for place in places if isinstance(place, dict) and place.get("banner")]
    found = [place for frame in conversation.frames for place in frame.slots.get("unit_found") or ()]
    codes += [str(place["banner"]) for place in found]
    codes += [child.application.banner for child in children if child.application]
    return sorted(set(codes))


def _banners(codes: Iterable[str]) -> Iterable[Banner]:
    now = clock.now()
    for code in codes:
        try:
            book = book_in_force(code)
        except NoBookInForce:
            continue
        disclosed = standing_page(book) is not None
        found = [window_state(book, stage, now, disclosed=disclosed).window for stage in book.stages]
        windows = tuple(Window(one.stage, one.opens_at, one.closes_at) for one in found if one is not None)
        yield Banner(code, book.banner_name, disclosed, windows, tuple(_date(line) for line in book.dates))


def _date(line: Any) -> Date:
    day = datetime.fromisoformat(line.from_on)
    return Date(line.what, datetime.combine(day.date(), time(), BEIJING))


def _child(actor: Actor, row: ChildRow, *, helped: bool) -> Child:
    person = particulars_of(row)
    application = latest_application_of(row.id)
    told = _application(actor, application) if application else None
    return Child(str(row.id), person["name"], person["born_on"], helped, told)


def _return_reason(row: ApplicationRow) -> str:
    """Why an official sent the application back the last time, in the official's words."""
    decided = select(Case.reason).where(Case.application_id == row.id, Case.decision == "return")
    return db.session.execute(decided.order_by(Case.decided_at.desc()).limit(1)).scalar_one_or_none() or ""


def _application(actor: Actor, row: ApplicationRow) -> Application:
    facts: dict[str, Any] = {}
    if row.state in CHOOSING:
        view = application_view(row)
        coming = kinds_on_their_way(row.id)
        owed = [kind for kind in view["missing"] if kind in KINDS and kind not in coming]
        options = tuple((school["code"], school["name"]) for school in view.get("schools", ()))
        facts = {"missing": tuple(owed), "form": view["form"], "options": options}
        facts["options_at_most"] = view.get("choices_at_most", len(options))
    elif row.state not in BEFORE_RESULT and row.state != "withdrawn":
        view = place_view(actor, row.id)
        confirm_by = view["confirm_by"]
        facts = {
            "school": view["school"]["name"] if view["school"] else "",
            "confirm_by": datetime.fromisoformat(confirm_by) if confirm_by else None,
        }
    if row.state == "frozen" and row.receipt:
        facts["letter_opens_at"] = opens_at_of(row.receipt)
    if row.state == "returned":
        facts["return_reason"] = _return_reason(row)
    if row.state in {*TAKES_RETAKES, *TAKES_PAPERS}:
        latest = {paper.kind: paper.state for paper in papers_of(row.child_id)}
        facts["photos"] = tuple(latest.items())
        if row.state in TAKES_RETAKES:
            facts["retakes"] = tuple(kind for kind, state in latest.items() if state == "retake")
    return Application(
        str(row.id), row.state, row.banner, row.stage, receipt=row.receipt or "", return_by=row.return_by, **facts
    )
