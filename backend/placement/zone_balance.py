"""Before a list is frozen: how many children stand at each school of a stage, and whose address leads to none (A05, A09, A10)."""

from collections import Counter
from typing import Any

from backend.placement.freeze_placement import READY
from backend.placement.roster import applications_in_states, standings
from backend.placement.rounds import free_seats, public_plan
from backend.policy.books_in_force import book_in_force


def outside_zones(banner: str, stage: str) -> list[str]:
    """Receipts of settled applications whose address leads to no school: to look at before the list is frozen."""
    book = book_in_force(banner)
    ready = applications_in_states(book, stage, READY)
    if not ready or not public_plan(banner, stage):
        return []
    by_address = standings(book, stage, ready, with_feeders=False)
    doubtful = [each for each in ready if by_address[each[0].id].is_outside]
    places = standings(book, stage, doubtful)
    return [str(application.receipt) for application, _ in doubtful if places[application.id].is_outside]


def zone_balance(banner: str, stage: str) -> list[dict[str, Any]]:
    """{school, seats, standing, percent} for every school with free seats or children, the fullest first.

    `percent`: children for a hundred seats, rounded down; without seats the number of children times a hundred.
    """
    book = book_in_force(banner)
    ready = applications_in_states(book, stage, READY)
    if not ready or not public_plan(banner, stage):
        return []
    standing = Counter(place.school for place in standings(book, stage, ready).values())
    rows = [
        {
            "school": school,
            "seats": seats,
            "standing": standing[school],
            "percent": standing[school] * 100 // max(1, seats),
        }
        for school, seats in free_seats(banner, stage).items()
    ]
    return sorted(rows, key=lambda row: (-row["percent"], row["school"]))
