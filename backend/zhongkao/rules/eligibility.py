"""Who may choose a plan unit: 学籍 and 户籍, language, talent, minimum lines, the quota's residency (domain 1.2)."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

Name = TypeVar("Name")


class WhyNot(StrEnum):
    """The first condition of a unit that a candidate does not meet, in the order in which they are tried."""

    LINE = "below-the-line"
    REGION = "another-region"
    LANGUAGE = "another-language"
    TALENT = "no-talent-proof"
    SUBJECT_LINE = "below-the-subject-line"
    QUOTA_SCHOOL = "another-quota-school"
    QUOTA_ATTENDANCE = "not-at-the-school"
    QUOTA_RESIDENCY = "too-short-at-the-school"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What counts of a candidate; scores in hundredths, `enrolled_on` is when the 学籍 came to the junior school."""

    total: int
    subjects: Mapping[str, int]
    junior: str
    school_banner: str
    household_banner: str
    attends: bool = True
    outside: bool = False
    fresh: bool = True
    enrolled_on: date | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions of a unit. Empty means open to all.

    `banners`: the region of origin: 学籍 in a junior school there, or 户籍 there while studying outside the city as a
    fresh graduate. `language` and `talent` must be among the candidate's tags. `subject_lines` are minimum scores.
    `junior` makes it a quota of that school: 学籍 there, really attended, held there since `enrolled_by` at the latest.
    """

    banners: frozenset[str] = frozenset()
    language: str | None = None
    talent: str | None = None
    subject_lines: tuple[tuple[str, int], ...] = ()
    line: int = 0
    junior: str | None = None
    enrolled_by: date | None = None


def why_not(applicant: Applicant, terms: Terms) -> WhyNot | None:
    """The first condition that the applicant does not meet, or None where the unit may be chosen."""
    if applicant.total < terms.line:
        return WhyNot.LINE
    if terms.banners and not _of_the_region(applicant, terms.banners):
        return WhyNot.REGION
    if terms.language and terms.language not in applicant.tags:
        return WhyNot.LANGUAGE
    if terms.talent and terms.talent not in applicant.tags:
        return WhyNot.TALENT
    if any(applicant.subjects.get(subject, 0) < line for subject, line in terms.subject_lines):
        return WhyNot.SUBJECT_LINE
    return _why_not_quota(applicant, terms) if terms.junior else None


def _of_the_region(applicant: Applicant, banners: frozenset[str]) -> bool:
    """Migrants sit the exam where they study (E35): 学籍 counts; 户籍 alone counts for those who study elsewhere."""
    if not applicant.outside and applicant.school_banner in banners:
        return True
    return applicant.outside and applicant.fresh and applicant.household_banner in banners


def _why_not_quota(applicant: Applicant, terms: Terms) -> WhyNot | None:
    if applicant.junior != terms.junior or applicant.outside or not applicant.fresh:
        return WhyNot.QUOTA_SCHOOL
    if not applicant.attends:
        return WhyNot.QUOTA_ATTENDANCE
    if terms.enrolled_by and (applicant.enrolled_on is None or applicant.enrolled_on > terms.enrolled_by):
        return WhyNot.QUOTA_RESIDENCY
    return None


def rights_by(
    terms_for: Callable[[Applicant], Iterable[tuple[Name, Terms]]],
) -> Callable[[Applicant], tuple[Name, ...]]:
    """A function that names those of an applicant's `terms_for` that he meets; who is alike in all but scores is looked
    at once. `terms_for` asks for no scores.
    """
    alike: dict[Hashable, list[tuple[Name, Terms]]] = {}

    def rights(own: Applicant) -> tuple[Name, ...]:
        kind = (
            own.junior,
            own.school_banner,
            own.household_banner,
            own.attends,
            own.outside,
            own.fresh,
            own.enrolled_on,
            own.tags,
        )
        if kind not in alike:
            alike[kind] = [
                (name, one)
                for name, one in terms_for(own)
                if why_not(own, replace(one, line=0, subject_lines=())) is None
            ]
        return tuple(name for name, one in alike[kind] if _meets_lines(own, one))

    return rights


def _meets_lines(applicant: Applicant, terms: Terms) -> bool:
    return applicant.total >= terms.line and all(
        applicant.subjects.get(subject, 0) >= line for subject, line in terms.subject_lines
    )


def terms_of(written: Mapping[str, Any]) -> Terms:
    """The terms kept with a unit: `written` as `terms_content` made it."""
    return Terms(
        banners=frozenset(written.get("banners", ())),
        language=written.get("language"),
        talent=written.get("talent"),
        subject_lines=tuple((subject, int(line)) for subject, line in written.get("subject_lines", ())),
        line=int(written.get("line", 0)),
        junior=written.get("junior"),
        enrolled_by=date.fromisoformat(written["enrolled_by"]) if written.get("enrolled_by") else None,
    )


def terms_in_force(written: Mapping[str, Any], floor: int | None) -> Terms:
    """The terms kept with a unit, with the floor that was fixed later in the place of their line, where there is one."""
    terms = terms_of(written)
    return terms if floor is None else replace(terms, line=floor)


def terms_content(terms: Terms) -> dict[str, Any]:
    """The terms as JSON, with nothing that is not set."""
    told = {
        "banners": sorted(terms.banners),
        "language": terms.language,
        "talent": terms.talent,
        "subject_lines": [list(pair) for pair in terms.subject_lines],
        "line": terms.line,
        "junior": terms.junior,
        "enrolled_by": terms.enrolled_by.isoformat() if terms.enrolled_by else None,
    }
    return {key: value for key, value in told.items() if value}
