"""Around the draw: sheets, teachers' teams, witnesses by ticket, twins' wishes, moves with reasons, signatures, the record."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from backend.classes.call_witnesses import CallDigitsUnfit, call_witnesses
from backend.classes.ceremony_view import PlanNotPublished, ceremony_view
from backend.classes.export_lists import export_lists
from backend.classes.gather_intake import facts_of, gather_intake
from backend.classes.held_data import classes_held
from backend.classes.import_sheets import ListFrozen, import_class_sheet, teachers_of
from backend.classes.move_ledger import (
    ClassUnknown,
    PupilNotInClass,
    approve_move,
    leave_class,
    open_proposals,
    propose_move,
)
from backend.classes.publish_plan import TeamsUnfit, publish_plan, standing_plan
from backend.classes.rows import ClassMember, ClassSignature
from backend.classes.sign_lists import NoTwinHere, SignatureUnfit, family_view, sign_lists, wish_for_twins
from backend.classes.standing import classes_now, sizes_now
from backend.enrolment.rows import Application
from backend.families.people import people_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor, NotAllowed
from backend.identity.rules.roles import Scope
from backend.placement.special_cases import ProposerCannotApprove, ReasonMissing
from backend.publication.ledger_folder import sealed_folder
from backend.publication.rows import LedgerEntry
from backend.records.export_records import records_of
from tests.ceremony_builders import hold_ceremony
from tests.class_builders import formed
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import official
from tests.ledger_builders import both_checkers, written_to
from tests.placement_builders import bureau, confirmed, placed, work
from tests.policy_builders import workbook

pytestmark = pytest.mark.usefixtures("opened")

P01, J01 = f"{KANGBASHI}-P01", f"{KANGBASHI}-J01"
CHILDREN = 4
SIGNATURE = [[[100 + 20 * step, 200 + 7 * step] for step in range(20)]]
HEAD = ["编号", "姓名", "特殊需要", "分开组"]
TEACHERS = [
    ["工号", "姓名", "性别", "出生日期", "职称", "任教学科", "业务水平", "班主任"],
    ["T1", "赵老师", "女", "1985-09-01", "高级", "语文", "92", "是"],
    ["T2", "钱老师", "男", "1990-02-11", "一级", "语文", "85", "是"],
    ["T3", "孙老师", "女", "1978-05-30", "高级", "数学", "88", "否"],
]


@pytest.fixture
def families() -> list[tuple[Actor, Application]]:
    """Children who have confirmed their place at the first school."""
    families = placed(CHILDREN)
    confirmed(families)
    return families


def school_of(code: str) -> Actor:
    with unit_of_work():
        return official("school-admissions", Scope("school", code))


@pytest.fixture
def school() -> Actor:
    return school_of(P01)


def take(by: Actor, kind: str, rows: list[list[str]], *, dry_run: bool = False) -> Any:
    with unit_of_work():
        return import_class_sheet(by, P01, kind, f"{kind}.xlsx", workbook(rows), dry_run=dry_run)


def name_of(application: Application) -> str:
    child = db.session.get_one(Child, application.child_id)
    return people_of([child])[child.id].name


def test_a_sheet_of_pupils_is_tried_then_taken_and_frozen_with_the_plan(families: Any, school: Actor) -> None:
    first, second = (application for _, application in families[:2])
    rows = [HEAD, [first.receipt, name_of(first), "是", "甲"], [second.receipt, name_of(second), "", "甲"]]
    assert take(school, "pupils", rows, dry_run=True).applied is False
    assert facts_of(P01) == {}
    wrong = take(school, "pupils", [HEAD, [first.receipt, "别人", "也许", ""], ["x", "", "", ""]])
    assert (wrong.applied, {fault.row for fault in wrong.faults}) == (False, {2, 3})
    assert take(school, "pupils", rows).applied
    told = {row["no"]: row for row in gather_intake(P01, 2).rows}
    assert told[first.receipt]["special"] == "1"
    assert told[first.receipt]["apart"] == told[second.receipt]["apart"] != ""
    run = formed(school, P01)
    lists = classes_now(run)
    assert lists[first.receipt] != lists[second.receipt]
    with pytest.raises(ListFrozen):
        take(school, "pupils", rows)
    with pytest.raises(NotAllowed):
        take(bureau(), "pupils", rows)


def test_a_junior_school_with_scores_shows_what_the_other_way_would_give(tmp_path: Path) -> None:
    """A33: scores balance; the page says what the draw loses and the floor gains, and strangers re-check the lists."""
    by = school_of(J01)
    head = ["编号", "姓名", "性别", "民族", "户籍地", "出生日期", "语文成绩", "数学成绩"]
    pupils = [
        [f"X{n}", f"生{n}", "男女"[n % 2], "汉", "外地", "2014-03-15", str(60 + n), f"{90 - 2 * n}.5"]
        for n in range(16)
    ]
    with unit_of_work():
        refused = import_class_sheet(school_of(P01), P01, "pupils", "p.xlsx", workbook([head, *pupils]), dry_run=False)
    assert (refused.applied, {fault.row for fault in refused.faults}) == (False, {1})
    with unit_of_work():
        assert import_class_sheet(by, J01, "pupils", "p.xlsx", workbook([head, *pupils]), dry_run=False).applied
    run = formed(by, J01, 2, "1")
    told = ceremony_view(J01)
    ways = told["published"]["ways"]
    assert float(ways["floor"]["score"]) <= float(ways["draw"]["score"]) <= 1
    assert ways["draw"] == told["published"]["report"]["spread"]
    assert told["plan"]["way"] == "draw"
    year = run.scope.rpartition("/")[2]
    for code, words in both_checkers(written_to(tmp_path, sealed_folder(year))):
        assert (code, "verified" in words) == (0, True), words


def test_pupils_from_outside_the_platform_are_divided_with_the_others(families: Any, school: Actor) -> None:
    rows = [
        ["编号", "姓名", "性别", "民族", "户籍地", "出生日期"],
        ["X1", "=1+1", "男", "汉", "康巴什区", "2020-03-15"],
    ]
    assert take(school, "pupils", rows).applied
    run = formed(school, P01)
    assert len(classes_now(run)) == CHILDREN + 1
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(export_lists(school, P01, "xlsx"))).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    assert ["X1", "=1+1", "男"] in [row[1:4] for row in rows]
    assert "'=1+1" in export_lists(school, P01, "csv").decode("utf-8-sig")
    with pytest.raises(NotAllowed):
        export_lists(bureau(), P01, "xlsx")


def test_teams_are_made_before_the_draw_and_draw_classes_after_the_lists(families: Any, school: Actor) -> None:
    """A31, C10, T-3.8."""
    assert take(school, "teachers", TEACHERS).applied
    assert len(teachers_of(P01)) == len(TEACHERS) - 1
    with pytest.raises(TeamsUnfit) as refusal:
        publish_plan(school, P01, 3)
    assert "班主任有 2 名" in refusal.value.facts["why"]
    with unit_of_work():
        run = publish_plan(school, P01, 2)
    before = ceremony_view(P01)
    assert [team["head"] for team in before["teams"]] == ["赵老师", "钱老师"]
    assert before["published"] is None
    hold_ceremony(run, school)
    work()
    teams = ceremony_view(P01)["published"]["teams"]
    assert sorted(one["class"] for one in teams) == [1, 2]
    actor, application = families[0]
    told = family_view(actor, application.id)
    assert told["teachers"]["teaches"]["数学"] == "孙老师"
    assert told["teachers"]["head"] == next(one["head"] for one in teams if one["class"] == told["class"])


def test_witnesses_are_called_from_the_parents_in_the_order_of_their_tickets(families: Any, school: Actor) -> None:
    """C11: the hall says the digits after the list is sealed; said once, the order stands."""
    with unit_of_work():
        run = publish_plan(school, P01, 2)
    with pytest.raises(CallDigitsUnfit):
        call_witnesses(school, run.id, "12")
    with unit_of_work():
        called = call_witnesses(school, run.id, "271 828")
    assert {one["no"] for one in called.called} == {application.receipt for _, application in families}
    assert [one["ticket"] for one in called.called] == sorted(one["ticket"] for one in called.called)
    with unit_of_work():
        assert call_witnesses(school, run.id, "999999").digits == "271828"
    with pytest.raises(NotAllowed):
        call_witnesses(official("school-admissions", Scope("school", f"{KANGBASHI}-P02")), run.id, "271828")


def test_a_family_says_whether_its_twins_sit_together(families: Any, school: Actor) -> None:
    """Domain 3.1: setting per family; without a word together, the last word before the plan counts."""
    (actor, one), (other_actor, other) = families[:2]
    with pytest.raises(NoTwinHere):
        wish_for_twins(actor, one.id, "apart")
    with unit_of_work():
        one.twins_with = other.child_id
    labels = gather_intake(P01, 2).labels
    assert labels.together[one.receipt] == labels.together[other.receipt]
    with pytest.raises(NotFound):
        wish_for_twins(other_actor, one.id, "apart")
    with unit_of_work():
        assert wish_for_twins(actor, one.id, "apart")["twins"] == "apart"
    labels = gather_intake(P01, 2).labels
    assert (labels.together, labels.apart[one.receipt]) == ({}, labels.apart[other.receipt])
    lists = classes_now(formed(school, P01))
    assert lists[one.receipt] != lists[other.receipt]
    with pytest.raises(ListFrozen):
        wish_for_twins(actor, one.id, "together")


def test_a_committee_moves_a_pupil_by_two_officials_and_everybody_sees_it(families: Any, school: Actor) -> None:
    """Wishes 16: the ledger of moves carries the reason's code; the record follows."""
    run = formed(school, P01)
    (_, application), *_ = families
    here = classes_now(run)[application.receipt]
    there = 3 - here
    for no, to, reason, refused in (
        ("nobody", there, "委员会一致同意", PupilNotInClass),
        (application.receipt, here, "委员会一致同意", ClassUnknown),
        (application.receipt, 9, "委员会一致同意", ClassUnknown),
        (application.receipt, there, "无", ReasonMissing),
    ):
        with pytest.raises(refused):
            propose_move(school, P01, no, to, reason)
    with unit_of_work():
        proposal = propose_move(school, P01, application.receipt, there, "身体原因，委员会一致同意")
    assert [reason for _, reason, _ in open_proposals(run)] == ["身体原因，委员会一致同意"]
    with pytest.raises(NotAllowed):
        approve_move(school, proposal.id)
    with unit_of_work():
        move = approve_move(bureau(), proposal.id)
    with unit_of_work():
        assert approve_move(bureau(), proposal.id).number == move.number
    work()
    assert classes_now(run)[application.receipt] == there
    assert sizes_now(run)[there] == 3
    told = {row["grbsm"]: row["bjh"] for row in records_of(P01)}
    assert sorted(told.values()) == sorted([str(there)] * 3 + [str(here)])
    (shown,) = ceremony_view(P01)["published"]["moves"]
    assert (shown["code"], shown["from"], shown["to"]) == ("committee", here, there)
    assert "身体原因" not in str(ceremony_view(P01))
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.cause == f"class-move/{run.id}/1")).scalar_one()
    assert application.receipt not in str(entry.shown)


