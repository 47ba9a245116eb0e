"""The real gateways against the simulated platform and SMS gateway on loopback: signatures, tokens, ids, refusals."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.log_in_guardian import WeChatCodeRefused, WeChatUnavailable
from backend.notices.gateways import ChannelRefused, ChannelSilent, ConsentSpent, PictureGone
from backend.notices.gateways.sms import SignedSms
from backend.notices.gateways.wechat import WeChatPlatform
from backend.notices.rows import WeChatToken
from backend.settings import WeChatSettings

SECRETS = {
    "WECHAT_APP_ID": "wx0000000000000001",
    "WECHAT_APP_SECRET": "s" * 32,
    "WECHAT_TOKEN": "t" * 32,
    "WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "SMS_KEY": "k" * 32,
}
ROOT = Path(__file__).parent.parent.parent

SUBSCRIPTION_TEMPLATE = "sunroll-subscription-v1"


@dataclass
class Site:
    """A simulated service on loopback."""

    address: str

    def figures(self) -> dict[str, int]:
        """What it counted."""
        told: dict[str, int] = requests.get(f"{self.address}/figures", timeout=5).json()
        return told

    def control(self, **faults: object) -> None:
        """Set its faults."""
        requests.post(f"{self.address}/control", json=faults, timeout=5).raise_for_status()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def serve(module: str, **told: str) -> Iterator[Site]:
    port = free_port()
    environ = {**os.environ, **SECRETS, **told, "PORT": str(port)}
    child = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    site = Site(f"http://127.0.0.1:{port}")
    try:
        for _ in range(100):
            try:
                requests.get(f"{site.address}/health", timeout=1).raise_for_status()
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield site
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture(scope="module")
def sms_site() -> Iterator[Site]:
    yield from serve("rehearsal.sms", SMS_RECEIPT_URL="http://127.0.0.1:9/nowhere")


@pytest.fixture(scope="module")
def wechat_site() -> Iterator[Site]:
    nowhere = "http://127.0.0.1:9"
    yield from serve("rehearsal.wechat", CALLBACK_URL=f"{nowhere}/callback", SUNROLL_PUBLIC_URL=nowhere)


@pytest.fixture
def sms(app: Application, sms_site: Site) -> SignedSms:
    sms_site.control(error_rate={})
    return SignedSms(sms_site.address, SECRETS["SMS_KEY"])


@pytest.fixture
def platform(app: Application, wechat_site: Site) -> WeChatPlatform:
    wechat_site.control(error_rate={})
    settings: WeChatSettings = app.config["WECHAT"]
    return WeChatPlatform(replace(settings, api_url=wechat_site.address))


@pytest.fixture
def person(wechat_site: Site) -> str:
    told = requests.post(f"{wechat_site.address}/chat/people", json={"name": "王大力"}, timeout=5).json()
    openid: str = told["openid"]
    return openid


def an_id() -> str:
    return uuid.uuid4().hex


def test_an_sms_is_accepted_and_its_repeat_is_the_same_message(sms, sms_site) -> None:
    before, message = sms_site.figures()["sent"], an_id()
    first = sms.send(message, "13800000001", "seat-settled", {"child": "小明"}, "您好")
    assert sms.send(message, "13800000001", "seat-settled", {"child": "小明"}, "您好") == first
    assert sms_site.figures()["sent"] == before + 1
    assert sms.state_of(message, "13800000001", clock.now()) in {"accepted", "delivered"}
    assert sms.state_of(an_id(), "13800000001", clock.now()) == "unknown-id"


def test_a_number_that_is_none_is_refused(sms) -> None:
    with pytest.raises(ChannelRefused, match="MOBILE_NUMBER_ILLEGAL"):
        sms.send(an_id(), "123", "seat-settled", {}, "您好")


def test_a_wrong_key_or_an_outage_is_silence(sms, sms_site) -> None:
    with pytest.raises(ChannelSilent):
        SignedSms(sms_site.address, "another key").send(an_id(), "13800000001", "x", {}, "您好")
    with pytest.raises(ChannelSilent):
        SignedSms("http://127.0.0.1:9", "k").send(an_id(), "13800000001", "x", {}, "您好")


def test_a_template_message_is_sent_once_by_its_id(platform, person, wechat_site) -> None:
    message = an_id()
    first = platform.send_template(person, message, "标题", "内容", "")
    assert platform.send_template(person, message, "标题", "内容", "") == first
    items = requests.get(f"{wechat_site.address}/inbox", params={"openid": person}, timeout=5).json()["items"]
    assert len([item for item in items if item.get("channel") == "template"]) == 1


def test_one_token_serves_all_and_is_sealed_in_the_table(platform, person, app) -> None:
    platform.send_template(person, an_id(), "标题", "内容", "")
    rows = db.session.query(WeChatToken).all()
    assert len(rows) == 1
    assert platform._keeper.token() == platform._keeper.token()
    assert platform._keeper.token().encode() not in rows[0].token_sealed


def test_a_token_that_the_platform_forgot_is_replaced_once(platform, person, wechat_site) -> None:
    """Promises part 2: no recursion without bound on 40001."""
    platform.send_template(person, an_id(), "标题", "内容", "")
    requests.post(f"{wechat_site.address}/tokens/forget", timeout=5)
    assert platform.send_template(person, an_id(), "标题", "内容", "")


def test_a_stranger_is_refused_and_a_spent_consent_is_told_apart(platform, person) -> None:
    with pytest.raises(ChannelRefused, match="40003"):
        platform.send_template("nobody", an_id(), "标题", "内容", "")
    with pytest.raises(ConsentSpent):
        platform.send_subscription(person, an_id(), "标题", "内容", "")


def test_a_subscription_message_fits_its_fields(platform, person, wechat_site) -> None:
    body = {"template_id": SUBSCRIPTION_TEMPLATE}
    requests.post(f"{wechat_site.address}/chat/{person}/consents", json=body, timeout=5).raise_for_status()
    assert platform.send_subscription(person, an_id(), "很长" * 30, "更长" * 99, "")


def test_an_outage_is_silence(platform, person, wechat_site) -> None:
    wechat_site.control(error_rate={"template": 1.0})
    with pytest.raises(ChannelSilent):
        platform.send_template(person, an_id(), "标题", "内容", "")


def test_a_platform_that_is_not_there_is_silence(app) -> None:
    settings: WeChatSettings = app.config["WECHAT"]
    with pytest.raises(ChannelSilent), unit_of_work():
        WeChatPlatform(replace(settings, api_url="http://127.0.0.1:9")).send_text("o1", "您好")


def test_a_login_code_gives_the_openid_once(platform, person, wechat_site) -> None:
    code = requests.post(f"{wechat_site.address}/chat/{person}/login-code", timeout=5).json()["code"]
    assert platform.openid_of(code) == person
    with pytest.raises(WeChatCodeRefused):
        platform.openid_of(code)
    with pytest.raises(WeChatCodeRefused):
        platform.openid_of("made-up")


def test_login_without_a_platform_says_that_it_is_away(app) -> None:
    settings: WeChatSettings = app.config["WECHAT"]
    with pytest.raises(WeChatUnavailable):
        WeChatPlatform(replace(settings, api_url="http://127.0.0.1:9")).openid_of("code")


def test_a_picture_comes_as_it_was_sent_and_an_old_one_is_gone(platform, person, wechat_site) -> None:
    picture = b"\xff\xd8\xff" + bytes(5000)
    told = requests.post(f"{wechat_site.address}/chat/{person}/picture", data=picture, timeout=5).json()
    assert platform.picture(told["media_id"]) == picture
    with pytest.raises(PictureGone):
        platform.picture("media-unknown")
