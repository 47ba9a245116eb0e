"""The form of an application as a value: what a family writes, what of it is still missing, and what it claims."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
SchoolCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}-[PJK][0-9]{2}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]

USES = {"residence": "住宅", "apartment": "公寓", "commercial": "商业"}
OWNERS = {"parent": "parents", "grandparent": "grandparents", "child": "self"}
HOUSEHOLDS = {"banner": "here"}
CARE = {
    "disability": "残疾，随班就读需要帮助",
    "left-behind": "父母在外务工，由别人照看",
    "hardship": "家庭经济困难",
}
"""Words of the chat and the phone page → the words of the rule-book."""


def _worded(words: Mapping[str, str]) -> BeforeValidator:
    return BeforeValidator(lambda value: words.get(value, value) if isinstance(value, str) else value)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Home(_Part):
    """Where the family lives: `certificate` is the number of its paper, `unit` the real-estate unit number."""

    kind: Literal["owned", "contract", "rented", "none"]
    certificate: Number | None = None
    use: Annotated[Literal["住宅", "公寓", "商业"] | None, _worded(USES)] = None
    unit: Number | None = None
    owner_relation: Annotated[Literal["self", "parents", "grandparents", "other"] | None, _worded(OWNERS)] = None
    registered_on: date | None = None


class Work(_Part):
    """The guardian's work in this city; months are whole months of social insurance."""

    kind: Literal["insured", "business", "none"]
    months: Annotated[int, Field(ge=0, le=720)] | None = None
    credit_code: Number | None = None


class Form(_Part):
    """Everything is optional while the family is still writing; `missing_in` says what a submission needs.

    `care` is what the school should be ready for: a disabled child among the others (D17), one whose parents work far
    away (D16), a poor family (B11, B12). It is shown to the school that has the child, and decides nothing.
    """

    unit_code: UnitCode | None = None
    address: Line | None = None
    household: Annotated[Literal["here", "elsewhere", "unknown"] | None, _worded(HOUSEHOLDS)] = None
    on_guardians_book: bool | None = None
    household_number: Number | None = None
    household_unit: UnitCode | None = None
    registered_on: date | None = None
    home: Home | None = None
    work: Work | None = None
    twins_with: UUID | None = None
    sibling_at: SchoolCode | None = None
    choices: tuple[SchoolCode, ...] = ()
    care: tuple[Literal["disability", "left-behind", "hardship"], ...] = ()
    care_note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None


def missing_in(form: Form) -> list[str]:
    """The fields that a submission needs and the form lacks, in the order of the form.

    Work is asked of families without a home of their own only (A08: the types that rest on work are theirs).
    """
    missing = [name for name in ("unit_code", "address") if not getattr(form, name)]
    if form.home is None:
        missing.append("home")
    elif form.home.kind in {"rented", "none"} and form.work is None:
        missing.append("work")
    return missing


def said_in(form: Form, banner: str) -> dict[str, bool | int | str | None]:
    """What the form claims, in the words of the rule-book's questions (policy.rules.claims.claims_from).

    Where the family does not say where its household is, the household's address unit does.
    """
    return {
        "household": household_place(form, banner),
        "home": form.home.kind if form.home else None,
        "owner_relation": form.home.owner_relation if form.home else None,
        "work": form.work.kind if form.work else None,
        "on_guardians_book": form.on_guardians_book,
        "sibling": form.sibling_at is not None,
        "twins": form.twins_with is not None,
    }


def household_place(form: Form, banner: str) -> str | None:
    """Where the household is by what the family wrote: here (in this banner), elsewhere, unknown, or None."""
    if form.household is not None:
        return form.household
    if form.household_unit is not None:
        return "here" if form.household_unit.startswith(banner) else "elsewhere"
    return "elsewhere" if form.household_number else None


def missing_of(form: Form | None, papers: Mapping[str, str]) -> list[str]:
    """Codes of all that a submission lacks: fields of the form, then kinds of papers not present (A23)."""
    fields = missing_in(form) if form is not None else ["unit_code", "address", "home"]
    return [*fields, *(kind for kind, standing in papers.items() if standing != "present")]


def choices_faulty(choices: Sequence[str], allowed: Sequence[str], at_most: int) -> bool:
    """Whether chosen schools are not all allowed, are named twice, or are more than the rule-book lets choose."""
    return len(set(choices)) != len(choices) or len(choices) > at_most or not set(choices) <= set(allowed)
