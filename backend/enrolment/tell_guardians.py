"""Tell everybody who cares for the child what happened to the application."""

from typing import Any

from backend.enrolment.rows import Application
from backend.families.queries import guardians_of
from backend.notices.send_notice import send_notice


def tell_guardians(application: Application, code: str, **facts: Any) -> None:
    """One notice to each guardian, once for this submission of the application."""
    for account in guardians_of(application.child_id):
        key = f"{code}/{application.id}/{application.submissions}/{account}"
        send_notice(account, code, facts, key, application.child_id, f"/phone/#/pages/diary/index?id={application.id}")
