"""Small decisions by chance in which everything collides: few scores, few seats, bundles, ids that sort differently."""

import random
from typing import Any

from ledger_folders import decision, exam_input

from backend.publication.rules.ledger import Decision

# Ids whose order by UTF-8 bytes, by UTF-16 units and by locale all differ.
NAMES = ["B", "a", "ä", "é", "\uff21", "\U0001d538", "旗", "１", "10", "9", "__proto__", "constructor"]
SCHOOLS = ["P", "q", "\U0001d538x", "\uff21x", "2"]


def some_draw(chance: random.Random) -> Decision:
    label = [None, None, None, "twins", "\U0001f46d"]
    roster = [{"no": no, "bundle": chance.choice(label)} for no in chance.sample(NAMES, chance.randrange(len(NAMES)))]
    rule = {
        "seats": chance.choice([None, chance.randrange(9)]),
        "last_bundle": chance.choice(["add", "skip", "offer-one"]),
    }
    return decision("draw", {"draw": chance.choice("abc"), "seed": "", "roster": roster, **rule})


def some_circle(chance: random.Random) -> Decision:
    people = chance.randrange(1, 12)
    numbers = {"people": people, "start": chance.randint(1, people), "step": chance.choice([1, 2, 7, 10**17])}
    keep = bool(chance.randrange(2))
    return decision("circle-draw", {**numbers, "winners": chance.randint(0, people), "keep_drawn": keep}, salt_key=None)


def some_choice(chance: random.Random) -> Decision:
    schools = [{"id": name, "seats": chance.randrange(4)} for name in chance.sample(SCHOOLS, len(SCHOOLS))]
    applicants = []
    for no in chance.sample(NAMES, chance.randrange(len(NAMES))):
        wishes = chance.sample(SCHOOLS, chance.randrange(len(SCHOOLS)))
        one: dict[str, Any] = {"id": no, "choices": wishes}
        if chance.randrange(3):
            one["priority"] = {school: chance.randrange(-1, 3) for school in wishes if chance.randrange(2)}
        label = chance.choice([None, None, "twins", "three"])
        twin = next((other for other in applicants if label and other["bundle"] == label), one)
        applicants.append({**twin, "id": no, "bundle": label})
    head = {"mechanism": "choice", "seed": "", "draw": "d", "tie_break": chance.choice(["single", "per-school"])}
    return decision("placement", {**head, "schools": schools, "applicants": applicants})


def some_zone(chance: random.Random) -> Decision:
    schools = [
        {
            "id": name,
            "seats": chance.randrange(4),
            "overflow": chance.sample(SCHOOLS, chance.randrange(3)),
        }
        for name in chance.sample(SCHOOLS, len(SCHOOLS))
    ]
    zone_of = {label: chance.choice(SCHOOLS) for label in ("twins", "three")}
    applicants = []
    for no in chance.sample(NAMES, chance.randrange(len(NAMES))):
        bundle = chance.choice([None, None, "twins", "three"])
        keys: dict[str, Any] = {"home": chance.choice(["住宅", "公寓", None])}
        keys["free"] = chance.choice([None, 9, 10, -1, 10**18, "9", "10", "\uff21", "\U0001d538"])
        one = {
            "id": no,
            "zone": zone_of.get(bundle or "", chance.choice(SCHOOLS)),
            "class": chance.choice("1239"),
            "keys": keys,
        }
        one |= {"bundle": bundle} if bundle else {}
        applicants.append(one | ({"sibling_at": chance.choice(SCHOOLS)} if not chance.randrange(4) else {}))
    order: list[dict[str, Any]] = [{"key": "home", "values": ["公寓", "住宅"]}, {"key": "free"}]
    for key in order:
        key.update(chance.choice([{}, {"direction": "ascending"}, {"direction": "descending"}]))
    head = {"mechanism": "zone", "seed": "", "draw": "z", "classes": ["3", "1", "2"], "last_class": "9"}
    order = chance.sample(order, len(order))
    return decision("placement", {**head, "order": order, "schools": schools, "applicants": applicants})


def some_admission(chance: random.Random) -> Decision:
    def at(minute: int, offset: str = "+08:00") -> str:
        return f"2026-06-21T08:{minute:02}:00{chance.choice(['', '.000'])}{offset}"

    edge = chance.choice(["500", "500.5"])
    bands = [{"from": edge}, {"below": edge}] if chance.randrange(3) else [{"from": "499", "below": edge}]
    bands = [{**band, "open": at(chance.randrange(5)), "close": at(chance.randrange(10, 30))} for band in bands]
    locks = [
        {"at": at(chance.randrange(30)), "forbid": chance.choice([["clear"], ["first"], ["clear", "first"]])}
        for _ in range(chance.randrange(3))
    ]
    scores = ["499.75", "500", "500.5", "12345678901234.5"]
    candidates = [
        {"id": no, "total": chance.choice(scores), "ties": [chance.choice("12") for _ in range(chance.randrange(3))]}
        for no in NAMES
    ]
    units = [{"id": name, "plan": chance.randrange(4)} for name in SCHOOLS[:3]]
    events = [
        {
            "at": at(chance.randrange(32)),
            "candidate": chance.choice([*NAMES, "nobody"]),
            "action": chance.choice(["choose", "choose", "clear"]),
            "unit": chance.choice([*SCHOOLS[:3], "", "nowhere"]),
        }
        for _ in range(chance.randrange(60))
    ]
    readings = [at(minute) for minute in chance.sample(range(32), 2)]
    session = {"candidates": candidates, "units": units, "bands": bands, "locks": locks, "statistics_at": readings}
    return decision("exam-admission", exam_input(session, events))


def some_quota(chance: random.Random) -> Decision:
    juniors = [
        {
            "id": no,
            "classes": classes,
            "pupils": chance.choice([0, 1, 50, 50 * classes, 50 * classes + 1]) if classes else 0,
        }
        for no in chance.sample(NAMES, 6)
        for classes in [chance.choice([0, 1, 2, 3, 10**9])]
    ]
    seats = chance.choice([0, 1, 7, 100]) if any(junior["pupils"] for junior in juniors) else 0
    return decision("quota", {"seats": seats, "class_cap": 50, "juniors": juniors}, salt_key=None)


def some_classes(chance: random.Random) -> Decision:
    pupils = []
    for no in NAMES:
        scores = {"score_a": str(chance.randrange(200) / 2).removesuffix(".0"), "score_b": str(chance.randrange(60))}
        traits = {
            "sex": chance.choice("男女"),
            "ethnicity": chance.choice(["汉", "蒙古"]),
            "household": chance.choice("AB"),
        }
        labels = {"together": chance.choice(["", "", "", "t"]), "apart": chance.choice(["", "", "u"])}
        pupils.append({"no": no, **traits, **labels, **scores, "special": chance.choice("0001")})
    rule = {"classes": chance.choice([1, 2, 3, 13]), "balance": [], "tolerance": None, "seed": ""}
    return decision("classes", {**rule, "pupils": pupils})
