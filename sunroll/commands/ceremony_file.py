"""`sunroll draw ceremony`: the published file of a ceremony recomputed; every commitment, and the seed (promises P6)."""

import sys
from pathlib import Path

import click

from backend.fairness.ceremony_check import ceremony_findings
from sunroll.files import BadInput, read_json, refuse

LIE = 1


@click.command("ceremony")
@click.argument("file", type=click.Path(path_type=Path))
def ceremony(file: Path) -> None:
    """Recompute every commitment and the seed of CEREMONY.json; exit code 1 where something in it does not hold."""
    try:
        document = read_json(file)
    except BadInput as error:
        refuse(error)
    if not isinstance(document, dict):
        refuse(BadInput([f"{file}: /: is no object"]))
    findings = ceremony_findings(document)
    for finding in findings:
        click.echo(f"{file}: {finding.pointer or '/'}: {finding.what}", err=True)
    if findings:
        sys.exit(LIE)
    click.echo(f"seed {document['seed']}" if document["seed"] else f"true so far: {document['state']}")
