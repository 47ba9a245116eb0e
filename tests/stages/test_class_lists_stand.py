"""Class lists are drawn once: no second draw of a sealed list, faults told in public, and every later change in the moves."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backend.classes import form_classes as former
from backend.classes.ceremony_view import ceremony_view
from backend.classes.class_lists import newest_run
from backend.classes.export_lists import listed
from backend.classes.import_sheets import import_class_sheet
from backend.classes.join_classes import join_classes
from backend.classes.publish_plan import publish_plan
from backend.classes.standing import classes_now, sexes_of, sizes_now
from backend.classes.transfer_in import PupilUnfit, enter_school
from backend.enrolment.rows import Application
from backend.fairness.ceremony import witness_commitment
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor, NotAllowed
from backend.placement.answer_place import confirm_place
from backend.placement.special_cases import approve, propose
from backend.publication.ceremony_refusals import SeedBinds
from backend.publication.lead_ceremony import WitnessName, announce_ceremony, close_commitments
from backend.publication.ledger_folder import public_folder, sealed_folder
from backend.publication.rows import LedgerEntry, Run
from backend.publication.runs import begin_run
from backend.publication.withdraw_run import withdraw_run
from backend.publication.witness_ceremony import commit_at_desk, say_at_desk
from sunroll.cli import main
from tests.ceremony_builders import hold_ceremony
from tests.class_builders import all_in_one_class, formed, school
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import renewed
from tests.journey_builders import WITNESSES
from tests.ledger_builders import both_checkers, written_to
from tests.placement_builders import after_the_close, bureau, published, settled, work
from tests.policy_builders import workbook

pytestmark = pytest.mark.usefixtures("opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
REASON = "家长说名单不好，想再抽一次"


@pytest.fixture
def families() -> list[tuple[Actor, Application]]:
    """Four children who have confirmed their place at the first school."""
    made = [settled() for _ in range(4)]
    after_the_close()
    published()
    kept = [(renewed(actor), application) for actor, application in made]
    for actor, application in kept:
        with unit_of_work():
            confirm_place(actor, application.id, clock.now())
    return kept


def test_a_plan_is_withdrawn_until_a_witness_speaks_and_never_after(families: Any) -> None:
    """Commitments tell nobody the seed; the first digits said are where drawing until it suits would begin."""
    with unit_of_work():
        run = publish_plan(school(), P01, 2)
        by = school()
        announce_ceremony(by, run.id, [WitnessName(name, "见证人") for name in WITNESSES], None)
        for name, said in WITNESSES.items():
            commit_at_desk(by, run.id, name, witness_commitment(run.roster_root, name, said))
        close_commitments(by, run.id)
    name, said = next(iter(WITNESSES.items()))
    with unit_of_work():
        say_at_desk(by, run.id, name, said)
    with pytest.raises(SeedBinds):
        withdraw_run(by, run.id, REASON)
    assert newest_run(P01) is run


def test_a_refused_forming_is_told_in_the_ledger_and_never_drawn_again(
    families: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two officials cannot do what one cannot; the database says no as well; the same seed forms the lists in the end."""
    true_form = former.form
    monkeypatch.setattr(former, "form", all_in_one_class(true_form))
    with unit_of_work():
        run = publish_plan(school(), P01, 2)
    hold_ceremony(run, school())
    work()
    assert run.state == "failed"
    for by in (school(), school()):
        with pytest.raises(SeedBinds):
            withdraw_run(by, run.id, REASON)
    with pytest.raises(DBAPIError, match="drawn_once"), db.session.begin_nested():
        db.session.execute(text("UPDATE run SET state = 'withdrawn' WHERE id = :id"), {"id": run.id})
    cause = LedgerEntry.cause.startswith(f"class-fault/{run.id}/")
    (told,) = db.session.execute(select(LedgerEntry.shown).where(cause)).scalars()
    assert str(run.output_sha256) in told["public.json"]
    assert run.ceremony["seed"] in told["public.json"]
    assert "K3" in told["public.json"]
    monkeypatch.setattr(former, "form", true_form)
    seed = run.ceremony["seed"]
    with unit_of_work():
        begin_run(db.session.get_one(Run, run.id))
    work()
    assert (run.state, run.ceremony["seed"]) == ("published", seed)


