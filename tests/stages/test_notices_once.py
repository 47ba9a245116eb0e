"""Log-in codes are sent at most once, notices at least once under one id, whatever is killed in between (P8, D14)."""

import uuid

import pytest
from sqlalchemy import select

from backend.foundation.crypto import DataKey
from backend.foundation.database import db
from backend.foundation.tasks import Claim, ClaimLost, claim_task
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.deliver_notice import deliver_notice
from backend.notices.gateways import ChannelSilent
from backend.notices.rows import Notice
from backend.notices.send_code import send_code
from jobs.run_tasks import drain
from tests.notices_builders import drain_all, fails_with, guardian, tell, the


def put_code() -> uuid.UUID:
    with unit_of_work():
        send_code(7, uuid.uuid4(), "13800000009", "123456")
    return db.session.execute(select(Notice.id).where(Notice.key == "login-code/7")).scalar_one()


def test_a_code_is_sent_once_and_its_words_are_shredded(sms, chat) -> None:
    notice = put_code()
    drain("notices")
    assert "123456" in sms.sent[notice.hex][1]
    assert the(notice).state == "sent"
    assert db.session.get(DataKey, the(notice).subject) is None


def test_a_code_whose_outcome_nobody_knows_is_never_sent_again(sms, chat) -> None:
    """P8: one-time codes at most once."""
    sms.outcomes = [fails_with(ChannelSilent("timeout"))]
    notice = put_code()
    drain_all(4)
    assert the(notice).state == "unknown"
    assert len(sms.calls) == 1


def test_a_code_of_a_killed_worker_is_not_sent_by_the_next_one(sms, chat) -> None:
    class Killed(BaseException):
        pass

    sms.outcomes = [fails_with(Killed())]  # type: ignore[arg-type]
    notice = put_code()
    claim = claim_task("notices")
    assert claim is not None
    with pytest.raises(Killed):
        deliver_notice(claim, str(notice))
    db.session.rollback()
    assert the(notice).state == "sending"
    drain_all(3)
    assert the(notice).state == "unknown"
    assert len(sms.calls) == 1


def test_a_notice_of_a_killed_worker_is_sent_by_the_next_one_under_the_same_id(sms, chat) -> None:
    class Killed(BaseException):
        pass

    chat.outcomes = [fails_with(Killed())]  # type: ignore[arg-type]
    notice = tell(guardian(openid="o1"))
    claim = claim_task("notices")
    assert claim is not None
    with pytest.raises(Killed):
        deliver_notice(claim, str(notice))
    db.session.rollback()
    drain_all(2)
    assert the(notice).state == "sent"
    assert [message for _, message in chat.calls] == [notice.hex] * 2


def test_a_zombie_changes_nothing(sms, chat) -> None:
    """A worker that slept past its lease finds the notice sent: it neither sends nor finishes the task."""
    notice = tell(guardian())
    zombie = claim_task("notices")
    assert zombie is not None
    drain_all(1)
    assert the(notice).state == "sent"
    before = len(sms.calls)
    with pytest.raises(ClaimLost):
        deliver_notice(Claim(zombie.task_id, zombie.kind, zombie.payload, zombie.fence, 1), str(notice))
    assert len(sms.calls) == before
