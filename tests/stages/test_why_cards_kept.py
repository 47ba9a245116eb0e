"""Every family reads why: its stand, the last one in, the smallest change that would have altered it, and the proof (P6)."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.fairness.canonical import canonical_json
from backend.fairness.merkle import proves_inclusion
from backend.foundation import tasks
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.placement import allocate_run, why_cards
from backend.placement.place_view import place_view
from backend.placement.rows import WhyCard
from backend.publication.rows import LedgerEntry, Run
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import renewed
from tests.placement_builders import OWNED, after_the_close, checked_run, published, seats_at, settled

pytestmark = pytest.mark.usefixtures("opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
DATES = ("2015-03-01", "2016-05-20", "2016-05-31")
DIES_AT = 2


def families() -> list[tuple[Actor, Application]]:
    """Three families with their own homes, registered on different days; the school has two seats."""
    facts = OWNED | {"home.in_area": True, "household.in_area": True}
    made = [settled(KANGBASHI, facts | {"home.registered_on": on}) for on in DATES]
    seats_at(P01, 2)
    after_the_close()
    return [(renewed(actor), application) for actor, application in made]


def test_the_family_left_out_reads_by_how_many_days() -> None:
    """Wishes 3: eleven or twelve days, by the number drawn; the last one in by keys, never by name."""
    asked = families()
    published()
    actor, application = asked[2]
    view = place_view(actor, application.id)
    why = view["why"]
    change = why["change"]
    assert (change["kind"], change["key_name"], change["unit"]) == ("key", "不动产登记日期", "days")
    assert (change["by"], change["after"]) in {(11, "2016-05-20"), (12, "2016-05-19")}
    assert change["then"]["code"] == P01
    told = next(line for line in why["text"] if line == change["text"])
    assert told.startswith(f"如果不动产登记日期早 {change['by']} 天（2016年5月")
    assert told.endswith(f"就会被{change['then']['name']}录取。")
    assert any(each["kind"] == "seats" and each["by"] == 1 for each in why["changes"])


def test_the_family_admitted_reads_what_would_have_lost_the_place() -> None:
    """As late as the one left out, or a day later, by the number drawn."""
    asked = families()
    published()
    changes = [place_view(actor, application.id)["why"]["change"] for actor, application in asked[:2]]
    assert [change["then"] for change in changes] == [None, None]
    assert changes[0]["by"] in {457, 458}
    assert changes[1]["by"] in {11, 12}
    assert all("就不会被" in change["text"] for change in changes)


def test_the_proof_leads_up_to_the_published_root() -> None:
    asked = families()
    run = published()
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.run_id == run.id)).scalar_one()
    rows = set()
    for actor, application in asked:
        proof = place_view(actor, application.id)["why"]["proof"]
        assert (proof["root"], proof["rows"]) == (entry.entry["roots"]["output"]["root"], len(DATES))
        leaf = canonical_json({"row": proof["row"], "salt": proof["salt"]})
        path = [bytes.fromhex(one) for one in proof["path"]]
        assert proves_inclusion(leaf, proof["index"], proof["rows"], path, bytes.fromhex(proof["root"]))
        assert proof["row"]["id"] == application.receipt
        assert proof["folder"] == f"/api/applications/{application.id}/proof"
        rows.add(proof["index"])
    assert rows == {0, 1, 2}


def test_before_the_release_a_card_is_kept_and_not_shown() -> None:
    asked = families()
    run = checked_run()
    kept = db.session.execute(select(func.count()).select_from(WhyCard).where(WhyCard.run_id == run.id)).scalar_one()
    assert kept == len(DATES)
    assert [place_view(actor, application.id)["why"] for actor, application in asked] == [None] * len(DATES)
    assert run.report is not None
    assert run.report["why"] | {"output_root": ""} == {
        "mechanism": "zone",
        "cards": 3,
        "with_change": 3,
        "confirmed": 3,
        "wrong": 0,
        "output_root": "",
    }


def test_a_card_that_a_full_run_contradicts_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = families()
    monkeypatch.setattr(why_cards, "confirmed", lambda *_: False)
    run = published()
    assert run.report is not None
    assert run.report["why"]["wrong"] == len(DATES)
    assert [place_view(actor, application.id)["why"]["changes"] for actor, application in asked] == [[], [], []]


def test_many_cards_are_made_task_by_task_and_a_dead_worker_loses_the_last_task_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every task is one transaction: cards and progress of the earlier ones stand, and the result is that of one task."""
    families()
    monkeypatch.setattr(allocate_run, "CARDS_AT_ONCE", 1)
    monkeypatch.setattr(tasks, "FIRST_PAUSE", 0)
    shares: list[int] = []
    asked: list[int] = []

    def dies_once(run: Run, given: Any, result: Any, receipts: Sequence[str]) -> None:
        asked.append(len(receipts))
        if len(asked) == DIES_AT:
            raise RuntimeError("a worker dies")
        shares.append(run.done_share)
        why_cards.keep_why_cards(run, given, result, receipts)

    monkeypatch.setattr(allocate_run, "keep_why_cards", dies_once)
    run = checked_run()
    assert (asked, shares) == ([1, 1, 1, 1], [0, 46, 73])
    assert run.report is not None
    assert (run.report["why"]["cards"], run.report["why"]["wrong"]) == (len(DATES), 0)
