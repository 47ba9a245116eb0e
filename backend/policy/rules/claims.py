"""What a family says, in the book's words; what follows from it before and without a check; papers and checks due."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.policy.rules.book import Book
from backend.policy.rules.facts import CLAIMS, EXCHANGE_ITEMS, Value
from backend.policy.rules.predicates import Facts, holds
from backend.policy.rules.sections import Check, Paper

GONE = ("household.in_banner", "household.in_area", "household.in_zone")


class ClaimUnknown(ValueError):
    """A claim that the vocabulary does not have, or a value it does not allow; the message says which."""


def claims_from(said: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """The answers of a form or a chat ({"household": "here", "home": "owned", …}) as claims of the vocabulary.

    Unanswered questions (None) are left out. Raises `ClaimUnknown` with a Chinese sentence.
    """
    claims: dict[str, Value | None] = {}
    for short, value in said.items():
        name = f"claim.{short}"
        claim = CLAIMS.get(name)
        if claim is None:
            raise ClaimUnknown(f"没有“{short}”这个问题。")
        if value is None:
            continue
        right = isinstance(value, bool) if claim.kind == "truth" else value in claim.values
        if not right:
            raise ClaimUnknown(f"“{claim.name}”不能填“{value}”，可以填：{'、'.join(claim.values) or '是或否'}。")
        claims[name] = value
    return claims


def facts_conceded(claims: Facts) -> dict[str, Value]:
    """Facts taken from the family's word because they speak against it: no department needs to confirm them.

    A household elsewhere is not in the banner; a family that says it owns nothing owns nothing for the seat type.
    """
    facts: dict[str, Value] = {}
    if claims.get("claim.household") == "elsewhere":
        facts.update(dict.fromkeys(GONE, False))
    home = claims.get("claim.home")
    if home in {"rented", "none"}:
        facts["home.kind"] = str(home)
    if claims.get("claim.work") == "none":
        facts |= {"work.kind": "none", "work.insured_now": False, "work.business_active": False}
    if claims.get("claim.on_guardians_book") is False:
        facts["household.with_guardian"] = False
    return facts


def facts_assumed(book: Book, claims: Facts, unit_code: str) -> dict[str, Value]:
    """What the facts would be if everything the family says is confirmed: the ground of the guide's answer.

    A household "here" is taken to stand at the address asked about, an owned home to be a 住宅 lived in.
    """
    in_area = in_area_of(book, unit_code)
    facts = facts_conceded(claims)
    if claims.get("claim.household") == "here":
        facts |= {"household.in_banner": True, "household.in_area": in_area, "household.in_zone": True}
        facts.setdefault("household.with_guardian", True)
    home = claims.get("claim.home")
    if home is not None:
        facts |= {"home.kind": str(home), "home.none": home in {"rented", "none"}}
        facts |= {"home.in_banner": True, "home.in_area": in_area, "home.in_zone": True, "home.lived_in": True}
    if home in {"owned", "contract"}:
        relation = claims.get("claim.owner_relation") or "parents"
        facts |= {"home.use": "住宅", "home.owner_relation": str(relation), "home.share": 100}
    if home == "rented":
        facts["lease.recorded"] = True
    facts["residence.permit"] = True
    work = claims.get("claim.work")
    if work is not None:
        facts |= {
            "work.kind": str(work),
            "work.insured_now": work == "insured",
            "work.business_active": work == "business",
        }
    return facts


def in_area_of(book: Book, unit_code: str) -> bool:
    """Whether an address unit (12 digits) lies in the book's area: its towns, or the whole banner where none is named."""
    places = book.area.towns or (book.banner,)
    return unit_code.startswith(tuple(places))


@dataclass(frozen=True)
class PaperDue:
    """A paper to photograph: its kind, the name families read, why it is asked."""

    kind: str
    name: str
    why: str


def papers_for(book: Book, stage: str, claims: Facts) -> tuple[PaperDue, ...]:
    """The papers that these claims make due, in the book's order, one per kind (B05, A23).

    A paper whose condition cannot be decided yet (a question not answered) is not asked.
    """
    due: dict[str, Paper] = {}
    for paper in book.papers:
        if stage in paper.stages and (paper.when is None or holds(paper.when, claims, CLAIMS)):
            due.setdefault(paper.kind, paper)
    return tuple(PaperDue(paper.kind, paper.shown_name, paper.why) for paper in due.values())


@dataclass(frozen=True)
class CheckDue:
    """A question to put to a department: the claim it confirms, the fields compared, the facts it establishes."""

    department: str
    item: str
    item_name: str
    claim: str
    compares: tuple[str, ...]
    confirms: tuple[str, ...]


def checks_for(book: Book, stage: str, claims: Facts) -> tuple[CheckDue, ...]:
    """The department checks that these claims make due, in the book's order (A25, C06a-C06g)."""
    return tuple(
        _check_due(check)
        for check in book.checks
        if stage in check.stages and (check.when is None or holds(check.when, claims, CLAIMS))
    )


def _check_due(check: Check) -> CheckDue:
    name = EXCHANGE_ITEMS[f"{check.department}/{check.item}"][0]
    return CheckDue(check.department, check.item, name, check.claim, check.compares, check.confirms)
