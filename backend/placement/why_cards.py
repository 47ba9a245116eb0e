"""The why-cards of a run, made with it and kept beside it: what would have altered each result, and each row's proof.

They are written before the run is checked and can be released: whoever sees a result sees its card (promises P5).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from backend.fairness.merkle import inclusion_proofs, merkle_root
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.placement.choice_reasons import Seated, choosable, stands_behind
from backend.placement.rows import WhyCard
from backend.placement.rules.inputs import ChoiceInput, PlacementInput
from backend.placement.rules.results import PlacementResult
from backend.placement.rules.why import confirmed, explain
from backend.placement.rules.why_changes import change_of
from backend.publication.rows import Run
from backend.publication.rules.ledger import leaves
from backend.publication.runs import salt_key_of

SAMPLE = 12
"""So many cards of every run are confirmed by full runs before they are kept."""


def keep_why_cards(run: Run, given: PlacementInput, result: PlacementResult, receipts: Sequence[str]) -> None:
    """Make and keep the cards of these applicants, in the place of any that stand there."""
    cards = explain(given, result, frozenset(receipts))
    data, rows = _leaves(run, result), []
    if isinstance(given, ChoiceInput):
        lots = {one.id: one for one in given.applicants}
        cards = {one: tuple(change for change in cards[one] if choosable(lots[one], change)) for one in receipts}
    place_of = {row["id"]: place for place, row in enumerate(result.document()["placements"])}
    paths = list(inclusion_proofs(data))
    for one in receipts:
        place = place_of[one]
        told = [change.document() for change in cards[one]]
        rows.append({"run_id": run.id, "receipt": one, "changes": told, "leaf": place, "path": b"".join(paths[place])})
    db.session.execute(delete(WhyCard).where(WhyCard.run_id == run.id, WhyCard.receipt.in_(receipts)))
    if rows:
        db.session.execute(insert(WhyCard), rows)


def report_of_cards(run: Run, given: PlacementInput, result: PlacementResult, seated: Seated) -> dict[str, Any]:
    """Confirm a sample of the cards that are kept by full runs; what the run's report says of all of them.

    By choices the report also holds `stands`: class and keys behind the priority numbers that the cards speak of.
    Where a confirming run contradicts a card no card names a change, and an alarm is raised: nobody is told a guess.
    """
    kept = select(WhyCard.receipt, WhyCard.changes).where(WhyCard.run_id == run.id)
    cards = {receipt: [change_of(one) for one in changes] for receipt, changes in db.session.execute(kept)}
    sample = sorted(cards, key=str.encode)[:: max(1, len(cards) // SAMPLE)][:SAMPLE]
    told = [(one, cards[one][0]) for one in sample if cards[one]]
    wrong = sum(not confirmed(given, result, one, change) for one, change in told)
    if wrong:
        record("alarm.why-cards", "run", run.id, "说明卡与重新计算不符，未采用", count=wrong)
        db.session.execute(update(WhyCard).where(WhyCard.run_id == run.id).values(changes=[]))
        cards = {one: [] for one in cards}
    stands: dict[str, Any] = {}
    if isinstance(given, ChoiceInput):
        told_of = [change for changes in cards.values() for change in changes]
        stands = {"stands": stands_behind(given, seated, told_of)}
    return stands | {
        "mechanism": "choice" if isinstance(given, ChoiceInput) else "zone",
        "cards": len(cards),
        "with_change": sum(bool(changes) for changes in cards.values()),
        "confirmed": len(told) - wrong,
        "wrong": wrong,
        "output_root": merkle_root(_leaves(run, result)).hex(),
    }


def _leaves(run: Run, result: PlacementResult) -> list[bytes]:
    return leaves(result.document()["placements"], "output", salt_key_of(run))
