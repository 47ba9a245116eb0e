"""A candidate's token opens for its own holder until its end, and for nobody who changed a character of it (P7, P18)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.candidate_token import Holder, read_token, sign_token

KEY = b"k" * 32
NUMBERS = st.integers(0, 2**53)
HOLDERS = st.builds(Holder, NUMBERS, NUMBERS, st.integers(1, 2**40))


@settings(max_examples=60, deadline=None)
@given(HOLDERS)
def test_a_token_speaks_for_its_holder_until_it_ends(holder: Holder) -> None:
    token = sign_token(KEY, holder)
    assert read_token(KEY, token, holder.ends_at - 1) == holder
    assert read_token(KEY, token, holder.ends_at) is None


@settings(max_examples=100, deadline=None)
@given(HOLDERS, st.data())
def test_a_token_with_one_changed_character_opens_nothing(holder: Holder, data: st.DataObject) -> None:
    token = sign_token(KEY, holder)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("0123456789abcdefz.k ٣").filter(lambda character: character != token[place]))
    assert read_token(KEY, token[:place] + other + token[place + 1 :], 0) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=90))
def test_what_was_never_signed_opens_nothing(text: str) -> None:
    assert read_token(KEY, text, 0) is None


def test_another_service_s_key_opens_nothing() -> None:
    token = sign_token(KEY, Holder(1, 2, 3_000_000_000))
    assert read_token(b"o" * 32, token, 0) is None
    assert read_token(KEY, token + "\n", 0) is None
