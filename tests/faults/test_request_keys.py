"""Many copies of one request at once have one effect and one answer (promises P9), on real connections."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.idempotency import RequestKey
from tests.database_of_its_own import own_app

COPIES = 12


@pytest.fixture
def tipoffs(services, request) -> Iterator[Application]:
    with own_app(services, request.node.name[:50]) as (app, _):
        yield app


def send(app, key: str) -> bytes:
    body = {"text": "有人说可以买学位,请查一查。"}
    return app.test_client().post("/api/tipoffs", json=body, headers={"Idempotency-Key": key}).data


def effects(app) -> int:
    with app.app_context():
        return db.session.execute(db.text("SELECT count(*) FROM tipoff")).scalar_one()


def test_parallel_copies_of_a_request_are_one(tipoffs) -> None:
    with ThreadPoolExecutor(COPIES) as pool:
        answers = list(pool.map(lambda _: send(tipoffs, "one-key"), range(COPIES)))
    assert len(set(answers)) == 1
    assert effects(tipoffs) == 1


def test_without_the_key_row_copies_would_be_many(tipoffs, monkeypatch) -> None:
    """Negative control."""
    monkeypatch.setattr("backend.foundation.doors.earlier_answer", lambda *given: None)
    with ThreadPoolExecutor(COPIES) as pool:
        list(pool.map(lambda _: send(tipoffs, "one-key"), range(COPIES)))
    assert effects(tipoffs) == COPIES


def test_the_key_row_is_written_with_its_effect(tipoffs) -> None:
    send(tipoffs, "one-key")
    with tipoffs.app_context():
        row = db.session.query(RequestKey).one()
        assert (row.key, row.status) == ("one-key", 201)
