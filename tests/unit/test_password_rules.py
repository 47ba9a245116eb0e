"""What officials' passwords must be: twelve characters of three kinds, none a well-known one with trimmings (等保 8.1.4.1)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.identity.rules.common_passwords import BREACHED, NEAR
from backend.identity.rules.passwords import OWN_CHARACTERS, expires_at, password_faults
from rehearsal.officials import fresh_password

TRIMMINGS = st.text("!*-_+?.=9", max_size=OWN_CHARACTERS - 1)


@given(st.sampled_from([*BREACHED, *NEAR]), TRIMMINGS)
def test_a_known_word_with_trimmings_is_refused(word: str, trimmings: str) -> None:
    assert "password-common" in password_faults(word.title() + trimmings, "anna")


@pytest.mark.parametrize(
    "password", ["P@ssw0rd-2026", "Adm1n@123456!", "Huawei@123456", "Woaini1314520!", "Qwer1234!@#$"]
)
def test_signs_for_letters_and_walks_over_the_keys_do_not_help(password: str) -> None:
    assert password_faults(password, "anna") == ["password-common"]


def test_a_known_word_beside_enough_of_ones_own_is_good() -> None:
    assert password_faults("Summer-kestrel7", "anna") == []
    assert password_faults("Summer-kestr7", "anna") == ["password-common"]


def test_what_the_simulated_city_draws_is_good() -> None:
    assert [password_faults(fresh_password(), "city") for _ in range(50)] == [[]] * 50


def test_lists_are_in_small_letters_and_name_nothing_twice() -> None:
    words = [*BREACHED, *NEAR]
    assert len(words) > 500
    assert len(set(words)) == len(words)
    assert [word for word in words if word != word.lower() or len(word) < 3] == []


def test_a_password_serves_ninety_days() -> None:
    assert expires_at(datetime(2026, 5, 11, 8, tzinfo=UTC)) == datetime(2026, 8, 9, 8, tzinfo=UTC)
