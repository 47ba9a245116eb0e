"""Somebody files for a family: with the guardian's consent, until a day, every step in sight (wishes 19)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.families.consent_texts import text_in_force
from backend.families.end_helper import HelperUnknown, end_helper
from backend.families.helper_counts import helper_counts
from backend.families.queries import open_child
from backend.families.refusals import ConsentOutdated
from backend.families.rows import Consent
from backend.families.share_with_helper import HelperAlready, HelperIsGuardian, HelperTooLong, share_with_helper
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.accounts import change_phone, guardian_by_phone
from backend.identity.rows import Account, GrantRow
from tests.families_builders import actor_of, guardian, new_phone, registered, renewed


def helped() -> tuple:
    """(guardian, child, helper's row, helper who asks)."""
    actor, child = registered()
    phone = new_phone()
    helper = share_with_helper(actor, child.id, phone, 30, text_in_force("helper").sha256)
    return actor, child, helper, actor_of(guardian_by_phone(phone))


def test_a_helper_reads_and_files_for_this_child_only(app) -> None:
    actor, child, _, helper = helped()
    _, other = registered(actor)
    for action in ("child.read", "child.write", "paper.attach", "application.submit"):
        assert open_child(helper, child.id, action)[1].id == child.id
        with pytest.raises(NotFound):
            open_child(helper, other.id, action)


def test_a_helper_never_answers_a_place_withdraws_or_lets_in_others(app) -> None:
    _, child, _, helper = helped()
    for action in ("place.answer", "application.withdraw", "child.share", "claim.answer", "child.export"):
        with pytest.raises(NotFound):
            open_child(helper, child.id, action)


def test_help_ends_with_its_day_by_itself(app) -> None:
    _, child, row, helper = helped()
    assert timedelta(days=29) < row.ends_at - clock.now() <= timedelta(days=30)
    grant = db.session.execute(select(GrantRow).where(GrantRow.account_id == helper.account_id)).scalar_one()
    assert grant.ends_at == row.ends_at
    grant.starts_at = grant.ends_at = clock.now() - timedelta(seconds=1)
    db.session.flush()
    with pytest.raises(NotFound):
        open_child(renewed(helper), child.id, "child.read")


def test_the_guardian_ends_help_before_its_day(app) -> None:
    actor, child, row, helper = helped()
    end_helper(actor, child.id, row.id)
    with pytest.raises(NotFound):
        open_child(renewed(helper), child.id, "child.read")
    with pytest.raises(HelperUnknown):
        end_helper(actor, child.id, row.id)
    with pytest.raises(NotFound):
        end_helper(guardian(), child.id, row.id)


def test_the_consent_to_the_shown_text_is_kept_and_another_text_refused(app) -> None:
    actor, child, row, _ = helped()
    consent = db.session.get_one(Consent, row.consent_id)
    assert (consent.purpose, consent.account_id) == ("helper", actor.account_id)
    with pytest.raises(ConsentOutdated):
        share_with_helper(actor, child.id, new_phone(), 30, "0" * 64)


@pytest.mark.parametrize("days", [0, 91, -1])
def test_help_lasts_between_a_day_and_ninety(app, days: int) -> None:
    actor, child = registered()
    with pytest.raises(HelperTooLong):
        share_with_helper(actor, child.id, new_phone(), days)


def test_the_guardian_is_no_helper_and_a_helper_is_added_once(app) -> None:
    actor, child = registered()
    own, other = new_phone(), new_phone()
    change_phone(db.session.get_one(Account, actor.account_id), own)
    with pytest.raises(HelperIsGuardian):
        share_with_helper(actor, child.id, own, 30)
    share_with_helper(actor, child.id, other, 30)
    with pytest.raises(HelperAlready):
        share_with_helper(actor, child.id, other, 30)


def test_families_of_a_helper_are_counted(app) -> None:
    phone = new_phone()
    ended = None
    for _ in range(3):
        actor, child = registered()
        ended = (actor, child.id, share_with_helper(actor, child.id, phone, 30).id)
    end_helper(*ended)
    count = helper_counts()[0]
    assert (count.phone_masked[-4:], count.families_now, count.families_ever) == (phone[-4:], 2, 3)
