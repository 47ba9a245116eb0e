"""A family's phone over HTTP: begins an application, sends photographs, for tests of documents and enrolment."""

import uuid
from typing import Any

from backend.foundation.unit_of_work import unit_of_work
from tests.enrolment_builders import KANGBASHI, open_banner
from tests.families_builders import bearer, guardian, id_number


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
