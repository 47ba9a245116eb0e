"""HTTP: a school's sheets, plan, witnesses, lists and moves; a family's class and signature; the public view."""

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field

from backend.classes.call_witnesses import call_witnesses
from backend.classes.ceremony_view import ceremony_view
from backend.classes.class_lists import class_lists
from backend.classes.export_lists import MEDIA, export_lists
from backend.classes.import_sheets import import_class_sheet
from backend.classes.intake import admitted_list
from backend.classes.join_classes import join_classes
from backend.classes.move_ledger import approve_move, leave_class, propose_move
from backend.classes.publish_plan import publish_plan
from backend.classes.sign_lists import family_view, sign_lists, wish_for_twins
from backend.classes.transfer_in import enter_school
from backend.foundation.problems import NotFound, parse_id
from backend.identity.actors import GUARDIAN, PUBLIC, actor, official_who_may, policy
from backend.publication.runs import open_run
from backend.publication.views import run_view
from backend.publication.withdraw_run import withdraw_run

api = APIBlueprint("classes", __name__, url_prefix="/api", tag="classes")
FORM = official_who_may("classes.form")


class PlanBody(BaseModel):
    """How many classes, and the way: no tolerance for the floor, 0.5 to 1 points for the draw."""

    classes: int = Field(ge=1, le=200)
    tolerance: str | None = Field(default=None, max_length=5)


class CallBody(BaseModel):
    """The hall's digits by which parents are called."""

    digits: str = Field(min_length=6, max_length=60)


class LeaveBody(BaseModel):
    """Which pupil, by number, left which school."""

    school: str = Field(min_length=1, max_length=20)
    no: str = Field(min_length=1, max_length=40)


class EnterBody(BaseModel):
    """Who joins which school."""

    school: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=60)
    sex: Literal["male", "female"]


class ReasonBody(BaseModel):
    """Why, for everybody to read."""

    reason: str = Field(min_length=1, max_length=500)


class MoveBody(BaseModel):
    """What a committee decided."""

    no: str = Field(min_length=1, max_length=40)
    to_class: int = Field(ge=1, le=200)
    reason: str = Field(min_length=1, max_length=500)


class WishBody(BaseModel):
    """One class for the twins, or different ones."""

    wish: Literal["together", "apart"]


class SignatureBody(BaseModel):
    """The strokes of a signature: lines of points from 0 to 1000."""

    strokes: list[list[tuple[int, int]]] = Field(min_length=1, max_length=100)


@api.post("/desk/schools/<school>/admitted")
@policy(official_who_may("admitted.read"))
def look(school: str) -> dict[str, Any]:
    """The admitted list; the look is written down, so it is no mere reading."""
    return {"items": admitted_list(actor(), school)}


@api.post("/desk/schools/<school>/class-sheets/<any('pupils','teachers'):kind>")
@policy(FORM)
def take_sheet(school: str, kind: str) -> dict[str, Any]:
    """Import a sheet (multipart: file); `dry_run=1` changes nothing. Every row's faults come at once."""
    file = request.files.get("file")
    name, data = (file.filename or "", file.read()) if file else ("", b"")
    taken = import_class_sheet(actor(), school, kind, name, data, dry_run=request.form.get("dry_run") == "1")
    return {"rows": taken.rows, "applied": taken.applied, "faults": [fault._asdict() for fault in taken.faults]}


@api.post("/desk/schools/<school>/plan")
@policy(FORM)
@api.input(PlanBody, arg_name="body")
def plan(school: str, body: PlanBody) -> tuple[dict[str, Any], int]:
    """Publish the plan and seal the list; the ceremony of the run follows."""
    return run_view(publish_plan(actor(), school, body.classes, body.tolerance)), 201


@api.post("/desk/runs/<run_id>/plan-withdrawal")
@policy(official_who_may("ceremony.lead"))
@api.input(ReasonBody, arg_name="body")
def take_back(run_id: str, body: ReasonBody) -> dict[str, Any]:
    """Withdraw the plan with its sealed list, before any witness has spoken."""
    run = open_run(actor(), parse_id(run_id), "ceremony.lead")
    if run.kind != "classes":
        raise NotFound
    withdraw_run(actor(), run.id, body.reason)
    return run_view(run)


