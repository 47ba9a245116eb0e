"""The way of a family through HTTP alone: consents, child, application, photographs, receipt (docs/walks)."""

import uuid
from typing import Any

import pytest
from PIL import ImageFilter
from sqlalchemy import select

from backend.documents.picture_addresses import LIVES, picture_address
from backend.documents.rows import Paper
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.accounts import guardian_by_phone
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from jobs.run_tasks import drain
from tests.enrolment_builders import KANGBASHI, form, jpeg, open_banner, page, submitted
from tests.families_builders import bearer, desk_client, guardian, id_number, new_phone, official, registered, renewed

GOOD = jpeg(page())


def fresh(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "Idempotency-Key": uuid.uuid4().hex}


def child_body(client: Any, **changes: Any) -> dict[str, Any]:
    consents = client.get("/api/consents").json["items"]
    told = {
        "name": "苏日娜",
        "id_kind": "resident",
        "id_number": id_number(),
        "ethnicity": "蒙古",
        "relation": "mother",
        "guardian_name": "其其格",
        "guardian_id_number": id_number(),
        "consents": [{"purpose": one["purpose"], "sha256": one["sha256"]} for one in consents if one["required"]],
    }
    return {**told, **changes}


def begun(app) -> tuple:
    """(client, headers, application as answered) of a family that has just begun."""
    with unit_of_work():
        open_banner()
    client, headers = app.test_client(), bearer(guardian())
    child = client.post("/api/children", json=child_body(client), headers=fresh(headers))
    assert child.status_code == 201, child.json
    told = {"child_id": child.json["id"], "banner": KANGBASHI, "stage": "primary"}
    answer = client.post("/api/applications", json=told, headers=fresh(headers))
    assert answer.status_code == 201, answer.json
    return client, headers, answer.json


def multipart(kind: str, data: bytes) -> bytes:
    """A form as phones send it, with a hostile file name; its boundary is XX."""
    name = 'filename="../../户口簿.jpg"'.encode()
    parts = (
        b'Content-Disposition: form-data; name="kind"\r\n\r\n' + kind.encode(),
        b'Content-Disposition: form-data; name="picture"; ' + name + b"\r\nContent-Type: text/html\r\n\r\n" + data,
    )
    return b"".join(b"--XX\r\n" + part + b"\r\n" for part in parts) + b"--XX--\r\n"


def send_picture(client: Any, headers: dict[str, str], application_id: str, kind: str, data: bytes) -> Any:
    address = f"/api/applications/{application_id}/papers"
    kind_of_body = "multipart/form-data; boundary=XX"
    return client.post(address, data=multipart(kind, data), headers=fresh(headers), content_type=kind_of_body)


def test_a_family_goes_from_the_consents_to_the_receipt(app) -> None:
    client, headers, application = begun(app)
    at = f"/api/applications/{application['id']}"
    assert application["state"] == "draft"
    assert application["window"]["state"] == "open"
    saved = client.put(f"{at}/form", json=form().model_dump(mode="json", exclude_none=True), headers=fresh(headers))
    assert saved.status_code == 200, saved.json
    assert saved.json["form"]["unit_name"] == "社区1"
    for paper in saved.json["papers"]:
        sent = send_picture(client, headers, application["id"], paper["kind"], GOOD)
        assert (sent.status_code, sent.json["state"]) == (201, "waiting"), sent.json
    drain("pictures")
    papers = client.get(f"{at}/papers", headers=headers).json["items"]
    assert {paper["state"] for paper in papers} == {"good"}
    assert client.get(at, headers=headers).json["missing"] == []
    receipt = client.post(f"{at}/submission", json={}, headers=fresh(headers))
    assert receipt.status_code == 200, receipt.json
    assert receipt.json["receipt"].startswith("603")
    child = client.get("/api/children", headers=headers).json["items"][0]
    assert child["application"] == {"id": application["id"], "state": "submitted"}
    withdrawn = client.post(f"{at}/withdrawal", json={"reason": "搬家"}, headers=fresh(headers))
    assert withdrawn.json["state"] == "withdrawn"


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


def test_no_route_of_another_family_opens(app) -> None:
    client, _, application = begun(app)
    other = bearer(guardian())
    at = f"/api/applications/{application['id']}"
    assert client.get(at, headers=other).status_code == 404
    assert client.get(f"{at}/papers", headers=other).status_code == 404
    assert client.put(f"{at}/form", json={}, headers=fresh(other)).status_code == 404
    assert client.post(f"{at}/submission", json={}, headers=fresh(other)).status_code == 404
    assert send_picture(client, other, application["id"], "household", GOOD).status_code == 404
    unknown = client.get(f"/api/applications/{uuid.uuid4()}", headers=other)
    theirs = client.get(at, headers=other)
    assert {**unknown.json, "request_id": ""} == {**theirs.json, "request_id": ""}


