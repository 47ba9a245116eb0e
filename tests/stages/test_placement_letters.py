"""A placement that waits for its hour (wishes 13): letters nobody can read before it; the switch publishes their key."""

import base64
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

import tests.journey_builders
from backend.identity.rules.roles import Scope
from backend.notices.lock_letters import read_letter
from backend.policy.book_for import book_for
from backend.policy.rules.parse_book import book_of
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family, sheets_for
from tests.talking_builders import by_sms

TOWN = "150603001"
BORN = date(2019, 10, 2)
CLOSES = STARTS + timedelta(days=9, hours=10)
HOUR = STARTS + timedelta(days=20, hours=2)


@pytest.fixture
def season(app: Any, moving_clock: None, monkeypatch: pytest.MonkeyPatch) -> Season:
    """A banner whose book names the hour of its result."""

    def with_hour(*told: Any) -> Any:
        letters = [{"stage": "primary", "opens_at": HOUR.isoformat()}]
        return book_of({**book_for(*told).content, "letters": letters})

    monkeypatch.setattr(tests.journey_builders, "book_for", with_hour)
    made = Season(app, KANGBASHI, "kangbashi-2020", "康巴什区")
    made.publish(sheets_for(KANGBASHI, TOWN), STARTS, CLOSES)
    return made


def letters_of(season: Season, one: Family) -> list[dict[str, Any]]:
    return list(season.call("GET", "/api/me/letters", one)["items"])


def test_the_result_is_known_to_nobody_before_its_hour_and_to_everybody_at_it(season: Season) -> None:
    one, other = (season.apply(family(f"{TOWN}00{number}", BORN)) for number in (1, 2))
    season.pass_time(CLOSES + timedelta(minutes=2))
    run = season.place()
    assert "准时公布" in season.call("GET", f"/api/desk/runs/{run['id']}", "kai")["state_text"]
    season.official("third", "banner-admissions", Scope("banner", KANGBASHI))
    again = {"output_sha256": run["output_sha256"]}
    refused = season.call("POST", f"/api/desk/runs/{run['id']}/approval", "third", 409, json=again)
    assert refused["code"] == "run-not-ready"
    assert season.result(one)["school"] is None
    (letter,), (others,) = letters_of(season, one), letters_of(season, other)
    assert (letter["reference"], letter["opens_at"]) == (one.receipt, HOUR.isoformat())
    assert len(letter["cipher"]) == len(others["cipher"])
    path = f"/api/letters/{letter['scope']}/key"
    assert season.call("GET", path, None, 409)["code"] == "letters-locked"
    assert any("公布" in text and "不用守着" in text for text in season.told(one))
    assert not any("一小" in text for text in season.told(one))
    assert "5月31日10:00" in by_sms(season.app, one.phone, season.sms, season.work)("结果")
    season.pass_time(HOUR + timedelta(seconds=1))
    key = season.call("GET", path)["key"]
    told = read_letter(uuid.UUID(letter["id"]), base64.b64decode(letter["cipher"]), key)
    assert season.result(one)["school"]["name"] in told
    assert one.receipt in told
    assert any("一小" in text for text in season.told(one))


def test_letters_of_a_withdrawn_list_are_never_opened(season: Season) -> None:
    one = season.apply(family(f"{TOWN}001", BORN))
    season.pass_time(CLOSES + timedelta(minutes=2))
    run = season.place()
    (letter,) = letters_of(season, one)
    for login in ("kai", "ping"):
        season.call(
            "POST", f"/api/desk/placement-runs/{run['id']}/withdrawal", login, json={"reason": "名册里少了一页"}
        )
    season.pass_time(HOUR + timedelta(seconds=1))
    assert season.call("GET", f"/api/letters/{letter['scope']}/key", None, 409)["code"] == "letters-locked"
    assert letters_of(season, one) == []
    assert season.result(one)["school"] is None
