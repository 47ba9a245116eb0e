"""The why-cards of a run, made with it and kept beside it: what would have altered each result, and each row's proof.

They are written in the run's own transaction: whoever sees a result sees its card (promises P5).
"""

from typing import Any

from sqlalchemy import delete, insert

from backend.fairness.merkle import inclusion_proofs, merkle_root
from backend.foundation.audit import record
from backend.foundation.database import db
from backend.placement.choice_reasons import Seated, choosable, stands_behind
from backend.placement.rows import WhyCard
from backend.placement.rules.inputs import ChoiceInput, PlacementInput
from backend.placement.rules.results import PlacementResult
from backend.placement.rules.why import confirmed, explain
from backend.placement.rules.why_changes import Change
from backend.publication.rows import Run
from backend.publication.rules.ledger import leaves
from backend.publication.runs import salt_key_of

SAMPLE = 12
"""So many cards of every run are confirmed by full runs before they are kept."""


def keep_why_cards(run: Run, given: PlacementInput, result: PlacementResult, seated: Seated) -> dict[str, Any]:
    """Make and keep the card of everybody; what the run's report says of them.

    By choices the report also holds `stands`: class and keys behind the priority numbers that the cards speak of.
    Where a confirming run contradicts a card no card names a change, and an alarm is raised: nobody is told a guess.
    """
    cards = explain(given, result)
    if isinstance(given, ChoiceInput):
        cards = {
            one.id: tuple(change for change in cards[one.id] if choosable(one, change)) for one in given.applicants
        }
    sample = sorted(cards, key=str.encode)[:: max(1, len(cards) // SAMPLE)][:SAMPLE]
    told = [(one, cards[one][0]) for one in sample if cards[one]]
    wrong = sum(not confirmed(given, result, one, change) for one, change in told)
    if wrong:
        record("alarm.why-cards", "run", run.id, "说明卡与重新计算不符，未采用", count=wrong)
        cards = dict.fromkeys(cards, ())
    root = _keep(run, cards, result.document()["placements"])
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
        "output_root": root,
    }


def _keep(run: Run, cards: dict[str, tuple[Change, ...]], placements: list[dict[str, Any]]) -> str:
    data = leaves(placements, "output", salt_key_of(run))
    db.session.execute(delete(WhyCard).where(WhyCard.run_id == run.id))
    rows = [
        {
            "run_id": run.id,
            "receipt": placement["id"],
            "changes": [change.document() for change in cards[placement["id"]]],
            "leaf": place,
            "path": b"".join(path),
        }
        for place, (placement, path) in enumerate(zip(placements, inclusion_proofs(data), strict=True))
    ]
    if rows:
        db.session.execute(insert(WhyCard), rows)
    return merkle_root(data).hex()
