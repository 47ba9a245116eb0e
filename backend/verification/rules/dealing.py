"""Who is dealt a case: whoever has the fewest open ones, of those who may; and which decisions two people make."""

from collections.abc import Mapping, Sequence
from datetime import datetime

SAMPLED_ONE_IN = 50
"""Of so many applications that pass by themselves one is looked at by a person."""


def next_official(
    officials: Sequence[str], open_cases: Mapping[str, int], last_dealt_at: Mapping[str, datetime], not_to: set[str]
) -> str | None:
    """The official with the fewest open cases; of those level, who was dealt one longest ago, then by id. None: nobody."""
    able = [official for official in officials if official not in not_to]
    if not able:
        return None
    never = min(last_dealt_at.values(), default=None)

    def key(official: str) -> tuple[int, bool, float, str]:
        at = last_dealt_at.get(official)
        stamp = at.timestamp() if at else (never.timestamp() if never else 0.0)
        return open_cases.get(official, 0), at is not None, stamp, official

    return min(able, key=key)


def needs_second(decision: str, reason_code: str) -> bool:
    """Whether a second official has to agree: nobody is turned away, or called a liar, by one person (domain 2.5 人工复审)."""
    return decision == "reject" or reason_code == "false-papers"


def is_sampled(application: bytes, one_in: int = SAMPLED_ONE_IN) -> bool:
    """Whether an application with this random id is one of the sample."""
    return int.from_bytes(application[-8:], "big") % one_in == 0
