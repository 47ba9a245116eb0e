"""Candidates of the simulated city with their phones: log in, look, choose, move down, or leave a list and sleep."""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rehearsal.exam_city import Candidate
from rehearsal.phone import City, NoAnswer, Phone, PhoneRefused

SIDE_BY_SIDE = 6
ROUND_PAUSE_S = 2.0
QUIET_FOR_S = 18.0
SOURCES = 250


class ExamPhone(Phone):
    """A candidate's phone."""

    def log_in_to_exam(self, candidate: Candidate) -> dict[str, Any]:
        """Log in by exam number and the code that comes to the stored phone; the candidate's own page.

        Raises PhoneRefused or NoAnswer.
        """
        before = len(self._messages(candidate.phone))
        self.post("/api/exam/login/code", {"exam_number": candidate.number})
        code = self._code(candidate.phone, before)
        told = self.post(
            "/api/exam/login", {"exam_number": candidate.number, "code": code, "device": f"phone of {candidate.number}"}
        )
        self._session.headers["Authorization"] = f"Bearer {told['token']}"
        page: dict[str, Any] = told["candidate"]
        return page


class Crowd:
    """Candidates who all want what they truly want: the best unit that would take them."""

    def __init__(self, city: City, candidates: Sequence[Candidate], category: str = "general") -> None:
        self.city, self.candidates, self.category = city, list(candidates), category
        self.phones: dict[str, ExamPhone] = {}
        self.done: Counter[str] = Counter()

    def arrive(self) -> None:
        """Everybody logs in, looks, and makes the first choice or leaves a list."""
        self._each(self._arrive, self.candidates)

    def move_until_quiet(self, rounds: int) -> int:
        """Rounds of looking and moving, until nobody has moved for longer than the lists rest; how many rounds it took.

        Lists that others left are moved every some seconds: a place may fall free though nobody pressed anything.
        """
        moved_at = time.monotonic()
        for number in range(1, rounds + 1):
            before = self.done["moved"]
            self._each(self._move, [one for one in self.candidates if not one.leaves_a_list])
            if self.done["moved"] != before:
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > QUIET_FOR_S:
                return number
            time.sleep(ROUND_PAUSE_S)
        return rounds

    def read_results(self) -> dict[str, str | None]:
        """Candidate → unit that admitted him, None where none did; who could not read his result is left out."""
        found: dict[str, str | None] = {}

        def read(candidate: Candidate) -> None:
            told = self.phones[candidate.number].get("/api/exam/admission")
            found[candidate.number] = told["unit"]

        self._each(read, [one for one in self.candidates if one.number in self.phones])
        return found

    def hang_up(self) -> None:
        """Close all phones."""
        for phone in self.phones.values():
            phone.close()

    def _each(self, step: Any, people: Sequence[Candidate]) -> None:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
            list(threads.map(lambda one: self._tried(step, one), people))

    def _tried(self, step: Any, candidate: Candidate) -> None:
        try:
            step(candidate)
        except (PhoneRefused, NoAnswer) as fault:
            self.done[getattr(fault, "code", "") or "no-answer"] += 1

    def _arrive(self, candidate: Candidate) -> None:
        source = f"127.0.{1 + len(self.phones) // SOURCES % SOURCES}.{2 + len(self.phones) % SOURCES}"
        phone = ExamPhone(self.city, source=source, patience_s=60.0)
        self.phones[candidate.number] = phone
        phone.log_in_to_exam(candidate)
        self.done["logged-in"] += 1
        if candidate.leaves_a_list:
            phone.put("/api/exam/standing-order", {"units": list(candidate.wishes), "category": self.category})
            self.done["lists"] += 1
        else:
            phone.put(f"/api/exam/choices/{self.category}", {"unit": candidate.wishes[0]})
            self.done["chosen"] += 1

    def _move(self, candidate: Candidate) -> None:
        """Down where one is outside, up where a better one would take him: straightforward, without guile."""
        phone = self.phones.get(candidate.number)
        if phone is None:
            return
        held = phone.get("/api/exam/standing")
        for wish in candidate.wishes:
            if wish == held.get("unit"):
                if held.get("inside"):
                    return
                continue
            if phone.get(f"/api/exam/what-if/{wish}").get("inside"):
                phone.put(f"/api/exam/choices/{self.category}", {"unit": wish})
                self.done["moved"] += 1
                return
