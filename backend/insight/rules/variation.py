"""校际差异系数: the pupil-weighted coefficient of variation between schools, in exact arithmetic (6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

THOUSAND = 1000


class VariationUndefined(ValueError):
    """There is nothing to compare: no school, or a mean of zero."""

    code = "variation-undefined"


@dataclass(frozen=True, slots=True)
class SchoolTotal:
    """One school: its pupils (1 or more) and the school's total of the indicator, such as all its square metres."""

    pupils: int
    total: Fraction


def variation_squared(schools: Sequence[SchoolTotal]) -> Fraction:
    """The square of the coefficient of variation, exactly.

    With x = X/P of a school and the mean ΣX/ΣP, S² is the mean of (x - mean)² weighted by pupils; the coefficient
    is S/mean (the national county evaluation's formula). Raises VariationUndefined.
    """
    if not schools:
        raise VariationUndefined("there is no school to compare")
    pupils = sum(school.pupils for school in schools)
    total = sum((school.total for school in schools), Fraction(0))
    if not total:
        raise VariationUndefined("all values are 0, so the mean is 0 and the coefficient is not defined")
    mean = total / pupils
    squares = sum((school.pupils * (school.total / school.pupils - mean) ** 2 for school in schools), Fraction(0))
    return squares / pupils / mean**2


def coefficient_of_variation(schools: Sequence[SchoolTotal]) -> str:
    """The coefficient with three decimals, rounded half up from its exact value ("0.515"). Raises VariationUndefined."""
    # The nearest thousandth m is the largest with (m - 1/2)² <= (1000 cv)², that is 2m - 1 <= sqrt(4·10⁶ cv²).
    doubled = isqrt(int(4 * THOUSAND**2 * variation_squared(schools)))
    whole, thousandths = divmod((doubled + 1) // 2, THOUSAND)
    return f"{whole}.{thousandths:03d}"
