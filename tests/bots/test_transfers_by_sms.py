"""A family asks for a transfer by SMS, hears what became of it, and takes it back: the dialogue on the service's own verbs (D15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.unit_of_work import unit_of_work
from bots.conversations import converse
from bots.dialogue.values import Text
from bots.person import SMS, Person
from tests.desk_builders import BORN, CLOSES, P01, TOWN, season_at_the_desk
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import Season
from tests.journey_city import Family, family

QUEUE = f"/api/desk/banners/{KANGBASHI}/stages/primary/transfers"


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    return season_at_the_desk(app)


@pytest.fixture
def one(season: Season) -> Family:
    """A family with a confirmed place in the second school; the first has a seat free."""
    made = season.apply(family(f"{TOWN}002", BORN))
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    season.answer(made, "confirmation")
    return made


@pytest.fixture
def say(one: Family) -> Callable[[str], str]:
    def says(words: str) -> str:
        with unit_of_work():
            return "\n".join(converse(Person(SMS, one.phone), Text(words), clock.now()).texts)

    return says


def test_a_transfer_is_asked_refused_asked_again_and_taken_back_by_sms(
    season: Season, one: Family, say: Callable[[str], str]
) -> None:
    assert "还住在登记的地方吗" in say("转学")
    assert "现在住在哪里" in say("2")
    assert "1 一小" in say("北社区")
    assert "为什么想转学" in say("1")
    assert "申请转到一小" in say("全家搬到一小旁边")
    assert "交上去了" in say("1")
    (waiting,) = season.call("GET", QUEUE, "kai")["items"]
    assert (waiting["school"], waiting["on_paper"]) == (P01, False)
    assert waiting["receipt"] in say("转学")
    say("2")
    assert season.call("GET", QUEUE, "kai")["items"] == [waiting]
    path = f"/api/desk/transfer-requests/{waiting['id']}/refusal"
    season.call("POST", path, "kai", json={"reason": "没有看到搬家的证明。"})
    told = say("转学")
    assert "没有看到搬家的证明" in told
    assert "还住在登记的地方吗" in told
    for words in ("1", "1", "全家搬到一小旁边"):
        say(words)
    assert "交上去了" in say("1")
    assert "要撤回" in say("转学")
    assert "撤回了" in say("1")
    assert season.call("GET", QUEUE, "kai")["items"] == []
    assert season.state(one) == "confirmed"
