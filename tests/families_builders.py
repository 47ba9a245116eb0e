"""Synthetic people and their registered children, for tests of every room above families."""

import itertools
import uuid
from datetime import date, timedelta
from typing import Any

from backend.families.consent_texts import REQUIRED, text_in_force
from backend.families.give_consent import GivenConsent
from backend.families.register_child import register_child
from backend.families.rows import Child
from backend.families.rules.id_number import check_digit
from backend.families.rules.particulars import Written
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.grants import give_grant, roles_of
from backend.identity.rows import Account, Official
from backend.identity.rules.roles import Scope
from backend.identity.sessions import COOKIE, open_session

_numbers = itertools.count(1)
_phones = itertools.count(1)
SIX_YEARS = 6


def id_number(born_on: date = date(2019, 5, 4), *, girl: bool = False, division: str = "150603") -> str:
    """A number that is valid in form and new with every call; orders count downwards from 998 as nobody's do."""
    count = next(_numbers)
    day = born_on + timedelta(days=0)
    order = 998 - 2 * (count % 400) + (0 if girl else 1)
    first = f"{division}{day:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def born_for_primary(year: int | None = None) -> date:
    """A birthday by which a child is six in the year's autumn."""
    return date((year or clock.today().year) - SIX_YEARS, 3, 1 + next(_numbers) % 28)


def actor_of(account: Account, name: str = "") -> Actor:
    """The account as somebody who asks, with the roles of this moment."""
    return Actor(account.id, account.kind, roles_of(account.id), name)


def guardian_account() -> Account:
    """A new guardian's account without a phone."""
    account = Account(id=uuid.uuid4(), kind="guardian", made_at=clock.now())
    db.session.add(account)
    db.session.flush()
    return account


def guardian() -> Actor:
    """A new guardian who asks."""
    return actor_of(guardian_account())


def official(role: str, scope: Scope, login: str | None = None) -> Actor:
    """A new official with one role."""
    account = Account(id=uuid.uuid4(), kind="official", made_at=clock.now())
    db.session.add(account)
    db.session.flush()
    login = login or f"official-{next(_numbers)}"
    db.session.add(
        Official(
            account_id=account.id,
            login=login,
            name=f"工作人员{login}",
            password_hash="-",
            password_set_at=clock.now(),
            totp_sealed=b"-",
        )
    )
    give_grant(account.id, role, scope, "for the tests")
    return actor_of(account, f"工作人员{login}")


def renewed(actor: Actor) -> Actor:
    """The same person with the roles held at this moment."""
    return Actor(actor.account_id, actor.kind, roles_of(actor.account_id), actor.name)


def bearer(actor: Actor) -> dict[str, str]:
    """Headers of a request by this person, with a request key of its own."""
    with unit_of_work():
        token = open_session(db.session.get_one(Account, actor.account_id))
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}


def desk_client(app: Any, actor: Actor) -> Any:
    """A browser in which this official is logged in; everything built so far is kept."""
    client = app.test_client()
    with unit_of_work():
        token = open_session(db.session.get_one(Account, actor.account_id))
    client.set_cookie(COOKIE, token, path="/desk")
    return client


def consents() -> list[GivenConsent]:
    """Every consent that registration needs, by the texts in force."""
    return [GivenConsent(purpose, text_in_force(purpose).sha256) for purpose in REQUIRED]


def written(**changes: Any) -> Written:
    """What a guardian writes about a six-year-old with a resident's number."""
    told: dict[str, Any] = {
        "name": "苏日娜",
        "id_kind": "resident",
        "id_number": id_number(born_for_primary()),
        "born_on": None,
        "sex": None,
        "ethnicity": "蒙古族",
        "guardian_name": "巴特尔",
        "guardian_id_number": id_number(date(1988, 7, 1)),
    }
    return Written(**{**told, **changes})


def registered(actor: Actor | None = None, **changes: Any) -> tuple[Actor, Child]:
    """(guardian with the grant, child) of a child registered by the actor or by somebody new."""
    actor = actor or guardian()
    child = register_child(actor, written(**changes), "mother", consents())
    return renewed(actor), child


def new_phone() -> str:
    """A phone number that nobody has."""
    return f"1700{next(_phones):07d}"
