"""An extension moves the close of a band and of all later ones, and the locks keep their distance from it (domain 1.6-2)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.extending import BandTimes, extended

DAY = datetime(2031, 7, 15, tzinfo=UTC)
MINUTES = st.integers(1, 24 * 60)


def after(minutes: int) -> datetime:
    """So many minutes into the day."""
    return DAY + timedelta(minutes=minutes)


@st.composite
def timetables(draw: st.DrawFn) -> list[BandTimes]:
    """Bands that close one after the other; some open together, some when the one before has closed; with and without locks."""
    found: list[BandTimes] = []
    close = 0
    for _ in range(draw(st.integers(1, 5))):
        opens = draw(st.sampled_from([0, close]))
        close = max(close, opens) + draw(st.integers(10, 120))
        locks = [draw(st.none() | st.integers(opens, close)) for _ in range(2)]
        found.append(BandTimes(after(opens), after(close), *(None if one is None else after(one) for one in locks)))
    return found


def distances(times: BandTimes) -> list[timedelta | None]:
    """How long before the close each lock begins."""
    return [None if at is None else times.close_at - at for at in (times.no_clear_from, times.no_first_from)]


@settings(max_examples=100)
@given(timetables(), st.data(), MINUTES, st.integers(0, 300))
def test_every_lock_keeps_its_distance_from_its_close_and_nothing_opens_twice(
    bands: list[BandTimes], data: st.DataObject, minutes: int, now: int
) -> None:
    """A55, T-1.10: earlier bands stay, the extended one and all later ones close so much later, and still from high to low.

    A band that opens after the former close opens later; one that is open, or opened with the others, does not.
    """
    number, by = data.draw(st.integers(0, len(bands) - 1)), timedelta(minutes=minutes)
    told = extended(bands, number, by, after(now))
    assert told[:number] == bands[:number]
    for index, (before, later) in enumerate(zip(bands[number:], told[number:], strict=True)):
        waits = index > 0 and before.open_at >= bands[number].close_at and before.open_at > after(now)
        assert later.open_at - before.open_at == (by if waits else timedelta(0))
        assert later.close_at - before.close_at == by
        assert distances(later) == distances(before)
        assert later.open_at < later.close_at
    closes = [times.close_at for times in told]
    assert closes == sorted(closes)


def test_a_lock_that_has_begun_opens_again_until_its_new_instant() -> None:
    """The round of 20 July 2022 (15:00, no delete 16:00, modify only 16:30, end 17:00), half an hour longer at 16:45."""
    round_4 = BandTimes(after(900), after(1020), after(960), after(990))
    (told,) = extended([round_4], 0, timedelta(minutes=30), after(1005))
    assert told == BandTimes(after(900), after(1050), after(990), after(1020))
