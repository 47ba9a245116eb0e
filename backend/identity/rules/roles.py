"""Who may do what: roles as data, each a set of actions on a kind of object and everything below it (capability A67).

Scopes nest: city > banner > school, and child stands for itself; an object names all scopes it lies in.
三员 are kept apart: no account may hold two of SEPARATED, and none of them reads business data.
"""

from dataclasses import dataclass

CHILD_READ = "child.read"
CHILD_WRITE = "child.write"

FAMILY_ACTIONS = frozenset(
    {CHILD_READ, CHILD_WRITE, "paper.attach", "application.submit", "application.withdraw", "place.answer"}
)
ROLE_ACTIONS: dict[str, frozenset[str]] = {
    "guardian": FAMILY_ACTIONS
    | {"child.share", "child.correct", "child.forget", "place.answer", "child.export", "claim.answer"},
    "helper": FAMILY_ACTIONS - {"place.answer", "application.withdraw"},
    "banner-admissions": frozenset(
        {
            CHILD_READ,
            "case.decide",
            "claim.decide",
            "book.publish",
            "disclosure.publish",
            "sheet.import",
            "seats.settle",
            "run.freeze",
            "run.allocate",
            "run.approve",
            "result.file",
            "ceremony.lead",
            "special.propose",
            "special.approve",
            "correction.propose",
            "correction.approve",
            "tipoff.answer",
            "objection.answer",
            "deferral.answer",
            "help.answer",
            "statistics.read",
            "record.export",
        }
    ),
    "city-admissions": frozenset(
        {
            "statistics.read",
            "book.publish",
            "tipoff.answer",
            "objection.answer",
            "help.answer",
            "special.approve",
            "run.approve",
            "claim.decide",
            CHILD_READ,
            "case.decide",
            "correction.approve",
        }
    ),
    "school-admissions": frozenset(
        {
            "admitted.read",
            "classes.form",
            "record.export",
            "enrolment.confirm",
            "statistics.read",
            "run.approve",
            "ceremony.lead",
        }
    ),
    "exam-office": frozenset(
        {
            "exam.publish",
            "exam.import",
            "exam.command",
            "exam.read",
            "ceremony.lead",
            "run.freeze",
            "run.approve",
            "statistics.read",
        }
    ),
    "department": frozenset({"correction-request.answer", "preference.approve"}),
    "auditor": frozenset({"audit.read", "statistics.read", "ledger.read"}),
    "system-administrator": frozenset({"system.operate", "clock.move"}),
    "security-administrator": frozenset({"account.manage", "grant.write"}),
    "audit-administrator": frozenset({"audit.read"}),
}
SEPARATED = ("system-administrator", "security-administrator", "audit-administrator")
CITY = "1506"


@dataclass(frozen=True)
class Scope:
    """One object that a role can be held on: its kind (city, banner, school, child) and its id."""

    kind: str
    id: str


def allows(role: str, action: str) -> bool:
    """Whether the role contains the action. Unknown roles allow nothing."""
    return action in ROLE_ACTIONS.get(role, frozenset())


def school_scopes(school: str) -> tuple[Scope, ...]:
    """The scopes a school lies in; its code begins with its banner's."""
    return (Scope("school", school), *banner_scopes(school.split("-", maxsplit=1)[0]))


def banner_scopes(banner: str) -> tuple[Scope, ...]:
    """The scopes a banner lies in."""
    return (Scope("banner", banner), Scope("city", CITY))
