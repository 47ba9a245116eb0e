"""Migrations make exactly the models' schema, number without a gap, and can be taken back (promises P22)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from backend.foundation.database import Rows
from backend.settings import database_address
from sunroll.embedded import database

MIGRATIONS = Path(__file__).parents[2] / "migrations"
RULES = text("SELECT tgrelid::regclass::text || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
FUNCTIONS = text(
    "SELECT proname, prosrc FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace "
    "WHERE n.nspname = 'public' ORDER BY proname"
)
TABLES = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")


@pytest.fixture
def connection(services: dict[str, str], request) -> Iterator[Connection]:
    """A connection to a database of this test's own."""
    name = re.sub(r"\W", "_", request.node.name)[:60].lower()
    server = services["DATABASE_URL"].replace("/sunroll_tests?", "/postgres?")
    engine = create_engine(database_address(database(server, name)))
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def migrate(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def test_the_migrated_schema_equals_the_models(assembled, connection) -> None:
    migrate(connection, "head")
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Rows.metadata) == []


def test_the_migrated_rules_equal_those_of_the_models(assembled, connection) -> None:
    """Triggers for append-only tables and state steps: made by the migration as by the models."""
    migrate(connection, "head")
    migrated = connection.execute(RULES).scalars().all(), connection.execute(FUNCTIONS).all()
    migrate(connection, "base")
    Rows.metadata.create_all(connection)
    modelled = connection.execute(RULES).scalars().all(), connection.execute(FUNCTIONS).all()
    assert migrated[0] == modelled[0]
    assert [(n, " ".join(s.split())) for n, s in migrated[1]] == [(n, " ".join(s.split())) for n, s in modelled[1]]


def test_taking_all_migrations_back_leaves_nothing(assembled, connection) -> None:
    migrate(connection, "head")
    migrate(connection, "base")
    assert connection.execute(TABLES).scalar_one() == 0
    assert connection.execute(FUNCTIONS).all() == []


def test_revisions_number_without_a_gap() -> None:
    numbers = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
