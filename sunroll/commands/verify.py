"""`sunroll verify`: the checker of a published ledger folder.

The checker shares no code with the programs it checks, but for one: class lists are recomputed by the former itself.
A second former, written from the document alone, is `node verify/verify.mjs` (docs/formats/ledger.md).
"""

from typing import Any

import click

from verify.__main__ import run


@click.command()
@click.argument("folder", metavar="DIR")
def command(folder: str) -> None:
    """Recompute what the ledger in DIR holds the input of, check the rest by hash and proof."""
    raise SystemExit(run(folder, {"classes": _class_lists}))


def _class_lists(given: dict[str, Any]) -> dict[str, Any]:
    from backend.classes.rules.decided import decided  # noqa: PLC0415  # numpy is loaded where lists are to be formed

    return decided(given)
