"""HTTP for schools: the admitted list, forming classes, the lists."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from backend.classes.class_lists import class_lists
from backend.classes.form_classes import order_classes
from backend.classes.intake import admitted_list
from backend.classes.join_classes import join_classes
from backend.identity.actors import actor, official_who_may, policy
from backend.publication.views import run_view

api = APIBlueprint("classes", __name__, url_prefix="/api/desk", tag="classes")


class ClassesBody(BaseModel):
    """How many classes, and the witnesses' texts: name → twelve digits or more."""

    classes: int = Field(ge=1, le=200)
    witnesses: dict[str, str] = Field(min_length=3, max_length=20)


@api.post("/schools/<school>/admitted")
@policy(official_who_may("admitted.read"))
def look(school: str) -> dict[str, Any]:
    """The admitted list; the look is written down, so it is no mere reading."""
    return {"items": admitted_list(actor(), school)}


@api.post("/schools/<school>/classes")
@policy(official_who_may("classes.form"))
@api.input(ClassesBody, arg_name="body")
def form(school: str, body: ClassesBody) -> tuple[dict[str, Any], int]:
    """Form the classes with one press."""
    return run_view(order_classes(actor(), school, body.classes, body.witnesses)), 202


@api.post("/schools/<school>/classes/late")
@policy(official_who_may("classes.form"))
def join(school: str) -> dict[str, Any]:
    """Let the children who confirmed after the draw join a class by the rule."""
    return {"joined": join_classes(actor(), school)}


@api.get("/schools/<school>/classes")
@policy(official_who_may("classes.form"))
def lists(school: str) -> dict[str, Any]:
    """The newest run's lists and balance report."""
    return class_lists(actor(), school)
