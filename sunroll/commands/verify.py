"""`sunroll verify`: the checker of a published ledger folder; it shares no code with the programs it checks."""

import click

from verify.__main__ import run


@click.command()
@click.argument("folder", metavar="DIR")
def command(folder: str) -> None:
    """Recompute what the ledger in DIR holds the input of, check the rest by hash and proof."""
    raise SystemExit(run(folder))
