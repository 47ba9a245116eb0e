"""Faults of a rule-book's sections against each other; each part yields (JSON pointer, Chinese sentence)."""

from collections.abc import Iterator

from backend.policy.rules.consistency_of_after import after_faults
from backend.policy.rules.consistency_of_papers import paper_faults
from backend.policy.rules.consistency_of_points import point_faults
from backend.policy.rules.consistency_of_seats import seat_faults
from backend.policy.rules.consistency_of_times import time_faults
from backend.policy.rules.consistency_of_ways import way_faults
from backend.policy.rules.partial_book import PartialBook


def consistency_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Every fault that shows only when sections are read together."""
    yield from time_faults(book)
    yield from seat_faults(book)
    yield from point_faults(book)
    yield from paper_faults(book)
    yield from way_faults(book)
    yield from after_faults(book)
