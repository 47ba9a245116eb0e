"""What departments hold of a simulated family beside household, property and work: contract, lease, permit, birth, moves."""

from datetime import timedelta
from typing import Any

from rehearsal.people import Book, Home, People

YEAR = timedelta(days=365)
PERMIT_LASTS, LEASE_LASTS = 3, 20
HANDED_OVER_AFTER = timedelta(days=500)
"""A flat bought so long ago has been handed over; the city's story is told up to its own today."""


def papers_of_life(people: People, book: Book, home: Home) -> dict[str, Any]:
    """{contracts, leases, permits, births, moves, employment}: identity number (births: child's name) → record.

    A lease or contract is in the register where the family has one; a permit where its household is elsewhere.
    """
    guardian = people.guardian
    told: dict[str, Any] = {"contracts": {}, "leases": {}, "permits": {}, "births": {}, "moves": {}, "employment": {}}
    place = {"address": home.address, "unit_code": home.unit_code}
    signed_on = home.registered_on or book.moved_in_on
    if home.kind == "contract":
        told["contracts"][guardian.id_number] = {
            "contract": home.certificate,
            **place,
            "signed_on": signed_on.isoformat(),
            "handed_over": signed_on + HANDED_OVER_AFTER < book.moved_in_on,
            "buyers": [guardian.name],
        }
    if home.kind == "rented":
        told["leases"][guardian.id_number] = {
            "record_number": home.certificate,
            **place,
            "began_on": signed_on.isoformat(),
            "ends_on": (signed_on + LEASE_LASTS * YEAR).isoformat(),
            "tenants": [guardian.name],
        }
    if book.unit_code is None or not book.unit_code.startswith(home.unit_code[:6]):
        told["permits"][guardian.id_number] = {
            "permit": f"{home.unit_code[:6]}{guardian.id_number[-6:]}",
            **place,
            "issued_on": signed_on.isoformat(),
            "valid_until": (max(signed_on, book.moved_in_on) + PERMIT_LASTS * 4 * YEAR).isoformat(),
        }
    for child in people.children:
        told["births"][child.name] = {
            "birth_certificate": f"Q15{child.id_number[6:12]}{child.id_number[-4:-1]}",
            "born_on": child.born_on.isoformat(),
            "parents": [] if people.relation == "grandparent" else [guardian.name],
        }
        told["moves"][child.id_number] = {
            "moves": [{"moved_on": book.moved_in_on.isoformat(), "to": book.address, "reason": book.reason}]
        }
    return told
