"""What the official account's templates can hold, by the platform's rules for their fields; checked before sending."""

import re

SUBSCRIPTION_FIELDS = {"thing1": "title", "thing2": "text"}
"""The fields of the subscription template and what of a notice stands in them. Its number is a setting."""
LONGEST = {"thing": 20, "character_string": 32, "number": 32, "letter": 32, "symbol": 5, "phrase": 5, "name": 10}
"""Characters that the platform takes in a field of each kind; longer ones are refused (47003)."""
MORE = "…"


class FieldDoesNotFit(ValueError):
    """A value that cannot be shortened is too long for its field."""


def fitted(name: str, value: str) -> str:
    """`value` as the field `name` (a kind and a number) takes it: one line, not empty, a long `thing` cut with `…`.

    Raises FieldDoesNotFit for a field that would say something else when cut.
    """
    kind = re.sub(r"\d+$", "", name)
    longest = LONGEST.get(kind)
    if longest is None:
        raise FieldDoesNotFit(f"no field of the kind {kind!r}")
    told = re.sub(r"\s+", " ", value).strip() or "阳光入学"
    if len(told) <= longest:
        return told
    if kind != "thing":
        raise FieldDoesNotFit(f"{name}: {len(told)} characters, at most {longest}")
    return told[: longest - 1] + MORE
