"""The replay of a session against an independent naive oracle, and the finality of closed bands."""

from dataclasses import dataclass, field

from exam_sessions import band, choose, clear, lock, ranks, session_of
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.zhongkao.rules.replay import replay
from backend.zhongkao.rules.session import Candidate, Event, Session, Unit

# --- an oracle written the slow way: no windows, no standings, every question asked anew from the lists -------------


@dataclass
class Oracle:
    """Recomputes everything from the contract's sentences, quadratic and without shared code."""

    session: Session
    held: dict[str, str] = field(default_factory=dict)

    def refusal(self, event: Event) -> str | None:
        """Why the event is refused, or None."""
        who = [one for one in self.session.candidates if one.id == event.candidate]
        if not who:
            return "unknown-candidate"
        if event.action == "choose" and event.unit not in [unit.id for unit in self.session.units]:
            return "unknown-unit"
        open_bands = [
            index
            for index, one in enumerate(self.session.bands)
            if (one.lowest is None or who[0].total >= one.lowest)
            and (one.below is None or who[0].total < one.below)
            and one.open_at <= event.at
            and event.at < one.close_at
        ]
        if not open_bands:
            return "outside-band-window"
        forbidden = {
            word
            for one in self.session.locks
            if one.at <= event.at and (one.band is None or one.band == open_bands[0])
            for word in one.forbid
        }
        kind = "clear" if event.action == "clear" else "change" if event.candidate in self.held else "first"
        if kind in forbidden:
            return "locked"
        return "nothing-to-clear" if kind == "clear" and event.candidate not in self.held else None

    def run(self, events: list[Event]) -> list[str | None]:
        """The verdicts in the order given; what is held changes."""
        verdicts: dict[int, str | None] = {}
        for index in sorted(range(len(events)), key=lambda one: (events[one].at, one)):
            verdicts[index] = self.refusal(events[index])
            if verdicts[index] is None:
                self.held.pop(events[index].candidate, None)
                if events[index].action == "choose":
                    self.held[events[index].candidate] = events[index].unit
        return [verdicts[index] for index in range(len(events))]

    def strength(self, name: str) -> tuple[int, ...]:
        """Total and ties."""
        one = next(one for one in self.session.candidates if one.id == name)
        return (one.total, *one.ties)

    def place(self, name: str) -> tuple[int, int, bool]:
        """Rank, how many are level, admitted."""
        rivals = [self.strength(other) for other, unit in self.held.items() if unit == self.held[name]]
        rank = 1 + sum(rival > self.strength(name) for rival in rivals)
        plan = next(unit.plan for unit in self.session.units if unit.id == self.held[name])
        return rank, rivals.count(self.strength(name)), rank <= plan


