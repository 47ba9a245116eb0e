"""A whole public ceremony held by verbs alone, for tests of what comes after the seed."""

from backend.fairness.ceremony import witness_commitment
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.publication.lead_ceremony import (
    WitnessName,
    announce_ceremony,
    close_commitments,
    close_reveals,
    conclude_ceremony,
)
from backend.publication.rows import Run
from backend.publication.witness_ceremony import commit_at_desk, say_at_desk
from tests.journey_builders import WITNESSES


def hold_ceremony(run: Run, actor: Actor, texts: dict[str, str] | None = None) -> Run:
    """Announce, commit, say, conclude, without a public number; the run is at work afterwards."""
    said = texts or WITNESSES
    with unit_of_work():
        announce_ceremony(actor, run.id, [WitnessName(name, "见证人") for name in said], None)
        for name, text in said.items():
            commit_at_desk(actor, run.id, name, witness_commitment(run.roster_root, name, text))
        close_commitments(actor, run.id)
    with unit_of_work():
        for name, text in said.items():
            say_at_desk(actor, run.id, name, text)
        close_reveals(actor, run.id)
        return conclude_ceremony(actor, run.id)
