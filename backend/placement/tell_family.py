"""What a family hears about its place and its requests: a notice to every guardian, and a receipt."""

import secrets
from typing import Any

from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.notices.send_notice import send_notice

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LONG = 8


def new_receipt(kind: str) -> str:
    """A receipt that nobody can guess: the letter of its kind and eight signs that are not taken for one another."""
    return kind + "".join(secrets.choice(LETTERS) for _ in range(LONG))


def tell_guardians(application: Application, code: str, facts: dict[str, Any], key: str, page: str) -> None:
    """A notice to every guardian, once a `key`; it leads to the `page` of this application on the phone."""
    for account in guardians_of(application.child_id):
        send_notice(
            account,
            code,
            facts,
            key=f"{key}/{account}",
            child_id=application.child_id,
            link=f"/phone/#/pages/{page}?id={application.id}",
        )
