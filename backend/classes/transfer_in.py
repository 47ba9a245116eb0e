"""A pupil from another place joins a school after the draw (转入): the rule names the class, so that nobody chooses."""

import json
import uuid

from sqlalchemy import func, select

from backend.classes.gather_intake import fact_place
from backend.classes.move_ledger import Moved, enter_move, published_classes
from backend.classes.rows import ClassMember, ClassMove, PupilFact
from backend.classes.rules.late_arrival import class_for_late_arrival
from backend.classes.rules.pupil_sheet import SEXES, PupilLine
from backend.classes.standing import standings
from backend.foundation.crypto import seal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.publication.rows import Run

LONGEST_NAME = 60


class PupilUnfit(Refusal):
    """Who transfers in has a name and a sex: the rule for late arrivals looks at the sex."""

    code = "pupil-unfit"
    status = 422


def enter_school(actor: Actor, school: str, name: str, sex: str) -> ClassMove:
    """The bureau enters that a pupil joins the school (domain 3.1: by the number of pupils, into the smaller class).

    The pupil's number (`Z1`, `Z2` …) is given here: whoever could choose it could choose among classes that are
    level. Raises NotAllowed, ClassesNotFormed, PupilUnfit.
    """
    authorize_office(actor, "special.approve", school_scopes(school))
    run = published_classes(school)
    if not 0 < len(name.strip()) <= LONGEST_NAME or sex not in SEXES.values():
        raise PupilUnfit
    no = _next_number(run)
    key, line = uuid.uuid4(), PupilLine(no, name.strip(), special=False, apart="", sex=sex)
    sealed = seal(key, fact_place(key), json.dumps(line.as_json(), ensure_ascii=False))
    year = int(run.scope.rpartition("/")[2])
    db.session.add(PupilFact(id=key, school=school, year=year, no=no, facts_sealed=sealed))
    number = class_for_late_arrival(standings(run), sex, no, (run.ceremony or {})["seed"])
    return enter_move(run, Moved(no, "transfer-in", None, number), actor.account_id)


def _next_number(run: Run) -> str:
    """The first of Z1, Z2 … that nobody in the lists has had."""
    transfers = select(func.count()).where(ClassMove.run_id == run.id, ClassMove.code == "transfer-in")
    place = db.session.execute(transfers).scalar_one() + 1
    had = set(db.session.execute(select(ClassMember.no).where(ClassMember.run_id == run.id)).scalars())
    while f"Z{place}" in had:
        place += 1
    return f"Z{place}"
