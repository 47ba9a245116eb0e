"""Hand the sealed ledger to an accredited auditor; every export is written down with its reason."""

from backend.fairness.canonical import sha256_hex
from backend.foundation.audit import record
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import CITY, Scope
from backend.publication.enter_ledger import entries_of
from backend.publication.ledger_folder import archive, sealed_folder


def open_ledger(actor: Actor, season: str, reason: str) -> bytes:
    """The season's sealed folder as a zip archive: whole inputs and outputs, under numbers and without names.

    A season's ledger holds all banners, so the role is held on the whole prefecture.
    Raises NotAllowed, NotFound, RunDamaged.
    """
    authorize_office(actor, "ledger.read", (Scope("city", CITY),))
    data = archive(season, sealed_folder(season))
    entries = entries_of(season)
    record("ledger.exported", "ledger", season, reason, head=entries[-1].hash, archive_sha256=sha256_hex(data))
    return data
