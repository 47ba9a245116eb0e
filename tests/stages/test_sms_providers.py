"""Aliyun and Tencent behind one interface: signatures that the peers check, outcomes, and failover by error rate."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from backend.foundation import clock
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent
from backend.notices.gateways.aliyun import AliyunSms
from backend.notices.gateways.contracts import contracts_in
from backend.notices.gateways.providers import Provider, Template
from backend.notices.gateways.routes import FEWEST, Health, SmsRoutes
from backend.notices.gateways.tencent import TencentSms
from backend.settings import SettingsRefused
from jobs.run_tasks import drain
from tests.notices_builders import HostileChat, HostileSms, drain_all, fails_with, guardian, tell, the
from tests.sms_peers import KEY_ID, KEY_SECRET, AliyunPeer, Peer, TencentPeer, on_loopback

PHONE = "13800000001"
TEMPLATES = {"login-code": Template("T1", ("code",)), "*": Template("T9", ("text",))}
KINDS = {AliyunPeer: AliyunSms, TencentPeer: TencentSms}


def provider(peer: Peer) -> Provider:
    return Provider(peer.address, KEY_ID, KEY_SECRET, "阳光入学", "1400000001", "ap-beijing", TEMPLATES)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def peer(app, request) -> Iterator[Peer]:
    with on_loopback(request.param()) as found:
        yield found


def gateway(peer: Peer) -> AliyunSms | TencentSms:
    return KINDS[type(peer)](provider(peer))


def test_a_message_is_accepted_under_its_signature_and_found_again_by_our_id(peer) -> None:
    assert gateway(peer).send("m-1", PHONE, "placed", {}, "小明分到了第一小学。~*'() 回复1确认")
    assert peer.forged == 0
    assert "m-1" in {peer.sent[0].get("OutId"), peer.sent[0].get("SessionContext")}
    assert "小明分到了第一小学" in json.dumps(peer.sent[0], ensure_ascii=False)
    assert gateway(peer).state_of("m-1", PHONE, clock.now()) == "delivered"
    assert gateway(peer).state_of("m-2", PHONE, clock.now()) == "unknown-id"


def test_a_wrong_secret_is_seen_by_the_peer(peer) -> None:
    """Negative control: the peers do check."""
    forged = KINDS[type(peer)](replace(provider(peer), key_secret="another"))
    with pytest.raises(ChannelRefused, match="Signature"):
        forged.send("m-1", PHONE, "login-code", {"code": "1"}, "")
    assert (peer.forged, peer.sent) == (1, [])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_limits_are_later_and_refusals_are_for_good(app, kind) -> None:
    later = {AliyunPeer: "isv.BUSINESS_LIMIT_CONTROL", TencentPeer: "LimitExceeded.PhoneNumberDailyLimit"}[kind]
    never = {AliyunPeer: "isv.MOBILE_NUMBER_ILLEGAL", TencentPeer: "InvalidParameterValue.IncorrectPhoneNumber"}[kind]
    with on_loopback(kind()) as peer:
        for code, outcome in ((later, ChannelBusy), (never, ChannelRefused), ("InternalError", ChannelSilent)):
            peer.fails_with = code
            with pytest.raises(outcome):
                gateway(peer).send("m-1", PHONE, "placed", {}, "x")


def test_an_answer_that_is_lost_is_silence_and_a_closed_door_is_certainly_not_sent(peer) -> None:
    peer.hangs_up = True
    with pytest.raises(ChannelSilent) as lost:
        gateway(peer).send("m-1", PHONE, "placed", {}, "x")
    assert not isinstance(lost.value, ChannelBusy)
    closed = KINDS[type(peer)](replace(provider(peer), address="http://127.0.0.1:9"))
    with pytest.raises(ChannelBusy, match="not-reached"):
        closed.send("m-1", PHONE, "placed", {}, "x")


def test_a_notice_without_an_approved_template_is_refused(peer) -> None:
    bare = KINDS[type(peer)](replace(provider(peer), templates={"login-code": TEMPLATES["login-code"]}))
    with pytest.raises(ChannelRefused, match="no-template"):
        bare.send("m-1", PHONE, "placed", {}, "x")


def test_contracts_are_read_in_their_order_and_faults_are_told(tmp_path) -> None:
    path = tmp_path / "contracts.toml"
    lines = ['name = "a"', 'kind = "tencent"', 'address = "http://127.0.0.1:9/"', 'key_id = "i"', 'key_secret = "s"']
    lines += ['sign = "x"', "[contract.templates]", 'login-code = ["1", "code"]']
    path.write_text("[[contract]]\n" + "\n".join(lines))
    assert list(contracts_in(path)) == ["a"]
    path.write_text("[[contract]]\n" + "\n".join(lines[1:]))
    with pytest.raises(SettingsRefused, match="name"):
        contracts_in(path)


def test_a_provider_that_fails_half_of_its_calls_rests_and_is_tried_again_once() -> None:
    health = Health()
    for _ in range(FEWEST):
        health.note(0.0, is_good=False)
    assert not health.is_well(10.0)
    assert health.is_well(31.0)
    assert not health.is_well(32.0)
    health.note(33.0, is_good=True)
    assert health.is_well(33.0)


def test_one_lost_call_among_many_is_no_illness() -> None:
    health = Health()
    for outcome in (True, True, True, False, True, False, True):
        health.note(0.0, is_good=outcome)
    assert health.is_well(0.0)


@pytest.fixture
def two(app) -> tuple[HostileSms, HostileSms]:
    first, second = HostileSms(), HostileSms()
    app.extensions["sms_gateway"] = SmsRoutes({"first": first, "second": second})
    app.extensions["chat_gateway"] = HostileChat()
    return first, second


def test_notices_go_by_the_second_provider_once_the_first_is_ill(two) -> None:
    first, second = two
    first.outcomes = [fails_with(ChannelBusy("not-reached"))] * 50
    notices = [tell(guardian(f"1380000{number:04d}")) for number in range(12)]
    drain_all(4)
    assert {the(notice).state for notice in notices} == {"sent"}
    assert len(first.sent) + len(second.sent) == len(notices)
    assert len(second.sent) >= len(notices) - FEWEST


def test_the_provider_that_may_have_sent_is_asked_before_another_sends(two) -> None:
    """Never two messages where the first provider can still tell."""
    first, second = two
    first.loses_answers = 1
    notice = tell(guardian())
    drain_all(3)
    assert (the(notice).state, the(notice).gateway) == ("sent", "first")
    assert (first.calls, second.calls) == ([notice.hex], [])


def test_a_code_that_was_certainly_not_sent_goes_by_the_other_provider_at_once(two, app) -> None:
    first, second = two
    first.outcomes = [fails_with(ChannelBusy("not-reached"))]
    app.test_client().post("/api/login/code", json={"phone": PHONE}, headers={"Idempotency-Key": "k"})
    drain("notices")
    assert (len(first.sent), len(second.sent)) == (0, 1)


def test_a_code_whose_sending_nobody_knows_is_never_sent_again(two, app) -> None:
    first, second = two
    first.loses_answers = 1
    app.test_client().post("/api/login/code", json={"phone": PHONE}, headers={"Idempotency-Key": "k"})
    drain_all(4)
    assert len(first.calls) + len(second.calls) == 1


def test_states_are_asked_with_the_phone_and_the_time_of_the_attempt(two, monkeypatch) -> None:
    first, _ = two
    asked: list[tuple[str, datetime]] = []
    monkeypatch.setattr(first, "state_of", lambda _, phone, at: asked.append((phone, at)) or "delivered")
    first.loses_answers = 1
    notice = tell(guardian())
    drain_all(2)
    assert the(notice).state == "delivered"
    assert asked[0][0] == PHONE
