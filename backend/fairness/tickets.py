"""Tickets: a number for every child that anybody can recompute, and the order they make (contracts 1)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TICKET_DOMAIN = b"sunroll-ticket/v1"


class TicketDraw:
    """One draw: its tickets for ids or bundle labels.

    `seed` and `draw` are texts taken as they are, never trimmed. A ticket is
    HMAC-SHA256(SHA-256(seed), "sunroll-ticket/v1" 00 draw 00 id), 32 bytes, all texts in UTF-8. Both hashes of the
    HMAC (RFC 2104) are begun here once; an id goes on from a copy of them.
    """

    def __init__(self, seed: str, draw: str) -> None:
        key = hashlib.sha256(seed.encode()).digest().ljust(hashlib.sha256().block_size, b"\0")
        prefix = TICKET_DOMAIN + b"\0" + draw.encode() + b"\0"
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + prefix)
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def ticket(self, identifier: str) -> bytes:
        """The ticket of an id, or of the bundle label that stands in its place; a function of nothing else."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(identifier.encode())
        outer.update(inner.digest())
        return outer.digest()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One head of a drawn order: `position` counts heads from 1, `ticket` is 32 bytes."""

    position: int
    no: str
    ticket: bytes


def bundle_units(people: Mapping[str, str | None]) -> list[tuple[str, tuple[str, ...]]]:
    """The units that draw one ticket each: (id or bundle label, members in id order).

    `people` maps each id to its bundle label, or to None. Twins take one number for both (domain 2.8, 5).
    """
    members: dict[str, list[str]] = {}
    for no in sorted(people, key=str.encode):
        label = people[no]
        members.setdefault(no if label is None else label, []).append(no)
    return [(name, tuple(nos)) for name, nos in members.items()]


def labels_equal_to_ids(people: Mapping[str, str | None]) -> set[str]:
    """The bundle labels that are also ids: two units would share one ticket, so they are bad input."""
    return {label for label in people.values() if label is not None and label in people}


def draw_order(people: Mapping[str, str | None], seed: str, draw: str) -> list[Drawn]:
    """Everybody in the order of the draw: ascending by ticket bytes, then by id bytes; bundles stand together.

    `people` maps each id to its bundle label or None. Raises ValueError where a label equals an id.
    """
    if doubled := labels_equal_to_ids(people):
        raise ValueError(f"bundle labels that are also ids: {sorted(doubled, key=str.encode)}")
    drawing = TicketDraw(seed, draw)
    units = sorted((drawing.ticket(name), name.encode(), members) for name, members in bundle_units(people))
    heads = ((no, ticket) for ticket, _, members in units for no in members)
    return [Drawn(position, no, ticket) for position, (no, ticket) in enumerate(heads, 1)]


def ticket_order(identifiers: Iterable[str], seed: str, draw: str) -> list[str]:
    """Ids without bundles in the order of the draw."""
    return [drawn.no for drawn in draw_order(dict.fromkeys(identifiers), seed, draw)]


class ReplacedTickets(TicketDraw):
    """A draw in which some tickets are others: what a why-card asks when chance alone decided."""

    def __init__(self, seed: str, draw: str, replaced: Mapping[str, bytes]) -> None:
        super().__init__(seed, draw)
        self._replaced = replaced

    def ticket(self, identifier: str) -> bytes:
        """The replaced ticket of the id or label, else the draw's own."""
        return self._replaced.get(identifier) or super().ticket(identifier)
