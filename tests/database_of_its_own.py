"""An app on a database of a test's own, with real commits: for threads, killed workers and races."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from backend.app import create_app
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.settings import read_settings
from sunroll.embedded import database


@contextmanager
def own_app(services: dict[str, str], name: str) -> Iterator[tuple[Application, dict[str, str]]]:
    """A fresh app with its environment; its connections are closed at the end."""
    server = services["DATABASE_URL"].replace("/sunroll_tests?", "/postgres?")
    environ = {**os.environ, **services, "DATABASE_URL": database(server, name)}
    app = create_app(read_settings(environ))
    with app.app_context():
        db.create_all()
    try:
        yield app, environ
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        clock.follow_rehearsal(moved=True)
