"""How large and how long the measurements of live ranks are: whole, or brief to see that every part still runs."""

from dataclasses import dataclass

SERVER_CORE, LOAD_CORE = "0", "1"
UNITS = 300


@dataclass(frozen=True)
class Scale:
    """Sizes in people and sockets, lengths in seconds.

    `everybody` are the sizes at which all ranks are computed, `people` the size of a prefecture, `many` that of the
    question whether a rank still costs the same; `minutes_seconds` is how long the end of a band is played.
    """

    everybody: tuple[int, ...] = (20_000, 200_000, 1_000_000)
    people: int = 20_000
    many: int = 1_000_000
    load_seconds: int = 6
    minutes_seconds: int = 600
    listeners: int = 5_000
    sockets: int = 19_500
    rounds: int = 5


WHOLE = Scale()
BRIEF = Scale((2_000, 20_000), 3_000, 30_000, 2, 12, 300, 1_000, 2)
