"""The independent checker of `sunroll place` in a process of its own, begun as soon as the input is read.

While the first process places, it works out what it needs of the input alone: it recomputes the tickets and sorts
everybody its own way. Of the program that places it hears nothing but the result. The digest of the input, which both
name and which has one definition, is made once, before they part.
"""

import marshal
import os
import traceback
import warnings
from typing import Any, Self

from backend.placement.rules.inputs import PlacementInput
from backend.placement.rules.run import checker_of


class CheckerAside:
    """A checker at work beside this process; it passes a result only where it says so and ends well."""

    def __init__(self, given: PlacementInput) -> None:
        """Start it on the parsed input."""
        given.sha256  # noqa: B018  # the input keeps it: both processes have it from here
        hearing, telling = os.pipe()
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # other threads (a test runner's) hold nothing the checker needs
            self._process = os.fork()
        if not self._process:
            os.close(telling)
            os.close(reading)
            os._exit(_check(given, hearing, writing))
        os.close(hearing)
        os.close(writing)
        self._telling, self._reading = os.fdopen(telling, "wb"), os.fdopen(reading, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def hear(self, result: dict[str, Any]) -> None:
        """Hand over the result document, once."""
        try:
            self._telling.write(marshal.dumps(result))
        except BrokenPipeError:
            return  # it died, and its verdict will say so
        finally:
            self._close()

    def verdict(self) -> tuple[bool, list[str]]:
        """Whether it passed, and what is broken; waits until the checker has ended."""
        broken = self._reading.read().splitlines()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        return os.waitstatus_to_exitcode(status) == 0, broken

    def __exit__(self, *_: object) -> None:
        """Nobody is left behind: a checker that heard no result ends by itself."""
        self._close()
        if self._process:
            self.verdict()
        self._reading.close()

    def _close(self) -> None:
        try:
            self._telling.close()
        except BrokenPipeError:
            return  # what was not written yet goes with the checker that died


def _check(given: PlacementInput, hearing: int, writing: int) -> int:
    """Check what is heard, tell the broken properties one a line, and give the exit code."""
    try:
        check = checker_of(given)
        with os.fdopen(hearing, "rb") as heard:
            told = heard.read()
        if not told:
            return 1
        report = check(marshal.loads(told))  # noqa: S302  # from the process that this one was forked off
        with os.fdopen(writing, "w", encoding="utf-8") as telling:
            telling.writelines(f"{one.name}: {'; '.join(one.details)}\n" for one in report.failed)
    except BaseException:  # noqa: BLE001  # a process that was forked off never goes on as if it were the first
        traceback.print_exc()
        return 1
    return 0 if report.passed else 1
