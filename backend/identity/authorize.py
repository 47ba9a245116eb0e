"""authorize() -> Grant: the only way to a record (promises D11). 404 for "not there" and for "not yours"."""

from dataclasses import dataclass

from backend.foundation.audit import record_access
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor, NotAllowed, Role
from backend.identity.rules.roles import Scope


@dataclass(frozen=True)
class Grant:
    """The proof that `actor` may do `action` on an object in `scopes`, by `role`. Queries of records ask for one."""

    actor: Actor
    action: str
    role: Role
    scopes: tuple[Scope, ...]


def authorize(actor: Actor, action: str, scopes: tuple[Scope, ...], purpose: str | None = None) -> Grant:
    """The grant for `action` on the object that lies in `scopes` (itself first, then what contains it).

    Staff who open a child's record say for which case (`purpose`), and the look is written down in the same
    transaction (未保条例 §36, promises P13); without a purpose they are refused.
    Raises NotFound where the actor has no role on the object, NotAllowed where a staff look states no purpose.
    """
    role = actor.may(action, scopes)
    if role is None:
        raise NotFound
    if scopes[0].kind == "child" and actor.kind == "official":
        if not purpose:
            raise NotAllowed
        record_access(role.name, "child", scopes[0].id, purpose)
    return Grant(actor, action, role, scopes)


def authorize_office(actor: Actor, action: str, scopes: tuple[Scope, ...]) -> Grant:
    """The grant for an office's action on a banner, school or the city. Raises NotAllowed where there is none."""
    role = actor.may(action, scopes)
    if role is None:
        raise NotAllowed
    return Grant(actor, action, role, scopes)
