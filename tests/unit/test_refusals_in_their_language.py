"""A refusal is told in the language that is asked for, before Flask and in it; a page and what has no draft in Chinese."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from door_client import DoorClient

from backend.foundation import clock
from backend.foundation.doors import Application
from backend.foundation.problems import Malformed, answer_with_problems
from backend.identity.candidate_tokens import CandidateToken, write_candidate_token
from backend.notices.choose_language import asked_for
from backend.notices.sentences import FIRST_LANGUAGE, codes, needs, own_codes, say
from backend.wiring import say_problem
from backend.zhongkao.board.before_flask import BeforeFlask
from backend.zhongkao.refusals import BandNotOpen
from backend.zhongkao.wishes import Kept, Wish

CODE = f"problem.{BandNotOpen.code}"
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("", "zh-CN"),
        ("mn-Mong", "mn-Mong"),
        ("mn-Mong, zh-CN;q=0.5", "mn-Mong"),
        ("zh-CN,mn-Mong;q=0.9", "zh-CN"),
        ("fr", "zh-CN"),
        (";;q=,mn;q=x", "zh-CN"),
    ],
)
def test_the_language_is_the_one_of_the_catalogue_that_is_asked_for_first(asked: str, lang: str) -> None:
    """Wishes 20."""
    assert (asked_for(asked) or FIRST_LANGUAGE) == lang


@pytest.mark.parametrize(("asked", "lang"), [({}, "zh-CN"), ({"Accept-Language": "mn-Mong"}, "mn-Mong")])
def test_a_refusal_is_told_in_the_language_of_the_request(asked: dict[str, str], lang: str) -> None:
    """Wishes 20."""
    app = Application("refusing")
    answer_with_problems(app, say_problem)

    def view() -> str:
        raise BandNotOpen

    app.add_url_rule("/api/refused", "refused", view)
    app.dispatch_request = app.view_functions["refused"]
    answer = app.test_client().get("/api/refused", headers=asked)
    assert (answer.status_code, answer.json["detail"]) == (409, say(CODE, lang=lang))


@pytest.mark.parametrize("lang", ["zh-CN", "mn-Mong"])
def test_a_field_that_is_refused_says_why_in_the_language_of_the_request(lang: str) -> None:
    app = Application("refusing")
    answer_with_problems(app, say_problem)
    known = {"pointer": "/name", "code": "name", "detail": "姓名"}

    def view() -> str:
        raise Malformed([{"pointer": "/form/home", "code": "home", "says": "field.blank"}, known])

    app.add_url_rule("/api/refused", "refused", view)
    app.dispatch_request = app.view_functions["refused"]
    answer = app.test_client().get("/api/refused", headers={"Accept-Language": lang})
    blank = {"pointer": "/form/home", "code": "home", "detail": say("problem.field.blank", lang=lang)}
    assert answer.json["errors"] == [blank, known]


def test_what_has_no_draft_yet_is_told_in_chinese() -> None:
    lacking = min(code for code in codes("problem.") if code not in own_codes("mn-Mong") and not needs(code))
    assert say_problem(lacking.removeprefix("problem."), {}, "mn-Mong") == say(lacking)


@pytest.mark.parametrize(("asked", "lang"), [({}, "zh-CN"), ({"Accept-Language": "mn-Mong"}, "mn-Mong")])
def test_a_change_that_the_record_refuses_is_told_in_the_language_of_the_request(
    asked: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wishes 20, where refusals are said before Flask."""
    monkeypatch.setattr(clock._offset, "moved", False)  # another test's city may have moved it
    book = SimpleNamespace(said={"category": "general", "session": 1}, number_of={"u": 0}, units=[{"id": 7}])
    seat = SimpleNamespace(view=SimpleNamespace(book=book, has_ended=lambda _login: False))
    boards: Any = SimpleNamespace(clock_ahead=0, seat=lambda _candidate: seat)
    behind: Any = None

    async def keep(_session: int, wish: Wish) -> tuple[Kept, None]:
        return Kept(BandNotOpen.code, None, None, 0, wish.arrived_at), None

    hot = DoorClient(BeforeFlask(behind, boards, keep, KEY, say_problem))
    token = CandidateToken(1, 1, 2026, False, int(clock.now().timestamp()) + 3600, uuid.uuid4())
    headers = {"Authorization": f"Bearer {write_candidate_token(token, KEY)}", "Idempotency-Key": "k1", **asked}
    told = hot.put("/api/exam/choices/general", json={"unit": "u"}, headers=headers)
    assert (told.status_code, told.json["detail"]) == (409, say(CODE, lang=lang))
