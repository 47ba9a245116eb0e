"""限期入学 (E06): who stands on a school's roster and has not registered, and the notice to those whose family is known."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from backend.enrolment.applications import live_application_of
from backend.enrolment.rows import LIVE, Application
from backend.families.people import name_of, particulars_of
from backend.families.queries import guardians_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import banner_scopes
from backend.notices.send_notice import send_notice
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import RosterChild
from backend.policy.rules.times import BEIJING


class EnrolByWrong(Refusal):
    """The day by which to enrol lies ahead, and the place to go to is named."""

    code = "enrol-by-wrong"
    status = 422


@dataclass(frozen=True)
class NotRegistered:
    """A child of the roster without a live registration; `child` where its family has an account, else only the school
    that handed the roster in knows it, and the notice goes on paper.
    """

    from_school: str
    child: Child | None


def not_registered(banner: str) -> list[NotRegistered]:
    """Every child of the banner's roster of this year that has no live registration, in the order of schools."""
    year = book_in_force(banner).year
    known = {_roster_index(child): child for child in db.session.execute(select(Child)).scalars()}
    registered = {child for (child,) in db.session.execute(select(Application.child_id).where(LIVE))}
    rows = db.session.execute(
        select(RosterChild)
        .where(RosterChild.banner == banner, RosterChild.year == year)
        .order_by(RosterChild.from_school, RosterChild.id)
    ).scalars()
    found = [NotRegistered(row.from_school, known.get(row.id_index)) for row in rows]
    return [one for one in found if one.child is None or one.child.id not in registered]


def _roster_index(child: Child) -> bytes:
    return blind_index("roster_child.id", str(particulars_of(child).get("id_number") or child.id))


def send_enrol_by(actor: Actor, banner: str, until: date, office: str) -> tuple[int, int]:
    """(families told, children whose notice goes on paper). The same day is told once. Raises NotAllowed, EnrolByWrong."""
    authorize_office(actor, "disclosure.publish", banner_scopes(banner))
    if until <= clock.today() or len(office.strip()) < 2:  # noqa: PLR2004
        raise EnrolByWrong
    told, on_paper = 0, 0
    for one in not_registered(banner):
        if one.child is None:
            on_paper += 1
            continue
        facts = {
            "until": datetime.combine(until, time(), BEIJING),
            "office": office.strip(),
            "child": name_of(one.child.id),
        }
        for account in guardians_of(one.child.id):
            send_notice(account, "enrol-by", facts, f"enrol-by/{one.child.id}/{until}/{account}", one.child.id)
            told += 1
    record("enrol-by.sent", "banner", banner, told=told, on_paper=on_paper, until=until.isoformat())
    return told, on_paper


def families_in(banner: str, stage: str | None, after: uuid.UUID | None, most: int) -> Sequence[uuid.UUID]:
    """Accounts with a child that has a live registration in the banner (and stage), by id: who a broadcast goes to."""
    wanted = select(Application.drafted_by).where(Application.banner == banner, LIVE)
    if stage is not None:
        wanted = wanted.where(Application.stage == stage)
    if after is not None:
        wanted = wanted.where(Application.drafted_by > after)
    return list(db.session.execute(wanted.distinct().order_by(Application.drafted_by).limit(most)).scalars())


def context_of(child_id: uuid.UUID) -> list[str]:
    """How the child's matter stands, in a few lines, for an official who helps its family."""
    application = live_application_of(child_id)
    if application is None:
        return ["还没有报名"]
    facts = [f"{book_in_force(application.banner).banner_name}·{application.stage}·{application.state}"]
    if application.receipt:
        facts.append(f"回执号 {application.receipt}")
    if application.return_by is not None:
        facts.append(f"补正期限 {application.return_by:%Y-%m-%d %H:%M}")
    return facts
