"""Broadcasts by two officials, notices to who has not registered, bulk sending that pauses, letters that wait for their hour."""

import base64
import hashlib
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from backend.enrolment.enrol_by import EnrolByWrong, not_registered, send_enrol_by
from backend.foundation import clock
from backend.foundation.crypto import blind_index, seal_for_service
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor, NotAllowed
from backend.identity.grants import roles_of
from backend.identity.rules.roles import CITY, Scope
from backend.notices.broadcast import (
    BroadcastDone,
    BroadcastLinkWrong,
    BroadcastNeedsAnother,
    BroadcastWrong,
    Words,
    release_broadcast,
    write_broadcast,
)
from backend.notices.hold_notices import hold_notices, let_notices_go, progress_of
from backend.notices.lock_letters import LettersLocked, Written, lock_letters, published_key, read_letter
from backend.notices.rows import Broadcast, LockedLetter, Notice
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import RosterChild
from jobs.run_tasks import drain
from tests.enrolment_builders import open_banner, submitted
from tests.families_builders import actor_of, bearer, born_for_primary, desk_client, id_number, official, registered
from tests.notices_builders import guardian, tell

BANNER = "150603"


def of_banner(login: str | None = None) -> Actor:
    return official("banner-admissions", Scope("banner", BANNER), login)


def of_city() -> Actor:
    return official("city-admissions", Scope("city", CITY))


def written(actor: Actor, title: str = "多校划片", text: str = "今年有三个片区实行多校划片。") -> Broadcast:
    with unit_of_work():
        return write_broadcast(actor, BANNER, Words(title, text), clock.now())


def test_a_broadcast_reaches_every_family_of_the_banner_once(app, sms) -> None:
    """D24, D25: written by one, released by another, sent in batches, each account once."""
    open_banner()
    for number in range(3):
        submitted(actor_of(guardian(f"1390000000{number}")))
    row = written(of_banner())
    with pytest.raises(BroadcastNeedsAnother), unit_of_work():
        release_broadcast(official_of(row), row.id)
    with unit_of_work():
        release_broadcast(of_banner("second"), row.id)
    with pytest.raises(BroadcastDone), unit_of_work():
        release_broadcast(of_banner("third"), row.id)
    drain("notices")
    told = [text for _, text in sms.sent.values() if "多校划片" in text]
    assert len(told) == 3
    assert all("回复T" in text for text in told)
    assert db.session.get_one(Broadcast, row.id).state == "sent"


def official_of(row: Broadcast) -> Actor:
    return Actor(row.written_by, "official", roles_of(row.written_by))


def test_a_broadcast_says_something_and_comes_from_its_banner(app) -> None:
    with pytest.raises(BroadcastWrong):
        written(of_banner(), title="长" * 21)
    with pytest.raises(NotAllowed), unit_of_work():
        write_broadcast(of_banner(), "150621", Words("标题", "内容内容内容"), clock.now())


def led_to(link: str | None) -> Broadcast:
    with unit_of_work():
        return write_broadcast(of_banner(), BANNER, Words("多校划片", "内容内容内容", None, link), clock.now())


@pytest.mark.parametrize(
    "link",
    [
        "http://example.cn/policy",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,hello",
        "weixin://dl",
        "//example.cn/policy",
        "/\\example.cn",
        "https:///policy",
        "https://sunroll.cn@example.cn/",
        "https://[example.cn",
        "https://example.cn/a b",
        "java\tscript:alert(1)",
        "example.cn/policy",
    ],
)
def test_a_broadcast_leads_nowhere_but_by_https_or_inside_the_service(app, link: str) -> None:
    """D24: what goes to every family of a banner cannot carry them to an address that nobody vouches for."""
    with pytest.raises(BroadcastLinkWrong):
        led_to(link)
    assert db.session.execute(select(Broadcast)).first() is None


def test_a_broadcast_may_lead_to_https_and_to_the_services_own_pages(app) -> None:
    links = [
        "https://example.cn/policy?year=2026#three",
        "HTTPS://example.cn",
        "/public/books/150603",
        "/phone/#/pages/x/y",
    ]
    assert [led_to(link).link for link in links] == links
    assert (led_to(" ").link, led_to(None).link) == (None, None)


def on_roster(number: str, name: str) -> None:
    with unit_of_work():
        db.session.add(
            RosterChild(
                year=open_year(),
                banner=BANNER,
                id_index=blind_index("roster_child.id", number),
                from_school=f"{BANNER}-P01",
                name_sealed=seal_for_service("x", name.encode()),
                guardian_sealed=seal_for_service("x", b"g"),
            )
        )


def open_year() -> int:
    return book_in_force(BANNER).year


