"""Deliver one notice: a foreign effect in two steps, each with its own transaction (promises part 1, step 4; P8).

First the attempt is written down and committed, then the gateway is called with no transaction open, then the outcome
and the task's completion become true together. Whatever is killed in between, the notice stays `sending`, and the next
attempt asks or repeats with the same message id; a log-in code is not repeated but becomes `unknown`.
"""

import uuid

from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.crypto import shred
from backend.foundation.database import db
from backend.foundation.tasks import Claim, put_task
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import openid_of, phone_of
from backend.identity.rows import Account
from backend.notices.consents import spend_consent, void_consents
from backend.notices.followers import follows, note_follows
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent, ConsentSpent
from backend.notices.gateways.routes import sms_routes
from backend.notices.move_notice import move_notice
from backend.notices.read_notice import facts_of, openid_of_notice, phone_of_notice, told
from backend.notices.rows import Notice
from backend.notices.rules.delivery import MOST_SILENT_ATTEMPTS, ONCE_ONLY, first_channel, next_channel
from backend.notices.rules.plan import plan_of
from backend.notices.send_letter import Letter, send_letter
from backend.notices.send_notice import leaves_at
from backend.notices.stop_texts import has_stopped

ASKS_THE_SAME = 3
"""Attempts after which another provider is tried, although nobody knows whether the first one sent: result notices are
told at least once (promises part 1, step 4).
"""
OPEN = frozenset({"ready", "sending", "unknown"})
NOT_FOLLOWING = frozenset({"43004", "40003"})


class TooEarly(Exception):
    """The moment before which the notice must not be known has not come."""


def deliver_notice(claim: Claim, notice_id: str) -> None:
    """Make one attempt. Raises ChannelSilent where the outcome is unknown and may be tried again (the task comes back)."""
    with unit_of_work():
        letter = _begin(uuid.UUID(notice_id))
    if letter is None:
        with claim.finishing():
            _give_up(uuid.UUID(notice_id))
        return
    try:
        provider_id, state = send_letter(letter)
    except ChannelRefused as refusal:
        with claim.finishing():
            _refused(uuid.UUID(notice_id), letter, refusal)
    except ChannelSilent as silence:
        _silent(claim, uuid.UUID(notice_id), letter, silence)
    else:
        with claim.finishing():
            _accepted(uuid.UUID(notice_id), letter, provider_id, state)


