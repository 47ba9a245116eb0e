"""学位确定: give every checked application of a stage its seat type and keys, by the book and verified facts alone."""

from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import applications_in, move_application
from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.send_notice import send_notice
from backend.notices.sentences import say
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.policy.rules.book import Book
from backend.policy.rules.points import point_sheet, sheet_lines
from backend.policy.rules.seat_types import SeatTypeVerdict, SettledType, order_keys_for, seat_type_for
from backend.seats.address_locks import locks_against, seat_used
from backend.seats.home_claims import TWICE, lives_there, note_claim, rivals
from backend.seats.preferences import approved_preference
from backend.seats.rows import Conduct, Seat
from backend.verification.facts import facts_of, property_unit_of
from backend.verification.open_case import open_case

BATCH = 200
SEAT_USED, USED_BY_SIBLING, LISTED = "home.seat_used", "home.used_by_sibling", "home-used-by-list"


def order_settlement(banner: str, stage: str, actor: Actor) -> dict[str, int]:
    """An official presses the button: the work is put on the queue, and how much there is to do is told."""
    authorize_office(actor, "seats.settle", banner_scopes(banner))
    waiting = len(applications_in(banner, stage, ["verified"]))
    record("seats.ordered", "banner", banner, stage=stage, waiting=waiting)
    key = f"{banner}/{stage}/{clock.now().isoformat()}"
    put_task("settle-seats", key, {"banner": banner, "stage": stage, "after": "", "order": key})
    return {"waiting": waiting, "settled": len(applications_in(banner, stage, ["settled", "choosing"]))}


def settle_seats(banner: str, stage: str, after: str, order: str) -> None:
    """Settle the next applications of the stage, in the order of receipts, and put the work on for the rest."""
    book = book_in_force(banner)
    found = list(
        db.session.execute(
            select(Application)
            .where(
                Application.banner == banner,
                Application.stage == stage,
                Application.year == book.year,
                Application.state == "verified",
                Application.receipt > after,
            )
            .order_by(Application.receipt)
            .limit(BATCH)
            .with_for_update()
        ).scalars()
    )
    for application in found:
        settle_seat(book, application)
    if len(found) == BATCH:
        last = found[-1].receipt or ""
        put_task("settle-seats", f"{order}/{last}", {"banner": banner, "stage": stage, "after": last, "order": order})


def settle_seat(book: Book, application: Application) -> SeatTypeVerdict:
    """Settle one application; where a fact is missing it goes back to a person, who establishes it."""
    doubted = _doubted(book, application)
    facts = settled_facts(book, application) | ({SEAT_USED: True} if doubted is True else {})
    verdict = seat_type_for(book, application.stage, facts)
    settled = _coordinated(book) if _is_coordinated(book, facts) else verdict.settled
    asks = ([TWICE] if doubted is None else []) + ([] if SEAT_USED in facts else [LISTED])
    if asks or settled is None:
        return _left_to_a_person(application, verdict, asks)
    used = _home_lines(book, application) if facts[SEAT_USED] else []
    db.session.merge(
        Seat(
            application_id=application.id,
            seat_type=settled.code,
            seat_type_name=settled.name,
            keys=order_keys_for(book, settled.code, facts),
            is_migrant=facts.get("household.in_banner") is False,
            why=[*_lines(book, verdict, settled), *used, *_point_lines(book, application.stage, facts)],
            book_sha256=book.sha256,
            settled_at=clock.now(),
        )
    )
    chooses = book.flow == "check-first"
    move_application(application, "choosing" if chooses else "settled", f"学位类型：{settled.name}")
    code = "seat-settled-choose" if chooses else "seat-settled"
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            code,
            {"seat_type": settled.name, "choose_by": _choose_by(book) if chooses else ""},
            key=f"{code}/{application.id}/{settled.code}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/diary/index?id={application.id}",
        )
    return verdict


def _left_to_a_person(application: Application, verdict: SeatTypeVerdict, asks: list[str]) -> SeatTypeVerdict:
    """The application waits for what the verdict misses, or for the answers that are asked."""
    open_case(application, [f"fact-missing:{fact}" for fact in verdict.missing] or asks)
    move_application(
        application,
        "in_review",
        "同一套房有两家报名，由工作人员核实" if TWICE in asks else "确定学位类型还缺少核实情况",
    )
    return SeatTypeVerdict(None, verdict.missing, verdict.possible, verdict.tried)


