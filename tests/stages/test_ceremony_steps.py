"""The public draw as a service (promises D8, P6; domain 2.8, T-2.11): each step in its order, and nobody past it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from backend.fairness.ceremony import witness_commitment
from backend.fairness.ceremony_check import ceremony_findings
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import Scope
from backend.placement.freeze_placement import freeze_placement
from backend.publication import lead_ceremony as lead
from backend.publication.approve_run import approve_run
from backend.publication.ceremonies import ceremony_document, ceremony_of, witnesses_of
from backend.publication.ceremony_refusals import (
    CeremonyExists,
    CeremonyMissing,
    CeremonyNotReady,
    CommitmentMalformed,
    CommitmentsMissing,
    CommitmentStands,
    NotWhatWasCommitted,
    NumberNeeded,
    NumberNotFuture,
    NumberNotOut,
    NumberUnfit,
    WitnessesUnfit,
)
from backend.publication.enter_ledger import decision_of
from backend.publication.lead_ceremony import PublicNumber, WitnessName
from backend.publication.ledger_folder import sealed_folder
from backend.publication.rows import LedgerEntry, Run
from backend.publication.runs import begin_run
from backend.publication.witness_ceremony import commit_at_desk, commit_by_link, link_secret, say_at_desk, say_by_link
from tests.ceremony_builders import hold_ceremony
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import official
from tests.journey_builders import WITNESSES, stand_at
from tests.ledger_builders import both_checkers, written_to
from tests.placement_builders import after_the_close, bureau, settled, work

pytestmark = pytest.mark.usefixtures("opened")

NAMES = [WitnessName(name, "家长代表") for name in WITNESSES]


@pytest.fixture
def run() -> Run:
    for _ in range(3):
        settled()
    after_the_close()
    with unit_of_work():
        return freeze_placement(KANGBASHI, "primary", "测试派位", bureau())


def number(hours: float = 5) -> PublicNumber:
    return PublicNumber("福彩双色球第 2026135 期", "开奖公告", clock.now() + timedelta(hours=hours), "无公开数字")


def commit(run: Run, *names: str) -> None:
    for name in names or WITNESSES:
        commit_at_desk(bureau(), run.id, name, witness_commitment(run.roster_root, name, WITNESSES[name]))


def say(run: Run, *names: str) -> None:
    for name in names or WITNESSES:
        say_at_desk(bureau(), run.id, name, WITNESSES[name])


def told(run: Run) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(ceremony_document(run, ceremony_of(run.id))))
    return document


def waited(run: Run) -> None:
    """To the step where only the public number is missing."""
    lead.announce_ceremony(bureau(), run.id, NAMES, number())
    commit(run)
    lead.close_commitments(bureau(), run.id)
    say(run)
    lead.close_reveals(bureau(), run.id)


def test_the_whole_ceremony_leads_to_a_run_that_strangers_recompute(run: Run, tmp_path: Any) -> None:
    """P6: the file of the ceremony is true at every step, and the published ledger holds its seed and its names."""
    lead.announce_ceremony(bureau(), run.id, NAMES, number())
    commit(run)
    assert ceremony_findings(told(run)) == []
    lead.close_commitments(bureau(), run.id)
    say(run)
    assert ceremony_findings(told(run)) == []
    lead.close_reveals(bureau(), run.id)
    assert told(run)["office"]["text"] is None
    stand_at(clock.now() + timedelta(hours=6))
    with unit_of_work():
        lead.conclude_ceremony(bureau(), run.id, "03 07 11 + 09")
    document = told(run)
    assert ceremony_findings(document) == []
    assert document["seed"] == (run.ceremony or {})["seed"]
    work()
    assert run.state == "checked", run.report
    for _ in range(2):
        approve_run(run.id, bureau(), run.output_sha256 or "")
    shown = decision_of(run).ceremony
    assert shown is not None
    assert (shown.witnesses, shown.beacon) == (tuple(WITNESSES), "福彩双色球第 2026135 期")
    assert {code for code, _ in both_checkers(written_to(tmp_path, sealed_folder(str(clock.now().year))))} == {0}


def test_the_commitments_stand_in_the_ledger_before_anybody_speaks(run: Run) -> None:
    lead.announce_ceremony(bureau(), run.id, NAMES, None)
    commit(run)
    lead.close_commitments(bureau(), run.id)
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.cause == f"ceremony/{run.id}")).scalar_one()
    public = json.loads(entry.shown["public.json"])
    assert [one["commitment"] for one in public["witnesses"]] == [one.commitment for one in witnesses_of(run.id)]
    assert all(one["text"] is None for one in public["witnesses"])
    assert public["seed"] is None
    assert public["root"] == run.roster_root


def test_a_witness_who_does_not_speak_stands_in_the_seed_by_the_fixed_rule(run: Run) -> None:
    lead.announce_ceremony(bureau(), run.id, NAMES, None)
    commit(run)
    lead.close_commitments(bureau(), run.id)
    say(run, *list(WITNESSES)[:2])
    lead.close_reveals(bureau(), run.id)
    lead.conclude_ceremony(bureau(), run.id)
    assert (run.ceremony or {})["parts"][-1] == {"party": list(WITNESSES)[2], "text": "unrevealed/3"}
    assert ceremony_findings(told(run)) == []


def test_who_has_not_committed_is_dismissed_and_three_must_remain(run: Run) -> None:
    names = [*NAMES, WitnessName("公证员", "公证处")]
    lead.announce_ceremony(bureau(), run.id, names, None)
    commit(run, *list(WITNESSES)[:2])
    with pytest.raises(CommitmentsMissing):
        lead.close_commitments(bureau(), run.id)
    commit(run, list(WITNESSES)[2])
    lead.close_commitments(bureau(), run.id)
    assert [one.name for one in witnesses_of(run.id) if one.dismissed_at] == ["公证员"]
    with pytest.raises(CeremonyNotReady):
        say_at_desk(bureau(), run.id, "公证员", "1" * 12)


def test_nobody_takes_a_commitment_back_nor_says_other_digits(run: Run) -> None:
    lead.announce_ceremony(bureau(), run.id, NAMES, None)
    commit(run)
    commit(run)
    name = next(iter(WITNESSES))
    with pytest.raises(CommitmentStands):
        commit_at_desk(bureau(), run.id, name, "0" * 64)
    with pytest.raises(CommitmentMalformed):
        commit_at_desk(bureau(), run.id, name, "abc")
    with pytest.raises(CeremonyNotReady):
        say(run)
    lead.close_commitments(bureau(), run.id)
    for text in ("9" * 12, "", "12345678901x"):
        with pytest.raises(NotWhatWasCommitted):
            say_at_desk(bureau(), run.id, name, text)
    say_at_desk(bureau(), run.id, name, " ".join(WITNESSES[name]))
    with pytest.raises(CeremonyNotReady):
        commit(run)
    with pytest.raises(NotFound):
        say_at_desk(bureau(), run.id, "路人", "1" * 12)


@pytest.mark.parametrize(
    "names",
    [
        NAMES[:2],
        [*NAMES[:2], NAMES[0]],
        [*NAMES[:2], WitnessName("", "家长")],
        [*NAMES[:2], WitnessName("office", "x")],
    ],
)
def test_three_witnesses_with_names_of_their_own(run: Run, names: list[WitnessName]) -> None:
    with pytest.raises(WitnessesUnfit):
        lead.announce_ceremony(bureau(), run.id, names, None)


def test_a_list_has_one_ceremony_and_no_run_begins_without(run: Run) -> None:
    with pytest.raises(CeremonyMissing):
        begin_run(run)
    lead.announce_ceremony(bureau(), run.id, NAMES, None)
    with pytest.raises(CeremonyExists):
        lead.announce_ceremony(bureau(), run.id, NAMES, None)
    with pytest.raises(CeremonyNotReady):
        lead.conclude_ceremony(bureau(), run.id)


def test_the_public_number_lies_in_the_future_until_all_have_committed(run: Run) -> None:
    with pytest.raises(NumberNotFuture):
        lead.announce_ceremony(bureau(), run.id, NAMES, number(-1))
    with pytest.raises(NumberUnfit):
        lead.announce_ceremony(bureau(), run.id, NAMES, PublicNumber("x", "", number().appears_at, "y"))
    lead.announce_ceremony(bureau(), run.id, NAMES, number(1))
    commit(run)
    stand_at(clock.now() + timedelta(hours=2))
    with pytest.raises(NumberNotFuture):
        lead.close_commitments(bureau(), run.id)
    lead.name_number(bureau(), run.id, number(3))
    lead.close_commitments(bureau(), run.id)
    with pytest.raises(CeremonyNotReady):
        lead.name_number(bureau(), run.id, number(9))


def test_the_seed_waits_for_the_public_number(run: Run) -> None:
    waited(run)
    with pytest.raises(NumberNotOut):
        lead.conclude_ceremony(bureau(), run.id, "03")
    stand_at(clock.now() + timedelta(hours=6))
    with pytest.raises(NumberNeeded):
        lead.conclude_ceremony(bureau(), run.id, " ")
    lead.conclude_ceremony(bureau(), run.id, " 03 ")
    assert (run.ceremony or {})["parts"][-1]["text"] == "03"


def test_the_fall_back_stands_in_only_a_day_later(run: Run) -> None:
    waited(run)
    stand_at(clock.now() + timedelta(hours=5 + 24, minutes=1))
    lead.conclude_ceremony(bureau(), run.id)
    assert (run.ceremony or {})["parts"][-1]["text"] == "无公开数字"
    assert ceremony_findings(told(run)) == []


def test_a_number_that_was_not_named_is_not_taken(run: Run) -> None:
    lead.announce_ceremony(bureau(), run.id, NAMES, None)
    commit(run)
    lead.close_commitments(bureau(), run.id)
    lead.close_reveals(bureau(), run.id)
    with pytest.raises(NumberUnfit):
        lead.conclude_ceremony(bureau(), run.id, "03")


def test_a_link_speaks_for_its_own_witness_alone(run: Run) -> None:
    lead.announce_ceremony(bureau(), run.id, NAMES, None)
    first, second, third = witnesses_of(run.id)
    for wrong in ((second, link_secret(first)), (first, "x")):
        with pytest.raises(NotFound):
            commit_by_link(run.id, wrong[0].id, wrong[1], "0" * 64)
    for one in (first, second, third):
        made = witness_commitment(run.roster_root, one.name, WITNESSES[one.name])
        commit_by_link(run.id, one.id, link_secret(one), made)
    lead.close_commitments(bureau(), run.id)
    assert say_by_link(run.id, first.id, link_secret(first), WITNESSES[first.name]).said


def test_officials_of_elsewhere_lead_nothing(run: Run) -> None:
    for other in (
        official("banner-admissions", Scope("banner", "150621")),
        official("department", Scope("city", "1506")),
    ):
        with pytest.raises(NotAllowed):
            lead.announce_ceremony(other, run.id, NAMES, None)
        with pytest.raises(NotAllowed):
            commit_at_desk(other, run.id, "x", "0" * 64)


def test_the_database_keeps_the_order_of_the_steps(run: Run) -> None:
    """A commitment comes before the word, and a concluded ceremony never begins anew, whatever a program wants."""
    hold_ceremony(run, bureau())
    for change in ("UPDATE ceremony SET state = 'announced'", "UPDATE witness SET commitment = NULL"):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(db.text(change))


def test_a_page_of_the_ceremony_shows_no_seed_before_the_end_and_all_of_it_after(app: Any, run: Run) -> None:
    client = app.test_client()
    with unit_of_work():
        lead.announce_ceremony(bureau(), run.id, NAMES, number())
    page = client.get(f"/public/ceremonies/{run.id}").get_data(as_text=True)
    assert run.roster_root in page
    assert "家长代表" in page
    assert 'id="seed"' not in page
    one = witnesses_of(run.id)[0]
    own = f"/public/ceremonies/{run.id}/witness/{one.id}/{link_secret(one)}"
    assert client.get(own).status_code == 200
    assert client.get(own[:-1]).status_code == 404
    wrong = client.post(f"{own}/commitment", data={"request_key": "k1", "commitment": "x"})
    assert (wrong.status_code, "64 位十六进制" in wrong.get_data(as_text=True)) == (422, True)
    good = client.post(f"{own}/commitment", data={"request_key": "k2", "commitment": "a" * 64})
    assert good.status_code == 303
    assert client.get(f"/public/ceremonies/{run.id}.json").get_json()["witnesses"][0]["commitment"] == "a" * 64
    assert client.get(f"/api/ceremonies/{run.id}").get_json()["state"] == "announced"
