"""`sunroll migrate`: bring the database named by DATABASE_URL to the newest revision."""

from pathlib import Path

import click


@click.command()
def command() -> None:
    """Bring the database to the newest revision."""
    from alembic import command as alembic  # noqa: PLC0415  # no other command needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "migrations"))
    alembic.upgrade(config, "head")
    click.echo("the database is at the newest revision")
