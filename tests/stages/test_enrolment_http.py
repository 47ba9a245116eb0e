"""The way of a family through HTTP alone: consents, child, application, photographs, receipt (docs/walks)."""

import uuid

import pytest
from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from jobs.run_tasks import drain
from tests.enrolment_builders import KANGBASHI, form, jpeg, open_banner, page, submitted
from tests.enrolment_phones import begun, child_body, fresh, send_picture
from tests.families_builders import bearer, desk_client, guardian, id_number, official, registered, renewed

GOOD = jpeg(page())


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
