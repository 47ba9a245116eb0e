"""An official's browser at the desk, and the season that the tests of its pages are about."""

import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rows import Account, Official
from backend.identity.sessions import COOKIE, open_session
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import STARTS, Season
from tests.journey_city import sheets_for

TOWN = f"{KANGBASHI}001"
P01 = f"{KANGBASHI}-P01"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)


def season_at_the_desk(app: Any) -> Season:
    """康巴什区 is open: one seat in the first school, nine in the second."""
    season = Season(app, KANGBASHI, "kangbashi-2020", "康巴什区")
    season.publish(sheets_for(KANGBASHI, TOWN, (1, 9)), STARTS, CLOSES)
    return season


class Desk:
    """A browser at the desk."""

    def __init__(self, season: Season, login: str) -> None:
        self.client = season.app.test_client()
        with unit_of_work():
            found = db.session.execute(select(Official.account_id).where(Official.login == login)).scalar_one()
            token = open_session(db.session.get_one(Account, found))
        self.client.set_cookie(COOKIE, token, path="/desk")

    def open(self, path: str) -> str:
        """The page; no error is shown in place of it."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        assert "{{" not in answer.text
        return str(answer.text)

    def press(self, path: str, **fields: Any) -> str:
        """Send the form, follow to the page that comes after it."""
        fields.setdefault("request_key", uuid.uuid4().hex)
        answer = self.client.post(path, data=fields, follow_redirects=True)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return str(answer.text)
