"""What a made-up city answers about preferences, private schools, waiting lists, leaving a list and deferrals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PREFERENCES = [
    {
        "group": "soldier",
        "name": "军人子女",
        "approved_by": "人民武装部",
        "effect": "any-school",
        "schools": [{"code": "150603-P01", "name": "第一小学"}, {"code": "150603-P02", "name": "第二小学"}],
    },
    {
        "group": "rescue",
        "name": "消防救援人员子女",
        "approved_by": "消防救援局",
        "effect": "place-first",
        "schools": [],
    },
]
PRIVATE_SCHOOLS = [
    {"code": "150603-P90", "name": "民办一小", "seats": 40, "address": "鄂尔多斯大街", "registered": 52},
    {"code": "150603-P91", "name": "民办二小", "seats": 80, "address": "乌兰木伦街", "registered": 31},
]
YEAR = 2026


@dataclass
class Places:
    """The claims, registrations and requests that one person made, in the shapes the verbs of the service answer with.

    `left` keeps the reason of each application struck out of its list; its state stays frozen, as in the service.
    """

    claims: dict[str, dict[str, Any]] = field(default_factory=dict, kw_only=True)
    private_wishes: dict[str, str | None] = field(default_factory=dict, kw_only=True)
    lines: list[dict[str, Any]] = field(default_factory=list, kw_only=True)
    left: dict[str, str] = field(default_factory=dict, kw_only=True)
    deferrals: dict[str, list[dict[str, Any]]] = field(default_factory=dict, kw_only=True)

    def _look_at_preference(self, application: str) -> dict[str, Any]:
        claim = self.claims.get(application)
        return {"may_ask": claim is None or claim["state"] != "approved", "groups": PREFERENCES, "claim": claim}

    def _ask_preference(self, application: str, group: str, evidence: str, school: str | None) -> dict[str, Any]:
        assert evidence
        self.claims[application] = {"group": group, "school": school, "state": "asked", "reason": None}
        return {"state": "asked"}

    def _look_at_private(self, application: str) -> dict[str, Any]:
        return {"may_wish": True, "school": self.private_wishes.get(application), "schools": PRIVATE_SCHOOLS}

    def _wish_private(self, application: str, school: str | None) -> dict[str, Any]:
        self.private_wishes[application] = school
        return {"school": school}

    def _look_at_line(self, application: str) -> dict[str, Any]:
        return {"application": application, "lines": self.lines}

    def _leave_list(self, application: str, reason: str) -> dict[str, Any]:
        self.left[application] = reason
        return {"state": "frozen"}

    def _look_at_deferrals(self, child: str) -> dict[str, Any]:
        return {"items": self.deferrals.get(child, [])}

    def _ask_deferral(self, child: str, banner: str, stage: str, evidence: str) -> dict[str, Any]:
        assert banner
        assert evidence
        asked = {"stage": stage, "year": YEAR, "state": "asked", "reason": None}
        told = asked | {"kindergarten": None, "kindergarten_name": None, "returns_in": None}
        self.deferrals.setdefault(child, []).insert(0, told)
        return {"state": "asked"}
