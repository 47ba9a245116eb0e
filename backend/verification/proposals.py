"""What was read off the family's photographs, beside what it typed and what departments said: proposals, 对 or 改.

A proposal decides nothing: it fills in a field when the family says so, and shows the desk where paper and form differ.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.documents.queries import papers_of
from backend.documents.read_picture import reading_of
from backend.documents.rows import Paper
from backend.enrolment.applications import form_of, open_application
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import Form
from backend.enrolment.rules.states import EDITABLE
from backend.enrolment.save_form import save_form
from backend.families.people import ChildPerson
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import NotFound, Refusal
from backend.identity.actors import Actor
from backend.notices.sentences import FIRST_LANGUAGE
from backend.verification.diary_words import diary_word
from backend.verification.facts import checks_of
from backend.verification.rules.same_value import is_same
from backend.verification.said import person_of

IN_THE_FORM: Mapping[str, tuple[str, ...]] = {
    "household_number": ("household_number",),
    "moved_in_on": ("registered_on",),
    "certificate": ("home", "certificate"),
    "property_unit": ("home", "unit"),
    "use": ("home", "use"),
    "registered_on": ("home", "registered_on"),
}
"""Field of a paper → where it stands in the form; others are of the child, whose particulars are corrected elsewhere."""
OF_THE_CHILD = ("name", "sex", "ethnicity", "born_on", "id_number")
CHECKED_AS = {"household_number": "household", "moved_in_on": "household", "certificate": "property"}


class ProposalGone(Refusal):
    """Nothing was read there, or the form can no longer be changed."""

    code = "proposal-gone"


@dataclass(frozen=True)
class Proposal:
    """One field of one paper: what was read, what was typed, what a department says of the item it belongs to."""

    paper: Paper
    field: str
    read: str
    is_confident: bool
    typed: str | None
    verdict: str | None

    @property
    def agrees(self) -> bool | None:
        """Whether paper and form say the same; None where the family has typed nothing."""
        return is_same(self.field, self.read, self.typed) if self.typed else None

    def view(self, lang: str = FIRST_LANGUAGE) -> dict[str, Any]:
        """For the phone, in its language, and the desk."""
        return {
            "paper": str(self.paper.id),
            "kind": self.paper.kind,
            "field": self.field,
            "name": diary_word("field", self.field, lang),
            "read": self.read,
            "typed": self.typed,
            "agrees": self.agrees,
            "confident": self.is_confident,
            "verdict": self.verdict,
            "answer": self.paper.answers.get(self.field),
            "fills": self.field in IN_THE_FORM,
        }


def proposals_for(actor: Actor, application_id: uuid.UUID, lang: str = FIRST_LANGUAGE) -> list[dict[str, Any]]:
    """Every field that was read off the papers as they stand, named in the language `lang`. Raises NotFound."""
    _, application = open_application(actor, application_id, "child.read")
    return [proposal.view(lang) for proposal in proposals_of(application)]


def proposals_of(application: Application) -> list[Proposal]:
    """The proposals of an application; pages of other people than the child are left out."""
    person, form = person_of(application), form_of(application)
    verdicts = {check.item: check.state for check in checks_of(application)}
    return [
        proposal for paper in papers_of(application.child_id) for proposal in _of_paper(paper, person, form, verdicts)
    ]


def _of_paper(
    paper: Paper, person: ChildPerson, form: Mapping[str, Any], verdicts: Mapping[str, str]
) -> Iterator[Proposal]:
    fields = reading_of(paper)
    number = fields.get("id_number", {}).get("value")
    if number and person.id_number and number != person.id_number:
        return
    for name, read in fields.items():
        typed = getattr(person, name, None) if name in OF_THE_CHILD else _typed(form, IN_THE_FORM.get(name, ()))
        verdict = verdicts.get("population" if name in OF_THE_CHILD else CHECKED_AS.get(name, ""))
        shown = None if typed is None else str(typed)
        yield Proposal(paper, name, str(read["value"]), bool(read["is_confident"]), shown, verdict)


def _typed(form: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = form if path else None
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def answer_read_field(
    actor: Actor, application_id: uuid.UUID, paper_id: uuid.UUID, field: str, value: str | None
) -> None:
    """The family's word on a proposal: right (`value` is None: what was read goes into the form), or changed to `value`.

    Raises NotFound, ProposalGone, and what saving the form raises.
    """
    _, application = open_application(actor, application_id, "child.write", lock=True)
    paper = db.session.get(Paper, paper_id)
    if paper is None or paper.child_id != application.child_id:
        raise NotFound
    read = reading_of(paper).get(field)
    if read is None or field not in IN_THE_FORM or application.state not in EDITABLE:
        raise ProposalGone
    told = form_of(application)
    _put(told, IN_THE_FORM[field], str(read["value"]) if value is None else value)
    save_form(actor, application.id, Form.model_validate(told))
    paper.answers = {**paper.answers, field: "right" if value is None else "changed"}
    record("paper.answered", "paper", paper.id, field=field, answer=paper.answers[field])


def _put(form: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    *above, last = path
    place = form
    for step in above:
        place[step] = dict(place.get(step) or {"kind": "owned"})
        place = place[step]
    place[last] = value
