"""Alembic's environment: the models' tables against the database named by DATABASE_URL."""

import os
from importlib import import_module
from importlib.util import find_spec

from alembic import context
from sqlalchemy import create_engine

from backend.app import ROOMS
from backend.foundation import audit, clock, crypto, idempotency, tasks  # noqa: F401
from backend.foundation.database import Rows
from backend.settings import database_address

for room in ROOMS:
    if find_spec(f"backend.{room}.rows"):
        import_module(f"backend.{room}.rows")
if find_spec("bots.rows"):
    import_module("bots.rows")


def migrate() -> None:
    """Run the migrations in one transaction."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = create_engine(database_address(os.environ["DATABASE_URL"]))
    with engine.begin() as connection:
        _run(connection)
    engine.dispose()


def _run(connection: object) -> None:
    context.configure(connection=connection, target_metadata=Rows.metadata, compare_type=True)  # type: ignore[arg-type]
    context.run_migrations()


migrate()
