"""Talks to the dialogue for a million turns: `python -m bench.fuzz_dialogue 1000000`; exit 1 at a crash, a silence, a swollen state."""

import json
import random
import sys
import time

from bots.dialogue.values import to_json
from tests.bots.test_dialogue_fuzz import LARGEST_STATE, anything
from tests.chat_builders import City, Talk, placed

FRESH_EVERY = 200


def main() -> int:
    """Every turn is answered; the state stays small; the number of turns is the first argument."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    chance, began = random.Random("a million turns"), time.monotonic()
    talk = Talk(City())
    wishes: set[str] = set()
    for turn in range(turns):
        if turn % FRESH_EVERY == 0:
            wishes |= {wish.name for wish in talk.city.wishes}
            talk = Talk(City([placed()] if turn % (2 * FRESH_EVERY) else []))
        talk.send(anything(chance, talk))
        if not talk.heard or len(json.dumps(to_json(talk.conversation))) > LARGEST_STATE:
            print(f"turn {turn}: {talk.heard!r}, {talk.conversation}")
            return 1
    print(f"{turns} turns in {time.monotonic() - began:.0f} s; wishes met: {len(wishes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