@pytest.mark.parametrize(
    "body", [{"state": "verified"}, {"receipt": "1"}, {"score": 100}, {"unit_code": "1"}, {"home": {"kind": "castle"}}]
)
def test_what_the_form_does_not_know_is_refused(app, body: dict) -> None:
    """Promises P7: mass assignment writes nothing."""
    client, headers, application = begun(app)
    answer = client.put(f"/api/applications/{application['id']}/form", json=body, headers=fresh(headers))
    assert (answer.status_code, answer.json["code"]) == (422, "fields-invalid")


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


def test_everything_held_is_told_to_the_family_and_nothing_of_others(app) -> None:
    """个保法 §45."""
    client, headers, application = begun(app)
    send_picture(client, headers, application["id"], "household", GOOD)
    drain("pictures")
    with unit_of_work():
        registered(name="别家的孩子")
    told = client.get("/api/me/export", headers=headers)
    assert told.status_code == 200, told.json
    assert [child["name"] for child in told.json["children"]] == ["苏日娜"]
    assert [one["purpose"] for one in told.json["children"][0]["consents"]] == ["enrolment", "departments", "records"]
    assert told.json["papers"][0]["picture_jpeg_base64"]
    assert told.json["applications"][0]["history"][0]["to"] == "draft"
    assert "别家的孩子" not in told.text


def test_two_guardians_meet_over_http(app) -> None:
    client, number = app.test_client(), id_number()
    present, second = bearer(guardian()), bearer(guardian())
    body = child_body(client, id_number=number)
    assert client.post("/api/children", json=body, headers=fresh(present)).status_code == 201
    refused = client.post("/api/children", json=child_body(client, id_number=number), headers=fresh(second))
    assert (refused.status_code, refused.json["code"]) == (409, "child-has-guardian")
    claim = client.post(
        "/api/claims", json={"id_number": number, "name": "苏日娜", "relation": "father"}, headers=fresh(second)
    )
    assert (claim.status_code, claim.json["state"]) == (201, "waiting")
    incoming = client.get("/api/claims", headers=present).json["items"]
    assert [(one["direction"], one["child_name"]) for one in incoming] == [("incoming", "苏日娜")]
    answer = client.post(f"/api/claims/{claim.json['id']}/answer", json={"accept": True}, headers=fresh(present))
    assert answer.json["state"] == "accepted"
    assert len(client.get("/api/children", headers=second).json["items"]) == 1


def test_faults_of_a_child_are_told_by_field_in_words(app) -> None:
    client = app.test_client()
    body = child_body(client, id_number="150603201905040000", ethnicity="?")
    refused = client.post("/api/children", json=body, headers=bearer(guardian()))
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json["errors"]} == {"/id_number", "/ethnicity"}
    assert all("请" in error["detail"] for error in refused.json["errors"])


def test_the_desk_shows_counts_and_masked_names_only(app) -> None:
    with unit_of_work():
        open_banner()
        _, application = submitted()
        reader = official("banner-admissions", Scope("banner", KANGBASHI))
    desk = desk_client(app, reader)
    assert KANGBASHI in desk.get("/desk/applications").text
    banner = desk.get(f"/desk/applications/{KANGBASHI}")
    assert banner.status_code == 200, banner.text
    listed = desk.get(f"/desk/applications/{KANGBASHI}/list?stage=primary&state=submitted")
    assert application.receipt in listed.text
    assert "苏*娜" in listed.text
    for shown in (banner.text, listed.text):
        assert "苏日娜" not in shown
        assert "演练小区" not in shown
    assert desk.get(f"/desk/applications/{KANGBASHI}/list?stage=primary&state=nowhere").status_code == 404
    assert desk.get("/desk/applications/150621").status_code == 403


def test_a_school_sees_no_list_of_applications(app) -> None:
    with unit_of_work():
        open_banner()
        actor: Actor = renewed(official("school-admissions", Scope("school", f"{KANGBASHI}-P01")))
    desk = desk_client(app, actor)
    assert desk.get(f"/desk/applications/{KANGBASHI}").status_code == 403
    assert desk.get(f"/desk/applications/{KANGBASHI}/list?stage=primary&state=submitted").status_code == 403
    assert db.session.execute(select(Application)).scalars().all() == []


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
