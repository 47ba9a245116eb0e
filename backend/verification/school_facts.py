"""What rosters tell about a child: the school it leaves, and the junior school that feeds from it (D07)."""

from sqlalchemy import select

from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.policy.places import feeders_of, roster_school_of, schools_of
from backend.policy.rows import RosterChild
from backend.policy.rules.facts import Value
from backend.verification.said import person_of

PRIMARY = "-P"


def school_facts(application: Application) -> dict[str, Value]:
    """The facts school.* that the rosters of the year establish; a child on no roster is unknown, not a "no"."""
    school = roster_school(application)
    if school is None or PRIMARY not in school:
        return {}
    if application.stage == "primary":
        return {"school.has_record": True}
    if application.stage != "junior":
        return {}
    fed = junior_fed_by(application.banner, application.year).get(school)
    return {"school.fresh_graduate": True, "school.has_record": True, "school.feeder_matches": fed is not None}


def roster_school(application: Application) -> str | None:
    """The school on whose roster the child stands this year, or None."""
    number = person_of(application).id_number
    return roster_school_of(number, application.year) if number else None


def junior_fed_by(banner: str, year: int) -> dict[str, str]:
    """Primary school → the banner's junior school that its graduates go up to (the first by code)."""
    fed: dict[str, str] = {}
    for junior in schools_of(banner, "junior"):
        for primary in feeders_of(junior.code, year):
            fed.setdefault(primary, junior.code)
    return fed


def has_rosters(banner: str, year: int) -> bool:
    """Whether any school handed in its roster for the banner this year."""
    found = select(RosterChild.id).where(RosterChild.banner == banner, RosterChild.year == year).limit(1)
    return db.session.execute(found).first() is not None
