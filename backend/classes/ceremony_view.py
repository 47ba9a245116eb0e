"""The ceremony of a school's classes as everybody may see it, from the plan to the last move; by number, never by name."""

from typing import Any

from sqlalchemy import select

from backend.classes.call_witnesses import witness_call
from backend.classes.move_ledger import CODE_NAMES
from backend.classes.publish_plan import standing_plan
from backend.classes.rows import ClassMove, ClassPlan, TeamDrawn
from backend.classes.sign_lists import signatures_of
from backend.classes.standing import classes_now, moves_of, sizes_now
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.policy.places import school_named
from backend.publication.ceremonies import ceremony_document
from backend.publication.rows import Ceremony, PublishedRun, Run
from backend.publication.runs import output_of

SHOWN_TEAM = ("team", "head", "teaches", "skill", "age", "women", "titles")


class PlanNotPublished(Refusal):
    """The school's plan is not published yet."""

    code = "plan-not-published"
    status = 404


def ceremony_view(school: str) -> dict[str, Any]:
    """Plan, witnesses called, ceremony, lists by number, balance report, teams, moves. Raises PlanNotPublished."""
    found, named = standing_plan(school), school_named(school)
    if found is None or named is None:
        raise PlanNotPublished
    run, plan = found
    ceremony, call = db.session.get(Ceremony, run.id), witness_call(run)
    told: dict[str, Any] = {
        "school": {"code": school, "name": named.name},
        "year": plan.year,
        "run": str(run.id),
        "state": run.state,
        "plan": plan.told,
        "plan_published_at": _instant(plan.published_at),
        "input_sha256": run.input_sha256,
        "roster_root": run.roster_root,
        "teams": [{name: team[name] for name in SHOWN_TEAM} for team in plan.teams],
        "call": {"digits": call.digits, "called": call.called} if call else None,
        "ceremony": ceremony_document(run, ceremony) if ceremony else None,
        "published": None,
        "progress": run.done_share,
    }
    if run.state == "published":
        told["published"] = _published(run, plan)
    return told


def step_of(told: dict[str, Any]) -> int:
    """Which of the five steps the hall is at: 1 plan, 2 witnesses called, 3 their parts, 4 the press, 5 the result."""
    if told["state"] == "published":
        return 5
    if told["state"] != "frozen" or (told["ceremony"] and told["ceremony"]["state"] == "waiting"):
        return 4
    if told["ceremony"]:
        return 3
    return 2 if told["call"] else 1


def _published(run: Run, plan: ClassPlan) -> dict[str, Any]:
    output = output_of(run)
    switch = db.session.execute(
        select(PublishedRun).where(PublishedRun.kind == run.kind, PublishedRun.scope == run.scope)
    ).scalar_one()
    lists: dict[int, list[str]] = {}
    for no, number in sorted(classes_now(run).items(), key=lambda item: item[0].encode()):
        lists.setdefault(number, []).append(no)
    return {
        "at": _instant(switch.switched_at),
        "output_sha256": run.output_sha256,
        "report": output["report"],
        "ways": (run.report or {}).get("ways"),
        "checked": [one["title"] for one in (run.report or {}).get("properties", ())],
        "lists": dict(sorted(lists.items())),
        "sizes": sizes_now(run),
        "teams": _teams_drawn(run, plan),
        "moves": [_move(move) for move in moves_of(run)],
        "signatures": signatures_of(run),
    }


def _teams_drawn(run: Run, plan: ClassPlan) -> list[dict[str, Any]]:
    """The teachers' teams in the order in which they were drawn, each with its class."""
    drawn = db.session.execute(select(TeamDrawn).where(TeamDrawn.run_id == run.id).order_by(TeamDrawn.position))
    heads = {team["team"]: team["head"] for team in plan.teams}
    return [
        {"position": one.position, "team": one.team, "head": heads[one.team], "class": one.number, "ticket": one.ticket}
        for one in drawn.scalars()
    ]


def _move(move: ClassMove) -> dict[str, Any]:
    return {
        "number": move.number,
        "no": move.no,
        "code": move.code,
        "why": CODE_NAMES[move.code],
        "from": move.from_class,
        "to": move.to_class,
        "at": _instant(move.decided_at),
    }


def _instant(moment: Any) -> str:
    return str(moment.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"))
