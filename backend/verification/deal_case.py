"""Deal a case to a named official of its banner: fairly at first, to a colleague when somebody hands it on."""

import uuid

from sqlalchemy import func, select

from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.grants import holders_of
from backend.identity.rows import Account, Official
from backend.identity.rules.roles import Scope, banner_scopes
from backend.verification.rows import Case
from backend.verification.rules.dealing import next_official

DEALT_ROLE = "banner-admissions"


class NobodyElse(Refusal):
    """There is no other official of the banner who could take the case."""

    code = "nobody-else"


class NotSaidWhy(Refusal):
    """Handing a case on states why."""

    code = "reason-missing"
    status = 422


def deal(banner: str, not_to: set[uuid.UUID]) -> uuid.UUID | None:
    """The official of the banner whose turn it is; None where there is nobody."""
    able = _officials(banner)
    counts = select(Case.taken_by, func.count()).where(Case.banner == banner, Case.decided_at.is_(None))
    lasts = select(Case.taken_by, func.max(Case.taken_at)).where(Case.banner == banner)
    open_cases = {str(who): count for who, count in db.session.execute(counts.group_by(Case.taken_by)) if who}
    last_dealt = {str(who): at for who, at in db.session.execute(lasts.group_by(Case.taken_by)) if who and at}
    chosen = next_official([str(each) for each in able], open_cases, last_dealt, {str(each) for each in not_to})
    return uuid.UUID(chosen) if chosen else None


def _officials(banner: str) -> list[uuid.UUID]:
    holders = holders_of(DEALT_ROLE, Scope("banner", banner))
    closed = select(Account.id).where(Account.id.in_(holders), Account.closed_at.is_not(None))
    gone = set(db.session.execute(closed).scalars())
    return [each for each in dict.fromkeys(holders) if each not in gone]


def deal_case(case: Case) -> None:
    """Deal the case: an appeal or a second look to somebody who has not spoken on the application before."""
    case.taken_by = deal(case.banner, spoken_on(case))
    case.taken_at = clock.now() if case.taken_by else None


def spoken_on(case: Case) -> set[uuid.UUID]:
    """The officials who decided, or proposed a decision, on the case's application before."""
    spoken = {case.first_by} if case.first_by else set()
    if "appeal" in case.reasons:
        earlier = select(Case.decided_by, Case.first_by).where(Case.application_id == case.application_id)
        spoken |= {who for row in db.session.execute(earlier) for who in row if who}
    return spoken


def hand_on(actor: Actor, case_id: uuid.UUID, why: str) -> Case:
    """Give a case to the colleague whose turn it is. Raises NotFound, NotAllowed, NotSaidWhy, NobodyElse."""
    case = db.session.execute(select(Case).where(Case.id == case_id).with_for_update()).scalar_one_or_none()
    if case is None or case.decided_at is not None:
        raise NotFound
    authorize_office(actor, "case.decide", banner_scopes(case.banner))
    if not why.strip():
        raise NotSaidWhy
    before = case.taken_by
    to = deal(case.banner, spoken_on(case) | ({before} if before else set()))
    if to is None:
        raise NobodyElse
    case.taken_by, case.taken_at = to, clock.now()
    record("case.handed-on", "case", case.id, why.strip(), before=str(before), to=str(to))
    return case


def names_of(accounts: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Account → the official's name."""
    found = db.session.execute(select(Official.account_id, Official.name).where(Official.account_id.in_(accounts)))
    return {row.account_id: row.name for row in found}
