"""The zone half of parsing a placement: classes, order keys, schools with overflow, applicants, bundles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

from backend.fairness.canonical import by_bytes
from backend.fairness.strict_json import NotAnInteger, pointer_to
from backend.placement.rules.form import Form
from backend.placement.rules.inputs import KeyValue, OrderKey, ZoneApplicant, ZoneInput, ZoneSchool
from backend.placement.rules.plain_rows import are_distinct, are_plain_names, plain_columns

DIRECTIONS = ("ascending", "descending")
REQUIRED, DEFAULTS = ("id", "zone", "class", "keys"), {"bundle": None, "sibling_at": None}


@dataclass
class _Rules:
    """What applicants are read against; None where that part of the input could not be read."""

    classes: Collection[str] | None
    order: dict[str, OrderKey] | None
    schools: Collection[str] | None


def parse_zone(form: Form, top: dict[str, Any]) -> ZoneInput:
    """The zone input; faults are noted in `form`, and the value is good only where there are none."""
    seed, draw = form.text(top["seed"], "/seed") or "", form.text(top["draw"], "/draw") or ""
    classes = _distinct_texts(form, top["classes"], "/classes", "class")
    last_class = form.text(top["last_class"], "/last_class")
    if last_class in classes:
        form.note("/last_class", f"the class {last_class!r} stands in both lists")
    order = _order(form, top["order"])
    schools = _schools(form, top["schools"])
    rules = _Rules(
        (*classes, last_class) if isinstance(top["classes"], list) and last_class is not None else None,
        order if isinstance(top["order"], list) else None,
        {school.id for school in schools} if isinstance(top["schools"], list) else None,
    )
    applicants = _applicants(form, top["applicants"], rules)
    return ZoneInput(
        seed,
        draw,
        tuple(classes),
        last_class or "",
        tuple(order.values()),
        tuple(sorted(schools, key=lambda school: by_bytes(school.id))),
        tuple(sorted(applicants, key=lambda one: by_bytes(one.id))),
    )


def _distinct_texts(form: Form, value: Any, pointer: str, what: str) -> list[str]:
    texts: list[str] = []
    for at, item in form.items(value, pointer):
        text = form.text(item, at)
        if text is not None and text in texts:
            form.note(at, f"the {what} {text!r} stands twice")
        elif text is not None:
            texts.append(text)
    return texts


def _order(form: Form, value: Any) -> dict[str, OrderKey]:
    order: dict[str, OrderKey] = {}
    for at, item in form.items(value, "/order"):
        fields = form.record(item, at, ["key"], {"direction": "ascending", "values": None})
        key = form.text(fields["key"], f"{at}/key")
        direction = form.one_of(fields["direction"], f"{at}/direction", DIRECTIONS) or ""
        values = None
        if isinstance(item, dict) and "values" in item:
            values = _values(form, item["values"], f"{at}/values") if isinstance(item["values"], list) else None
            if values is None:
                form.note(f"{at}/values", "is not a list")
        if key is not None and key in order:
            form.note(f"{at}/key", f"the key {key!r} stands twice in the order")
        elif key is not None:
            order[key] = OrderKey(key, direction, values)
    return order


def _values(form: Form, value: Any, pointer: str) -> tuple[KeyValue, ...]:
    values: list[KeyValue] = []
    for at, item in form.items(value, pointer):
        one = _key_value(form, item, at)
        if one is not None and one in values:
            form.note(at, f"the value {one!r} stands twice")
        elif one is not None:
            values.append(one)
    return tuple(values)


def _key_value(form: Form, value: Any, pointer: str) -> KeyValue | None:
    if isinstance(value, str) and not isinstance(value, NotAnInteger):
        return form.text(value, pointer)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    form.note(pointer, "is neither a text nor a whole number")
    return None


def _schools(form: Form, value: Any) -> list[ZoneSchool]:
    read: dict[str, tuple[str, int, Any]] = {}
    for at, item in form.items(value, "/schools"):
        fields = form.record(item, at, ["id", "seats", "overflow"])
        one = form.name(fields["id"], f"{at}/id")
        seats = form.whole(fields["seats"], f"{at}/seats", 0) or 0
        if one is not None and one in read:
            form.note(f"{at}/id", f"the id {one!r} stands twice")
        name = one if one is not None and one not in read else at
        read[name] = (at, seats, fields["overflow"])
    return [
        ZoneSchool(one, seats, form.distinct_names(overflow, f"{at}/overflow", read, "school"))
        for one, (at, seats, overflow) in read.items()
    ]


def _applicants(form: Form, value: Any, rules: _Rules) -> list[ZoneApplicant]:
    plain = _plain_applicants(value, rules)
    return _applicants_one_by_one(form, value, rules) if plain is None else plain


def _plain_applicants(value: Any, rules: _Rules) -> list[ZoneApplicant] | None:
    """All applicants, column by column, where each is written plainly; None where one of them is not."""
    columns = plain_columns(value, REQUIRED, DEFAULTS)
    if columns is None or rules.classes is None or rules.schools is None:
        return None
    ids, labels = columns["id"], [label for label in columns["bundle"] if label is not None]
    known = (("zone", rules.schools), ("class", rules.classes), ("sibling_at", {*rules.schools, None}))
    if not (
        all({str, NoneType}.issuperset(map(type, columns[field])) for field, _ in known)
        and all(set(columns[field]).issubset(names) for field, names in known)
        and are_plain_names(ids)
        and are_plain_names(labels)
        and are_distinct(ids, labels)
        and len(set(labels)) == len({pair for pair in zip(columns["bundle"], columns["zone"], strict=True) if pair[0]})
        and _are_plain_keys(columns["keys"], rules)
    ):
        return None
    rows = zip(*(columns[field] for field in (*REQUIRED, *DEFAULTS)), strict=True)
    return list(map(ZoneApplicant._make, rows))


def _are_plain_keys(keys: Sequence[Any], rules: _Rules) -> bool:
    """Whether all are objects of values that are good by the rules; each value is looked at once."""
    if not {dict}.issuperset(map(type, keys)) or not {str, int}.issuperset(
        {type(value) for one in keys for value in one.values()}
    ):
        return False
    probe = Form()
    for key, value in {pair for one in keys for pair in one.items()}:
        _keys(probe, {key: value}, "", rules)
    return not probe.faults


def _applicants_one_by_one(form: Form, value: Any, rules: _Rules) -> list[ZoneApplicant]:
    read: dict[str, ZoneApplicant] = {}
    pointers: dict[str, str] = {}
    for at, item in form.items(value, "/applicants"):
        fields = form.record(item, at, REQUIRED, DEFAULTS)
        one = form.name(fields["id"], f"{at}/id")
        applicant = ZoneApplicant(
            one or "",
            form.known_name(fields["zone"], f"{at}/zone", rules.schools, "school") or "",
            _seat_class(form, fields["class"], f"{at}/class", rules),
            _keys(form, fields["keys"], f"{at}/keys", rules),
            None if fields["bundle"] is None else form.name(fields["bundle"], f"{at}/bundle"),
            _sibling_at(form, fields["sibling_at"], f"{at}/sibling_at", rules),
        )
        if one is not None and one in read:
            form.note(f"{at}/id", f"the id {one!r} stands twice")
        elif one is not None:
            read[one], pointers[one] = applicant, at
    _check_bundles(form, read, pointers)
    return list(read.values())


def _seat_class(form: Form, value: Any, pointer: str, rules: _Rules) -> str:
    seat_class = form.text(value, pointer)
    if seat_class is not None and rules.classes is not None and seat_class not in rules.classes:
        form.note(pointer, f"the class {seat_class!r} is in neither list")
    return seat_class or ""


def _sibling_at(form: Form, value: Any, pointer: str, rules: _Rules) -> str | None:
    return None if value is None else form.known_name(value, pointer, rules.schools, "school")


def _keys(form: Form, value: Any, pointer: str, rules: _Rules) -> dict[str, KeyValue]:
    keys: dict[str, KeyValue] = {}
    for key, item in form.mapping(value, pointer).items():
        at = pointer_to(pointer, key)
        rule = rules.order.get(key) if rules.order is not None else None
        if rules.order is not None and rule is None:
            form.note(at, "the order has no such key")
        elif item is not None:
            one = _key_value(form, item, at)
            if one is not None and rule is not None and rule.values is not None and one not in rule.values:
                form.note(at, f"the value {one!r} is not listed")
            elif one is not None:
                keys[key] = one
    return keys


def _check_bundles(form: Form, read: dict[str, ZoneApplicant], pointers: dict[str, str]) -> None:
    zones: dict[str, str] = {}
    for one, applicant in read.items():
        label = applicant.bundle
        if label is None:
            continue
        if label in read:
            form.note(f"{pointers[one]}/bundle", f"the bundle label {label!r} is also somebody's id")
        zone = zones.setdefault(label, applicant.zone)
        if applicant.zone and zone and applicant.zone != zone:
            form.note(
                f"{pointers[one]}/zone",
                f"the bundle {label!r} has members of the zones {zone!r} and {applicant.zone!r}",
            )
