"""Public pages of a school's classes: the hall's big screen and every phone see the same one; the record as a PDF."""

from typing import Any

import segno
from flask import Blueprint, Response, current_app, render_template, url_for

from backend.classes.ceremony_view import PlanNotPublished, ceremony_view, step_of
from backend.classes.move_ledger import ClassesNotFormed
from backend.classes.print_record import print_record
from backend.classes.rules.pictures import counts_picture, means_picture, sizes_picture
from backend.classes.rules.words import (
    COLUMN_NAMES,
    GAINS,
    STEP_NAMES,
    VALUE_NAMES,
    WISH_NAMES,
    column_name,
    unmet_words,
)
from backend.identity.actors import PUBLIC, policy
from backend.policy.page_names import banner_name

pages = Blueprint("classes_pages", __name__, template_folder="templates", url_prefix="/public/classes")


@pages.get("/<school>")
@policy(PUBLIC)
def ceremony(school: str) -> tuple[str, int]:
    """The ceremony from plan to moves; renewed by itself until the lists stand."""
    try:
        told = ceremony_view(school)
    except PlanNotPublished:
        return render_template("classes/ceremony.html", told=None, code=school), 404
    address = _address(school)
    return render_template(
        "classes/ceremony.html",
        told=told,
        code=school,
        step=step_of(told),
        steps=STEP_NAMES,
        pictures=pictures_of(told),
        gains=GAINS,
        columns=COLUMN_NAMES,
        column_name=column_name,
        unmet_words=unmet_words,
        wish_names=WISH_NAMES,
        address=address,
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=2),
    ), 200


@pages.get("/<school>/record.pdf")
@policy(PUBLIC)
def record(school: str) -> Response:
    """The record to print and to keep. Raises PlanNotPublished, ClassesNotFormed."""
    told = ceremony_view(school)
    if told["published"] is None:
        raise ClassesNotFormed
    answer = Response(print_record(told, _address(school)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="classes-{school}.pdf"'
    return answer


@pages.get("/<school>/sign")
@policy(PUBLIC)
def sign(school: str) -> str:
    """The page on which a family sees its child's class and signs with a finger; who it is the phone's login says."""
    return render_template("classes/sign.html", code=school)


def pictures_of(told: dict[str, Any]) -> list[str]:
    """The balance report in pictures, as SVG texts; none before the publication."""
    if told["published"] is None:
        return []
    report = told["published"]["report"]
    shown = [sizes_picture(report["sizes"], report["counts"]["sex"], VALUE_NAMES)]
    if report["means"]:
        shown.append(means_picture(report, COLUMN_NAMES))
    for column, counts in report["counts"].items():
        if column != "sex" and len(counts) > 1:
            names = {value: VALUE_NAMES.get(value) or banner_name(value) for value in counts}
            shown.append(counts_picture(f"各班{column_name(column)}人数", counts, names))
    return shown


def _address(school: str) -> str:
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + url_for("classes_pages.ceremony", school=school)