def _locked(notice_id: uuid.UUID) -> Notice:
    return db.session.execute(
        select(Notice).where(Notice.id == notice_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _begin(notice_id: uuid.UUID) -> Letter | None:
    """The letter of this attempt, with the attempt written down; None where there is nothing to send (any more)."""
    notice = _locked(notice_id)
    if notice.state not in OPEN or (notice.code in ONCE_ONLY and notice.attempt > 0):
        return None
    if notice.not_before is not None and clock.now() < notice.not_before:
        raise TooEarly(str(notice.not_before))
    account = _account(notice)
    phone = phone_of_notice(notice) or (phone_of(account) if account else None)
    openid = openid_of_notice(notice) or (openid_of(account) if account else None)
    if notice.channel is None:
        notice.channel = first_channel(
            notice.code,
            has_wechat=openid is not None,
            follows=follows(account),
            has_consent=openid is not None and notice.code not in ONCE_ONLY and spend_consent(account, notice),
            has_phone=phone is not None,
        )
    address = phone if notice.channel == "sms" else openid
    if notice.channel is None or address is None:
        return None
    if notice.channel == "sms" and plan_of(notice.code).may_stop and has_stopped(address):
        return None
    is_repeat, tried_at = notice.state != "ready", notice.moved_at
    if notice.channel == "sms":
        notice.gateway = _gateway(notice, is_repeat=is_repeat)
    notice.attempt += 1
    move_notice(notice, "sending", "again" if is_repeat else "")
    title, text = told(notice, account)
    facts = {name: str(fact) for name, fact in facts_of(notice).items()}
    link = notice.link or ""
    gateway = notice.gateway or ""
    return Letter(
        notice.id.hex, notice.code, notice.channel, address, title, text, link, facts, is_repeat, gateway, tried_at
    )


def _gateway(notice: Notice, *, is_repeat: bool) -> str:
    """The provider of this attempt: that of the last one, which knows what became of it, until it was silent too often."""
    routes = sms_routes()
    if not is_repeat or notice.gateway is None:
        return routes.choose()
    if notice.attempt % ASKS_THE_SAME == 0:
        return routes.choose(other_than=notice.gateway)
    return notice.gateway


def _accepted(notice_id: uuid.UUID, letter: Letter, provider_id: str, state: str) -> None:
    notice = _locked(notice_id)
    notice.provider_id = provider_id or notice.provider_id
    if notice.state == "sending":
        move_notice(notice, state)
    if letter.code in ONCE_ONLY:
        shred(notice.subject)


def _refused(notice_id: uuid.UUID, letter: Letter, refusal: ChannelRefused) -> None:
    """For good by this channel: the next channel, or failed. Who does not follow any more is remembered."""
    notice = _locked(notice_id)
    account = _account(notice)
    if account is not None and account.wechat_index is not None and refusal.code in NOT_FOLLOWING:
        note_follows(account.wechat_index, follows=False)
    if account is not None and isinstance(refusal, ConsentSpent):
        void_consents(account)
    if notice.state in OPEN:
        by_next_channel(notice, refusal.code)
    if letter.code in ONCE_ONLY:
        shred(notice.subject)


def _silent(claim: Claim, notice_id: uuid.UUID, letter: Letter, silence: ChannelSilent) -> None:
    """Tried again with the same id; by SMS after several silent attempts by WeChat; never again for a log-in code."""
    was_not_sent = isinstance(silence, ChannelBusy)
    if letter.code in ONCE_ONLY:
        with claim.finishing():
            notice = _locked(notice_id)
            move_notice(notice, "failed" if was_not_sent else "unknown", str(silence))
            shred(notice.subject)
        return
    with unit_of_work():
        notice = _locked(notice_id)
        gives_up = letter.channel in {"wechat", "subscription"} and notice.attempt >= MOST_SILENT_ATTEMPTS
        if notice.state == "sending" and not gives_up:
            move_notice(notice, "ready" if was_not_sent else "unknown", str(silence))
    if not gives_up:
        raise silence
    with claim.finishing():
        notice = _locked(notice_id)
        if notice.state in OPEN:
            by_next_channel(notice, str(silence))


def _give_up(notice_id: uuid.UUID) -> None:
    """Nothing was sent: done already, a code whose attempt nobody knows the outcome of, or a person without address."""
    notice = _locked(notice_id)
    if notice.state == "ready":
        stopped = plan_of(notice.code).may_stop and notice.channel == "sms"
        move_notice(notice, "failed", "stopped by T" if stopped else "no address")
    elif notice.state == "sending" and notice.code in ONCE_ONLY:
        move_notice(notice, "unknown", "a code is sent once")
        shred(notice.subject)


def _account(notice: Notice) -> Account | None:
    return db.session.get(Account, notice.account_id) if notice.account_id else None


def _is_told_beside(notice: Notice) -> bool:
    """Whether an SMS of its own tells the same already."""
    found = select(Notice.id).where(Notice.beside_id == notice.id)
    return db.session.execute(found).first() is not None


def by_next_channel(notice: Notice, why: str) -> None:
    """Send the notice by the next channel, when its kind may leave, or let it be failed where there is none."""
    account = _account(notice)
    has_phone = account is not None and account.phone_sealed is not None and not _is_told_beside(notice)
    following = next_channel(notice.channel or "", follows=follows(account), has_phone=has_phone)
    if following is None:
        move_notice(notice, "failed", why)
        return
    notice.channel = following
    move_notice(notice, "ready", why)
    key, payload = f"{notice.id}/{notice.attempt}/{following}", {"notice_id": str(notice.id)}
    put_task("deliver-notice", key, payload, due_at=leaves_at(notice.code, notice.id))
