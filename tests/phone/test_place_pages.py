"""The phone's pages around a place, walked in Chromium: preference, private school, waiting list, leaving, deferral, transfer.

With SUNROLL_SCREENSHOTS=1 pictures at 375 px go to var/screenshots/phone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, Request

from tests.phone import canned
from tests.phone.canned import ANSWERS, APPLICATION, BANNER, CHILD, SCHOOL
from tests.phone.phone_browser import CannedPhone, canned_phone, picture

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 375, "height": 667}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}


@pytest.fixture
def phone(chromium: tuple[Playwright, Browser], built: Path) -> Iterator[CannedPhone]:  # a fixture shared
    """A phone of 375 px."""
    with canned_phone(chromium[1], built, PHONE) as opened:
        yield opened


def sent(phone: CannedPhone, press: Callable[[], None], method: str) -> tuple[str, Any]:
    """(path, body) of the one change that `press` sends; it carries a request key."""

    def is_change(request: Request) -> bool:
        return request.method == method and "/api/" in request.url

    with phone.page.expect_request(is_change) as caught:
        press()
    request = caught.value
    assert request.headers["idempotency-key"]
    return request.url.split("/api/")[1], request.post_data_json


def test_a_preference_is_asked_with_its_evidence_and_school(phone: CannedPhone) -> None:
    """B13 to B15: what the department said before is shown; the school belongs to the group."""
    phone.show(f"place/preference?id={APPLICATION}")
    assert "证件已过期" in phone.at("claim").inner_text()
    assert phone.at("preference-send").is_disabled()
    phone.at("option-group-soldier").click()
    phone.at(f"option-school-{SCHOOL}").click()
    phone.at("evidence").fill("军官证 军字第 0001 号")
    picture(phone, "place/preference", "375", full_page=True)
    path, body = sent(phone, phone.at("preference-send").click, "POST")
    assert path == f"applications/{APPLICATION}/preference"
    assert body == {"group": "soldier", "evidence": "军官证 军字第 0001 号", "school": SCHOOL}
    phone.at("preference-sent").wait_for()


def test_a_private_school_is_registered_for_after_a_second_question(phone: CannedPhone) -> None:
    """D09, B10: what it means for the public list is said before the word counts; taking it back is asked again, too."""
    phone.show(f"place/private?id={APPLICATION}")
    assert "演练民办小学" in phone.at("private-held").inner_text()
    phone.at("private-150603-P91").click()
    picture(phone, "place/private", "375", full_page=True)
    assert "不再参加公办派位" in phone.at("again-private").inner_text()
    path, body = sent(phone, phone.at("yes-private").click, "PUT")
    assert (path, body) == (f"applications/{APPLICATION}/private", {"school": "150603-P91"})
    phone.at("private-drop").click()
    assert sent(phone, phone.at("yes-drop").click, "PUT")[1] == {"school": None}


def test_a_waiting_list_shows_the_own_place_the_line_and_every_move(phone: CannedPhone) -> None:
    """Domain 2.8, 4: a list that moves in sight."""
    phone.show(f"place/line?id={APPLICATION}")
    assert "第 4 位，前面还有 3 家" in phone.at("place").inner_text()
    assert "26070-1234-1111" in phone.at("moves").inner_text()
    picture(phone, "place/line", "375", full_page=True)


def test_a_frozen_list_is_left_after_a_second_question(phone: CannedPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    """D28, D13: struck out, never removed."""
    of_application = ANSWERS[f"/api/applications/{APPLICATION}"]
    monkeypatch.setitem(canned.ANSWERS, f"/api/applications/{APPLICATION}", of_application | {"state": "frozen"})
    monkeypatch.setitem(canned.ANSWERS, f"/api/applications/{APPLICATION}/leave", {"struck_out": True})
    phone.show(f"place/leave?id={APPLICATION}")
    phone.at("reason").fill("全家搬走")
    phone.at("leave").click()
    picture(phone, "place/leave", "375", full_page=True)
    path, body = sent(phone, phone.at("yes-leave").click, "POST")
    assert (path, body) == (f"applications/{APPLICATION}/leave", {"reason": "全家搬走"})
    phone.at("left").wait_for()


def test_outside_a_frozen_list_there_is_nothing_to_leave(phone: CannedPhone) -> None:
    phone.show(f"place/leave?id={APPLICATION}")
    assert "不用退出" in phone.page.inner_text("body")
    assert phone.at("leave").count() == 0


def test_a_deferral_is_asked_for_and_says_what_follows(phone: CannedPhone) -> None:
    """Domain 2.4: the kindergarten meanwhile, and next year."""
    phone.show(f"place/deferral?child={CHILD}")
    assert "演练第一幼儿园" in phone.at("kindergarten").inner_text()
    assert "2027" in phone.at("next-year").inner_text()
    phone.at(f"option-banner-{BANNER}").click()
    phone.at("option-stage-primary").click()
    phone.at("evidence").fill("市中心医院 2026-04-02 诊断证明")
    picture(phone, "place/deferral", "375", full_page=True)
    path, body = sent(phone, phone.at("deferral-send").click, "POST")
    assert path == f"children/{CHILD}/deferral"
    assert (body["banner"], body["stage"]) == (BANNER, "primary")
    phone.at("deferral-sent").wait_for()


def test_a_transfer_is_asked_for_by_free_seats_after_a_second_question(phone: CannedPhone) -> None:
    """D15: the rule first, what was answered before with its reason, then schools with room, nearest first."""
    phone.show(f"place/transfer?id={APPLICATION}")
    assert "转学只看空余学位" in phone.at("transfer-rule").inner_text()
    assert "没有看到搬家的证明" in phone.at("answer").inner_text()
    assert phone.at("transfer-send").is_disabled()
    assert "空余 1 个学位" in phone.at("room-150603-P03").inner_text()
    phone.at("room-150603-P02").click()
    phone.at("transfer-text").fill("全家搬到二小旁边")
    picture(phone, "place/transfer", "375", full_page=True)
    phone.at("transfer-send").click()
    assert "照常按期确认" in phone.at("again-transfer").inner_text()
    path, body = sent(phone, phone.at("yes-transfer").click, "POST")
    assert path == f"applications/{APPLICATION}/transfers"
    assert body == {"school": "150603-P02", "text": "全家搬到二小旁边", "unit_code": None}
    phone.at("transfer-sent").wait_for()


def test_an_open_transfer_is_taken_back_after_a_second_question(
    phone: CannedPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/applications/{APPLICATION}/transfers"
    told = ANSWERS[path]
    waiting = told["items"][0] | {"state": "open", "answer": None}
    monkeypatch.setitem(canned.ANSWERS, path, told | {"items": [waiting], "may_ask": False})
    monkeypatch.setitem(canned.ANSWERS, f"{path}/withdrawal", {"state": "withdrawn"})
    phone.show(f"place/transfer?id={APPLICATION}")
    assert phone.at("transfer-send").count() == 0
    phone.at("transfer-back").click()
    picture(phone, "place/transfer-open", "375", full_page=True)
    assert sent(phone, phone.at("yes-transfer-back").click, "POST")[0] == f"{path.removeprefix('/api/')}/withdrawal"
