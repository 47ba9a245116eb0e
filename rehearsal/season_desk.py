"""The officials of a rehearsed season: deciding cases, closing the window, settling, drawing, releasing."""

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from rehearsal.ceremony import hold_ceremony
from rehearsal.chance import Chance
from rehearsal.office import Office, OfficeRefused
from rehearsal.season_papers import decide, facts_proved

WITNESSES = ("家长代表", "人大代表", "纪检监察")
DIGITS = 12
LOOK_S, LONGEST_LOOK_S = 0.4, 3.0
WORK_WITHIN_S = 3600.0
BUSY = ("submitted", "checking")
RECEIPT = re.compile(r"<tr><td>([^<—\s]+)</td>")
A_PAGE = 50

PapersOf = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Application → kind of paper → label → text."""
Note = Callable[[Mapping[str, Any], str], None]
"""Is told of every decision: the case as it was looked at, and what was decided."""


class SeasonStuck(Exception):
    """The service did not do what it should within an hour; the message says what was waited for."""


def wait_until(what: str, is_so: Callable[[], bool], within_s: float = WORK_WITHIN_S) -> None:
    """Look twice a second, then ever more seldom, until it is so. Raises SeasonStuck."""
    until, pause = time.monotonic() + within_s, LOOK_S
    while not is_so():
        if time.monotonic() > until:
            raise SeasonStuck(f"waited {within_s:.0f} s for: {what}")
        time.sleep(pause)
        pause = min(LONGEST_LOOK_S, pause * 1.2)


class Bureau:
    """The two officials of one banner at work. `schools_at`: stage → address unit → the schools in whose zone it lies."""

    def __init__(
        self,
        service: str,
        officials: Mapping[str, Mapping[str, Any]],
        banner: str,
        stages: Sequence[str],
        schools_at: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        self.banner, self.stages, self.schools_at = banner, stages, schools_at
        self.both = [Office(service, dict(officials[f"banner-{banner}-{letter}"])) for letter in "ab"]
        self.first, self.second = self.both

    def states(self, stage: str) -> Counter[str]:
        """State → applications of the stage."""
        told = self.first.get(f"/desk/banners/{self.banner}/stages/{stage}")
        return Counter(told["states"])

    def in_states(self, *states: str) -> int:
        """How many applications of the banner are in one of these states."""
        return sum(self.states(stage)[state] for stage in self.stages for state in states)

    def checks_done(self) -> None:
        """Wait until no application is with the departments any more. Raises SeasonStuck."""
        wait_until(f"the departments' answers in {self.banner}", lambda: self.in_states(*BUSY) == 0)

    def returned(self) -> set[str]:
        """The receipts of the applications that were given back to their families."""
        found: set[str] = set()
        for stage in self.stages:
            page, listed = 0, A_PAGE
            while listed == A_PAGE:
                text = self.first.page(
                    f"/desk/applications/{self.banner}/list", stage=stage, state="returned", page=page
                )
                receipts = RECEIPT.findall(text)
                found, page, listed = found | set(receipts), page + 1, len(receipts)
        return found

    def verification(self) -> dict[str, Any]:
        """{told, queue}: the desk's figures of verification (C18), and the cases that are still open."""
        told = self.first.get(f"/desk/banners/{self.banner}/verification")
        queue = [case for case in self.first.get("/desk/cases")["items"] if case["banner"] == self.banner]
        return {"told": told, "queue": [{"taken_by": case["taken_by"]} for case in queue]}

    def decide_cases(self, papers_of: PapersOf, note: Note, forged: Collection[str] = ()) -> Counter[str]:
        """Decide every open case, both officials side by side; decision → how often.

        Papers of the `forged` applications are found false: that takes the word of both.
        """
        decided: Counter[str] = Counter()
        while waiting := [
            case["id"] for case in self.first.get("/desk/cases")["items"] if case["banner"] == self.banner
        ]:
            with ThreadPoolExecutor(len(self.both)) as threads:
                parts = [waiting[index :: len(self.both)] for index in range(len(self.both))]
                jobs = [
                    threads.submit(self._decide, office, part, papers_of, note, forged)
                    for office, part in zip(self.both, parts, strict=True)
                ]
                decided += sum((job.result() for job in jobs), Counter[str]())
        return decided

    def _decide(
        self, office: Office, cases: Sequence[str], papers_of: PapersOf, note: Note, forged: Collection[str]
    ) -> Counter[str]:
        decided: Counter[str] = Counter()
        for case_id in cases:
            case = office.post(f"/desk/cases/{case_id}/look")
            papers, zones = papers_of[case["application"]], self.schools_at[case["stage"]]
            found = decide(case, papers, zones)
            body = {"decision": found.decision, "reason_code": found.reason_code, "reason": found.reason}
            is_forged = found.decision == "accept" and case["application"] in forged
            if is_forged:
                body |= {"reason_code": "false-papers", "reason": "演练：社会保险缴费证明系伪造。"}
            path = f"/desk/cases/{case_id}"
            try:
                office.post(f"{path}/decision", body | {"facts": dict(found.facts)})
            except OfficeRefused as refused:
                if refused.code != "facts-missing":
                    raise
                office.post(f"{path}/decision", body | {"facts": facts_proved(case, papers, zones)})
            if is_forged:
                other = self.second if office is self.first else self.first
                other.post(f"{path}/look")
                other.post(f"{path}/second", {"agrees": True, "reason": "演练：已核对，确系伪造。"})
            decided[found.decision] += 1
            note(case, found.decision)
        return decided

    def settle(self) -> list[dict[str, Any]]:
        """Settle the seat types of every stage; those that still wait for a fact."""
        waiting: list[dict[str, Any]] = []
        for stage in self.stages:
            path = f"/desk/banners/{self.banner}/stages/{stage}/settlement"
            if not self.states(stage)["verified"]:
                continue
            self.first.post(path)
            wait_until(f"settled seat types in {self.banner}/{stage}", self._is_settled(stage, path))
            waiting += self.first.get(path)["waiting"]
        return waiting

    def _is_settled(self, stage: str, path: str) -> Callable[[], bool]:
        """Whether only those are left that wait for a fact; whom that concerns is asked once nobody moves any more."""
        seen: list[int] = []

        def is_settled() -> bool:
            seen.append(self.states(stage)["verified"])
            if seen[-1] == 0:
                return True
            return len(seen) > 1 and seen[-1] == seen[-2] and seen[-1] <= len(self.first.get(path)["waiting"])

        return is_settled

    def place(
        self, stage: str, seed: str, while_frozen: Callable[[], None] = lambda: None, *, again: str = ""
    ) -> dict[str, Any] | None:
        """Freeze, take the witnesses' digits, allocate, read the checker's report, release with two words; the run.

        `while_frozen` is called while the list is frozen and nothing is drawn; `again` says why a further round is
        held. In the last stage's first ceremony a witness keeps silent. None where nobody applied for the stage.
        Raises SeasonStuck where the checker did not pass it.
        """
        run = self._frozen(stage, again)
        if run is None:
            return None
        if run["state"] == "frozen":
            while_frozen()
            is_first = stage == self.stages[0] and not again
            silent = WITNESSES[-1:] if stage == self.stages[-1] and not again else ()
            said = witnesses(f"{seed}/{self.banner}/{stage}{'/again' * bool(again)}")
            hold_ceremony(self.first, run, said, with_number=is_first, silent=silent)
        run = self.released(run)
        wait_until(f"announced results of {self.banner}/{stage}", lambda: self.states(stage)["frozen"] == 0)
        return run

    def released(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """The run, checked, with both officials' words. Raises SeasonStuck where its checker failed it."""
        path, run = f"/desk/runs/{run['id']}", finished(self.first, run)
        if run["state"] == "checked":
            run = self.first.post(f"{path}/approval", {"output_sha256": run["output_sha256"]})
        if run["state"] == "approved":
            run = self.second.post(f"{path}/approval", {"output_sha256": run["output_sha256"]})
        return dict(self.first.get(path))

    def _frozen(self, stage: str, again: str) -> dict[str, Any] | None:
        told = self.first.get(f"/desk/banners/{self.banner}/stages/{stage}")
        runs = told["runs"][bool(again) :]
        if runs:
            return self.first.get(f"/desk/runs/{runs[-1]['id']}")  # type: ignore[no-any-return]
        ready = ("settled", "choosing", "unplaced") if again else ("settled", "choosing")
        if not sum(told["states"].get(state, 0) for state in ready):
            return None
        year = self.first.service_time().year
        body = {"draw": f"{self.banner}/{stage}/{year}{'/2' * bool(again)}", "reason": again}
        return self.first.post(f"/desk/banners/{self.banner}/stages/{stage}/runs", body)  # type: ignore[no-any-return]


def finished(office: Office, run: Mapping[str, Any]) -> dict[str, Any]:
    """The run once it is no longer at work. Raises SeasonStuck where its checker failed it."""
    latest = dict(run)

    def is_done() -> bool:
        latest.update(office.get(f"/desk/runs/{run['id']}"))
        return latest["state"] not in ("frozen", "running")

    wait_until(f"the run {run['id']}", is_done)
    if latest["state"] == "failed":
        raise SeasonStuck(f"the checker failed the run {run['id']}: {latest['report']}")
    return latest


def witnesses(seed: str) -> dict[str, str]:
    """Three witnesses with twelve digits each, as the rehearsal's seed deals them."""
    chance = Chance(f"witnesses/{seed}")
    return {name: chance.digits(DIGITS) for name in WITNESSES}


def advance_to(system: Office, instant: datetime, by_s: int) -> int:
    """Move the service's clock to `by_s` seconds after an instant, if that lies ahead; by how many seconds it was moved."""
    ahead = round((instant - system.service_time()).total_seconds()) + by_s
    if ahead <= 0:
        return 0
    system.post("/desk/clock", {"advance_seconds": ahead})
    return ahead
