"""Draws, recomputed: tickets and their order, seats by that order, the circle method."""

import hashlib
import hmac
from collections import Counter
from itertools import groupby
from typing import Any

from verify.folder import Lie

Row = dict[str, Any]


def ticket_of(seed: str, draw: str, name: str) -> str:
    """The ticket of an id or bundle label, in hex."""
    key = hashlib.sha256(seed.encode("utf-8")).digest()
    message = b"\0".join([b"sunroll-ticket/v1", draw.encode("utf-8"), name.encode("utf-8")])
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def recompute_draw(given: Row) -> Row:
    """The order of the roster, and who gets a seat where seats are dealt."""
    names = {entry["no"] for entry in given["roster"]}
    mark_of = _marks(given, {entry["no"] if entry["bundle"] is None else entry["bundle"] for entry in given["roster"]})
    drawn = []
    for entry in given["roster"]:
        label = entry["bundle"]
        if label is not None and label in names:
            raise ValueError(f"the bundle label {label!r} is also somebody's number")
        name = entry["no"] if label is None else label
        drawn.append((mark_of[name], name.encode("utf-8"), entry["no"].encode("utf-8"), entry["no"]))
    drawn.sort()
    order = [{"position": place, "no": no, "ticket": ticket} for place, (ticket, _, _, no) in enumerate(drawn, 1)]
    if given["seats"] is None:
        return {"order": order, "results": None}
    sizes = [len(list(unit)) for _, unit in groupby(drawn, key=lambda head: head[:2])]
    words = seat_words(sizes, given["seats"], given["last_bundle"])
    results = [
        {"no": head["no"], "position": head["position"], "result": word}
        for head, word in zip(order, words, strict=True)
    ]
    return {"order": order, "results": results}


def _marks(given: Row, names: set[str]) -> dict[str, str]:
    """What each name is ordered by: its ticket, the ticket of its code, or its turn and number in the circle."""
    way = given.get("way", "tickets")
    if way == "tickets":
        return {name: ticket_of(given["seed"], given["draw"], name) for name in names}
    numbered = sorted(names, key=lambda name: name.encode("utf-8"))
    if way == "two-shuffles":
        coded = sorted(numbered, key=lambda name: ticket_of(given["seed"], given["draw"] + "/first", name))
        return {
            name: ticket_of(given["seed"], given["draw"] + "/second", str(code)) for code, name in enumerate(coded, 1)
        }
    if way not in ("circle", "circle-keep-drawn"):
        raise ValueError(f"there is no way of drawing {way!r}")
    people = len(numbered)
    circle: Row = {"people": people, "winners": people, "keep_drawn": way == "circle-keep-drawn"}
    for part in ("start", "step"):
        circle[part] = int(ticket_of(given["seed"], f"{given['draw']}/{part}", ""), 16) % max(1, people) + 1
    drawn = recompute_circle(circle)["drawn"] if people else []
    return {numbered[number - 1]: f"{turn:08x}{number:08x}" for turn, number in enumerate(drawn, 1)}


def seat_words(sizes: list[int], seats: int, last_bundle: str) -> list[str]:
    """The result of each head; `sizes` are the sizes of singles and bundles in the drawn order."""
    words: list[str] = []
    for size in sizes:
        inside = min(size, max(0, seats))
        if last_bundle == "add" and seats > 0:
            inside = size
        elif last_bundle == "skip" and size > seats:
            inside = 0
        is_torn = 0 < inside < size
        words += ["admitted"] * inside + ["offered" if is_torn else "waiting"] * (size - inside)
        seats = 0 if is_torn else seats - inside
    return words


def summarise_draw(_given: Row, output: Row) -> Row:
    """What everybody may see of a draw: tickets instead of numbers."""
    words: list[Any] = (
        [row["result"] for row in output["results"]] if output["results"] else [None] * len(output["order"])
    )
    rows = [
        {"position": head["position"], "ticket": head["ticket"], "result": word}
        for head, word in zip(output["order"], words, strict=True)
    ]
    return {"rows": rows, "counts": _counts(rows)}


def _counts(rows: list[Row]) -> Row:
    found = Counter(row["result"] for row in rows)
    return {"people": len(rows), **{word: found[word] for word in ("admitted", "waiting", "offered")}}


def check_draw_summary(rule: Row, summary: Row, people: int, where: str) -> None:
    """Whether the public rows of a draw are in order and the seats are dealt by the rule. Raises Lie."""
    rows = summary["rows"]
    if [row["position"] for row in rows] != list(range(1, people + 1)):
        raise Lie(where, "the positions do not count everybody once")
    tickets = [row["ticket"] for row in rows]
    if tickets != sorted(tickets):
        raise Lie(where, "the rows are not in the order of the tickets")
    words: list[Any] = [None] * people
    if rule["seats"] is not None:
        sizes = [len(list(unit)) for _, unit in groupby(tickets)]
        words = seat_words(sizes, rule["seats"], rule["last_bundle"])
    if [row["result"] for row in rows] != words:
        raise Lie(where, "the seats are not dealt in the order of the tickets")
    if summary["counts"] != _counts(rows):
        raise Lie(where, "the counts are not those of the rows")


def recompute_team_draw(given: Row) -> Row:
    """Which teachers' team draws which class: teams in the order of their tickets take the classes in order."""
    order = sorted(
        (ticket_of(given["seed"], "classes/teams", team), team.encode("utf-8"), team) for team in given["teams"]
    )
    if len(set(given["teams"])) != len(order):
        raise ValueError("a team stands twice")
    return {
        "drawn": [
            {"position": place, "team": team, "ticket": ticket, "class": place}
            for place, (ticket, _, team) in enumerate(order, 1)
        ]
    }


def recompute_circle(given: Row) -> Row:
    """The numbers drawn by counting on from the start number."""
    circle = list(range(1, given["people"] + 1))
    if not (1 <= given["start"] <= given["people"] and given["step"] >= 1 and 0 <= given["winners"] <= given["people"]):
        raise ValueError("start, step or winners lie outside the circle")
    return {"drawn": _over_drawn(given) if given["keep_drawn"] else _out_of_circle(given, circle)}


def _out_of_circle(given: Row, circle: list[int]) -> list[int]:
    drawn: list[int] = []
    place = given["start"] - 1
    while len(drawn) < given["winners"]:
        drawn.append(circle.pop(place))
        if circle:
            place = (place + given["step"] - 1) % len(circle)
    return drawn


def _over_drawn(given: Row) -> list[int]:
    drawn: dict[int, None] = {}
    number = given["start"]
    while len(drawn) < given["winners"]:
        while number in drawn:
            number = number % given["people"] + 1
        drawn[number] = None
        number = (number - 1 + given["step"]) % given["people"] + 1
    return list(drawn)
