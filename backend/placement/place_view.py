"""A family's result with its why-card: type, keys, place in the list, who was last in (by numbers, never by name)."""

import uuid
from typing import Any

from sqlalchemy import select

from backend.enrolment.applications import open_application
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_in_force, book_of_hash
from backend.policy.deadlines import deadline_after
from backend.policy.places import school_named
from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS
from backend.policy.rules.seat_types import shown_classes
from backend.publication.rows import PublishedRun, Run
from backend.seats.rows import Seat

STEP_TEXTS = {
    "zone": "按片区录取：您家地址属于这所学校的片区。",
    "overflow": "片区学校已满，按公布的顺序统筹到有空余学位的学校。",
    "last": "按末位类型随机派位到有空余学位的学校。",
    "sibling": "长幼随学：哥哥或姐姐在这所学校就读。",
    "choice": "按您家填报的学校顺序录取。",
    "special-case": "由特殊情况审议小组决定，两名工作人员签字，计入公开统计。",
    "correction": "发布后的更正，两名工作人员签字，计入公开统计。",
}


def place_view(actor: Actor, application_id: uuid.UUID) -> dict[str, Any]:
    """The result of one application as its family sees it; before the switch nothing of it shows."""
    _, application = open_application(actor, application_id, "child.read")
    seat, book = db.session.get(Seat, application.id), book_in_force(application.banner)
    view: dict[str, Any] = {
        "state": application.state,
        "receipt": application.receipt,
        "seat_type": {"code": seat.seat_type, "name": seat.seat_type_name} if seat else None,
        "seat_why": seat.why if seat else [],
        "school": None,
        "confirm_by": None,
        "published_at": None,
        "why": None,
        "confirms": book.confirmation.by,
        "choose_by": _choose_by(book, application, seat),
    }
    found = newest_row(application)
    return view | _shown(found, application, seat) if found else view


def _choose_by(book: Book, application: Application, seat: Seat | None) -> str | None:
    """Until when the family may choose its school (C04), while it may."""
    if seat is None or application.state != "choosing":
        return None
    return deadline_after(book, "choice", seat.settled_at).isoformat()


def newest_row(application: Application) -> tuple[PlacementRow, Run | None, PublishedRun | None] | None:
    """The row that counts for the application, with its run; rows of unpublished runs are not seen."""
    rows = db.session.execute(
        select(PlacementRow, Run, PublishedRun)
        .outerjoin(Run, Run.id == PlacementRow.run_id)
        .outerjoin(PublishedRun, PublishedRun.run_id == PlacementRow.run_id)
        .where(
            PlacementRow.application_id == application.id,
            PlacementRow.state != "superseded",
            PublishedRun.run_id.is_not(None) | PlacementRow.proposal_id.is_not(None),
        )
        .order_by(PublishedRun.switched_at.desc().nulls_first())
        .limit(1)
    ).all()
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def _shown(
    found: tuple[PlacementRow, Run | None, PublishedRun | None], application: Application, seat: Seat | None
) -> dict[str, Any]:
    row, run, published = found
    book = book_of_hash(run.book_sha256) if run else book_in_force(application.banner)
    school = school_named(row.school) if row.school else None
    confirm_by = row.confirm_by
    if confirm_by is None and published is not None and row.school:
        confirm_by = deadline_after(book, "confirmation", published.switched_at)
    shown = {"drawn": "placed" if row.school else "unplaced", "offered": "placed", "confirmed": application.state}
    state = shown.get(row.state, row.state)
    return {
        "state": state,
        "school": {"code": school.code, "name": school.name, "address": school.address} if school else None,
        "confirm_by": confirm_by.isoformat() if confirm_by else None,
        "published_at": published.switched_at.isoformat() if published else None,
        "why": _why(row, run, book, application.stage, seat),
        "rule_of_silence": book.confirmation.text,
    }


def _why(row: PlacementRow, run: Run | None, book: Book, stage: str, seat: Seat | None) -> dict[str, Any]:
    reason = row.reason
    lines = [STEP_TEXTS.get(row.step or "", "这一轮没有派到学校，教育局会按公布的规则另行安排。")]
    if seat:
        lines.append(f"学位类型：{seat.seat_type_name}。")
    names = {key.key: _key_name(key.fact) for key in book.order}
    told = [f"{names.get(key, key)} {value}" for key, value in (reason.get("keys") or {}).items() if value is not None]
    if told:
        lines.append("同类排序依据：" + "，".join(told) + "。")
    if row.position and row.step != "choice":
        lines.append(f"在决定录取的名单里排第 {row.position} 位。")
    last = reason.get("last_in")
    if last:
        lines.append(f"这份名单最后录取的是：{'，'.join(_last_in(last, names, book, stage))}。")
    if reason.get("text"):
        lines.append(f"原因：{reason['text']}")
    return {
        "text": lines,
        "step": row.step,
        "position": row.position,
        "class": reason.get("class"),
        "keys": reason.get("keys"),
        "ticket": reason.get("ticket"),
        "last_in": last,
        "input_sha256": run.input_sha256 if run else None,
        "seed": run.ceremony["seed"] if run and run.ceremony else None,
        "proof": f"/api/applications/{row.application_id}/proof",
    }


def _last_in(last: dict[str, Any], names: dict[str, str], book: Book, stage: str) -> list[str]:
    types = {kind.code: kind.name for kind in shown_classes(book, stage)}
    code = str(last.get("class"))
    keys = (last.get("keys") or {}).items()
    return [types.get(code, code), *(f"{names.get(key, key)} {value}" for key, value in keys if value)]


def _key_name(fact: str) -> str:
    return FACTS[fact].name if fact in FACTS else fact
