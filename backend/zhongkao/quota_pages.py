"""Public pages of 指标到校: how it was dealt, and the calculator with which every junior school deals it again (E04, wish 18)."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from backend.foundation.carried_answers import carried
from backend.foundation.safe_sheets import csv_sheet
from backend.identity.actors import PUBLIC, policy
from backend.zhongkao.exam_places import rules_of_year
from backend.zhongkao.quota_calculator import MOST, Asked, calculated, juniors_of
from backend.zhongkao.year_figures import quota_shares, quotas_of

quotas = Blueprint("quotas", __name__, template_folder="templates")


@quotas.get("/public/zhongkao/<int:year>/quotas")
@policy(PUBLIC)
@carried()
def quotas_page(year: int) -> str:
    """指标到校: how each school's quota was dealt, so that every junior school can deal it again (E04)."""
    rows, quota = quotas_of(year), rules_of_year(year).quota
    shares = quota_shares(year, quota, rows) if quota else {}
    return render_template("zhongkao/public_quotas.html", year=year, rows=rows, quota=quota, shares=shares)


@quotas.get("/api/zhongkao/<int:year>/quotas")
@policy(PUBLIC)
@carried()
def quotas_data(year: int) -> dict[str, Any]:
    """The same as data."""
    return {"year": year, "rows": quotas_of(year)}


@quotas.get("/public/zhongkao/<int:year>/quotas/<school>")
@policy(PUBLIC)
@carried()
def calculator_page(year: int, school: str) -> str:
    """The calculator of one school: `seats`, `class_cap`, and `classes.CODE`, `pupils.CODE` stand in for what is published."""
    told = calculated(year, school, _asked(year, school))
    return render_template("zhongkao/public_quota_calculator.html", year=year, school=school, told=told)


@quotas.get("/api/zhongkao/<int:year>/quotas/<school>")
@policy(PUBLIC)
@carried()
def calculator_data(year: int, school: str) -> dict[str, Any]:
    """The same as data."""
    return calculated(year, school, _asked(year, school))


@quotas.get("/api/zhongkao/<int:year>/quotas/<school>.csv")
@policy(PUBLIC)
@carried()
def juniors_file(year: int, school: str) -> Response:
    """The junior schools of a school's quota as the file that `sunroll zhongkao quota` reads."""
    rows = [
        {"id": row["junior"], "classes": str(row["classes"]), "pupils": str(row["pupils"])}
        for row in juniors_of(year, school)
    ]
    answer = Response(csv_sheet({name: name for name in ("id", "classes", "pupils")}, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=quota-{year}.csv"
    return answer


def _asked(year: int, school: str) -> Asked:
    figures = {}
    for row in juniors_of(year, school):
        classes, pupils = _number(f"classes.{row['junior']}"), _number(f"pupils.{row['junior']}")
        if classes is not None or pupils is not None:
            figures[row["junior"]] = (
                row["classes"] if classes is None else classes,
                row["pupils"] if pupils is None else pupils,
            )
    return Asked(_number("seats"), _number("class_cap"), figures)


def _number(name: str) -> int | None:
    """A whole number from 0 on; what is none counts as not asked."""
    asked = request.args.get(name, type=int)
    return None if asked is None or asked < 0 else min(asked, MOST)
