"""Whether a published list admits already, or is a pre-admission (预录取) until it is filed as it stands (E28)."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.fairness.canonical import canonical_json, sha256_hex
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.placement.rounds import HOLDING
from backend.placement.rows import Filing, PlacementRow
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import SchoolRow


class NotFiledYet(Refusal):
    """By the book the lists admit only once they are filed as they stand; `school` is whose list it is about."""

    code = "not-filed-yet"


def require_filed(school: SchoolRow) -> None:
    """That the school's list may be acted on: filed as it stands, where the book admits by filing (E28).

    Raises NotFiledYet. A private school's places are drawn and filed by its own authority; they are not asked.
    """
    if is_pre_admission(school):
        raise NotFiledYet(school=school.name)


def is_pre_admission(school: SchoolRow) -> bool:
    """Whether the book admits by filing and the school's list is not filed as it stands (E28)."""
    if not admits_by_filing(school):
        return False
    filed = filings_of(school.banner, school.stage)
    standing = receipts_holding(school.banner, [school.code])[school.code]
    lists = {one["school"]: one["list_sha256"] for one in filed[-1].content["schools"]} if filed else {}
    return lists.get(school.code) != sha256_hex(canonical_json(standing))


def admits_by_filing(school: SchoolRow) -> bool:
    """Whether a place of the school is a pre-admission until the filing."""
    return not school.private and book_in_force(school.banner).filing.admits == "filing"


def filings_of(banner: str, stage: str) -> list[Filing]:
    """The stage's filings of the year of the book in force, by number."""
    year = book_in_force(banner).year
    found = select(Filing).where(Filing.banner == banner, Filing.stage == stage, Filing.year == year)
    return list(db.session.execute(found.order_by(Filing.number)).scalars())


def receipts_holding(banner: str, schools: Iterable[str]) -> dict[str, list[str]]:
    """School → the receipts of the children who hold a place of it, sorted; also schools without any."""
    lists: dict[str, list[str]] = {school: [] for school in schools}
    found = db.session.execute(
        select(PlacementRow.school, PlacementRow.receipt)
        .join(Application, Application.id == PlacementRow.application_id)
        .where(
            PlacementRow.school.in_(lists),
            PlacementRow.state.in_(HOLDING),
            Application.year == book_in_force(banner).year,
        )
        .order_by(PlacementRow.receipt)
    )
    for school, receipt in found:
        lists[str(school)].append(receipt)
    return {school: sorted(receipts) for school, receipts in lists.items()}