def test_the_proposer_of_a_move_cannot_approve_it(families: Any) -> None:
    run = formed(official("school-admissions", Scope("school", P01)), P01)
    no, here = next(iter(classes_now(run).items()))
    by = official("school-admissions", Scope("school", P01))
    with unit_of_work():
        proposal = propose_move(by, P01, no, 3 - here, "委员会一致同意")
    both = Actor(by.account_id, "official", (*by.roles, *bureau().roles))
    with pytest.raises(ProposerCannotApprove):
        approve_move(both, proposal.id)


def test_who_leaves_the_school_leaves_the_lists_through_the_ledger(families: Any, school: Actor) -> None:
    run = formed(school, P01)
    no = families[0][1].receipt
    with unit_of_work():
        with pytest.raises(NotAllowed):
            leave_class(school, P01, no)
        assert leave_class(bureau(), P01, no).code == "transfer-out"
    assert no not in classes_now(run)
    assert sum(sizes_now(run).values()) == CHILDREN - 1
    with pytest.raises(PupilNotInClass):
        leave_class(bureau(), P01, no)
    with pytest.raises(DBAPIError, match="without a move"), db.session.begin_nested():
        db.session.execute(insert(ClassMember).values(run_id=run.id, no="back", number=1))


def test_a_guardian_signs_once_for_the_lists_with_this_hash(families: Any, school: Actor) -> None:
    """A40: 家长现场确认签字, on the phone; the strokes are sealed, their hash is bound to lists, number and class."""
    actor, application = families[0]
    assert family_view(actor, application.id)["state"] == "waiting"
    run = formed(school, P01)
    told = family_view(actor, application.id)
    assert (told["state"], told["class"]) == ("published", classes_now(run)[application.receipt])
    for strokes in ([], [[[1, 1]] * 3], [[[0, 2_000]] * 20], [[[5, 5]] * 6_000]):
        with pytest.raises(SignatureUnfit):
            sign_lists(actor, application.id, strokes)
    with pytest.raises(NotFound):
        sign_lists(families[1][0], application.id, SIGNATURE)
    with unit_of_work():
        signed = sign_lists(actor, application.id, SIGNATURE)
    assert signed["signed_at"]
    with unit_of_work():
        sign_lists(actor, application.id, SIGNATURE[::-1])
    (row,) = db.session.execute(select(ClassSignature)).scalars()
    assert b"200" not in row.strokes_sealed
    assert (row.class_number, row.output_sha256) == (told["class"], run.output_sha256)
    assert ceremony_view(P01)["published"]["signatures"] == 1
    (held,) = classes_held(actor.account_id, [application.child_id])
    assert held["signatures"][0]["strokes"] == SIGNATURE
    assert classes_held(actor.account_id, [families[1][1].child_id]) == []