def test_a_pupil_from_elsewhere_joins_by_rule_under_a_number_nobody_chose(families: Any) -> None:
    """Domain 3.1: into the smaller class; the move says transfer-in, and the lists and the export know the pupil."""
    run = formed(school(), P01)
    with pytest.raises(NotAllowed):
        enter_school(school(), P01, "新同学", "male")
    for name, sex in (("", "male"), ("新同学", "x")):
        with pytest.raises(PupilUnfit):
            enter_school(bureau(), P01, name, sex)
    moves = []
    for sex in ("male", "male", "female"):
        with unit_of_work():
            moves.append(enter_school(bureau(), P01, "新同学", sex))
    assert [(move.no, move.code, move.number) for move in moves] == [
        (f"Z{place}", "transfer-in", place) for place in (1, 2, 3)
    ]
    assert moves[0].to_class != moves[1].to_class
    assert max(sizes_now(run).values()) - min(sizes_now(run).values()) == 1
    assert [sexes_of(run)[move.no] for move in moves] == ["male", "male", "female"]
    rows = {row["no"]: row for row in listed(school(), P01)}
    assert (rows["Z3"]["name"], rows["Z3"]["sex"], rows["Z3"]["class"]) == ("新同学", "女", moves[2].to_class)
    shown = ceremony_view(P01)["published"]["moves"]
    assert (shown[0]["no"], shown[0]["why"]) == ("Z1", "转入，按规则进人数最少的班")
    assert "新同学" not in str(ceremony_view(P01))


def test_a_child_transferred_after_the_draw_joins_as_transferred(families: Any) -> None:
    """The placement's own transfers and the late arrivals are told apart by their codes."""
    (actor, moved), (other, kept), *_ = families
    with unit_of_work():
        proposal = propose("transfer", bureau(), kept.id, P02, "全家搬到二小旁边")
        approve("transfer", bureau(), proposal.id)
        confirm_place(other, kept.id, clock.now())
    run = formed(school(P02), P02, 1)
    with unit_of_work():
        proposal = propose("transfer", bureau(), moved.id, P02, "全家搬到二小旁边")
        approve("transfer", bureau(), proposal.id)
        confirm_place(actor, moved.id, clock.now())
    with unit_of_work():
        assert join_classes(school(P02), P02) == 1
    assert classes_now(run).keys() == {kept.receipt, moved.receipt}
    assert [move["code"] for move in ceremony_view(P02)["published"]["moves"]] == ["transfer-in"]


def test_lists_and_teams_of_the_service_are_recomputed_by_strangers(families: Any, tmp_path: Path) -> None:
    """T-3.8: who has the public folder draws the teams again, who has the sealed one the lists as well."""
    heads = ["工号", "姓名", "性别", "出生日期", "职称", "任教学科", "业务水平", "班主任"]
    teachers = [[f"T{n}", f"{n}老师", "女", "1985-09-01", "高级", "语文", "92", "是"] for n in "甲乙"]
    with unit_of_work():
        assert import_class_sheet(
            school(), P01, "teachers", "t.xlsx", workbook([heads, *teachers]), dry_run=False
        ).applied
    run = formed(school(), P01)
    year = run.scope.rpartition("/")[2]
    shown = ceremony_view(P01)["published"]["teams"]
    for level, folder in (("public", public_folder(year)), ("sealed", sealed_folder(year))):
        (drawn,) = (json.loads(data) for path, data in folder.items() if path.endswith("-team-draw/public.json"))
        assert [(one["team"], one["class"]) for one in drawn["drawn"]] == [(one["team"], one["class"]) for one in shown]
        there = written_to(tmp_path / level, folder)
        done = CliRunner().invoke(main, ["verify", str(there)])
        assert (done.exit_code, "note:" in done.stdout) == (0, False), done.stdout
        for code, words in both_checkers(there):
            assert (code, "verified" in words) == (0, True), words
