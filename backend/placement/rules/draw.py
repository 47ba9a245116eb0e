"""A private school's lottery (domain 2.8): the drawn order and its seats; and a checker that shares no code with them."""

import hashlib
import hmac
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from backend.fairness.drawn_ways import CIRCLE, TICKETS, TWO_SHUFFLES, order_by_marks
from backend.fairness.seats import LastBundle, fill_seats
from backend.matching.findings import CheckReport, checked

Document = dict[str, Any]


def run_draw(value: Document) -> Document:
    """The output for an input `{roster: [{no, bundle}], seed, draw, seats, last_bundle}` (docs/formats/ledger.md).

    `way` (tickets where it is absent) is one of `drawn_ways.WAYS`. ValueError where a label is also a number.
    """
    bundles = {row["no"]: row["bundle"] for row in value["roster"]}
    order = order_by_marks(bundles, value["seed"], value["draw"], value.get("way", TICKETS))
    units = [
        [no for _, no, _ in unit] for _, unit in groupby(order, key=lambda one: (one[2], bundles[one[1]] or one[1]))
    ]
    results = fill_seats(units, value["seats"], LastBundle(value["last_bundle"]))
    return {
        "order": [{"position": position, "no": no, "ticket": mark} for position, no, mark in order],
        "results": [{"no": no, "position": position, "result": results[no].value} for position, no, _ in order],
    }


def check_draw(value: Document, output: Document) -> CheckReport:
    """Properties D1 to D6 of docs/properties/placement.md, walked through anew over the claimed order."""
    return CheckReport(
        (
            checked("D1 everybody of the list stands in it once, with the own ticket", _false_tickets(value, output)),
            checked("D2 the order is by ticket, then by number", _false_order(output)),
            checked("D6 the seats go down the order by the rule for the last bundle", _false_seats(value, output)),
        )
    )


def _false_tickets(value: Document, output: Document) -> Iterator[str]:
    names = {row["no"]: row["no"] if row["bundle"] is None else row["bundle"] for row in value["roster"]}
    expected_of = _expected(value, sorted(set(names.values())))
    expected = {no: expected_of[name] for no, name in names.items()}
    claimed = [(head["no"], head["ticket"]) for head in output["order"]]
    if sorted(claimed) != sorted(expected.items()):
        yield "numbers or tickets are not those of the list"
    if [head["position"] for head in output["order"]] != list(range(1, len(expected) + 1)):
        yield "the positions do not count everybody once"
    if [(row["no"], row["position"]) for row in output["results"]] != [
        (head["no"], head["position"]) for head in output["order"]
    ]:
        yield "the results are not in the order of the draw"


def _expected(value: Document, names: list[str]) -> dict[str, str]:
    """The mark of every name, by the definitions of docs/formats/tickets.md; the names in byte order."""
    way = value.get("way", TICKETS)
    if way == TICKETS:
        return {name: _ticket(value, "", name) for name in names}
    if way == TWO_SHUFFLES:
        coded = sorted(names, key=lambda name: _ticket(value, "/first", name))
        return {name: _ticket(value, "/second", str(code)) for code, name in enumerate(coded, 1)}
    left = list(range(len(names)))
    start, step = (int(_ticket(value, part, ""), 16) % max(1, len(names)) for part in ("/start", "/step"))
    marks = {}
    for turn in range(1, len(names) + 1):
        if way == CIRCLE:
            start %= len(left)
            number = left.pop(start)
            start += step
        else:
            number = next(one for one in (*range(start, len(names)), *range(start)) if names[one] not in marks)
            start = (number + step + 1) % len(names)
        marks[names[number]] = f"{turn:08x}{number + 1:08x}"
    return marks


def _ticket(value: Document, part: str, name: str) -> str:
    key = hashlib.sha256(value["seed"].encode()).digest()
    message = b"sunroll-ticket/v1\0" + (value["draw"] + part).encode() + b"\0" + name.encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _false_order(output: Document) -> Iterator[str]:
    stands = [(bytes.fromhex(head["ticket"]), head["no"].encode()) for head in output["order"]]
    for place, (one, other) in enumerate(pairwise(stands), 1):
        if one > other:
            yield f"position {place + 1} should stand before position {place}"


def _false_seats(value: Document, output: Document) -> Iterator[str]:
    left, rule, is_over = value["seats"], value["last_bundle"], False
    result_of = {row["no"]: row["result"] for row in output["results"]}
    heads = [(head["ticket"], head["no"]) for head in output["order"]]
    while heads:
        unit = [no for ticket, no in heads if ticket == heads[0][0]]
        heads = heads[len(unit) :]
        inside = 0
        if left > 0 and not is_over:
            inside = len(unit) if len(unit) <= left or rule == "add" else left if rule == "offer-one" else 0
        is_torn = 0 < inside < len(unit)
        words = ["admitted"] * inside + ["offered" if is_torn else "waiting"] * (len(unit) - inside)
        if [result_of.get(no) for no in unit] != words:
            yield f"{', '.join(unit)}: {words} by the rule"
        is_over = is_over or is_torn
        left -= inside
