"""`sunroll officials FILE`: make officials' accounts from a file, with their roles."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Make the accounts that FILE lists: [{login, name, password, totp, roles: [{role, scope_kind, scope_id}]}].

    Accounts that exist already are passed over. The file holds passwords: keep it for its owner only.
    """
    import os  # noqa: PLC0415  # only this command opens the service

    from sqlalchemy import select  # noqa: PLC0415

    from backend.app import create_app  # noqa: PLC0415
    from backend.foundation.database import db  # noqa: PLC0415
    from backend.foundation.unit_of_work import unit_of_work  # noqa: PLC0415
    from backend.identity.grants import give_grant  # noqa: PLC0415
    from backend.identity.log_in_official import make_official  # noqa: PLC0415
    from backend.identity.rows import Official  # noqa: PLC0415
    from backend.identity.rules.roles import Scope  # noqa: PLC0415
    from backend.settings import read_settings  # noqa: PLC0415

    made = 0
    with create_app(read_settings(os.environ)).app_context(), unit_of_work():
        known = set(db.session.execute(select(Official.login)).scalars())
        for person in json.loads(file.read_text(encoding="utf-8")):
            if person["login"] in known:
                continue
            account, _ = make_official(person["login"], person["name"], person["password"], person.get("totp"))
            for role in person["roles"]:
                give_grant(account, role["role"], Scope(role["scope_kind"], role["scope_id"]), "made at set-up")
            made += 1
    click.echo(f"{made} accounts made")
