"""Callbacks of the simulated WeChat platform: encrypted as the published description says, tried three times, decrypted."""

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from rehearsal import wechat_callbacks
from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Request, Site
from rehearsal.serving import serving
from rehearsal.wechat import Account, Platform
from rehearsal.wechat_crypto import BadEnvelope, Envelopes, parse_xml, xml

APP, TOKEN = "wx0123456789abcdef", "a token of the account"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SEALS = Envelopes(APP, TOKEN, AES_KEY)


class Bots:
    """Stands for the service: opens each push with the library the service uses, and answers as it is told."""

    def __init__(self) -> None:
        self.library = WeChatCrypto(TOKEN, AES_KEY, APP)
        self.seen: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, str]], Answer] = lambda told: Answer(b"success")
        self.site = Site("bots")
        self.site.route("POST", "/wechat", self._receive)

    async def _receive(self, request: Request) -> Answer:
        query = request.query
        plain = self.library.decrypt_message(request.body, query["msg_signature"], query["timestamp"], query["nonce"])
        told = {child.tag: child.text or "" for child in parse_xml(plain.encode())}
        self.seen.append({**told, "_nonce": query["nonce"], "_openid": query["openid"]})
        return self.answer(told)

    def reply(self, content: str) -> None:
        """Answer each push with this plain XML, sealed by the library."""
        sealed = self.library.encrypt_message(content, str(secrets.randbelow(10**9)), str(int(time.time())))
        self.answer = lambda told: Answer(sealed.encode(), kind="text/xml")


def text_reply(text: str) -> str:
    fields = {"ToUserName": "o", "FromUserName": "gh", "CreateTime": 1, "MsgType": "text", "Content": text}
    return xml(fields).decode()


@pytest.fixture
def bots() -> Bots:
    return Bots()


@pytest.fixture
def wechat(bots: Bots) -> Iterator[str]:
    with serving(bots.site) as service:
        account = Account(APP, "secret", TOKEN, AES_KEY, f"{service}/wechat", "http://127.0.0.1:1")
        platform = Platform(account, None, Weather("wechat"))
        with serving(platform.site) as address:
            yield address
        platform.close()


@pytest.fixture
def person(wechat: str) -> str:
    made: str = requests.post(f"{wechat}/chat/people", json={"name": "妈妈"}, timeout=5).json()["openid"]
    return made


