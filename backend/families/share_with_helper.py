"""Let a helper file for a family until a day, with the guardian's consent (wishes 19)."""

import uuid
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from backend.families.consent_texts import text_in_force
from backend.families.give_consent import GivenConsent, give_consent, require_consents
from backend.families.queries import guardians_of, open_child
from backend.families.rows import Helper
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.accounts import guardian_by_phone, read_phone
from backend.identity.actors import Actor
from backend.identity.grants import give_grant
from backend.identity.rules.roles import Scope
from backend.notices.send_notice import send_notice

LONGEST_DAYS = 90


class HelperIsGuardian(Refusal):
    """The number belongs to somebody who cares for the child already."""

    code = "helper-is-guardian"
    status = 422


class HelperTooLong(Refusal):
    """A helper is let in for 1 to 90 days."""

    code = "helper-too-long"
    status = 422


class HelperAlready(Refusal):
    """This person files for the family already."""

    code = "helper-already"


def share_with_helper(actor: Actor, child_id: uuid.UUID, phone: str, days: int, sha256: str | None = None) -> Helper:
    """The helper, known by a phone, who may read and file for this child for `days` days, and then no longer.

    `sha256` is the digest of the helper text that was shown; without it the guardian's own act stands for it.
    Raises NotFound, PhoneInvalid, HelperTooLong, HelperIsGuardian, HelperAlready, ConsentOutdated.
    """
    _, child = open_child(actor, child_id, "child.share")
    if not 1 <= days <= LONGEST_DAYS:
        raise HelperTooLong
    if sha256 is not None:
        require_consents([GivenConsent("helper", sha256)], ["helper"])
    account = guardian_by_phone(read_phone(phone))
    if account.id in guardians_of(child.id):
        raise HelperIsGuardian
    consent = give_consent(child.id, actor.account_id, text_in_force("helper").purpose, "phone") if sha256 else None
    helper = _write(child.id, account.id, actor.account_id, days, consent.id if consent else None)
    scope = Scope("child", str(child.id))
    give_grant(account.id, "helper", scope, "the guardian asked for help", ends_at=helper.ends_at)
    facts = {"until": helper.ends_at}
    send_notice(account.id, "helper-added", facts, f"helper-added/{helper.id}", child.id)
    record("helper.added", "child", child.id, helper=str(helper.id), days=days, consent=bool(sha256))
    return helper


def _write(child_id: uuid.UUID, account_id: uuid.UUID, by: uuid.UUID, days: int, consent_id: int | None) -> Helper:
    moment = clock.now()
    helper = Helper(
        child_id=child_id,
        account_id=account_id,
        given_by=by,
        consent_id=consent_id,
        given_at=moment,
        ends_at=moment + timedelta(days=days),
    )
    _end_lapsed(child_id, account_id)
    try:
        with db.session.begin_nested():
            db.session.add(helper)
    except IntegrityError as error:
        raise HelperAlready from error
    return helper


def _end_lapsed(child_id: uuid.UUID, account_id: uuid.UUID) -> None:
    moment = clock.now()
    db.session.query(Helper).filter(
        Helper.child_id == child_id,
        Helper.account_id == account_id,
        Helper.ended_at.is_(None),
        Helper.ends_at <= moment,
    ).update({"ended_at": moment})
