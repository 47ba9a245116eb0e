"""From the score to the letter without any page: by chat alone and by SMS alone, in Chinese and Mongolian (A20-A26, A43, A49-A56)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.publication.approve_run import approve_run
from backend.publication.runs import output_of
from backend.zhongkao.freeze_admission import freeze_admission
from backend.zhongkao.rows import ExamSession
from jobs.run_tasks import drain
from tests.callback_builders import platform_of
from tests.exam_builders import at, exam_official, listed_session, wish
from tests.journey_builders import stand_at
from tests.notices_builders import HostileChat, HostileSms
from tests.talking_builders import Says, asks, by_sms, in_chat

pytestmark = pytest.mark.usefixtures("moving_clock")
QUEUES = ("exam", "decisions", "notices")
STORED_PHONE, OWN_PHONE, NUMBER = "13900000001", "13900000009", "31000001"
WORDS = {
    "zh-CN": {
        "score": "成绩", "choose": "改志愿", "rank": "位次", "order": "托管志愿", "admission": "中考录取", "report": "报到",
    },
    "mn-Mong": {
        "score": "ᠣᠨᠤᠭ᠎ᠠ", "choose": "ᠰᠣᠩᠭᠣᠬᠤ", "rank": "ᠡᠷᠡᠮᠪᠡ", "order": "ᠳᠠᠭᠠᠭᠠᠯᠭ᠎ᠠ", "admission": "ᠡᠯᠰᠡᠯᠲᠡ",
        "report": "ᠢᠷᠡᠪᠡ",
    },
}  # fmt: skip


class ExamCity:
    """The service with one listed session of two units, and gateways that keep what was sent."""

    def __init__(self, app: Any) -> None:
        self.sms, self.chat = HostileSms(), HostileChat()
        app.extensions |= {"sms_gateway": self.sms, "chat_gateway": self.chat}
        stand_at(at("08:30"))
        self.session, self.people, self.units = listed_session({"X": 1, "Y": 1}, [650, 640, 630])
        wish(self.session, self.people[0], self.units["X"], at("08:30"))

    def work(self) -> None:
        """Let the workers do all that is due."""
        while sum(drain(queue) for queue in QUEUES):
            pass

    def code(self) -> str:
        """The code that the stored phone got last."""
        self.work()
        found = [re.search(r"\d{6}", text) for phone, text in self.sms.sent.values() if phone == STORED_PHONE]
        assert found[-1]
        return found[-1][0]

    def publish(self) -> None:
        """Close both bands, run the admission, release it by two officials, announce it."""
        stand_at(at("12:00") + timedelta(seconds=6))
        self.work()
        with unit_of_work():
            run = freeze_admission(exam_official(), _again(self.session))
        self.work()
        assert output_of(run)
        for name in ("甲", "乙"):
            with unit_of_work():
                approve_run(run.id, exam_official(name), run.output_sha256 or "")
        self.work()


def _again(session: ExamSession) -> ExamSession:
    db.session.expire_all()
    return db.session.get_one(ExamSession, session.id)


def chatting(app: Any, _city: ExamCity) -> Says:
    """A candidate in WeChat."""
    return in_chat(platform_of(app, "o-candidate"))


def texting(app: Any, city: ExamCity) -> Says:
    """A candidate with a plain phone."""
    return by_sms(app, OWN_PHONE, city.sms, city.work)


@pytest.fixture(autouse=True)
def kept_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the journeys of families: a look at the moved clock must not open a savepoint around a letter's thread."""
    monkeypatch.setattr(clock, "OFFSET_LIVES", 1e9)


@pytest.mark.parametrize("lang", ["zh-CN", "mn-Mong"])
@pytest.mark.parametrize("way", [chatting, texting])
def test_a_candidate_goes_from_the_score_to_the_report_in_without_a_page(
    app: Any, way: Callable[[Any, ExamCity], Says], lang: str
) -> None:
    """A20-A26: score, choice with receipt, live rank, standing order, admission, report-in."""
    city, word = ExamCity(app), WORDS[lang]
    says = way(app, city)
    if lang == "mn-Mong":
        assert "ᠮᠣᠩᠭᠣᠯ" in says("ᠮᠣᠩᠭᠣᠯ")
    assert asks(says(word["score"]), "exam_number", lang)
    assert "139****0001" in says(NUMBER)
    heard = says(city.code())
    assert "640.00" in heard
    assert " 2 " in heard
    heard = says(word["choose"])
    assert "X中学" in heard
    says("Y中学")
    chosen = says("1")
    receipt = re.search(r"ZK\d{10}", chosen)
    assert receipt, chosen
    assert "Y中学" in says(word["rank"])
    says(word["order"])
    says("X中学、Y中学")
    assert "1 X中学" in says("1")
    city.publish()
    heard = says(word["admission"])
    assert "Y" in heard, heard
    says(word["report"])
    assert "Y" in says("1")
    told = "".join(text for phone, text in city.sms.sent.values() if phone == STORED_PHONE)
    assert "Y" in told
