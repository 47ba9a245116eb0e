"""What a decision may be and why, and which facts no person sets by hand."""

from collections.abc import Mapping

DECISIONS = {"accept": "verified", "return": "returned", "reject": "rejected"}
REASON_CODES: Mapping[str, tuple[str, ...]] = {
    "papers-prove": ("accept",),
    "record-outdated": ("accept",),
    "department-confirmed": ("accept",),
    "photo-unreadable": ("return",),
    "paper-missing": ("return",),
    "paper-wrong": ("return",),
    "field-wrong": ("return",),
    "not-eligible": ("reject",),
    "registered-elsewhere": ("reject",),
    "false-papers": ("accept", "reject"),
}
"""Reason code (`word.diary.reason` of the catalogue) → the decisions it can stand for."""
FALSE_PAPERS = "false-papers"
NOT_BY_HAND = ("seats", "records", "placement", "enrolment", "preference")
"""Steps of ours that alone establish their facts; a department's and a roster's may be put right by a person."""
QUESTIONS = {"home-claimed-twice": "home.lived_in", "home-used-by-list": "home.used_by_sibling"}
"""Why a case waits → the fact that a person has to establish before it is accepted."""
SHORTEST_REASON = 2
