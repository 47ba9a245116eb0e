"""What happens to a simulated family, drawn before it is made: which check will not match, who files, how it answers."""

from dataclasses import dataclass, replace

from rehearsal.chance import Chance
from rehearsal.rates import Rates

HOMES = {"owned": 62, "contract": 6, "rented": 24, "none": 8}
WORKS = {"insured": 74, "business": 16, "none": 10}
RELATIONS = {"mother": 58, "father": 42}
BOOKS_ELSEWHERE = {"city": 60, "outside": 40}
HOUSEHOLD_SLIPS = {"household_number": 60, "unit_code": 40}
RELATION_SLIPS = {"relation": 1}
PROPERTY_SLIPS = {"use": 60, "unit_code": 40}
POPULATION_SLIPS = {"name": 50, "ethnicity": 50}
WORK_SLIPS = {"insured": {"months": 1}, "business": {"credit_code": 1}}


@dataclass(frozen=True)
class Check:
    """What one check will say: "match", "mismatch" in `field`, or "not-found"; and who erred, "family" or "department"."""

    verdict: str = "match"
    field: str | None = None
    fault: str | None = None


MATCH = Check()


@dataclass(frozen=True)
class Fate:
    """One family's part in the season. The defaults are a family for which all goes well.

    `book`: the household is "here" (in the banner), elsewhere in the "city", or "outside" the prefecture; only the
    first is held against the register. `lives_on_book`: a household here stands at the family's own address.
    """

    relation: str = "father"
    home: str = "owned"
    work: str = "insured"
    book: str = "here"
    lives_on_book: bool = True
    household: Check = MATCH
    kinship: Check = MATCH
    property: Check = MATCH
    population: Check = MATCH
    employment: Check = MATCH
    twins: bool = False
    sibling: bool = False
    wechat: bool = True
    helper: bool = False
    first_picture: str = "good"
    answers: str = "confirm"


def draw_fate(chance: Chance, rates: Rates) -> Fate:
    """A family's fate by the rates. A check that does not apply (household elsewhere, no home, no work) stays "match"."""
    home, work = chance.one_of(HOMES), chance.one_of(WORKS)
    fate = Fate(
        relation="grandparent" if chance.happens(rates.grandparent_guardian) else chance.one_of(RELATIONS),
        home=home,
        work=work,
        book=chance.one_of(BOOKS_ELSEWHERE) if chance.happens(rates.household_elsewhere) else "here",
        lives_on_book=chance.happens(0.85),
        population=_check(chance, rates, "population", POPULATION_SLIPS),
        twins=chance.happens(rates.twins),
        sibling=chance.happens(rates.sibling_at_school),
        wechat=not chance.happens(rates.without_wechat),
        helper=chance.happens(rates.helper),
        first_picture=chance.one_of({"blurred": 2, "dark": 1}) if chance.happens(rates.bad_first_picture) else "good",
        answers=chance.one_of(
            {
                "decline": rates.declines,
                "silent": rates.stays_silent,
                "confirm": max(0.0, 1 - rates.declines - rates.stays_silent),
            }
        ),
    )
    if fate.book == "here":
        fate = replace(fate, household=_check(chance, rates, "household", HOUSEHOLD_SLIPS))
        if fate.household.verdict != "not-found":
            fate = replace(fate, kinship=_check(chance, rates, "kinship", RELATION_SLIPS))
    if home == "owned":
        fate = replace(fate, property=_check(chance, rates, "property", PROPERTY_SLIPS))
    if work != "none":
        fate = replace(fate, employment=_check(chance, rates, "work", WORK_SLIPS[work]))
    return fate


def _check(chance: Chance, rates: Rates, name: str, slips: dict[str, int]) -> Check:
    verdict = chance.one_of(rates.verdicts(name))
    if verdict == "match":
        return MATCH
    fault = "department" if chance.happens(rates.department_at_fault) else "family"
    return Check(verdict, chance.one_of(slips) if verdict == "mismatch" else None, fault)


SAMPLES: dict[str, tuple[Fate, str]] = {
    "a": (Fate(), "各部门信息全部一致"),
    "b": (
        Fate(relation="mother", household=Check("mismatch", "household_number", "family")),
        "户口簿户号填错，要由工作人员在工作台处理",
    ),
    "c": (Fate(relation="mother", wechat=False, answers="silent"), "没有微信，只收短信，到期不确认"),
    "d": (Fate(relation="grandparent", home="rented", wechat=False, helper=True), "爷爷奶奶监护，由代办人填报"),
}
"""The families of `make run`: letter → its fate and what it shows, for the person who tries the system by hand."""
