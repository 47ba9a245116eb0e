"""Lines of the family's diary that change no state: what became of an objection, a transfer, an interview."""

from backend.enrolment.rows import Application, ApplicationEvent
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.logging import principal
from backend.notices.sentences import FIRST_LANGUAGE, say


def note_in_diary(application: Application, note: str, words: str = "", **facts: str) -> None:
    """A line `diary.note.<note>` of the catalogue; `words` are what a person wrote, at its end.

    The event keeps the line as it was said in Chinese, and beside it the note's code and `facts`, which hold no person's
    data, for other languages. A fact `state` is a code of `phone.objection-state`.
    """
    line = ApplicationEvent(
        application_id=application.id,
        at=clock.now(),
        from_state=application.state,
        to_state=application.state,
        principal=principal.get(),
        reason=_said(note, facts, words, FIRST_LANGUAGE),
        facts={"note": note, **facts},
    )
    db.session.add(line)


def note_text(event: ApplicationEvent, lang: str = FIRST_LANGUAGE) -> str:
    """A note in the language `lang`; what a person wrote in it stays as it was written."""
    facts = dict(event.facts)
    note = facts.pop("note", None)
    if note is None:
        return event.reason
    return _said(note, facts, event.reason.removeprefix(_said(note, facts, "", FIRST_LANGUAGE)), lang)


def objection_state(state: str, lang: str = FIRST_LANGUAGE) -> str:
    """The state of an objection in the words of the phone's page."""
    return say(f"phone.objection-state.{state}", lang)


def _said(note: str, facts: dict[str, str], words: str, lang: str) -> str:
    told = {**facts, "state": objection_state(facts["state"], lang)} if "state" in facts else facts
    return say(f"diary.note.{note}", lang, words=words, **told)
