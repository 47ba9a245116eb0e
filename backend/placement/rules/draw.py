"""A private school's lottery (domain 2.8): the drawn order and its seats; and a checker that shares no code with them."""

import hashlib
import hmac
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from backend.fairness.seats import LastBundle, fill_seats
from backend.fairness.tickets import draw_order
from backend.matching.findings import CheckReport, checked

Document = dict[str, Any]


def run_draw(value: Document) -> Document:
    """The output for an input `{roster: [{no, bundle}], seed, draw, seats, last_bundle}` (docs/formats/ledger.md).

    ValueError where a label is also a number.
    """
    bundles = {row["no"]: row["bundle"] for row in value["roster"]}
    drawn = draw_order(bundles, value["seed"], value["draw"])
    units = [
        [one.no for one in unit] for _, unit in groupby(drawn, key=lambda one: (one.ticket, bundles[one.no] or one.no))
    ]
    results = fill_seats(units, value["seats"], LastBundle(value["last_bundle"]))
    return {
        "order": [{"position": one.position, "no": one.no, "ticket": one.ticket.hex()} for one in drawn],
        "results": [{"no": one.no, "position": one.position, "result": results[one.no].value} for one in drawn],
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
    key = hashlib.sha256(value["seed"].encode()).digest()
    expected = {}
    for row in value["roster"]:
        name = row["no"] if row["bundle"] is None else row["bundle"]
        message = b"sunroll-ticket/v1\0" + value["draw"].encode() + b"\0" + name.encode()
        expected[row["no"]] = hmac.new(key, message, hashlib.sha256).hexdigest()
    claimed = [(head["no"], head["ticket"]) for head in output["order"]]
    if sorted(claimed) != sorted(expected.items()):
        yield "numbers or tickets are not those of the list"
    if [head["position"] for head in output["order"]] != list(range(1, len(expected) + 1)):
        yield "the positions do not count everybody once"
    if [(row["no"], row["position"]) for row in output["results"]] != [
        (head["no"], head["position"]) for head in output["order"]
    ]:
        yield "the results are not in the order of the draw"


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
