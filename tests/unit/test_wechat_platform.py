"""The simulated WeChat platform: its tokens, login codes, refusals and pictures, as the real one words them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from rehearsal.fates import SAMPLES
from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Request, Site
from rehearsal.population import Spec, write_city
from rehearsal.serving import serving
from rehearsal.wechat import Account, Platform

APP, SECRET = "wx0123456789abcdef", "the secret of the account"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TEMPLATE = "template-of-results"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(Spec("wechat", 30), folder)
    return folder


@pytest.fixture
def wechat(city: Path) -> Iterator[str]:
    bots = Site("bots")

    async def quiet(request: Request) -> Answer:
        return Answer(b"success", kind="text/plain")

    bots.route("POST", "/wechat", quiet)
    with serving(bots) as service:
        account = Account(APP, SECRET, "token", AES_KEY, f"{service}/wechat", "http://127.0.0.1:1")
        platform = Platform(account, city, Weather("wechat"))
        with serving(platform.site) as address:
            yield address
        platform.close()


def openid(city: Path) -> str:
    first = json.loads((city / "families.jsonl").read_text(encoding="utf-8").splitlines()[0])
    found: str = first["guardian"]["openid"]
    return found


def token(wechat: str, **changes: Any) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": APP, "secret": SECRET, **changes}
    told: dict[str, Any] = requests.post(f"{wechat}/cgi-bin/stable_token", json=body, timeout=5).json()
    return told


def call(wechat: str, path: str, body: dict[str, Any], access_token: str | None = None) -> dict[str, Any]:
    query = {"access_token": access_token or token(wechat)["access_token"]}
    told: dict[str, Any] = requests.post(f"{wechat}/cgi-bin/message/{path}", params=query, json=body, timeout=5).json()
    return told


def say(wechat: str, person: str, text: str = "你好") -> None:
    requests.post(f"{wechat}/chat/{person}/text", json={"text": text}, timeout=5)


def lines(wechat: str, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(f"{wechat}/chat/{person}/messages", timeout=5).json()["items"]
    return found


def test_the_normal_mode_gives_the_same_token_and_the_forced_one_a_new_one(wechat: str) -> None:
    first, again = token(wechat), token(wechat)
    assert first["access_token"] == again["access_token"]
    assert 0 < first["expires_in"] <= 7200
    forced = token(wechat, force_refresh=True)
    assert forced["access_token"] != first["access_token"]
    assert call(wechat, "custom/send", {}, first["access_token"])["errcode"] == 40001


@pytest.mark.parametrize(
    ("changes", "code"), [({"appid": "wx"}, 40013), ({"secret": "no"}, 40125), ({"grant_type": "x"}, 40002)]
)
def test_a_wrong_account_gets_no_token(wechat: str, changes: dict[str, str], code: int) -> None:
    assert token(wechat, **changes)["errcode"] == code


def login(wechat: str, code: str) -> dict[str, Any]:
    query = {"appid": APP, "secret": SECRET, "js_code": code, "grant_type": "authorization_code"}
    told: dict[str, Any] = requests.get(f"{wechat}/sns/jscode2session", params=query, timeout=5).json()
    return told


def test_a_login_code_tells_the_person_once(wechat: str, city: Path) -> None:
    code = requests.post(f"{wechat}/chat/{openid(city)}/login-code", timeout=5).json()["code"]
    assert login(wechat, code)["openid"] == openid(city)
    assert login(wechat, code)["errcode"] == 40163
    assert login(wechat, "made-up")["errcode"] == 40029


def test_a_login_code_is_too_old_after_five_minutes(wechat: str, city: Path) -> None:
    code = requests.post(f"{wechat}/chat/{openid(city)}/login-code", timeout=5).json()["code"]
    requests.post(f"{wechat}/control", json={"clock_offset_s": 301}, timeout=5)
    assert login(wechat, code)["errcode"] == 40029


def test_a_customer_service_message_reaches_only_who_wrote_within_two_days(wechat: str, city: Path) -> None:
    person = openid(city)
    body = {"touser": person, "msgtype": "text", "text": {"content": "收到了"}}
    assert call(wechat, "custom/send", body)["errcode"] == 45015
    say(wechat, person)
    assert call(wechat, "custom/send", body)["errcode"] == 0
    assert lines(wechat, person)[-1]["text"] == "收到了"
    requests.post(f"{wechat}/control", json={"clock_offset_s": 49 * 3600}, timeout=5)
    assert call(wechat, "custom/send", body)["errcode"] == 45015


def test_the_twenty_first_answer_to_one_message_is_refused(wechat: str, city: Path) -> None:
    person = openid(city)
    say(wechat, person)
    access = token(wechat)["access_token"]
    body = {"touser": person, "msgtype": "text", "text": {"content": "答"}}
    codes = [call(wechat, "custom/send", body, access)["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45047]
    say(wechat, person)
    assert call(wechat, "custom/send", body, access)["errcode"] == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "text", "text": {"content": "长" * 700}}, 45002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "dance"}, 40008),
        ({"msgtype": "text", "text": "no object"}, 47001),
        ({"touser": "nobody", "msgtype": "text", "text": {"content": "x"}}, 40003),
    ],
)
def test_messages_that_the_platform_does_not_take_get_its_codes(
    wechat: str, city: Path, body: dict[str, Any], code: int
) -> None:
    say(wechat, openid(city))
    assert call(wechat, "custom/send", {"touser": openid(city), **body})["errcode"] == code


def test_a_template_message_with_one_client_id_is_shown_once(wechat: str, city: Path) -> None:
    """P8: a stable message id makes a repeat harmless on the gateway's side too."""
    body = {
        "touser": openid(city),
        "template_id": TEMPLATE,
        "url": "http://127.0.0.1:1/phone/",
        "data": {"first": {"value": "录取结果"}, "keyword1": {"value": "第一小学"}, "remark": {"value": "请确认"}},
        "client_msg_id": "n-1",
    }
    first, again = call(wechat, "template/send", body), call(wechat, "template/send", body)
    assert first["msgid"] == again["msgid"]
    (card,) = [line for line in lines(wechat, openid(city)) if line["kind"] == "card"]
    assert (card["title"], card["lines"], card["link"]) == ("录取结果", ["第一小学", "请确认"], body["url"])
    assert call(wechat, "template/send", {**body, "client_msg_id": "n-2", "template_id": "?"})["errcode"] == 40037


