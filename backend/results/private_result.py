"""A private school's draw for everybody: who was drawn in which order, by receipt, and all it takes to compute it again.

The list is the one that was drawn: whoever withdrew afterwards is struck out and stays in it (promises P6, D09, B10).
"""

from collections.abc import Mapping
from typing import Any

from backend.foundation.database import db
from backend.policy.books_in_force import book_in_force
from backend.policy.places import school_named
from backend.publication.ceremonies import struck_out_of
from backend.publication.rows import PublishedRun, Run
from backend.publication.runs import input_of, output_of, published_run
from backend.publication.scopes import private_scope
from backend.results.school_result import ResultNotPublished

KIND = "draw"


def private_result(code: str) -> dict[str, Any]:
    """The published draw of a private school in the year of the book in force.

    `rows` in the drawn order: `position`, `no`, `ticket`, `bundle`, `result` (admitted, waiting, offered), `is_struck_out`.
    Raises ResultNotPublished, also for schools that are public or do not exist.
    """
    school = school_named(code)
    if school is None or not school.private:
        raise ResultNotPublished
    scope = private_scope(code, book_in_force(school.banner).year)
    run = published_run(KIND, scope)
    if run is None:
        raise ResultNotPublished
    value = input_of(run)
    rows = _rows(run, value)
    return {
        "school": code,
        "name": school.name,
        "published_at": db.session.get_one(PublishedRun, (KIND, scope)).switched_at.isoformat(),
        "draw": value["draw"],
        "seats": value["seats"],
        "last_bundle": value["last_bundle"],
        "registered": len(rows),
        "admitted": sum(row["result"] == "admitted" and not row["is_struck_out"] for row in rows),
        "rows": rows,
        "seed": value["seed"],
        "input_sha256": run.input_sha256,
        "output_sha256": run.output_sha256,
    }


def _rows(run: Run, value: Mapping[str, Any]) -> list[dict[str, Any]]:
    output = output_of(run)
    struck_out = {one.number for one in struck_out_of(run.id)}
    bundles = {row["no"]: row["bundle"] for row in value["roster"]}
    return [
        {
            "position": row["position"],
            "no": row["no"],
            "ticket": head["ticket"],
            "bundle": bundles[row["no"]],
            "result": row["result"],
            "is_struck_out": row["no"] in struck_out,
        }
        for row, head in zip(output["results"], output["order"], strict=True)
    ]
