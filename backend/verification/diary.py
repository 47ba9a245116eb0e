"""The family's verification diary: which department answered what and when, and every step of the application."""

import re
import uuid
from typing import Any

from backend.enrolment.applications import events_of, open_application
from backend.enrolment.diary_notes import note_text
from backend.enrolment.helper_steps import helper_lines
from backend.enrolment.rows import Application, ApplicationEvent
from backend.identity.actors import Actor
from backend.notices.sentences import FIRST_LANGUAGE, say
from backend.verification.diary_words import diary_word, found_text, item_word, verdict_text
from backend.verification.dispute_check import DISPUTABLE_IN
from backend.verification.facts import checks_of, earlier_answers
from backend.verification.queries import decisions_on
from backend.verification.rows import Case, Check

COLON = re.compile("[:\uff1a]")
ACTORS = ("guardian", "official")


def diary_of(actor: Actor, application_id: uuid.UUID, lang: str = FIRST_LANGUAGE) -> list[dict[str, Any]]:
    """The diary's lines in the language `lang`, oldest first. Raises NotFound."""
    _, application = open_application(actor, application_id, "child.read")
    checks = (*earlier_answers(application), *checks_of(application))
    lines = [_event_line(event, lang) for event in events_of(application)]
    lines += helper_lines(application, lang)
    lines += [_decision_line(case, lang) for case in decisions_on(application)]
    lines += [_check_line(check, application, lang) for check in checks]
    return sorted(lines, key=lambda line: (line["at"] is None, line["at"] or ""))


def _event_line(event: ApplicationEvent, lang: str) -> dict[str, Any]:
    """A step of the application by its new state; a note that moved nothing (an objection, a transfer) by its words."""
    is_note = event.from_state == event.to_state
    text = note_text(event, lang) if is_note else diary_word("state", event.to_state, lang)
    return {
        "at": event.at.isoformat(),
        "who": _who(event.principal, lang),
        "what": COLON.split(text)[0],
        "verdict": "info",
        "text": text,
        "check_id": None,
        "disputable": False,
    }


def _who(principal: str, lang: str) -> str:
    kind = principal.split(":", maxsplit=1)[0]
    return diary_word("who", kind if kind in ACTORS else "system", lang)


def _decision_line(case: Case, lang: str) -> dict[str, Any]:
    decision = diary_word("decision", case.decision or "", lang)
    reason = diary_word("reason", case.reason_code or "", lang)
    return {
        "at": case.decided_at.isoformat() if case.decided_at else None,
        "who": _who("official", lang),
        "what": decision,
        "verdict": "info",
        "text": say("diary.decided", lang, decision=decision, reason=reason, words=case.reason),
        "check_id": None,
        "disputable": False,
    }


def _check_line(check: Check, application: Application, lang: str) -> dict[str, Any]:
    at = check.answered_at or check.asked_at
    is_newest = check.submission == application.submissions
    return {
        "at": at.isoformat() if at else None,
        "who": diary_word("department", check.department, lang),
        "what": item_word(check, lang),
        "verdict": check.state,
        "text": verdict_text(check, lang) if is_newest else _earlier_text(check, lang),
        "check_id": str(check.id),
        "disputable": is_newest and check.state in {"mismatch", "not-found"} and application.state in DISPUTABLE_IN,
    }


def _earlier_text(check: Check, lang: str) -> str:
    """What was found about an earlier submission, without what was to follow from it."""
    return say("diary.earlier", lang, submission=check.submission, found=found_text(check, lang))