def test_a_subscription_message_needs_a_consent_and_uses_it_up(wechat: str, city: Path) -> None:
    person = openid(city)
    body = {"touser": person, "template_id": TEMPLATE, "data": {"thing1": {"value": "派位结果"}}}
    assert call(wechat, "subscribe/send", body)["errcode"] == 43101
    requests.post(f"{wechat}/chat/{person}/consents", json={"template_id": TEMPLATE}, timeout=5)
    assert call(wechat, "subscribe/send", {**body, "client_msg_id": "n-1"})["errcode"] == 0
    assert call(wechat, "subscribe/send", {**body, "client_msg_id": "n-1"})["errcode"] == 0
    assert call(wechat, "subscribe/send", {**body, "client_msg_id": "n-2"})["errcode"] == 43101
    assert call(wechat, "subscribe/send", {**body, "client_msg_id": "n-2"})["errcode"] == 43101


def test_a_value_longer_than_its_kind_allows_is_refused(wechat: str, city: Path) -> None:
    body = {"touser": openid(city), "template_id": TEMPLATE, "data": {"thing1": {"value": "一" * 21}}}
    assert call(wechat, "subscribe/send", body)["errcode"] == 47003


def test_forgotten_tokens_get_40001_until_a_new_one_is_fetched(wechat: str, city: Path) -> None:
    old = token(wechat)["access_token"]
    requests.post(f"{wechat}/tokens/forget", timeout=5)
    assert call(wechat, "custom/send", {"touser": openid(city)}, old)["errcode"] == 40001
    assert requests.post(f"{wechat}/cgi-bin/message/custom/send", json={}, timeout=5).json()["errcode"] == 41001


