"""Children who come after the classes were published: each joins the class that the rule names, so that nobody chooses."""

from backend.classes.intake import admitted
from backend.classes.move_ledger import ClassesNotFormed, Moved, enter_move, published_classes
from backend.classes.rules.late_arrival import class_for_late_arrival
from backend.classes.standing import classes_now, standings
from backend.families.people import particulars_of
from backend.foundation.tasks import put_task
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.identity.rules.roles import school_scopes
from backend.placement.pre_admission import require_filed
from backend.policy.places import school_named

__all__ = ["ClassesNotFormed", "join_classes"]


def join_classes(actor: Actor, school: str) -> int:
    """How many confirmed children without a class have joined one now (domain 3.1, T-3.7); their records follow.

    Who was transferred here from another school stands in the ledger as such, everybody else as a late arrival.

    Raises NotAllowed, ClassesNotFormed, NotFiledYet.
    """
    authorize_office(actor, "classes.form", school_scopes(school))
    run = published_classes(school)
    if (row := school_named(school)) is not None:
        require_filed(row)
    seed = (run.ceremony or {})["seed"]
    known = classes_now(run)
    late = [
        (placed, application, child)
        for placed, application, child in admitted(school, ("confirmed",))
        if application.state == "confirmed" and placed.receipt not in known
    ]
    for placed, application, child in late:
        receipt, code = placed.receipt, "transfer-in" if placed.step == "transfer" else "late-arrival"
        number = class_for_late_arrival(standings(run), particulars_of(child)["sex"], receipt, seed)
        enter_move(run, Moved(receipt, code, None, number, application.id), actor.account_id)
        put_task("make-records", f"{run.id}/{receipt}", {"run_id": str(run.id)})
    return len(late)
