"""The checker's own reading of the rules: which values and labels a set of lists does not keep."""

from collections.abc import Mapping

from backend.classes.rules.values import ClassInput


def rules_not_kept(value: ClassInput, class_of: Mapping[str, int]) -> list[tuple[str, str]]:
    """The rules not kept as (rule, value or label in quotes); `class_of` maps a pupil's number to a class from 1."""
    found = []
    everywhere = range(1, value.options.classes + 1)
    for column in value.bounded_columns:
        for trait in sorted({pupil.traits[column] for pupil in value.pupils}):
            where = [class_of[pupil.no] for pupil in value.pupils if pupil.traits[column] == trait]
            classes = value.options.classes
            if any(abs(where.count(number) * classes - len(where)) >= classes for number in everywhere):
                found.append((column, repr(trait)))
    for kind, should_share in (("together", True), ("apart", False)):
        for label in sorted({getattr(pupil, kind) for pupil in value.pupils} - {""}):
            where = [class_of[pupil.no] for pupil in value.pupils if getattr(pupil, kind) == label]
            if len(set(where)) != (1 if should_share else len(where)):
                found.append((kind, repr(label)))
    return found