def test_everybody_sees_plan_lists_and_record_and_no_name(app: Any, families: Any, school: Actor) -> None:
    """A38: 公布方案、公开过程、公示结果; the PDF holds the hashes."""
    look = app.test_client()
    assert look.get(f"/public/classes/{P01}").status_code == 404
    with pytest.raises(PlanNotPublished):
        ceremony_view(P01)
    with unit_of_work():
        run = publish_plan(school, P01, 2)
    assert standing_plan(P01) is not None
    page = look.get(f"/public/classes/{P01}").get_data(as_text=True)
    assert run.input_sha256 in page
    assert 'data-step="1"' in page
    assert look.get(f"/public/classes/{P01}/record.pdf").status_code == 409
    hold_ceremony(run, school)
    assert 'data-step="4"' in look.get(f"/public/classes/{P01}").get_data(as_text=True)
    work()
    page = look.get(f"/public/classes/{P01}").get_data(as_text=True)
    assert str(run.output_sha256) in page
    assert page.count("<svg") >= 1
    assert all(str(application.receipt) in page for _, application in families)
    assert not [name for _, application in families if (name := name_of(application)) in page]
    record = look.get(f"/public/classes/{P01}/record.pdf")
    assert record.data[:5] == b"%PDF-"
    assert look.get(f"/api/schools/{P01}/classes").get_json()["published"]["output_sha256"] == run.output_sha256
    assert "签字" in look.get(f"/public/classes/{P01}/sign").get_data(as_text=True)


def test_the_clock_of_the_move_ledger_runs_on(families: Any, school: Actor) -> None:
    run = formed(school, P01)
    numbers = [str(application.receipt) for _, application in families[:2]]
    for no in numbers:
        with unit_of_work():
            leave_class(bureau(), P01, no)
    shown = ceremony_view(P01)["published"]["moves"]
    assert [(move["number"], move["no"]) for move in shown] == list(enumerate(numbers, 1))
    assert classes_now(run).keys() == {str(application.receipt) for _, application in families[2:]}
    assert timedelta(0) <= clock.now() - run.frozen_at