def test_a_picture_sent_in_the_chat_is_fetched_by_its_media_id(wechat: str, city: Path) -> None:
    person = openid(city)
    sent = requests.post(f"{wechat}/chat/{person}/picture", data=b"\xff\xd8 a picture", timeout=5).json()
    query = {"access_token": token(wechat)["access_token"], "media_id": sent["media_id"]}
    got = requests.get(f"{wechat}/cgi-bin/media/get", params=query, timeout=5)
    assert got.content == b"\xff\xd8 a picture"
    assert got.headers["Content-Type"] == "image/jpeg"
    query["media_id"] = "gone"
    assert requests.get(f"{wechat}/cgi-bin/media/get", params=query, timeout=5).json()["errcode"] == 40007
    assert requests.get(f"{wechat}/media/gone", timeout=5).status_code == 404


@pytest.mark.parametrize("name", ["household", "property", "household-blurred"])
def test_sample_pictures_are_offered_and_sent_without_a_file(wechat: str, city: Path, name: str) -> None:
    person = openid(city)
    offered = requests.get(f"{wechat}/chat/people", timeout=5).json()["samples"]
    assert name in {sample["name"] for sample in offered}
    shown = requests.get(f"{wechat}/chat/{person}/samples/{name}", timeout=10).content
    assert shown[:2] == b"\xff\xd8"
    requests.post(f"{wechat}/chat/{person}/picture", params={"sample": name}, timeout=10)
    media_id = lines(wechat, person)[-1]["media_id"]
    assert requests.get(f"{wechat}/media/{media_id}", timeout=5).content == shown


def test_the_busy_platform_says_minus_one_and_the_absent_one_503(wechat: str, city: Path) -> None:
    access = token(wechat)["access_token"]
    requests.post(f"{wechat}/control", json={"error_rate": {"custom": 1}}, timeout=5)
    assert call(wechat, "custom/send", {"touser": openid(city)}, access)["errcode"] == -1
    requests.post(f"{wechat}/control", json={"error_rate": {}, "quota": {"custom": 0}}, timeout=5)
    assert call(wechat, "custom/send", {"touser": openid(city)}, access)["errcode"] == 45009
    requests.post(f"{wechat}/control", json={"outages": [{"name": "*", "lasts_s": 60}]}, timeout=5)
    assert requests.post(f"{wechat}/cgi-bin/stable_token", json={}, timeout=5).status_code == 503


def test_the_chat_page_offers_the_sample_families_and_takes_new_people(wechat: str, city: Path) -> None:
    people = requests.get(f"{wechat}/chat/people", timeout=5).json()["people"]
    assert [person["note"] for person in people[:2]] == [f"示例家庭：{SAMPLES[letter][1]}" for letter in "ab"]
    made = requests.post(f"{wechat}/chat/people", json={"name": "新来的妈妈"}, timeout=5)
    assert made.status_code == 201
    people = requests.get(f"{wechat}/chat/people", timeout=5).json()["people"]
    assert made.json()["openid"] in {person["openid"] for person in people}
    assert requests.post(f"{wechat}/chat/people", json={"name": " "}, timeout=5).status_code == 400


def test_everything_the_account_sent_stands_in_the_inbox_the_latest_first(wechat: str, city: Path) -> None:
    person = openid(city)
    say(wechat, person)
    for text in ("一", "二"):
        call(wechat, "custom/send", {"touser": person, "msgtype": "text", "text": {"content": text}})
    items = requests.get(f"{wechat}/inbox", timeout=5).json()["items"]
    assert [item["text"] for item in items] == ["二", "一"]
    assert {item["openid"] for item in items} == {person}


@pytest.mark.parametrize("path", ["/chat", "/inbox"])
def test_a_browser_gets_pages_in_chinese(wechat: str, path: str) -> None:
    answer = requests.get(wechat + path, headers={"Accept": "text/html"}, timeout=5)
    answer.encoding = "utf-8"
    assert 'lang="zh-CN"' in answer.text
    assert "演练" in answer.text


def test_a_menu_key_that_does_not_exist_is_refused(wechat: str, city: Path) -> None:
    assert requests.post(f"{wechat}/chat/{openid(city)}/click", json={"key": "dance"}, timeout=5).status_code == 400
    assert requests.post(f"{wechat}/chat/nobody/click", json={"key": "enrol"}, timeout=5).status_code == 404
