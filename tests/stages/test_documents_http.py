"""Photographs over HTTP: taken in, shown to whom they belong, stamped for staff (promises D12, P13)."""

import uuid

import pytest
from PIL import ImageFilter
from sqlalchemy import select

from backend.documents.picture_addresses import LIVES, picture_address
from backend.documents.rows import Paper
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import guardian_by_phone
from backend.identity.rules.roles import Scope
from jobs.run_tasks import drain
from tests.enrolment_builders import KANGBASHI, jpeg, page
from tests.enrolment_phones import begun, fresh, multipart, send_picture
from tests.families_builders import desk_client, new_phone, official

GOOD = jpeg(page())


def test_a_picture_is_shown_by_a_signed_address_that_ends_and_fits_one_picture(app, monkeypatch) -> None:
    """Promises D12: short-lived, no-store, nosniff, image/jpeg."""
    client, headers, application = begun(app)
    send_picture(client, headers, application["id"], "household", GOOD)
    send_picture(client, headers, application["id"], "birth", GOOD)
    drain("pictures")
    at = f"/api/applications/{application['id']}/papers"
    first, second = client.get(at, headers=headers).json["items"]
    shown = client.get(first["picture_url"])
    assert shown.status_code == 200
    assert shown.mimetype == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "no-store"
    ticket = first["picture_url"].partition("ticket=")[2]
    for wrong in (ticket[:-2], "x", ""):
        assert client.get(f"/api/papers/{first['id']}/picture?ticket={wrong}").status_code in {404, 422}
    assert client.get(f"/api/papers/{second['id']}/picture?ticket={ticket}").status_code == 404
    assert client.get(f"/api/papers/{first['id']}/picture").status_code == 422
    later = clock.now() + LIVES
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(first["picture_url"]).status_code == 404


def test_whoever_no_longer_holds_the_child_no_longer_sees_the_picture(app) -> None:
    client, headers, application = begun(app)
    child_id = application["child_id"]
    phone = new_phone()
    helper = client.post(f"/api/children/{child_id}/helpers", json={"phone": phone, "days": 7}, headers=fresh(headers))
    assert helper.status_code == 201, helper.json
    send_picture(client, headers, application["id"], "household", GOOD)
    drain("pictures")
    paper = db.session.execute(select(Paper.id)).scalar_one()
    address = picture_address(paper, guardian_by_phone(phone).id)
    assert client.get(address).status_code == 200
    ended = client.delete(f"/api/children/{child_id}/helpers/{helper.json['id']}", headers=fresh(headers))
    assert ended.status_code == 204
    assert client.get(address).status_code == 404


def test_staff_see_a_picture_for_a_case_only_stamped_and_written_down(app) -> None:
    """Promises P13."""
    client, headers, application = begun(app)
    send_picture(client, headers, application["id"], "household", GOOD)
    drain("pictures")
    paper = db.session.execute(select(Paper.id)).scalar_one()
    with unit_of_work():
        reader = official("banner-admissions", Scope("banner", KANGBASHI))
        stranger = official("banner-admissions", Scope("banner", "150621"))
    desk = desk_client(app, reader)
    assert desk.get(f"/desk/papers/{paper}/picture").status_code == 422
    case = uuid.uuid4()
    shown = desk.get(f"/desk/papers/{paper}/picture?case={case}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    looks = db.session.execute(select(AccessRow.principal, AccessRow.purpose)).all()
    assert looks == [(f"official:{reader.account_id}", f"case {case}")]
    assert desk_client(app, stranger).get(f"/desk/papers/{paper}/picture?case={case}").status_code == 404


def test_the_same_request_key_gives_the_same_answer_and_one_photograph(app) -> None:
    """Promises P9."""
    client, headers, application = begun(app)
    at, key = f"/api/applications/{application['id']}/papers", {**headers, "Idempotency-Key": "one-and-the-same"}
    body = multipart("household", b"picture")
    sent = [client.post(at, data=body, headers=key, content_type="multipart/form-data; boundary=XX") for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].json == sent[1].json
    assert len(db.session.execute(select(Paper)).scalars().all()) == 1


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/json", b"{}", "fields-invalid"),
        ("text/plain", b"kind=household", "fields-invalid"),
        ("multipart/form-data; boundary=XX", b"--XX--", "paper-kind-unknown"),
        ("multipart/form-data; boundary=XX", b"no form at all", "fields-invalid"),
    ],
)
def test_an_upload_that_is_no_form_is_refused(app, content_type: str, body: bytes, code: str) -> None:
    client, headers, application = begun(app)
    address = f"/api/applications/{application['id']}/papers"
    answer = client.post(address, data=body, headers=fresh(headers), content_type=content_type)
    assert answer.json["code"] == code, answer.json


def test_an_upload_of_too_many_parts_or_bytes_is_refused(app) -> None:
    client, headers, application = begun(app)
    address = f"/api/applications/{application['id']}/papers"
    many = b"".join(b'--XX\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nx\r\n' % n for n in range(50))
    kind = "multipart/form-data; boundary=XX"
    refused = client.post(address, data=many + b"--XX--\r\n", headers=fresh(headers), content_type=kind)
    assert refused.status_code in {413, 422}, refused.json
    big = send_picture(client, headers, application["id"], "household", b"x" * (13 * 1024 * 1024))
    assert (big.status_code, big.json["code"]) == (413, "picture-too-big")


def test_an_official_looks_at_what_two_retakes_did_not_make_legible(app) -> None:
    """Wishes 10: retake at most twice, then a human."""
    client, headers, application = begun(app)
    blurred = jpeg(page().filter(ImageFilter.GaussianBlur(6)))
    for _ in range(3):
        send_picture(client, headers, application["id"], "household", blurred)
        drain("pictures")
    at = f"/api/applications/{application['id']}/papers"
    (paper,) = client.get(at, headers=headers).json["items"]
    assert (paper["state"], paper["attempt"]) == ("human", 3)
    with unit_of_work():
        reader = official("banner-admissions", Scope("banner", KANGBASHI))
        stranger = official("banner-admissions", Scope("banner", "150621"))
    desk, decision = desk_client(app, reader), f"/desk/papers/{paper['id']}/decision"
    assert paper["id"] in desk.get("/desk/papers").text
    elsewhere = desk_client(app, stranger)
    assert paper["id"] not in elsewhere.get("/desk/papers").text
    elsewhere.post(decision, data={"request_key": "1", "usable": "yes"})
    assert client.get(at, headers=headers).json["items"][0]["state"] == "human"
    desk.post(decision, data={"request_key": "2", "usable": "yes"})
    assert client.get(at, headers=headers).json["items"][0]["state"] == "good"
    desk.post(decision, data={"request_key": "3", "usable": "no"})
    assert client.get(at, headers=headers).json["items"][0]["state"] == "good"
    looks = db.session.execute(select(AccessRow.purpose)).scalars().all()
    assert looks == [f"paper {paper['id']}"] * 2
