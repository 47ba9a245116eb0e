"""A family's why-card: type, keys, place in the list, the last one in, the smallest change, and the proof of its row.

Others appear by numbers, never by name.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.foundation.database import db
from backend.notices.sentences import FIRST_LANGUAGE, say
from backend.placement.rows import PlacementRow, WhyCard
from backend.placement.rules.why_changes import Change, change_of
from backend.placement.rules.why_words import (
    NOTHING_LEADS,
    TURN_TEXTS,
    Words,
    change_in_words,
    number_in_words,
    shown_value,
)
from backend.policy.places import schools_of
from backend.policy.rules.book import Book
from backend.policy.rules.facts import FACTS
from backend.policy.rules.seat_types import shown_classes
from backend.publication.rows import Run
from backend.publication.rules.ledger import salt_of
from backend.publication.runs import salt_key_of
from backend.seats.preferences import is_preferred
from backend.seats.rows import Seat

COMMA, HASH = "，", 32
TOLD_IN_TEXT = 2
MOVED_UP = "waiting-list"
"""The step of a row that left the published result by the waiting list: its card speaks of the place it had before."""
STEPS = (
    "zone",
    "overflow",
    "last",
    "sibling",
    "private",
    "choice",
    "preference",
    "waiting-list",
    "transfer",
    "special-case",
    "correction",
)
"""How a place came about, each told by `why.step` of the catalogue."""


def why_view(
    row: PlacementRow, run: Run | None, book: Book, stage: str, seat: Seat | None, lang: str = FIRST_LANGUAGE
) -> dict[str, Any]:
    """The card of a row as its family sees it.

    `text` is the whole card in lines of the language `lang`; the changes, and what the rule book names, are Chinese.
    `changes` are what would have altered the result, the most telling first (`change` is that one): `kind`, `text`, `then` (code and name of the school, null: the place is lost), and where
    they apply `at`, `key`, `key_name`, `before`, `after`, `by`, `unit`, `free`. `proof` leads up from the family's row
    to the published root of the result: `row`, `salt`, `index`, `rows`, `path` (hashes in hex, lowest first), `root`,
    and `folder`, where the family's ledger folder is. Both are empty for a committee's decision.
    """
    words = _words(book, stage, run)
    card = db.session.get(WhyCard, (run.id, row.receipt)) if run and row.step != MOVED_UP else None
    changes = [change_of(change) for change in card.changes] if card else []
    reason = row.reason
    return {
        "text": [*_reasons(row, words, seat, lang), *_changes_told(row, card, changes, words)],
        "step": row.step,
        "position": row.position,
        "class": reason.get("class"),
        "keys": reason.get("keys"),
        "ticket": reason.get("ticket"),
        "last_in": reason.get("last_in"),
        "change": _change(changes[0], row, words) if changes else None,
        "changes": [_change(change, row, words) for change in changes],
        "input_sha256": run.input_sha256 if run else None,
        "seed": run.ceremony["seed"] if run and run.ceremony else None,
        "proof": _proof(row, run, card),
    }


def _words(book: Book, stage: str, run: Run | None) -> Words:
    words = Words(
        {key.key: FACTS[key.fact].name if key.fact in FACTS else key.fact for key in book.order},
        {school.code: school.name for school in schools_of(book.banner, stage)},
        {kind.code: kind.name for kind in shown_classes(book, stage)},
        {},
    )
    stands = ((run.report or {}).get("why") or {}).get("stands", {}) if run else {}
    numbers = {
        int(number): number_in_words(int(number), stand["class"], stand["keys"], words)
        for number, stand in stands.items()
    }
    return replace(words, numbers=numbers)


def _reasons(row: PlacementRow, words: Words, seat: Seat | None, lang: str) -> list[str]:
    reason = row.reason
    served_first = row.step == "sibling" and is_preferred(row.application_id)
    step = "preference" if served_first else row.step
    lines = [say(f"why.step.{step if step in STEPS else 'none'}", lang)]
    if seat:
        lines.append(say("why.seat-type", lang, name=seat.seat_type_name))
    if told := _keys(reason.get("keys"), words):
        lines.append(say("why.keys", lang, keys=COMMA.join(told)))
    by_choices = "refused" in reason
    if by_choices:
        lines += _refused(reason, words, lang)
    elif row.position and row.step != "choice":
        lines.append(say("why.position", lang, position=row.position))
    if last := reason.get("last_in"):
        lines.append(say(f"why.last-of-{'school' if by_choices else 'list'}", lang, last=_last_in(last, words)))
    if reason.get("text"):
        lines.append(say("why.reason", lang, text=reason["text"]))
    return lines


def _refused(reason: Mapping[str, Any], words: Words, lang: str) -> list[str]:
    """The family's choice that was given, and the schools tried before it, each with its last one in."""
    lines = [say("why.choice", lang, choice=reason["choice"])] if reason.get("choice") else []
    for one in reason["refused"]:
        name = words.schools.get(one["school"], one["school"])
        last = one["last_in"]
        full = last and say("why.full", lang, school=name, last=_last_in(last, words))
        lines.append(full or say("why.no-seats", lang, school=name))
    return lines


def _last_in(last: Mapping[str, Any], words: Words) -> str:
    code, turn = str(last.get("class")), last.get("turn")
    shown = [TURN_TEXTS[turn]] if turn and turn != "choice" else []
    return COMMA.join([*shown, words.classes.get(code, code), *_keys(last.get("keys"), words)])


def _keys(keys: Mapping[str, Any] | None, words: Words) -> list[str]:
    return [
        f"{words.keys.get(key, key)} {shown_value(value)}" for key, value in (keys or {}).items() if value is not None
    ]


def _changes_told(row: PlacementRow, card: WhyCard | None, changes: list[Change], words: Words) -> list[str]:
    if card is None:
        return []
    if not changes:
        return [] if row.school else [NOTHING_LEADS]
    return [change_in_words(change, row.school, words) for change in changes[:TOLD_IN_TEXT]]


def _change(change: Change, row: PlacementRow, words: Words) -> dict[str, Any]:
    then = change.then and {"code": change.then, "name": words.schools.get(change.then, change.then)}
    named = {"key_name": words.keys.get(change.key, change.key)} if change.key else {}
    return change.document() | named | {"then": then, "text": change_in_words(change, row.school, words)}


def _proof(row: PlacementRow, run: Run | None, card: WhyCard | None) -> dict[str, Any]:
    folder = {"folder": f"/api/applications/{row.application_id}/proof"}
    if run is None or card is None or run.report is None:
        return folder
    why = run.report["why"]
    stands: dict[str, Any] = {"id": row.receipt, "school": row.school}
    if why["mechanism"] == "choice":
        told = stands | {"choice": row.position}
    else:
        step = None if row.school is None else row.step
        told = stands | {"step": step, "position": row.position, "reason": row.reason}
    path = card.path
    return folder | {
        "list": "output",
        "row": told,
        "salt": salt_of(salt_key_of(run), "output", card.leaf),
        "index": card.leaf,
        "rows": run.rows_count,
        "path": [path[start : start + HASH].hex() for start in range(0, len(path), HASH)],
        "root": why["output_root"],
    }
