"""Batch files as values: the table of questions that is dropped, and the table of answers, believed whole or not at all.

A wrong file (yesterday's, cut short, another department's, a register that was empty when it was asked) gives no
verdict about anybody: its questions are asked again, and at last a person looks (promises P19).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.verification.rules.cells import cell_of, record_of_texts
from backend.verification.rules.registers import RecordUnreadable, read_record

QUESTION_HEAD = ("batch", "question", "purpose", "basis", "consented_at", "operator")
ANSWER_HEAD = ("batch", "question", "found", "source", "as_of")
FOUND = {"是": True, "否": False, "true": True, "false": False}
ASKED_TO_JUDGE = 20
FOUND_AT_LEAST = 5
"""Of twenty questions and more at least one in five finds somebody, else the register was not there to be asked."""
BETWEEN = "、"


class BatchWrong(Exception):
    """The file is not believed; the message says which line and why, without a person's data."""


@dataclass(frozen=True)
class BatchAnswer:
    """One line of an answer: the question's id, and the record or None where nobody was found."""

    question: str
    record: dict[str, Any] | None
    source: str
    as_of: str


def question_table(
    batch: str, questions: Sequence[tuple[str, Mapping[str, Any], Mapping[str, str]]]
) -> list[list[str]]:
    """Head and rows of a file that asks: (question's id, keys, context) each; the keys' names are the further columns."""
    names = sorted({name for _, keys, _ in questions for name in keys})
    rows = [
        [batch, question, *(context.get(name, "") for name in QUESTION_HEAD[2:]), *(_key(keys.get(n)) for n in names)]
        for question, keys, context in questions
    ]
    return [[*QUESTION_HEAD, *names], *rows]


def _key(value: Any) -> str:
    return BETWEEN.join(value) if isinstance(value, list) else "" if value is None else str(value)


def answer_table(batch: str, declared: Sequence[str], answers: Sequence[BatchAnswer]) -> list[list[str]]:
    """Head and rows of a file that answers: what a department writes."""
    rows = []
    for answer in answers:
        record = answer.record or {}
        head = [batch, answer.question, "否" if answer.record is None else "是", answer.source, answer.as_of]
        rows.append(head + [cell_of(name, record.get(name)) for name in declared])
    return [[*ANSWER_HEAD, *declared], *rows]


def read_answers(
    batch: str, declared: Sequence[str], asked: Sequence[str], table: Sequence[Sequence[Any]]
) -> list[BatchAnswer]:
    """The answers of a whole file to the questions `asked`. Raises BatchWrong for the first thing that is not right."""
    rows = [["" if cell is None else str(cell).strip() for cell in row] for row in table]
    if not rows or tuple(rows[0]) != (*ANSWER_HEAD, *declared):
        raise BatchWrong("line 1: the columns are not those of this item")
    answers = [_answer(batch, declared, number, row) for number, row in enumerate(rows[1:], 2)]
    given = [answer.question for answer in answers]
    if len(set(given)) != len(given):
        raise BatchWrong("a question is answered twice")
    if set(given) != set(asked):
        missing, strange = len(set(asked) - set(given)), len(set(given) - set(asked))
        raise BatchWrong(f"{missing} questions are not answered, {strange} answers were not asked for")
    found = sum(answer.record is not None for answer in answers)
    if len(answers) >= ASKED_TO_JUDGE and found * FOUND_AT_LEAST < len(answers):
        raise BatchWrong(f"only {found} of {len(answers)} questions found anybody")
    return answers


def _answer(batch: str, declared: Sequence[str], number: int, row: Sequence[str]) -> BatchAnswer:
    if len(row) != len(ANSWER_HEAD) + len(declared):
        raise BatchWrong(f"line {number}: {len(row)} cells")
    of_batch, question, found, source, as_of = row[: len(ANSWER_HEAD)]
    if of_batch != batch:
        raise BatchWrong(f"line {number}: it answers another file")
    if found not in FOUND:
        raise BatchWrong(f"line {number}: it says neither that it found nor that it did not")
    texts = dict(zip(declared, row[len(ANSWER_HEAD) :], strict=True))
    record = {name: value for name, value in record_of_texts(texts).items() if value != []}
    if not FOUND[found]:
        if record:
            raise BatchWrong(f"line {number}: nothing was found, and yet it is told")
        return BatchAnswer(question, None, source, as_of)
    try:
        read = read_record(record_of_texts(texts), declared)
    except RecordUnreadable as broken:
        raise BatchWrong(f"line {number}: {broken} cannot be read") from broken
    return BatchAnswer(question, read, source, as_of)


def next_slot(now: datetime, every_s: int) -> datetime:
    """The next instant at which files are dropped: a whole number of periods after midnight, after `now`."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = int((now - midnight).total_seconds()) // every_s
    return midnight + timedelta(seconds=(passed + 1) * every_s)