def _doubted(book: Book, application: Application) -> bool | None:
    """Whether another family's claim to the home holds against this one; None where a person has to look first.

    Where a person has established that exactly one of the families lives in the home, the other's home is used.
    Rivals that settled before are sent to a person, too, unless their list is frozen.
    """
    unit = property_unit_of(application)
    if book.lock(application.stage) is None or unit is None:
        return False
    note_claim(application, unit)
    others = rivals(application, unit)
    if not others:
        return False
    own, theirs = lives_there(application.id), [lives_there(one.id) for one in others]
    if True in theirs and own is not True:
        return True
    if own is True and all(told is False for told in theirs):
        return False
    for other in others:
        if other.state == "settled":
            move_application(other, "verified", "同一套房有两家报名")
        if other.state == "verified":
            open_case(other, [TWICE])
            move_application(other, "in_review", "同一套房有两家报名，由工作人员核实")
    return None


def _choose_by(book: Book) -> str:
    return deadline_after(book, "choice", clock.now()).strftime("%m月%d日 %H:%M")


def _lines(book: Book, verdict: SeatTypeVerdict, settled: SettledType) -> list[str]:
    """The explanation; where a return lapsed it is the book's sentence that decided, not the types."""
    return verdict.lines() if settled == verdict.settled else [book.returns.text]


def _home_lines(book: Book, application: Application) -> list[str]:
    """By what the home's seat is used, and until when, where it is: a place given here, or a list of former years."""
    lock, unit = book.lock(application.stage), property_unit_of(application)
    against = locks_against(unit, lock, application.child_id, application.year) if lock and unit else []
    return [
        say(
            f"diary.home-used-{'listed' if row.listed_by else 'given'}",
            stage=row.stage,
            year=row.year,
            free_in=row.free_in,
        )
        for row, _ in against[:1]
    ]


def _point_lines(book: Book, stage: str, facts: dict[str, Any]) -> list[str]:
    """The points sheet in words, where the book has a table for the stage."""
    sheet = point_sheet(book, stage, facts)
    return sheet_lines(sheet) if sheet else []


def _is_coordinated(book: Book, facts: dict[str, Any]) -> bool:
    """Whether the book coordinates whoever did not answer a return in time (domain T-2.6)."""
    return book.returns.lapse == "coordination" and facts.get("conduct.papers_late") is True


def _coordinated(book: Book) -> SettledType:
    return SettledType(book.coordination.code, book.coordination.name, "coordination")


def settled_facts(book: Book, application: Application) -> dict[str, Any]:
    """The verified facts, with what this room knows: homes whose seat is used, conduct noted in former years.

    Without `home.seat_used` where a child that only a list of former years knows has used it and nobody has looked yet.
    """
    facts: dict[str, Any] = dict(facts_of(application))
    lock = book.lock(application.stage)
    unit = property_unit_of(application)
    used = seat_used(unit, lock, application.child_id, application.year) if lock and unit else False
    if used is not None:
        facts[SEAT_USED] = used
    elif USED_BY_SIBLING in facts:
        facts[SEAT_USED] = not facts[USED_BY_SIBLING]
    preferred = approved_preference(application)
    facts["special.group"] = preferred.group if preferred else ""
    noted = db.session.execute(
        select(Conduct.fact).where(Conduct.child_id == application.child_id, Conduct.year < application.year)
    )
    facts |= dict.fromkeys(noted.scalars(), True)
    sheet = point_sheet(book, application.stage, facts)
    return facts | ({"points.total": sheet.total, "points.vetoed": sheet.vetoed_by is not None} if sheet else {})


def waiting_for_facts(banner: str, stage: str) -> list[dict[str, Any]]:
    """The checked applications that no seat type could be given to, each with the facts that are missing."""
    book = book_in_force(banner)
    waiting = []
    for application in applications_in(banner, stage, ["verified"]):
        verdict = seat_type_for(book, stage, settled_facts(book, application))
        if verdict.settled is None:
            waiting.append(
                {"application": str(application.id), "receipt": application.receipt, "why": list(verdict.missing)}
            )
    return waiting
