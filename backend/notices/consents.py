"""The ledger of consents to subscription messages: one tap, one message, a row each (promises part 2).

The platform tells nobody how many are left, so the ledger is kept by us: which tap allowed a message of which template,
and which notice it was spent by. A consent counts as spent once its message is on its way, whatever becomes of that.
"""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.rows import Account
from backend.notices.gateways import template_ids
from backend.notices.rows import Notice, SubscriptionConsent


def add_consent(index: bytes, template: str, tap: str) -> None:
    """One tap of the person with this blind index allows one more message of the template; the same tap counts once."""
    given = insert(SubscriptionConsent).values(wechat_index=index, template=template, tap=tap, given_at=clock.now())
    db.session.execute(given.on_conflict_do_nothing(index_elements=["tap", "template"]))


def spend_consent(account: Account | None, notice: Notice) -> bool:
    """Whether the notice may go as a subscription message: the oldest consent left is its own now, and stays so."""
    if account is None or account.wechat_index is None:
        return False
    own = select(SubscriptionConsent.id).where(SubscriptionConsent.spent_by == notice.id)
    if db.session.execute(own).first() is not None:
        return True
    left = db.session.execute(
        select(SubscriptionConsent)
        .where(*_left(account.wechat_index), SubscriptionConsent.template == template_ids()[1])
        .order_by(SubscriptionConsent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if left is None:
        return False
    left.spent_by, left.spent_at = notice.id, clock.now()
    db.session.flush()
    return True


def _left(index: bytes) -> tuple[ColumnElement[bool], ...]:
    return (
        SubscriptionConsent.wechat_index == index,
        SubscriptionConsent.spent_by.is_(None),
        SubscriptionConsent.voided_at.is_(None),
    )


def void_consents(account: Account) -> None:
    """The platform says that no consent to our template is left (43101): what stands open is not believed any more."""
    open_ones = (*_left(account.wechat_index or b""), SubscriptionConsent.template == template_ids()[1])
    db.session.execute(update(SubscriptionConsent).where(*open_ones).values(voided_at=clock.now()))


def consents_left(account: Account) -> int:
    """How many subscription messages the account's person still allows."""
    if account.wechat_index is None:
        return 0
    counted = select(func.count()).select_from(SubscriptionConsent).where(*_left(account.wechat_index))
    return db.session.execute(counted).scalar_one()


def consents_by_state() -> list[tuple[str, int, int, int, int]]:
    """(template, given, left, spent, void) of the whole ledger, for the desk."""
    spent = func.count(SubscriptionConsent.spent_by)
    void = func.count().filter(SubscriptionConsent.spent_by.is_(None), SubscriptionConsent.voided_at.is_not(None))
    counted = select(SubscriptionConsent.template, func.count(), func.count() - spent - void, spent, void)
    found = db.session.execute(counted.group_by(SubscriptionConsent.template).order_by(SubscriptionConsent.template))
    return [(template, given, left, used, gone) for template, given, left, used, gone in found]
