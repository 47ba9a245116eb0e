"""A season with one decision of every kind, and the two checkers as functions."""

from pathlib import Path

from click.testing import CliRunner
from ledger_folders import SALT, decision, exam_input

from backend.publication.rules.ledger import Decision
from sunroll.cli import main

ROOT = Path(__file__).parents[2]
DAY = "2026-06-21T"
PEOPLE = [f"考生{number:02}" for number in range(1, 13)]


def python(folder: Path) -> tuple[int, str]:
    """The exit code and the words of the Python checker."""
    result = CliRunner().invoke(main, ["verify", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout + result.stderr


def a_draw() -> Decision:
    roster = [{"no": no, "bundle": "双胞胎1" if no in PEOPLE[3:5] else None} for no in PEOPLE]
    return decision("draw", {"draw": "d", "seed": "", "seats": 5, "last_bundle": "offer-one", "roster": roster})


def a_choice() -> Decision:
    schools = [{"id": "S2", "seats": 3}, {"id": "S1", "seats": 4}]
    applicants = [
        {"id": no, "choices": ["S1", "S2"][: 1 + place % 2], "priority": {"S1": place % 3}}
        for place, no in enumerate(PEOPLE)
    ]
    head = {"mechanism": "choice", "seed": "", "draw": "d", "tie_break": "per-school"}
    return decision("placement", head | {"schools": schools, "applicants": applicants})


def a_zone() -> Decision:
    schools = [{"id": "P", "seats": 3, "overflow": ["Q"]}, {"id": "Q", "seats": 5, "overflow": []}]
    applicants = [
        {
            "id": no,
            "zone": "PQ"[place % 2],
            "class": str(1 + place % 4),
            "keys": {"home": ["住宅", "公寓"][place % 2], "points": place % 3 or None},
            "bundle": "twins" if place in {2, 6} else None,
            "sibling_at": "Q" if place == 7 else None,
        }
        for place, no in enumerate(PEOPLE)
    ]
    order = [{"key": "home", "values": ["公寓", "住宅"]}, {"key": "points", "direction": "descending"}]
    head = {"mechanism": "zone", "seed": "", "draw": "z", "classes": ["1", "2", "3"], "last_class": "4"}
    return decision(
        "placement", head | {"order": order, "schools": schools, "applicants": applicants}, beacon="彩票第1期"
    )


def an_admission() -> Decision:
    session = {
        "candidates": [{"id": no, "total": str(600 - place // 2), "ties": ["1"]} for place, no in enumerate(PEOPLE)],
        "units": [{"id": "X", "plan": 3}, {"id": "Y", "plan": 2}],
        "bands": [
            {"from": "598", "open": f"{DAY}08:00:00+08:00", "close": f"{DAY}11:00:00+08:00"},
            {"below": "598", "open": f"{DAY}08:00:00+08:00", "close": f"{DAY}12:00:00+08:00"},
        ],
        "locks": [{"at": f"{DAY}10:00:00+08:00", "forbid": ["clear"], "band": 0}],
        "statistics_at": [f"{DAY}10:30:00+08:00"],
    }
    rows = [(f"{DAY}09:{place:02}:00+08:00", no, "choose", "XY"[place % 2]) for place, no in enumerate(PEOPLE)]
    rows += [(f"{DAY}10:{place:02}:00+08:00", no, "clear", "") for place, no in enumerate(PEOPLE[:5])]
    events = [dict(zip(("at", "candidate", "action", "unit"), row, strict=True)) for row in rows]
    return decision("exam-admission", exam_input(session, events))


def class_lists() -> Decision:
    pupils = [
        {
            "no": no,
            "sex": "男女"[place % 2],
            "ethnicity": "汉",
            "household": "本地",
            "special": "0",
            "together": "",
            "apart": "",
            "score": str(80 + 4 * (place // 4)),
        }
        for place, no in enumerate(PEOPLE)
    ]
    return decision("classes", {"classes": 2, "balance": [], "tolerance": None, "seed": "", "pupils": pupils})


def whole_season() -> list[Decision]:
    """One decision of every kind, and a statement whose input nobody but the office has."""
    numbers = {"people": 10, "start": 3, "step": 4, "winners": 5, "keep_drawn": True}
    juniors = [{"id": f"初中{number}", "classes": number, "pupils": number * 55} for number in (1, 2, 3)]
    statement = Decision(
        "statement",
        {"title": "积分", "rows": [{"id": no, "points": "60"} for no in PEOPLE]},
        {"rows": [{"id": no, "accepted": True} for no in PEOPLE]},
        "2026-07-01T09:00:00+08:00",
        salt_key=SALT,
        public={"accepted": len(PEOPLE)},
    )
    quota = decision("quota", {"seats": 20, "class_cap": 50, "juniors": juniors}, salt_key=None)
    decisions = [a_draw(), decision("circle-draw", numbers, salt_key=None), a_choice(), a_zone(), an_admission()]
    return [*decisions, quota, class_lists(), statement]