def test_who_stands_on_the_roster_and_has_not_registered_is_told_by_a_day(app, sms) -> None:
    """E06: 限期入学通知书; a family nobody knows gets it on paper, one that registered gets none."""
    open_banner()
    idle_number = id_number(born_for_primary())
    registered(actor_of(guardian("13900000011")), id_number=idle_number)
    submitted(actor_of(guardian("13900000012")))
    for number, name in ((idle_number, "苏日娜"), (id_number(born_for_primary()), "没人认识")):
        on_roster(number, name)
    assert [one.child is None for one in not_registered(BANNER)].count(True) == 1
    with unit_of_work():
        told = send_enrol_by(of_banner(), BANNER, clock.today() + timedelta(days=10), "康巴什区教体局")
    assert told == (1, 1)
    drain("notices")
    texts = [text for phone, text in sms.sent.values() if phone == "13900000011"]
    assert any("限期入学" in text and "康巴什区教体局" in text for text in texts)
    with pytest.raises(EnrolByWrong), unit_of_work():
        send_enrol_by(of_banner("x"), BANNER, date(2020, 1, 1), "局")


def test_the_desk_lists_who_has_not_registered_and_sends_the_notice(app, sms) -> None:
    """E06: the list names a child only where its family has an account, and only in part."""
    open_banner()
    number = id_number(born_for_primary())
    registered(actor_of(guardian("13900000011")), id_number=number, name="苏日娜")
    on_roster(number, "苏日娜")
    on_roster(id_number(born_for_primary()), "没人认识")
    client = desk_client(app, of_banner())
    page = client.get(f"/desk/applications/{BANNER}/not-registered").get_data(as_text=True)
    assert "一共 2 人，其中 1 人" in page
    assert "苏日娜" not in page
    path, until = f"/desk/applications/{BANNER}/enrol-by", clock.today() + timedelta(days=9)
    for day in ("", until.isoformat(), until.isoformat()):
        told = {"until": day, "office": "康巴什区教体局", "request_key": uuid.uuid4().hex}
        client.post(path, data=told, follow_redirects=True)
    drain("notices")
    assert sum("限期入学" in text for _, text in sms.sent.values()) == 1


def test_bulk_sending_is_paused_resumed_and_its_progress_seen(app, sms) -> None:
    notices = [tell(guardian(f"137000000{number:02d}")) for number in range(20)]
    drain("notices", most=5)
    assert progress_of("seat-settled").left == 5
    with pytest.raises(NotAllowed), unit_of_work():
        hold_notices(of_banner(), "seat-settled")
    with unit_of_work():
        hold_notices(of_city(), "seat-settled")
    tell(guardian("13700000099"))
    drain("notices")
    held = progress_of("seat-settled")
    assert (held.left, held.total, held.is_held, held.percent) == (5, 21, True, 23)
    with unit_of_work():
        let_notices_go(of_city(), "seat-settled")
    drain("notices")
    done = progress_of("seat-settled")
    assert (done.left, done.percent, done.is_held) == (21, 100, False)
    assert len(sms.calls) == len(set(sms.calls)) == 21
    assert set(sms.sent) >= {notice.hex for notice in notices}


def test_a_letter_lies_there_before_the_hour_and_opens_at_it(app) -> None:
    """Wishes 13: delivered before, opened by one short key published at the hour; nothing leaks early."""
    account = guardian()
    opens_at = clock.now() + timedelta(hours=1)
    with unit_of_work():
        key = lock_letters("150603-primary", [Written(account.id, "r1", "小明分到了第一小学。")], opens_at)
        lock_letters("150603-primary", [Written(account.id, "r1", "换一封")], opens_at)
    letter = db.session.execute(select(LockedLetter)).scalar_one()
    assert "第一小学".encode() not in letter.cipher
    with pytest.raises(LettersLocked):
        published_key("150603-primary")
    client = app.test_client()
    assert client.get("/api/letters/150603-primary/key").status_code == 409
    with time_machine.travel(opens_at + timedelta(seconds=1)):
        told = client.get("/api/letters/150603-primary/key").get_json()["key"]
    assert read_letter(letter.id, letter.cipher, told) == "小明分到了第一小学。"
    assert hashlib.sha256(bytes.fromhex(told)).hexdigest() == key.key_sha256
    with pytest.raises(InvalidTag):
        read_letter(uuid.uuid4(), letter.cipher, told)


def test_a_family_fetches_its_own_letters_only(app) -> None:
    mine, other = actor_of(guardian("13800000021")), actor_of(guardian("13800000022"))
    with unit_of_work():
        letters = [Written(mine.account_id, "a", "甲"), Written(other.account_id, "b", "乙")]
        lock_letters("s", letters, clock.now() + timedelta(hours=1))
    items = app.test_client().get("/api/me/letters", headers=bearer(mine)).get_json()["items"]
    assert [item["reference"] for item in items] == ["a"]
    assert base64.b64decode(items[0]["cipher"])


def test_a_guardian_chooses_a_language_for_notices(app, sms) -> None:
    """Wishes 20."""
    actor = actor_of(guardian("13800000031"))
    client = app.test_client()
    headers = {**bearer(actor), "Idempotency-Key": "k1"}
    told = client.put("/api/me/language", json={"language": "mn-Mong"}, headers=headers).get_json()
    assert told["is_reviewed"] is False
    refused = client.put("/api/me/language", json={"language": "xx"}, headers={**headers, "Idempotency-Key": "k2"})
    assert refused.status_code == 422
    assert db.session.execute(select(Notice)).first() is None
