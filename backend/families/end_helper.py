"""The guardian takes a helper's leave before its day."""

import uuid

from backend.families.queries import open_child
from backend.families.rows import Helper
from backend.foundation import clock
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.grants import end_grant
from backend.identity.rules.roles import Scope


class HelperUnknown(Refusal):
    """This child has no such helper at this moment."""

    code = "helper-unknown"
    status = 404


def end_helper(actor: Actor, child_id: uuid.UUID, helper_id: uuid.UUID) -> None:
    """End it now: from the next request on the helper sees nothing. Raises NotFound, HelperUnknown."""
    _, child = open_child(actor, child_id, "child.share")
    helper = db.session.get(Helper, helper_id, with_for_update=True)
    if helper is None or helper.child_id != child.id or helper.ended_at is not None:
        raise HelperUnknown
    helper.ended_at = clock.now()
    end_grant(helper.account_id, "helper", Scope("child", str(child.id)), "the guardian ended it")
    record("helper.ended", "child", child.id, helper=str(helper.id))
