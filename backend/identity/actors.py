"""The person behind a request, and the policies that a route can ask for."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g

from backend.foundation.doors import POLICY
from backend.foundation.problems import Refusal
from backend.identity.rules.roles import Scope, allows


class LoginNeeded(Refusal):
    """Nobody is logged in, or the session has ended."""

    code = "login-needed"
    status = 401


class PasswordExpired(Refusal):
    """The official's password has served its ninety days: until it is changed nothing else can be done (等保 8.1.4.1)."""

    code = "password-expired"
    status = 403


class NotAllowed(Refusal):
    """The account holds no role for this."""

    code = "not-allowed"
    status = 403


@dataclass(frozen=True)
class Role:
    """A role held on a scope."""

    name: str
    scope: Scope


@dataclass(frozen=True)
class Actor:
    """Who is asking and the roles held at this moment: an account (guardian, official), or a candidate of the exam record."""

    account_id: uuid.UUID
    kind: str
    roles: tuple[Role, ...]
    name: str = ""
    password_expired: bool = False

    def may(self, action: str, scopes: tuple[Scope, ...] | None = None) -> Role | None:
        """The role that allows the action (on one of the scopes, or on any at all), or None."""
        for role in self.roles:
            if allows(role.name, action) and (scopes is None or role.scope in scopes):
                return role
        return None

    def scopes_for(self, action: str) -> list[Scope]:
        """The scopes on which this actor may do the action."""
        return [role.scope for role in self.roles if allows(role.name, action)]


@dataclass(frozen=True)
class Policy:
    """What a route asks of whoever takes it: nobody in particular, a kind of account, or an action somewhere.

    Where `expired_will_do`, an official may come with a password that is due to be changed.
    """

    kind: str | None = None
    action: str | None = None
    expired_will_do: bool = False


PUBLIC = Policy()
GUARDIAN = Policy(kind="guardian")
CANDIDATE = Policy(kind="candidate")
OFFICIAL = Policy(kind="official")
OFFICIAL_TO_CHANGE_PASSWORD = Policy(kind="official", expired_will_do=True)
ANYBODY_LOGGED_IN = Policy(kind="any", expired_will_do=True)


def official_who_may(action: str) -> Policy:
    """An official with a role that contains the action, on any scope; the verb asks for the very scope."""
    return Policy(kind="official", action=action)


def policy(wanted: Policy) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare who may take a route. An app with a route that declares nothing does not start."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        setattr(view, POLICY, wanted)
        return view

    return declare


def present_actor() -> Actor | None:
    """Who is asking, or None for somebody unknown."""
    found: Actor | None = g.get("actor")
    return found


def actor() -> Actor:
    """Who is asking. Raises LoginNeeded for somebody unknown."""
    found = present_actor()
    if found is None:
        raise LoginNeeded
    return found


def enforce(wanted: Policy) -> None:
    """Let the request through, or raise LoginNeeded, NotAllowed or PasswordExpired."""
    if wanted == PUBLIC:
        return
    asking = actor()
    if wanted.kind not in {"any", asking.kind}:
        raise NotAllowed
    if asking.password_expired and not wanted.expired_will_do:
        raise PasswordExpired
    if wanted.action and asking.may(wanted.action) is None:
        raise NotAllowed
