"""Why-cards: what would have altered a result, for everybody at once, and the proof of one change by running again."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from backend.fairness.tickets import ReplacedTickets, TicketDraw
from backend.placement.rules.choice import place_as_passed_over, without_passed_over
from backend.placement.rules.inputs import ChoiceInput, KeyValue, PlacementInput
from backend.placement.rules.results import ChoiceResult, PlacementResult, ZoneResult
from backend.placement.rules.why_changes import Change, changed
from backend.placement.rules.why_choice import explain_choices
from backend.placement.rules.why_keys import as_date
from backend.placement.rules.why_zone import explain_zones
from backend.placement.rules.zone import place_by_zones


def explain(
    given: PlacementInput, result: PlacementResult, asked: Collection[str] | None = None
) -> dict[str, tuple[Change, ...]]:
    """Applicant → the changes that would have altered the result, the most telling first; `result` is that of `given`.

    For the applicants `asked`, or for all. Equal to trying every change with a run of its own (W1 to W5), at about the price of one run.
    """
    if isinstance(given, ChoiceInput):
        if not isinstance(result, ChoiceResult):
            raise TypeError("the result is not one by choices")
        return explain_choices(without_passed_over(given, result), result, asked)
    if not isinstance(result, ZoneResult):
        raise TypeError("the result is not one by zones")
    return explain_zones(given, result, asked)


def school_after(given: PlacementInput, applicant: str, change: Change) -> str | None:
    """The school of the applicant when everything is run again with the change in it.

    By choices, bundles are passed over as they were: `given` is then what `without_passed_over` leaves.
    """
    edited = changed(given, applicant, change)
    drawing = TicketDraw(given.seed, given.draw)
    if change.kind == "ticket":
        labels = {applicant}
        if isinstance(given, ChoiceInput):
            labels |= {f"{change.at}/{applicant}"} if given.tie_break == "per-school" else set()
        else:
            labels = {one.bundle or one.id for one in given.applicants if one.id == applicant}
        number = bytes.fromhex(str(change.after))
        drawing = ReplacedTickets(given.seed, given.draw, dict.fromkeys(labels, number))
    result = (
        place_as_passed_over(edited, drawing) if isinstance(edited, ChoiceInput) else place_by_zones(edited, drawing)
    )
    return next(row.school for row in result.placements if row.id == applicant)


def confirmed(given: PlacementInput, result: PlacementResult, applicant: str, change: Change) -> bool:
    """Whether full runs give what the change says: with it the school `then`, and with one step less not yet.

    One step less gives the old school, or, on the way out of the last class, none. More seats of the own zone's school
    may lead elsewhere before they lead there: with one less it is not there yet.
    """
    if isinstance(given, ChoiceInput) and isinstance(result, ChoiceResult):
        given = without_passed_over(given, result)
    school = next(row.school for row in result.placements if row.id == applicant)
    after = school_after(given, applicant, change)
    is_altered = after == change.then if change.then is not None else after != school
    if not is_altered or (change.kind != "worst" and after == school):
        return False
    less = one_step_less(given, change)
    if less is None:
        return True
    then = school_after(given, applicant, less)
    return (
        then != change.then if change.kind == "seats" else then == school or (then is None and change.then is not None)
    )


def one_step_less(given: PlacementInput, change: Change) -> Change | None:
    """The same change one day, unit, class, number or seat smaller; None where it is the smallest already."""
    if change.by is None or change.by < 2:  # noqa: PLR2004  # one step is the least
        return None
    after: KeyValue | None = change.after
    if change.unit == "seats":
        return replace(change, by=change.by - 1)
    if isinstance(given, ChoiceInput) or change.unit == "units":
        step = 1 if int(change.before or 0) > int(change.after or 0) else -1
        after = int(change.after or 0) + step
    elif change.unit == "days":
        day, was = as_date(change.after), as_date(change.before)
        if day is None or was is None:
            raise ValueError("a change by days is between two dates")
        after = (day + timedelta(days=1 if was > day else -1)).isoformat()
    else:
        scale = _listed(given, change)
        place = scale.index(change.after)
        after = scale[place + (1 if scale.index(change.before) > place else -1)]
    return replace(change, after=after, by=change.by - 1)


def _listed(given: PlacementInput, change: Change) -> list[KeyValue | None]:
    if isinstance(given, ChoiceInput):
        return []
    if change.kind == "class":
        return [*given.classes, given.last_class]
    return [value for rule in given.order if rule.key == change.key for value in rule.values or ()]
