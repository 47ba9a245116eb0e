"""ID numbers by GB 11643: what is accepted, what is refused, and that no single slip of the pen goes unseen."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.families.rules.id_number import (
    IdNumber,
    IdNumberFault,
    IdNumberOfNoProvince,
    IdNumberOfWrongLength,
    IdNumberWithImpossibleBirth,
    IdNumberWithWrongCharacters,
    IdNumberWithWrongCheckDigit,
    check_digit,
    read_id_number,
)


def number_of(division: str, born: str, sequence: str) -> str:
    digits = f"{division}{born}{sequence}"
    return digits + check_digit(digits)


births = st.dates(date(1900, 1, 1), date(2026, 8, 31))
sequences = st.integers(0, 999).map(lambda number: f"{number:03}")
numbers = st.builds(lambda born, sequence: number_of("150602", f"{born:%Y%m%d}", sequence), births, sequences)


def naive_sum_is_one(number: str) -> bool:
    """ISO 7064 MOD 11-2 the other way round: the weighted sum of all 18, X as 10, leaves 1."""
    values = [10 if character == "X" else int(character) for character in number]
    return sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11 == 1


@settings(max_examples=100)
@given(births, sequences)
def test_a_right_number_says_the_birth_and_the_sex(born: date, sequence: str) -> None:
    number = number_of("150602", f"{born:%Y%m%d}", sequence)
    assert naive_sum_is_one(number)
    assert read_id_number(number) == IdNumber(number, born, "male" if int(sequence) % 2 else "female")


@settings(max_examples=100)
@given(numbers, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_always_seen(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    with pytest.raises(IdNumberFault):
        read_id_number(number[:place] + digit + number[place + 1 :])


@settings(max_examples=100)
@given(numbers, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_seen(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    with pytest.raises(IdNumberFault):
        read_id_number(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


def test_a_small_x_is_accepted_and_stored_large() -> None:
    """T-4.2."""
    assert read_id_number(" 11010519491231002x\n").number == "11010519491231002X"


@pytest.mark.parametrize("division", ["152701", "150627", "512301", "810000", "830000", "911124"])
def test_codes_that_are_old_or_of_a_permit_are_accepted(division: str) -> None:
    """T-4.2: a code abolished after birth stays valid (152701 was 东胜市, 512301 was 涪陵)."""
    assert read_id_number(number_of(division, "20180203", "001")).born_on == date(2018, 2, 3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (number_of("150602", "20180230", "001"), IdNumberWithImpossibleBirth),
        (number_of("150602", "20190229", "001"), IdNumberWithImpossibleBirth),
        (number_of("150602", "20181301", "001"), IdNumberWithImpossibleBirth),
        (number_of("150602", "00000101", "001"), IdNumberWithImpossibleBirth),
        (number_of("150602", "17990101", "001"), IdNumberWithImpossibleBirth),
        (number_of("150602", "20260902", "001"), IdNumberWithImpossibleBirth),
        (number_of("000000", "20180203", "001"), IdNumberOfNoProvince),
        (number_of("991124", "20180203", "001"), IdNumberOfNoProvince),
        ("150602180203001", IdNumberOfWrongLength),
        ("", IdNumberOfWrongLength),
        ("1101051949123100２X", IdNumberWithWrongCharacters),
        ("11010519491231002Ｘ", IdNumberWithWrongCharacters),
        ("1101051949123100X2", IdNumberWithWrongCharacters),
        ("11010519491231002Y", IdNumberWithWrongCharacters),
        ("110105194912310021", IdNumberWithWrongCheckDigit),
    ],
)
def test_each_fault_has_its_own_name_and_words(text: str, fault: type[IdNumberFault]) -> None:
    """T-4.2: impossible dates are refused even with a right check digit; 15 digits are refused, not converted."""
    with pytest.raises(fault) as caught:
        read_id_number(text, on=date(2026, 9, 1))
    assert str(caught.value)
    assert caught.value.in_chinese.endswith("。")
    assert caught.value.code.startswith("id-number-")


def test_a_birth_on_the_very_day_is_possible() -> None:
    newborn = number_of("150602", "20260901", "002")
    assert read_id_number(newborn, on=date(2026, 9, 1)).sex == "female"
