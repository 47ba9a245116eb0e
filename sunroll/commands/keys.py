"""`sunroll keys FILE`: write a new key file that only its owner can read."""

from pathlib import Path

import click

from sunroll.embedded import make_keys


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Write new keys (encryption, blind index, tokens) into FILE; an existing file is left as it is."""
    if file.exists():
        raise click.ClickException(f"{file} exists: losing its keys would lose the data; nothing was changed")
    make_keys(file)
    click.echo(f"{file} written; keep it outside the database's backups")
