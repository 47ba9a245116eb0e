"""A photograph that is sent again after a lost connection is one photograph, whatever boundary the phone draws (D2)."""

import uuid
from typing import Any

from tests.enrolment_builders import jpeg, page
from tests.enrolment_phones import begun

GOOD = jpeg(page(800, 600))


def _body(boundary: str, picture: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nhousehold\r\n--{boundary}\r\n'
    head += 'Content-Disposition: form-data; name="picture"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()


def _send(client, headers, at: str, key: str, boundary: str, picture: bytes = GOOD) -> Any:
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(
        at, data=_body(boundary, picture), content_type=kind, headers={**headers, "Idempotency-Key": key}
    )


def test_an_upload_that_is_sent_twice_with_other_boundaries_is_kept_once(app) -> None:
    client, headers, application = begun(app)
    at, key = f"/api/applications/{application['id']}/papers", str(uuid.uuid4())
    first = _send(client, headers, at, key, "----WebKitFormBoundaryA1b2C3d4E5f6G7h8")
    again = _send(client, headers, at, key, "----WebKitFormBoundaryZ9y8X7w6V5u4T3s2")
    assert (first.status_code, again.status_code) == (201, 201), again.json
    assert again.json["id"] == first.json["id"]
    assert len(client.get(at, headers=headers).json["items"]) == 1


def test_another_picture_under_the_same_key_is_refused(app) -> None:
    client, headers, application = begun(app)
    at, key = f"/api/applications/{application['id']}/papers", str(uuid.uuid4())
    _send(client, headers, at, key, "one")
    other = _send(client, headers, at, key, "two", jpeg(page(700, 500)))
    assert (other.status_code, other.json["code"]) == (422, "request-key-reused")
