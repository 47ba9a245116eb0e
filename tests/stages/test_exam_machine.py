"""A state machine of a session: whatever is asked in whatever order, replaying the log gives exactly what is held (P3, P4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, select

from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.zhongkao.change_choice import keep_wishes
from backend.zhongkao.choice_ground import ground_of
from backend.zhongkao.close_band import close_band, frozen_set
from backend.zhongkao.command_session import extend_band, pause_session, resume_session
from backend.zhongkao.give_standing_order import give_standing_order, standing_order_of
from backend.zhongkao.move_standing_orders import move_lists
from backend.zhongkao.rows import ExamCandidate, ExamChoice, ExamClosing, ExamUnit
from backend.zhongkao.rules.admission import admission_input, run_admission
from backend.zhongkao.rules.admission_checker import check_admission
from backend.zhongkao.session_value import events_of, name_of, session_value
from backend.zhongkao.slow_standing import slow_standing
from backend.zhongkao.wishes import Wish
from tests.exam_builders import at, band, exam_official, listed_session

TOTALS = (650, 640, 640, 605, 590, 580, 580, 400)
PLAN = {"X": 1, "Y": 2, "Z": 0}
START = at("09:30")
EXAMPLES = 6
STEPS = 12


class ExamMachine(RuleBasedStateMachine):
    """Two bands, three units, eight candidates; time only goes forward; closings come from the top."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = cast("Connection", db.session.get_bind()).begin_nested()
        self.now = START
        self.keys = 0
        self.acknowledged: dict[int, tuple[int | None, int]] = {}
        self.real_now = clock.now
        clock.now = lambda: self.now  # type: ignore[assignment]

    @initialize()
    def begin(self) -> None:
        """The session is listed; everybody may choose."""
        self.session, self.candidates, self.units = listed_session(PLAN, TOTALS)
        self.official = exam_official()
        self.ground = ground_of(db.session.connection(), self.session.id)

    @rule(
        asked=st.lists(
            st.tuples(
                st.integers(0, len(TOTALS) - 1),
                st.sampled_from(["X", "Y", "Z", None]),
                st.integers(-3000, 3000),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def wish(self, asked: list[tuple[int, str | None, int]]) -> None:
        """A batch of wishes, some with stamps of hosts that are some seconds off."""
        wishes = [self._wish(*one) for one in asked]
        for wish, kept in zip(wishes, keep_wishes(db.session.connection(), self.ground, wishes), strict=True):
            if kept.refused is None:
                self.acknowledged[wish.candidate_id] = (wish.unit_id if wish.action == "choose" else None, kept.version)

    def _wish(self, person: int, unit: str | None, skew: int) -> Wish:
        self.keys += 1
        unit_id = None if unit is None else self.units[unit].id
        return Wish(
            self.candidates[person].id,
            "clear" if unit is None else "choose",
            unit_id,
            self.now + timedelta(milliseconds=skew),
            request_key=str(self.keys),
        )

    @rule(person=st.integers(0, len(TOTALS) - 1), order=st.permutations(["X", "Y", "Z"]))
    def leave_list(self, person: int, order: list[str]) -> None:
        """Somebody leaves a standing order."""
        with _refusals():
            give_standing_order(self.candidates[person], self.session, order, self.now)
        self._read_acknowledged()

    @rule()
    def move_lists(self) -> None:
        """The lists are moved as by the task."""
        move_lists(self.session.id, [band(self.session, 0).id, band(self.session, 1).id], self.now)
        self._read_acknowledged()

    @rule(minutes=st.integers(1, 50))
    def time_passes(self, minutes: int) -> None:
        """The clock goes on."""
        self.now += timedelta(minutes=minutes)

    @rule(number=st.integers(0, 1))
    def close(self, number: int) -> None:
        """The closing task wakes: too early it does nothing."""
        close_band(band(self.session, number).id)
        self._read_acknowledged()

    @rule(number=st.integers(0, 1), minutes=st.integers(1, 30))
    def extend(self, number: int, minutes: int) -> None:
        """The exam office extends a band."""
        with _refusals():
            extend_band(self.official, self.session, number, minutes, "演练")

    @rule()
    def pause_and_resume(self) -> None:
        """A pause in which nobody may choose."""
        pause_session(self.official, self.session, "演练")
        wish = self._wish(0, "X", 0)
        kept = keep_wishes(db.session.connection(), self.ground, [wish])[0]
        assert kept.refused is not None
        resume_session(self.official, self.session, "演练")

    def _read_acknowledged(self) -> None:
        """What the system moved counts as acknowledged too."""
        for row in db.session.execute(
            select(ExamChoice).where(ExamChoice.session_id == self.session.id).execution_options(populate_existing=True)
        ).scalars():
            if row.version:
                self.acknowledged[row.candidate_id] = (row.unit_id, row.version)

    @invariant()
    def replay_gives_what_is_held(self) -> None:
        """The oracle: contract 4's replay over the log, and the independent checker over its result."""
        if not hasattr(self, "session"):
            return
        value = session_value(self.session)
        given = admission_input(value, events_of(self.session, value))
        output = run_admission(given)
        assert check_admission(given, output).passed
        replayed = {one["id"]: one for one in output["candidates"]}
        codes = dict(db.session.execute(select(ExamUnit.id, ExamUnit.code)).all())
        for candidate in self.candidates:
            choice = db.session.get_one(ExamChoice, (self.session.id, candidate.id), populate_existing=True)
            told = replayed[name_of(candidate.id)]
            assert told["unit"] == (None if choice.unit_id is None else codes[choice.unit_id])
            if candidate.id in self.acknowledged:
                assert self.acknowledged[candidate.id] == (choice.unit_id, choice.version)
            if choice.unit_id is not None:
                shown = slow_standing(self.session, candidate, choice.unit_id)
                assert (shown["rank"], shown["level_with"], shown["inside"]) == (
                    told["rank"],
                    told["level_with"],
                    told["admitted"],
                )

    @invariant()
    def closed_is_frozen(self) -> None:
        """A closed band holds for ever what its closing counted."""
        if not hasattr(self, "session"):
            return
        for number in (0, 1):
            one = band(self.session, number)
            closing = db.session.execute(select(ExamClosing).where(ExamClosing.band_id == one.id)).scalar_one_or_none()
            if closing is not None:
                assert closing.holders == len(frozen_set(one))

    @invariant()
    def no_list_is_passed_over(self) -> None:
        """Once his band is closed, whoever left a list is where the first unit would have him: in all before it stand
        enough who are better. But for who holds nothing, and asked himself too late for a first choice.
        """
        if not hasattr(self, "session"):
            return
        closed = {one.id for number in (0, 1) if (one := band(self.session, number)).closed_at is not None}
        rows = db.session.execute(
            select(ExamChoice, ExamCandidate.standing)
            .join(ExamCandidate, ExamCandidate.id == ExamChoice.candidate_id)
            .where(ExamChoice.session_id == self.session.id)
            .execution_options(populate_existing=True)
        ).all()
        for choice, standing in rows:
            order = standing_order_of(choice.candidate_id, self.session.id)
            if order is None or choice.band_id not in closed or (choice.unit_id is None and choice.judged_at):
                continue
            better = {
                unit.id: sum(1 for one, level in rows if one.unit_id == unit.id and level < standing)
                for unit in self.units.values()
            }
            plan = {unit.id: unit.plan for unit in self.units.values()}
            inside = choice.unit_id is not None and better[choice.unit_id] < plan[choice.unit_id]
            wanted = order.units
            if inside and choice.unit_id in wanted:
                wanted = wanted[: wanted.index(choice.unit_id)]
            assert all(better[unit] >= plan[unit] for unit in wanted), f"{choice.candidate_id} was passed over"

    def teardown(self) -> None:
        """Everything is taken out again."""
        clock.now = self.real_now  # type: ignore[assignment]
        db.session.rollback()
        self.savepoint.rollback()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        with db.session.begin_nested():
            yield
    except Refusal:
        pass


@pytest.mark.usefixtures("app")
def test_whatever_happens_the_log_replays_to_what_is_held() -> None:
    """Hypothesis looks for an order of steps in which record, replay, checker and shown ranks disagree."""
    machine: Any = ExamMachine
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
