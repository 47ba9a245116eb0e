"""康巴什's two types, from the disclosure page to the school record, over HTTP (the issue's six steps, A01-A37, D12)."""

from datetime import date, timedelta
from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.rules.roles import Scope
from tests.journey_builders import STARTS, WITNESSES, Season
from tests.journey_city import family
from tests.policy_builders import SHEETS

pytestmark = pytest.mark.usefixtures("moving_clock")
NORTH, SOUTH = "150603001001", "150603001002"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)


def test_a_season_in_kangbashi(app: Any) -> None:
    season = Season(app, "150603", "kangbashi-2020", "康巴什区")
    season.publish(SHEETS, STARTS, CLOSES)
    one = season.apply(family(NORTH, BORN))
    if season.state(one) != "verified":
        print(season.case_of(one))
        raise AssertionError