def lines(wechat: str, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(f"{wechat}/chat/{person}/messages", timeout=5).json()["items"]
    return found


def wait_for(condition: Callable[[], Any]) -> None:
    for _ in range(100):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within five seconds")


def say(wechat: str, person: str, text: str = "我要报名") -> None:
    requests.post(f"{wechat}/chat/{person}/text", json={"text": text}, timeout=5)


def test_a_new_person_is_a_subscribe_event_and_a_text_a_message(wechat: str, bots: Bots, person: str) -> None:
    wait_for(lambda: bots.seen)
    assert (bots.seen[0]["MsgType"], bots.seen[0]["Event"]) == ("event", "subscribe")
    say(wechat, person, "您好 <b>&]]>")
    wait_for(lambda: len(bots.seen) == 2)
    assert bots.seen[1]["Content"] == "您好 <b>&]]>"
    assert bots.seen[1]["FromUserName"] == bots.seen[1]["_openid"] == person
    assert int(bots.seen[1]["MsgId"]) > 0


def test_menu_scan_and_picture_arrive_as_the_platform_sends_them(wechat: str, bots: Bots, person: str) -> None:
    requests.post(f"{wechat}/chat/{person}/click", json={"key": "enrol"}, timeout=5)
    requests.post(f"{wechat}/chat/{person}/scan", json={"key": "poster-7"}, timeout=5)
    requests.post(f"{wechat}/chat/{person}/picture", data=b"\xff\xd8", timeout=5)
    wait_for(lambda: len(bots.seen) == 4)
    by_kind = {told.get("Event") or told["MsgType"]: told for told in bots.seen}
    assert by_kind["CLICK"]["EventKey"] == "enrol"
    assert by_kind["SCAN"]["EventKey"] == "poster-7"
    assert by_kind["image"]["MediaId"].startswith("media-")
    assert requests.get(by_kind["image"]["PicUrl"], timeout=5).content == b"\xff\xd8"


def test_a_passive_reply_is_decrypted_into_the_chat(wechat: str, bots: Bots, person: str) -> None:
    bots.reply(text_reply("请问孩子叫什么名字?"))
    say(wechat, person)
    wait_for(lambda: lines(wechat, person)[-1]["from"] == "account")
    assert lines(wechat, person)[-1]["text"] == "请问孩子叫什么名字?"
    assert requests.get(f"{wechat}/inbox", timeout=5).json()["items"][0]["channel"] == "passive"


def test_success_and_silence_show_nothing(wechat: str, bots: Bots, person: str) -> None:
    say(wechat, person)
    bots.answer = lambda told: Answer(b"")
    say(wechat, person)
    wait_for(lambda: requests.get(f"{wechat}/figures", timeout=5).json()["callbacks"].get("answered") == 3)
    assert {line["from"] for line in lines(wechat, person)} == {"me"}


def test_no_answer_in_time_is_tried_three_times_and_then_the_person_is_told(
    wechat: str, bots: Bots, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promises 2: WeChat sends again, three times in all; the message keeps its MsgId and gets a new nonce."""
    monkeypatch.setattr(wechat_callbacks, "ANSWER_WITHIN_SECONDS", 0.5)
    wait_for(lambda: bots.seen)
    bots.answer = lambda told: Answer(b"", status=500)
    say(wechat, person)
    wait_for(lambda: lines(wechat, person)[-1]["from"] == "system")
    tried = [told for told in bots.seen if told["MsgType"] == "text"]
    assert len(tried) == 3
    assert len({told["MsgId"] for told in tried}) == 1
    assert len({told["_nonce"] for told in tried}) == 3
    assert "故障" in lines(wechat, person)[-1]["text"]


def test_a_slow_answer_counts_as_none(wechat: str, bots: Bots, person: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_callbacks, "ANSWER_WITHIN_SECONDS", 0.2)
    wait_for(lambda: bots.seen)

    def slow(told: dict[str, str]) -> Answer:
        if len([each for each in bots.seen if each["MsgType"] == "text"]) == 1:
            time.sleep(0.4)
        return Answer(b"success")

    bots.answer = slow
    say(wechat, person)
    wait_for(lambda: len([told for told in bots.seen if told["MsgType"] == "text"]) >= 2)


def test_a_push_may_be_doubled_although_it_was_answered(wechat: str, bots: Bots, person: str) -> None:
    wait_for(lambda: bots.seen)
    requests.post(f"{wechat}/control", json={"error_rate": {"callback": 1}}, timeout=5)
    say(wechat, person)
    wait_for(lambda: len([told for told in bots.seen if told["MsgType"] == "text"]) == 3)


@pytest.mark.parametrize(
    "answer",
    [
        b"<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[plain]]></Content></xml>",
        b"not xml",
        xml(
            {
                "Encrypt": SEALS.encrypt(b"<xml><MsgType>text</MsgType><Content>forged</Content></xml>"),
                "MsgSignature": "0" * 40,
                "TimeStamp": "1",
                "Nonce": "1",
            }
        ),
    ],
)
def test_a_reply_that_is_not_sealed_as_it_must_be_is_not_shown(
    wechat: str, bots: Bots, person: str, answer: bytes
) -> None:
    bots.answer = lambda told: Answer(answer)
    say(wechat, person)
    wait_for(lambda: any(line["from"] == "system" for line in lines(wechat, person)))
    assert not any(line["from"] == "account" for line in lines(wechat, person))


def test_a_reply_longer_than_the_platform_takes_is_not_shown(wechat: str, bots: Bots, person: str) -> None:
    bots.reply(text_reply("长" * 700))
    say(wechat, person)
    wait_for(lambda: any(line["from"] == "system" for line in lines(wechat, person)))


def test_news_becomes_a_card_and_a_hand_over_shows_nothing(wechat: str, bots: Bots, person: str) -> None:
    item = "<item><Title>录取结果</Title><Description>第一小学</Description><Url>http://127.0.0.1:1/x</Url></item>"
    bots.reply(f"<xml><MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles>{item}</Articles></xml>")
    say(wechat, person)
    wait_for(lambda: lines(wechat, person)[-1]["from"] == "account")
    assert lines(wechat, person)[-1]["title"] == "录取结果"
    bots.reply("<xml><MsgType>transfer_customer_service</MsgType></xml>")
    say(wechat, person)
    wait_for(lambda: requests.get(f"{wechat}/figures", timeout=5).json()["callbacks"].get("answered", 0) >= 3)
    assert lines(wechat, person)[-1]["from"] == "me"


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_what_is_sealed_is_opened_again_by_us_and_by_the_library(message: bytes) -> None:
    assert SEALS.decrypt(SEALS.encrypt(message)) == message


@settings(max_examples=40)
@given(st.text(max_size=80).filter(lambda text: "\0" not in text))
def test_the_library_opens_what_we_seal(text: str) -> None:
    encrypted = SEALS.encrypt(text.encode("utf-8", "ignore"))
    body = xml({"ToUserName": "gh", "Encrypt": encrypted})
    signature = SEALS.signature("1", "2", encrypted)
    opened = WeChatCrypto(TOKEN, AES_KEY, APP).decrypt_message(body, signature, "1", "2")
    assert opened == text.encode("utf-8", "ignore").decode()


def test_a_text_sealed_for_another_account_or_broken_is_refused() -> None:
    other = Envelopes("wx-another", TOKEN, AES_KEY)
    with pytest.raises(BadEnvelope, match="not meant for this account"):
        SEALS.decrypt(other.encrypt(b"hello"))
    for broken in ("", "AAAA", base64.b64encode(bytes(32)).decode(), "无"):
        with pytest.raises(BadEnvelope):
            SEALS.decrypt(broken)


def test_declarations_of_entities_are_refused() -> None:
    with pytest.raises(BadEnvelope, match="declarations"):
        parse_xml(b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>')
