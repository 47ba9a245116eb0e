"""A pupil who comes after the draw: the smallest class by rule, so that nobody chooses (domain 3.1, T-3.7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.fairness.tickets import TicketDraw

LATE_ARRIVAL = "classes/late-arrival"


@dataclass(frozen=True)
class ClassStanding:
    """A class as it stands: its number and how many pupils of each sex it has."""

    number: int
    by_sex: Mapping[str, int]

    @property
    def pupils(self) -> int:
        """How many pupils the class has."""
        return sum(self.by_sex.values())


def class_for_late_arrival(classes: Iterable[ClassStanding], sex: str, no: str, seed: str) -> int:
    """The number of the class that takes a pupil who comes after the draw.

    The class with fewest pupils; of these the one with fewest of the pupil's sex; of these the one whose ticket
    comes first, the ticket being drawn from `seed`, the draw name "classes/late-arrival/" + `no` and the number of
    the class. Raises ValueError where there is no class.
    """
    draw = TicketDraw(seed, f"{LATE_ARRIVAL}/{no}")
    order = sorted(
        classes, key=lambda one: (one.pupils, one.by_sex.get(sex, 0), draw.ticket(str(one.number)), one.number)
    )
    if not order:
        raise ValueError("there is no class to take the pupil")
    return order[0].number
