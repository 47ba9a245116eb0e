"""Fixtures of all tests: real PostgreSQL and Valkey started by the tests, one database a worker, an app on top."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from playwright.sync_api import Browser, Playwright
from sqlalchemy import Connection, select

from backend.app import create_app
from backend.foundation import clock
from backend.foundation.clock import ClockOffset
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.settings import read_settings
from sunroll.embedded import database, make_keys, postgresql, valkey
from tests.chromium import running_chromium
from tests.journey_builders import STARTS, stand_at

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def services() -> Iterator[dict[str, str]]:
    """The environment of a service: addresses of a fresh database and Valkey, and secrets made for the tests."""
    folder = Path(tempfile.mkdtemp(prefix="sunroll-tests-"))
    with postgresql(folder / "postgresql") as server, valkey(folder / "valkey") as bell:
        make_keys(folder / "keys.json")
        yield environ_for_tests(database(server, "sunroll_tests"), bell, folder)
    shutil.rmtree(folder, ignore_errors=True)


def environ_for_tests(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    """Every setting that the service needs, for tests."""
    nowhere = "http://127.0.0.1:9"
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SUNROLL_KEYS_FILE": str(folder / "keys.json"),
        "SUNROLL_UPLOADS": str(folder / "uploads"),
        "SUNROLL_PUBLIC_URL": "http://127.0.0.1:8000",
        "SUNROLL_REHEARSAL": "1",
        "WECHAT_APP_ID": "wx0000000000000001",
        "WECHAT_APP_SECRET": "s" * 32,
        "WECHAT_TOKEN": "t" * 32,
        "WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "WECHAT_API_URL": nowhere,
        "SMS_URL": nowhere,
        "SMS_KEY": "k" * 32,
        "SMS_RECEIPT_PATH": "r" * 32,
        "EXCHANGE_URL": nowhere,
        "EXCHANGE_CLIENT": "sunroll",
        "EXCHANGE_KEY": "e" * 32,
    }


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[Playwright, Browser]]:
    """The machine's Chromium, one for all tests of the process."""
    with running_chromium() as both:
        yield both


@pytest.fixture(scope="session")
def assembled(services: dict[str, str]) -> Iterator[Application]:
    """The app on a fresh schema, made once a session."""
    app = create_app(read_settings({**os.environ, **services}))
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(assembled: Application) -> Iterator[Application]:
    """The app inside one transaction that is rolled back after the test; what it commits are savepoints of it."""
    with assembled.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        db.session.remove()

        class OnTheTestsConnection(Session):
            """Flask-SQLAlchemy's own `get_bind` passes over a session's `bind` and goes to the engine."""

            def get_bind(self, *_: Any, **__: Any) -> Connection:
                return connection

        options = {"class_": OnTheTestsConnection, "join_transaction_mode": "create_savepoint"}
        session = db._make_scoped_session({**options})
        kept, db.session = db.session, session
        handed_in = dict(assembled.extensions)
        del assembled.extensions["choice_writer"]  # it has a connection of its own, which sees nothing of this one
        clock.follow_rehearsal(moved=True)
        try:
            yield assembled
        finally:
            session.remove()
            db.session = kept
            assembled.extensions = handed_in
            outer.rollback()
            connection.close()


@pytest.fixture
def moving_clock(app: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands at a fixed day's morning and reads its offset in the test's own transaction."""

    def read_offset() -> int:
        return int(db.session.connection().execute(select(ClockOffset.seconds)).scalar_one_or_none() or 0)

    monkeypatch.setattr(clock, "_read_offset", read_offset)
    stand_at(STARTS)
    yield
    clock._offset.seconds = 0
    clock._offset.read_at = float("-inf")
