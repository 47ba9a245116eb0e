"""Talks to the dialogue for a million turns: `python -m tests.trials.dialogue [TURNS]`; told to stop, it goes on next time.

Every turn is answered, nothing crashes, the remembered state stays small. The turns come in talks of 200, each drawn
from a chance of its own, so that a talk that fails can be had again by its number.
"""

import json
import random
import sys
import time

from bots.dialogue.values import to_json
from tests.bots.test_dialogue_fuzz import LARGEST_STATE, anything
from tests.chat_builders import City, Talk, placed
from tests.trials.progress import Progress

TURNS_A_TALK = 200
TALKS_A_PART = 50
REFUSED = ("submit", "register_child", "open_application", "save_form", "confirm", "decline", "choose_unit")


def one_talk(number: int) -> set[str]:
    """The wishes that one talk led to. Raises AssertionError at a silence or a swollen state, and whatever crashed."""
    chance = random.Random(f"talk {number}")
    talk = Talk(City([placed()] if number % 2 else []))
    for turn in range(TURNS_A_TALK):
        if turn % 20 == 0:
            refused = turn % 40 and chance.choice(REFUSED)
            talk.city.refusals = {refused: ("window-closed", {})} if refused else {}
        talk.send(anything(chance, talk))
        assert talk.heard, f"talk {number}, turn {turn}: silence at {talk.conversation}"
        assert len(json.dumps(to_json(talk.conversation))) < LARGEST_STATE, f"talk {number}, turn {turn}: swollen"
    return {wish.name for wish in talk.city.wishes}


def main() -> int:
    """The trial; 1 where a talk failed."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    parts = -(-turns // (TURNS_A_TALK * TALKS_A_PART))
    progress = Progress(f"dialogue-{turns}")
    for part in range(len(progress.done), parts):
        began = time.monotonic()
        wishes: set[str] = set()
        for number in range(part * TALKS_A_PART, (part + 1) * TALKS_A_PART):
            wishes |= one_talk(number)
        seconds = round(time.monotonic() - began, 1)
        found = {"turns": TURNS_A_TALK * TALKS_A_PART, "wishes": sorted(wishes), "seconds": seconds}
        progress.add(found, f"part {part + 1} of {parts}: {seconds} s")
    met = {wish for found in progress.done for wish in found["wishes"]}
    seconds = sum(found["seconds"] for found in progress.done)
    sys.stdout.write(f"{parts * TURNS_A_TALK * TALKS_A_PART} turns in {seconds:.0f} s; wishes met: {len(met)}\n")
    progress.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
