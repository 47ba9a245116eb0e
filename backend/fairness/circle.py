"""The circle method: a drawn start number and a drawn step count the winners out (domain 2.8, 1; contracts 1)."""


def circle_draw(people: int, start: int, step: int, winners: int, *, keeps_drawn: bool) -> list[int]:
    """The winners' numbers in the order they are drawn, out of 1 … `people`; the first winner is `start`.

    `keeps_drawn` false: drawn numbers leave the circle and are no longer counted. True: plain counting modulo
    `people` over all numbers; on a number already drawn the next undrawn one clockwise is taken, and counting goes
    on from it. Raises ValueError with every fault where not 1 ≤ start ≤ people, step ≥ 1, 0 ≤ winners ≤ people.
    """
    if faults := circle_faults(people, start, step, winners):
        raise ValueError("; ".join(what for _, what in faults))
    if keeps_drawn:
        return _counting_over_drawn(people, start, step, winners)
    return _leaving_the_circle(people, start, step, winners)


def circle_faults(people: int, start: int, step: int, winners: int) -> list[tuple[str, str]]:
    """What is wrong with the numbers of a circle draw: (name of the argument, sentence), empty where all is well."""
    faults = []
    if people < 1:
        faults.append(("people", f"{people} is too few; there is at least one person in the circle"))
    elif not 1 <= start <= people:
        faults.append(("start", f"{start} is not in the circle of 1 to {people}"))
    if step < 1:
        faults.append(("step", f"{step} is too small; the step is 1 or more"))
    if winners < 0:
        faults.append(("winners", f"{winners} is negative"))
    elif winners > max(people, 0):
        faults.append(("winners", f"{winners} is more than the {people} people in the circle"))
    return faults


def _leaving_the_circle(people: int, start: int, step: int, winners: int) -> list[int]:
    circle = _Circle(people)
    drawn: list[int] = []
    place = start - 1
    while len(drawn) < winners:
        drawn.append(circle.take(place))
        if circle.left:
            place = (place + step - 1) % circle.left
    return drawn


class _Circle:
    """The numbers still in the circle: a Fenwick tree of those taken out, sparse, so that a draw costs log(people)."""

    def __init__(self, people: int) -> None:
        self.people = self.left = people
        self._taken: dict[int, int] = {}

    def take(self, place: int) -> int:
        """Take out the number at `place`, 0-based among those still in, and return it."""
        number = 0
        width = 1 << (self.people.bit_length() - 1)
        while width:
            following = number + width
            if following <= self.people:
                inside = width - self._taken.get(following, 0)
                if inside <= place:
                    number, place = following, place - inside
            width >>= 1
        number += 1
        self.left -= 1
        node = number
        while node <= self.people:
            self._taken[node] = self._taken.get(node, 0) + 1
            node += node & -node
        return number


def _counting_over_drawn(people: int, start: int, step: int, winners: int) -> list[int]:
    beyond: dict[int, int] = {}
    drawn: list[int] = []
    landing = start
    while len(drawn) < winners:
        number = _next_undrawn(beyond, landing)
        drawn.append(number)
        beyond[number] = number % people + 1
        landing = (number - 1 + step) % people + 1
    return drawn


def _next_undrawn(beyond: dict[int, int], landing: int) -> int:
    """The first undrawn number from `landing` on, clockwise; `beyond` leads from a drawn number forward."""
    walked = []
    number = landing
    while number in beyond:
        walked.append(number)
        number = beyond[number]
    for passed in walked:
        beyond[passed] = number
    return number
