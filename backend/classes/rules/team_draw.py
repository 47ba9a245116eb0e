"""Teachers' teams drawn to finished lists: first the classes, then the draw (先分班后抽签; C10, T-3.8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.fairness.tickets import TicketDraw

TEAM_DRAW = "classes/teams"


class TeamsDoNotMatchClasses(ValueError):
    """There must be one team for every class, each named once."""


@dataclass(frozen=True)
class TeamDrawn:
    """One line of the record: in which place the team drew, with which ticket (hex), and the class it drew."""

    position: int
    team: str
    ticket: str
    class_number: int


def draw_teams(teams: Sequence[str], classes: Sequence[int], seed: str) -> tuple[TeamDrawn, ...]:
    """Every team with the class it drew, in the order of the draw.

    The teams stand in the order of their tickets (contracts 1, draw name "classes/teams"), the classes in the order
    of their numbers; the first team takes the first class, and so on. The order of the arguments plays no part.
    Raises TeamsDoNotMatchClasses where the numbers differ or a name stands twice.
    """
    if len(set(teams)) != len(teams) or len(set(classes)) != len(classes):
        raise TeamsDoNotMatchClasses("a team or a class stands twice")
    if len(teams) != len(classes):
        raise TeamsDoNotMatchClasses(f"{len(teams)} teams cannot draw {len(classes)} classes, one each")
    draw = TicketDraw(seed, TEAM_DRAW)
    order = sorted((draw.ticket(team), team.encode(), team) for team in teams)
    return tuple(
        TeamDrawn(position, team, ticket.hex(), number)
        for position, ((ticket, _, team), number) in enumerate(zip(order, sorted(classes), strict=True), start=1)
    )
