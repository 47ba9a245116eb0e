"""Access tokens of the simulated WeChat platform over time: renewed early, both good meanwhile, forced with measure."""

import pytest

from rehearsal.wechat_tokens import ApiError, TokenOffice

APP, SECRET = "wx0123456789abcdef", "the secret of the account"


def test_a_token_is_renewed_five_minutes_early_and_both_are_good_meanwhile() -> None:
    office = TokenOffice(APP, SECRET)
    first, _ = office.stable_token(0, force=False)
    assert office.stable_token(6800, force=False)[0] == first
    second, _ = office.stable_token(6901, force=False)
    assert second != first
    office.check(first, 7100)
    office.check(second, 7100)
    with pytest.raises(ApiError, match="42001"):
        office.check(first, 7201)


def test_the_forced_mode_works_twenty_times_a_day() -> None:
    office = TokenOffice(APP, SECRET)
    for _ in range(20):
        office.stable_token(10, force=True)
    with pytest.raises(ApiError, match="45009"):
        office.stable_token(20, force=True)
    office.stable_token(86500, force=True)