@api.post("/desk/runs/<run_id>/witness-call")
@policy(official_who_may("ceremony.lead"))
@api.input(CallBody, arg_name="body")
def call(run_id: str, body: CallBody) -> dict[str, Any]:
    """Call parents as witnesses in the order of their tickets."""
    return {"called": call_witnesses(actor(), parse_id(run_id), body.digits).called}


@api.get("/desk/schools/<school>/classes")
@policy(FORM)
def lists(school: str) -> dict[str, Any]:
    """The newest run's lists and balance report."""
    return class_lists(actor(), school)


@api.post("/desk/schools/<school>/classes/late")
@policy(FORM)
def join(school: str) -> dict[str, Any]:
    """Let the children who confirmed after the draw join a class by the rule."""
    return {"joined": join_classes(actor(), school)}


@api.post("/desk/class-arrivals")
@policy(official_who_may("special.approve"))
@api.input(EnterBody, arg_name="body")
def enter(body: EnterBody) -> dict[str, Any]:
    """The bureau enters that a pupil from elsewhere joins a school; the rule names the class."""
    move = enter_school(actor(), body.school, body.name, body.sex)
    return {"number": move.number, "no": move.no, "class": move.to_class}


@api.post("/desk/class-departures")
@policy(official_who_may("special.approve"))
@api.input(LeaveBody, arg_name="body")
def leave(body: LeaveBody) -> dict[str, Any]:
    """The bureau enters that a pupil left a school."""
    return {"number": leave_class(actor(), body.school, body.no).number}


@api.post("/desk/schools/<school>/classes/moves")
@policy(FORM)
@api.input(MoveBody, arg_name="body")
def propose(school: str, body: MoveBody) -> tuple[dict[str, Any], int]:
    """Write down a committee's move; somebody of the bureau decides."""
    return {"proposal": str(propose_move(actor(), school, body.no, body.to_class, body.reason).id)}, 201


@api.post("/desk/class-moves/<proposal_id>/approval")
@policy(official_who_may("special.approve"))
def approve(proposal_id: str) -> dict[str, Any]:
    """Let a committee's move happen."""
    return {"number": approve_move(actor(), parse_id(proposal_id)).number}


@api.post("/desk/schools/<school>/classes/export")
@policy(official_who_may("admitted.read"))
def export(school: str) -> Response:
    """The lists as a file (`?format=xlsx` or `csv`); the look is written down."""
    wanted = "csv" if request.args.get("format") == "csv" else "xlsx"
    return Response(export_lists(actor(), school, wanted), content_type=MEDIA[wanted])


@api.get("/applications/<application_id>/class")
@policy(GUARDIAN)
def own_class(application_id: str) -> dict[str, Any]:
    """The child's class, its teachers, and whether the family has signed."""
    return family_view(actor(), parse_id(application_id))


@api.put("/applications/<application_id>/class/twins")
@policy(GUARDIAN)
@api.input(WishBody, arg_name="body")
def wish(application_id: str, body: WishBody) -> dict[str, Any]:
    """The family's wish for its twins, until the plan is published."""
    return wish_for_twins(actor(), parse_id(application_id), body.wish)


@api.post("/applications/<application_id>/class/signature")
@policy(GUARDIAN)
@api.input(SignatureBody, arg_name="body")
def sign(application_id: str, body: SignatureBody) -> dict[str, Any]:
    """Sign that the child's line of the lists was seen."""
    return sign_lists(actor(), parse_id(application_id), body.strokes)


@api.get("/schools/<school>/classes")
@policy(PUBLIC)
def public_view(school: str) -> dict[str, Any]:
    """The ceremony, the lists by number, the balance report, the teams and the moves, for everybody."""
    return ceremony_view(school)
