"""The seed ceremony: the seed text byte for byte, commitments, and the fixed rule for a missing text."""

import hashlib
from dataclasses import replace

import pytest

from backend.fairness.ceremony import CeremonyRefused, CeremonyRules, commitment, conclude, opens, seed_text

SECRET = "f3" * 16
ROOT = hashlib.sha256(b"roster").hexdigest()
RULES = CeremonyRules(
    ROOT, commitment(SECRET), ("公证员", "家长代表", "校长"), "福彩双色球 2026071", "no public number"
)
TEXTS = {"公证员": "123456789012", "家长代表": "3141592653589793", "校长": "271828182845"}


def by_hand(*parts: str) -> str:
    return hashlib.sha256(b"\x00".join(part.encode() for part in ("sunroll-seed/v1", *parts))).hexdigest()


def test_the_seed_text_is_the_published_digest() -> None:
    told = conclude(RULES, SECRET, TEXTS, "03 07 11")
    assert told.seed == by_hand(ROOT, SECRET, *TEXTS.values(), "03 07 11")
    assert told.seed == seed_text(ROOT, SECRET, list(TEXTS.values()), "03 07 11")
    assert [part.party for part in told.parts] == ["office", *RULES.witnesses, "福彩双色球 2026071"]
    assert all(part.is_revealed for part in told.parts)


def test_without_a_public_number_the_last_witness_ends_the_text() -> None:
    rules = replace(RULES, beacon=None, beacon_fallback=None)
    assert conclude(rules, SECRET, TEXTS, None).seed == by_hand(ROOT, SECRET, *TEXTS.values())


def test_a_commitment_opens_with_its_secret_only() -> None:
    assert opens(commitment(SECRET), SECRET)
    assert not opens(commitment(SECRET), SECRET[::-1])


def test_a_short_secret_is_refused_because_its_hash_could_be_searched() -> None:
    with pytest.raises(CeremonyRefused, match="at least 32 characters"):
        commitment("123456")


def test_the_order_in_which_witnesses_speak_changes_nothing() -> None:
    assert conclude(RULES, SECRET, dict(reversed(TEXTS.items())), None) == conclude(RULES, SECRET, TEXTS, None)


@pytest.mark.parametrize("said", [None, "", "x" * 32])
def test_an_office_that_does_not_open_is_replaced_by_its_commitment(said: str | None) -> None:
    told = conclude(RULES, said, TEXTS, "03")
    assert told.seed == by_hand(ROOT, RULES.office_commitment, *TEXTS.values(), "03")
    assert [part.is_revealed for part in told.parts] == [False, True, True, True, True]


@pytest.mark.parametrize("said", [None, "", "12345678901", "12345678901x", "１２３４５６７８９０１２"])
def test_a_witness_without_twelve_digits_is_replaced_by_the_fixed_text(said: str | None) -> None:
    texts = {name: text for name, text in TEXTS.items() if name != "家长代表"} | ({"家长代表": said} if said else {})
    told = conclude(RULES, SECRET, texts, "03")
    assert told.seed == by_hand(ROOT, SECRET, TEXTS["公证员"], "unrevealed/2", TEXTS["校长"], "03")


def test_a_public_number_that_never_appeared_is_replaced_by_the_published_fall_back() -> None:
    told = conclude(RULES, SECRET, TEXTS, None)
    assert told.seed == by_hand(ROOT, SECRET, *TEXTS.values(), "no public number")
    assert not told.parts[-1].is_revealed


def test_every_party_moves_the_seed() -> None:
    seeds = {conclude(RULES, SECRET, TEXTS, "03").seed, conclude(RULES, SECRET, TEXTS, "04").seed}
    seeds |= {conclude(RULES, SECRET, TEXTS | {name: "9" * 12}, "03").seed for name in TEXTS}
    other = replace(RULES, office_commitment=commitment("a" * 32))
    seeds |= {
        conclude(other, "a" * 32, TEXTS, "03").seed,
        conclude(replace(RULES, root="0" * 64), SECRET, TEXTS, "03").seed,
    }
    assert len(seeds) == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"root": "ABC"},
        {"office_commitment": ROOT.upper()},
        {"witnesses": ("a", "b")},
        {"witnesses": ("a", "b", "b", "c")},
        {"beacon": None},
        {"beacon_fallback": None},
    ],
)
def test_rules_under_which_somebody_could_choose_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(CeremonyRefused):
        replace(RULES, **changes)


def test_strangers_and_cut_marks_are_refused() -> None:
    with pytest.raises(CeremonyRefused, match="name no such witness"):
        conclude(RULES, SECRET, TEXTS | {"passer-by": "1" * 12}, "03")
    with pytest.raises(CeremonyRefused, match="no public number"):
        conclude(replace(RULES, beacon=None, beacon_fallback=None), SECRET, TEXTS, "03")
    with pytest.raises(CeremonyRefused, match="NUL"):
        seed_text(ROOT, "a\0b", ["1", "2", "3"])