CANDIDATES = [f"C{number}" for number in range(6)]
UNITS = ["X", "Y", "Z"]
instants = st.integers(0, 12)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Small sessions in which everything collides: few scores, few instants, several bands and locks."""
    scores = st.integers(0, 3)
    candidates = [Candidate(name, draw(scores), (draw(scores), draw(scores))) for name in CANDIDATES]
    units = [Unit(name, draw(st.integers(0, 3))) for name in UNITS]
    edges = sorted(draw(st.sets(st.integers(0, 4), max_size=3)))
    limits = list(zip([None, *edges], [*edges, None], strict=True))
    bands = []
    for lowest, below in draw(st.permutations(limits)):
        opening = draw(st.integers(0, 8))
        bands.append(band(lowest, below, opening, draw(st.integers(opening + 1, 12))))
    which = st.none() | st.integers(0, len(bands) - 1)
    words = st.sets(st.sampled_from(["clear", "first"]))
    locks = [lock(draw(instants), *draw(words), of=draw(which)) for _ in range(draw(st.integers(0, 3)))]
    return session_of(candidates, units, bands, locks, sorted(draw(st.sets(instants, max_size=3))))


@st.composite
def event_lists(draw: st.DrawFn) -> list[Event]:
    names = st.sampled_from([*CANDIDATES, "nobody"])
    places = st.sampled_from([*UNITS, "nowhere"])
    makes = st.builds(choose, instants, names, places) | st.builds(clear, instants, names)
    return draw(st.lists(makes, max_size=40))


@settings(max_examples=100)
@given(sessions(), event_lists())
def test_the_replay_equals_the_naive_oracle(session: Session, events: list[Event]) -> None:
    """Contract 4, A54, A56: refusals, who holds what, ranks, ties and admissions."""
    oracle = Oracle(session)
    outcome = replay(session, events)
    assert outcome.verdicts == oracle.run(events)
    assert outcome.held == oracle.held
    found = {name: ranks(outcome, index)[name] for index, unit in enumerate(outcome.units) for name in unit.places}
    assert found == {name: oracle.place(name) for name in oracle.held}


@settings(max_examples=100)
@given(sessions(), event_lists())
def test_a_reading_is_the_state_before_its_instant(session: Session, events: list[Event]) -> None:
    """A52: a statistic counts the events before its time, and only a filled plan has a lowest inside."""
    for reading, units in replay(session, events).readings:
        oracle = Oracle(session)
        oracle.run([event for event in events if event.at < reading.at])
        for unit in units:
            inside = sorted(
                (oracle.strength(name) for name, held in oracle.held.items() if held == unit.unit.id), reverse=True
            )
            assert (unit.chosen, unit.vacant) == (len(inside), max(0, unit.unit.plan - len(inside)))
            if 0 < unit.unit.plan <= len(inside):
                assert unit.lowest_inside is not None
                lowest = (unit.lowest_inside.total, *unit.lowest_inside.ties)
                assert lowest == inside[unit.unit.plan - 1]
            else:
                assert unit.lowest_inside is None


@settings(max_examples=100)
@given(sessions(), event_lists(), st.permutations(range(13)))
def test_only_events_of_one_instant_depend_on_the_order_of_the_file(
    session: Session, events: list[Event], instants_dealt: list[int]
) -> None:
    """Contract 0: the rows may come in any order, as long as those of one instant keep theirs."""
    shuffled = sorted(events, key=lambda event: instants_dealt[event.at])
    one, other = replay(session, events), replay(session, shuffled)
    assert (one.held, one.units, one.readings) == (other.held, other.units, other.readings)


def closing_from_the_top(candidates: list[Candidate], units: list[Unit]) -> Session:
    """Bands of one point each; the band of the highest total closes first (1.1)."""
    totals = sorted({candidate.total for candidate in candidates}, reverse=True)
    bands = [band(total, total + 1, 0, (index + 1) * 3) for index, total in enumerate(totals)]
    return session_of(candidates, units, bands)


@settings(max_examples=100)
@given(
    st.lists(st.integers(0, 5), min_size=6, max_size=6),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.builds(choose, st.integers(0, 20), st.sampled_from(CANDIDATES), st.sampled_from(UNITS)), max_size=60),
    st.lists(st.builds(clear, st.integers(0, 20), st.sampled_from(CANDIDATES)), max_size=10),
)
def test_after_a_band_has_closed_nobody_in_it_moves_any_more(
    totals: list[int], plans: list[int], chosen: list[Event], cleared: list[Event]
) -> None:
    """T-1.4: bands close from high to low, so nothing after a close changes a place or an admission in that band."""
    candidates = [Candidate(name, total) for name, total in zip(CANDIDATES, totals, strict=True)]
    session = closing_from_the_top(candidates, [Unit(name, plan) for name, plan in zip(UNITS, plans, strict=True)])
    events = [*chosen, *cleared]
    final = replay(session, events)
    for one in session.bands:
        at_close = replay(session, [event for event in events if event.at < one.close_at])
        for candidate in candidates:
            if one.holds(candidate.total):
                assert at_close.held.get(candidate.id) == final.held.get(candidate.id)
                for before, after in zip(at_close.units, final.units, strict=True):
                    assert before.places.get(candidate.id) == after.places.get(candidate.id)


def test_the_finality_needs_bands_that_close_from_the_top() -> None:
    """The control of T-1.4: with the lower band closing first, a later entry from above still moves its members."""
    session = session_of(
        [Candidate("H", 5), Candidate("L", 1)], [Unit("X", 1)], [band(3, None, 0, 10), band(None, 3, 0, 5)]
    )
    events = [choose(1, "L", "X"), choose(7, "H", "X")]
    assert ranks(replay(session, events[:1]))["L"] == (1, 1, True)
    assert ranks(replay(session, events))["L"] == (2, 1, False)


@settings(max_examples=100)
@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.sampled_from(UNITS) | st.none(), min_size=6, max_size=6),
    st.sampled_from(CANDIDATES),
)
def test_whoever_enters_a_unit_with_room_never_lowers_how_many_are_admitted(
    totals: list[int], plans: list[int], chosen: list[str | None], mover: str
) -> None:
    """Domain 1.6-4: a vacancy may pull others along, but all in all nobody is lost by it, levels and all."""
    candidates = [Candidate(name, total) for name, total in zip(CANDIDATES, totals, strict=True)]
    units = [Unit(name, plan) for name, plan in zip(UNITS, plans, strict=True)]
    session = session_of(candidates, units, [band(None, None, 0, 10)])
    events = [choose(1, name, unit) for name, unit in zip(CANDIDATES, chosen, strict=True) if unit is not None]
    before = replay(session, events)
    for unit in before.units:
        if len(unit.places) < unit.unit.plan:
            after = replay(session, [*events, choose(2, mover, unit.unit.id)])
            assert sum(len(one.admitted) for one in after.units) >= sum(len(one.admitted) for one in before.units)
