"""The coefficient of variation between schools: exact, weighted by pupils, rounded half up."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.insight.rules.variation import (
    SchoolTotal,
    VariationUndefined,
    coefficient_of_variation,
    variation_squared,
)

totals = st.integers(0, 10**6).map(lambda hundredths: Fraction(hundredths, 100))
schools = st.lists(st.builds(SchoolTotal, st.integers(1, 3000), totals), min_size=1, max_size=12).filter(
    lambda listed: any(school.total for school in listed)
)


def by_decimal(listed: list[SchoolTotal]) -> Decimal:
    """The formula as it is printed, in 60-digit decimals."""
    with localcontext() as context:
        context.prec = 60
        weights = [Decimal(school.pupils) for school in listed]
        values = [Decimal(school.total.numerator) / school.total.denominator for school in listed]
        per_pupil = [value / weight for value, weight in zip(values, weights, strict=True)]
        mean = sum(values) / sum(weights)
        squares = sum(weight * (one - mean) ** 2 for weight, one in zip(weights, per_pupil, strict=True))
        return (squares / sum(weights)).sqrt() / mean


@settings(max_examples=100)
@given(schools)
def test_it_is_the_formula_to_half_a_thousandth(listed: list[SchoolTotal]) -> None:
    written = Decimal(coefficient_of_variation(listed))
    assert abs(written - by_decimal(listed)) <= Decimal("0.0005")


@settings(max_examples=50)
@given(st.integers(1, 500), totals.filter(bool), st.integers(1, 6))
def test_equal_schools_do_not_vary(pupils: int, total: Fraction, count: int) -> None:
    assert coefficient_of_variation([SchoolTotal(pupils, total)] * count) == "0.000"


@settings(max_examples=50)
@given(schools, st.integers(1, 9))
def test_the_unit_of_measure_does_not_matter(listed: list[SchoolTotal], factor: int) -> None:
    scaled = [SchoolTotal(school.pupils, school.total * factor) for school in listed]
    assert variation_squared(scaled) == variation_squared(listed)


def test_pupils_weigh_not_schools() -> None:
    """100 pupils at 1 and 300 pupils at 3 a head: the mean is 2.5, S² = 0.75, the coefficient 0.346."""
    assert coefficient_of_variation([SchoolTotal(100, Fraction(100)), SchoolTotal(300, Fraction(900))]) == "0.346"


def test_half_a_thousandth_is_rounded_up() -> None:
    """Two schools at 1 ± 0.0625: the coefficient is exactly 0.0625, its fourth decimal is a five."""
    exact = [SchoolTotal(16, Fraction(15)), SchoolTotal(16, Fraction(17))]
    assert variation_squared(exact) == Fraction(1, 256)
    assert coefficient_of_variation(exact) == "0.063"


@pytest.mark.parametrize("listed", [[], [SchoolTotal(10, Fraction(0))]])
def test_nothing_to_compare_is_said(listed: list[SchoolTotal]) -> None:
    with pytest.raises(VariationUndefined):
        coefficient_of_variation(listed)
