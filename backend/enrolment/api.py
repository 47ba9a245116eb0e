"""HTTP: applications from the draft to the receipt, their papers, choices and withdrawal."""

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, ConfigDict, Field

from backend.documents.queries import papers_of
from backend.documents.read_upload import read_upload
from backend.documents.views import paper_view
from backend.enrolment.add_paper import add_paper
from backend.enrolment.applications import open_application
from backend.enrolment.choose_schools import choose_schools
from backend.enrolment.draft_application import draft_application
from backend.enrolment.rules.form import Form, SchoolCode
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.enrolment.views import application_view
from backend.enrolment.withdraw_application import withdraw_application
from backend.foundation.doors import arrived_at
from backend.foundation.problems import parse_id
from backend.identity.actors import GUARDIAN, actor, policy

api = APIBlueprint("enrolment", __name__, url_prefix="/api", tag="enrolment")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ApplicationBody(_Body):
    """For which child, where, and for which stage."""

    child_id: str = Field(max_length=40)
    banner: str = Field(pattern=r"^[0-9]{6}$")
    stage: Literal["kindergarten", "primary", "junior"]


class WithdrawalBody(_Body):
    """Why the registration is taken back; may be left out."""

    reason: str = Field(default="", max_length=500)


class ChoicesBody(_Body):
    """The chosen schools, first wish first."""

    schools: list[SchoolCode] = Field(max_length=20)


@api.post("/applications")
@policy(GUARDIAN)
@api.input(ApplicationBody, arg_name="body")
def new_application(body: ApplicationBody) -> tuple[dict[str, Any], int]:
    """Begin an application, or come back to the one that the child has for this banner and stage."""
    application = draft_application(actor(), parse_id(body.child_id), body.banner, body.stage, arrived_at())
    return application_view(application), 201


@api.get("/applications/<application_id>")
@policy(GUARDIAN)
def one_application(application_id: str) -> dict[str, Any]:
    """The application as it stands."""
    _, application = open_application(actor(), parse_id(application_id), "child.read")
    return application_view(application)


@api.put("/applications/<application_id>/form")
@policy(GUARDIAN)
@api.input(Form, arg_name="form")
def new_form(application_id: str, form: Form) -> dict[str, Any]:
    """Save the form; what is still empty may be added later."""
    return application_view(save_form(actor(), parse_id(application_id), form))


@api.post("/applications/<application_id>/papers")
@policy(GUARDIAN)
def new_paper(application_id: str) -> tuple[dict[str, Any], int]:
    """Take in a photograph (multipart: kind, picture); its verdict follows within the minute."""
    fields, files = read_upload(request.headers.get("Content-Type", ""), request.get_data(cache=True))
    paper = add_paper(actor(), parse_id(application_id), fields.get("kind", ""), files.get("picture", b""))
    return paper_view(paper, actor().account_id), 201


@api.get("/applications/<application_id>/papers")
@policy(GUARDIAN)
def papers(application_id: str) -> dict[str, Any]:
    """The application's photographs with their verdicts, without those that were taken again since."""
    _, application = open_application(actor(), parse_id(application_id), "child.read")
    return {"items": [paper_view(paper, actor().account_id) for paper in papers_of(application.child_id)]}


@api.post("/applications/<application_id>/submission")
@policy(GUARDIAN)
def new_submission(application_id: str) -> dict[str, Any]:
    """Submit: the receipt is given once the transaction stands."""
    application = submit_application(actor(), parse_id(application_id), arrived_at())
    submitted_at = application.submitted_at
    return {"receipt": application.receipt, "submitted_at": submitted_at.isoformat() if submitted_at else None}


@api.post("/applications/<application_id>/withdrawal")
@policy(GUARDIAN)
@api.input(WithdrawalBody, arg_name="body")
def new_withdrawal(application_id: str, body: WithdrawalBody) -> dict[str, Any]:
    """Take the registration back."""
    return application_view(withdraw_application(actor(), parse_id(application_id), body.reason))


@api.post("/applications/<application_id>/choices")
@policy(GUARDIAN)
@api.input(ChoicesBody, arg_name="body")
def new_choices(application_id: str, body: ChoicesBody) -> dict[str, Any]:
    """Choose among the schools of the address."""
    return application_view(choose_schools(actor(), parse_id(application_id), list(body.schools)))
