"""The check of the chatting trial: a message is lost where it is neither on record nor said once more (P17)."""

from typing import Any

import pytest

from bots.wechat.inbound import Inbound
from tests.trials.chatting import Trial, faults_of

FAMILY = {"id": "f-1", "children": [{"name": "乌兰"}]}
LOST = "messages neither on record nor repeated"


def key_of(number: int) -> str:
    return Inbound("o-1", "gh", "text", 1, {"MsgId": str(number), "Content": "报名"}).dedupe_key.hex()


def trial(taken: list[int], unanswered: list[int], repeated: list[int], **found: Any) -> Trial:
    """A trial of one family with five messages; all else is right."""
    told = {"family": "f-1", "receipts": ["R-1"], "sent": 5, "repeated": repeated, "longest_ms": 9, "doubled": 0}
    clean = {"children": 1, "letters on disk": 0, "undone tasks": 0, "unfinished notices": 0}
    record = clean | {"inbox": {key_of(one) for one in taken}, "given up": [], "receipts": ["R-1"]} | found
    return Trial([FAMILY], [told], pushed=5, unanswered=unanswered, record=record)


@pytest.mark.parametrize(
    ("taken", "unanswered", "repeated"),
    [
        pytest.param([1, 2, 3, 4, 5], [], [], id="all answered"),
        pytest.param([1, 2, 4, 5], [3], [3], id="lost on the way and said again"),
        pytest.param([1, 2, 3, 4, 5], [3], [], id="kept before the bots died, answered later"),
        pytest.param([1, 2, 3, 4, 5], [3], [3], id="kept, and said again all the same"),
    ],
)
def test_nothing_is_lost_that_is_on_record_or_was_said_again(taken: Any, unanswered: Any, repeated: Any) -> None:
    assert faults_of(trial(taken, unanswered, repeated)) == []


def test_a_message_neither_on_record_nor_said_again_is_lost() -> None:
    assert faults_of(trial([1, 2, 4, 5], [3], [])) == [f"{LOST}: [3], not []"]


def test_another_messages_repeat_hides_no_lost_one() -> None:
    """The sums would balance: one is on record and was said again, the other one is gone."""
    assert faults_of(trial([1, 2, 4, 5], [2, 3], [2])) == [f"{LOST}: [3], not []"]


def test_a_letter_left_on_disk_is_a_fault_even_if_nothing_else_is() -> None:
    assert faults_of(trial([1, 2, 3, 4, 5], [], [], **{"letters on disk": 1})) == ["letters left on disk: 1, not 0"]


def test_a_message_that_was_answered_but_is_not_on_record_is_a_fault() -> None:
    assert faults_of(trial([1, 2, 4, 5], [], [])) == ["messages taken: 4 of 5, 0 of them not answered"]
