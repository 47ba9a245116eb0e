"""The choice half of parsing a placement: schools, applicants with choices and priority numbers, bundles."""

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from backend.fairness.canonical import by_bytes
from backend.fairness.strict_json import pointer_to
from backend.placement.rules.form import Form
from backend.placement.rules.inputs import ChoiceApplicant, ChoiceInput, ChoiceSchool
from backend.placement.rules.plain_rows import are_distinct, are_plain_names, plain_columns

TIE_BREAKS = ("single", "per-school")
REQUIRED = ("id", "choices")
DEFAULTS: dict[str, Any] = {"priority": {}, "bundle": None}


def parse_choice(form: Form, top: dict[str, Any]) -> ChoiceInput:
    """The choice input; faults are noted in `form`, and the value is good only where there are none."""
    seed, draw = form.text(top["seed"], "/seed") or "", form.text(top["draw"], "/draw") or ""
    tie_break = form.one_of(top["tie_break"], "/tie_break", TIE_BREAKS) or ""
    no_slash = tie_break == "per-school"
    schools: dict[str, ChoiceSchool] = {}
    for at, item in form.items(top["schools"], "/schools"):
        fields = form.record(item, at, ["id", "seats"])
        seats = form.whole(fields["seats"], f"{at}/seats", 0) or 0
        one = _fresh_name(form, fields["id"], f"{at}/id", schools, no_slash=no_slash)
        if one is not None:
            schools[one] = ChoiceSchool(one, seats)
    known = schools.keys() if isinstance(top["schools"], list) else None
    plain = _plain_applicants(top["applicants"], known, no_slash=no_slash)
    applicants = _one_by_one(form, top["applicants"], known, no_slash=no_slash) if plain is None else plain
    return ChoiceInput(
        seed,
        draw,
        tie_break,
        tuple(schools[one] for one in sorted(schools, key=by_bytes)),
        tuple(sorted(applicants, key=lambda one: by_bytes(one.id))),
    )


def _plain_applicants(value: Any, known: Collection[str] | None, *, no_slash: bool) -> list[ChoiceApplicant] | None:
    """All applicants, column by column, where each is written plainly; None where one of them is not."""
    columns = plain_columns(value, REQUIRED, DEFAULTS)
    if columns is None or known is None:
        return None
    ids, choices, priorities = columns["id"], columns["choices"], columns["priority"]
    labels = [label for label in columns["bundle"] if label is not None]
    schools = set(known)
    if not (
        {list}.issuperset(map(type, choices))
        and {dict}.issuperset(map(type, priorities))
        and {str}.issuperset(map(type, chain.from_iterable(choices)))
        and {int}.issuperset([type(number) for one in priorities for number in one.values()])
        and schools.issuperset(chain.from_iterable(choices))
        and schools.issuperset(chain.from_iterable(priorities))
        and all(len(set(one)) == len(one) for one in choices)
        and are_plain_names(ids)
        and are_plain_names(labels)
        and are_distinct(ids, labels)
        and not (no_slash and any("/" in name for name in (*ids, *labels)))
    ):
        return None
    rows = zip(ids, map(tuple, choices), priorities, columns["bundle"], strict=True)
    applicants = list(map(ChoiceApplicant._make, rows))
    return None if any(_unlike(applicants)) else applicants


def _unlike(applicants: Collection[ChoiceApplicant]) -> list[tuple[ChoiceApplicant, ChoiceApplicant]]:
    """Members of bundles whose choices and numbers are not those of the first member, each with that one."""
    first: dict[str, ChoiceApplicant] = {}
    bundled = [(one, first.setdefault(one.bundle, one)) for one in applicants if one.bundle is not None]
    return [(one, other) for one, other in bundled if (one.choices, one.priority) != (other.choices, other.priority)]


def _one_by_one(
    form: Form, value: Any, known: Collection[str] | None, *, no_slash: bool
) -> Collection[ChoiceApplicant]:
    applicants: dict[str, ChoiceApplicant] = {}
    pointers: dict[str, str] = {}
    for at, item in form.items(value, "/applicants"):
        fields = form.record(item, at, REQUIRED, DEFAULTS)
        choices = form.distinct_names(fields["choices"], f"{at}/choices", known, "school")
        priority = _priority(form, fields["priority"], f"{at}/priority", known)
        one = _fresh_name(form, fields["id"], f"{at}/id", applicants, no_slash=no_slash)
        if one is not None:
            bundle = None if fields["bundle"] is None else form.name(fields["bundle"], f"{at}/bundle")
            if no_slash and bundle is not None and "/" in bundle:
                form.note(
                    f"{at}/bundle", f"the label {bundle!r} has a '/', which per-school tickets use to join two ids"
                )
            applicants[one], pointers[one] = ChoiceApplicant(one, choices, priority, bundle), at
    _check_bundles(form, applicants, pointers)
    return applicants.values()


def _fresh_name(form: Form, value: Any, pointer: str, taken: Collection[str], *, no_slash: bool) -> str | None:
    one = form.name(value, pointer)
    if one is None:
        return None
    if one in taken:
        form.note(pointer, f"the id {one!r} stands twice")
        return None
    if no_slash and "/" in one:
        form.note(pointer, f"the id {one!r} has a '/', which per-school tickets use to join two ids")
    return one


def _check_bundles(form: Form, applicants: Mapping[str, ChoiceApplicant], pointers: Mapping[str, str]) -> None:
    unlike = {one.id: other.id for one, other in _unlike(applicants.values())}
    for one, applicant in applicants.items():
        label, at = applicant.bundle, f"{pointers[one]}/bundle"
        if label in applicants:
            form.note(at, f"the bundle label {label!r} is also somebody's id")
        if one in unlike:
            form.note(at, f"{one!r} and {unlike[one]!r} of the bundle {label!r} have not the same choices and priority")


def _priority(form: Form, value: Any, pointer: str, known: Collection[str] | None) -> dict[str, int]:
    priority: dict[str, int] = {}
    for key, item in form.mapping(value, pointer).items():
        at = pointer_to(pointer, key)
        school = form.known_name(key, at, known, "school")
        number = form.whole(item, at)
        if school in priority:
            form.note(at, f"the school {school!r} stands twice")
        elif school is not None and number is not None:
            priority[school] = number
    return priority
