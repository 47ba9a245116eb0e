"""Outages, files, re-runs, second words, samples, second looks of families: nobody stays in limbo (domain 2.5, 2.11)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.enrolment.applications import events_of, move_application
from backend.enrolment.rows import Application
from backend.foundation import clock
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.sentences import say
from backend.verification.dispute_check import open_doubt
from backend.verification.facts import checks_of
from backend.verification.forget_records import forget_records
from backend.verification.gateways.drop_folder import drop_folder
from backend.verification.gateways.exchange import DepartmentUnavailable
from backend.verification.rows import BatchFile, Case, Check, ExchangeCall, SpotCheck
from backend.verification.rules.lines import Line, as_usual
from backend.verification.rules.retention import AFTER_THE_END, KEPT_AT_MOST
from backend.verification.rules.self_check import asks_the_family
from backend.verification.spot_checks import judge_spot_check
from backend.verification.watch_limbo import watch_limbo
from rehearsal.batch_office import BatchOffice
from rehearsal.faults import Faults, Weather
from tests.journey_builders import STARTS, Season, stand_at
from tests.journey_city import Family, family, sheets_for
from tests.placement_builders import bureau

BANNER, TOWN = "150603", "150603001"
CLOSES = STARTS + timedelta(days=9)
BORN = date(2019, 10, 2)
CREDIT = "92150603MA00000001"


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    season = Season(app, BANNER, "kangbashi-2020", "康巴什区")
    season.publish(sheets_for(BANNER, TOWN, (40, 40)), STARTS, CLOSES)
    return season


def of(told: Family) -> Application:
    """The family's application as it stands."""
    wanted = select(Application).where(Application.receipt == told.receipt)
    return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one()


def work_for(season: Season, span: timedelta, step: timedelta = timedelta(seconds=60)) -> None:
    """Let time pass in steps, with the workers at work."""
    until = clock.now() + span
    while clock.now() < until:
        stand_at(clock.now() + step)
        season.work()


def test_an_outage_of_two_hours_costs_no_question_a_try_and_sends_nobody_to_a_person(season: Season) -> None:
    """The line closes after some failures; when the department is back everything is asked, slowly, and answered."""
    season.exchange.away["police"] = DepartmentUnavailable("503")
    families = [season.apply(family(f"{TOWN}001", BORN)) for _ in range(4)]
    work_for(season, timedelta(hours=2), timedelta(minutes=10))
    during = [context["request_id"] for item, _, context in season.exchange.asked if item.startswith("police")]
    assert len(during) < 12 * len(families), "a closed line is not knocked at again and again"
    assert {of(told).state for told in families} == {"checking"}
    season.exchange.away.clear()
    work_for(season, timedelta(minutes=12), timedelta(minutes=2))
    assert {of(told).state for told in families} == {"verified"}
    assert db.session.execute(select(func.count()).select_from(Case)).scalar_one() == 0


def test_a_department_that_never_comes_back_leaves_everything_to_a_named_person(season: Season) -> None:
    season.exchange.away["police"] = DepartmentUnavailable("503")
    told = season.apply(family(f"{TOWN}001", BORN))
    season.apply(family(f"{TOWN}001", BORN))
    work_for(season, timedelta(days=4), timedelta(hours=8))
    assert of(told).state == "in_review"
    case = db.session.execute(select(Case).where(Case.application_id == of(told).id)).scalar_one()
    assert case.taken_by is not None
    assert all(reason.startswith("unavailable:police") for reason in case.reasons)


def test_every_call_is_written_down_with_its_basis_and_only_names_of_fields(season: Season) -> None:
    """网数条例 §12: what was given to whom, when, why; no value of any field."""
    told = season.apply(family(f"{TOWN}001", BORN))
    calls = db.session.execute(select(ExchangeCall)).scalars().all()
    assert {f"{call.department}/{call.item}" for call in calls} == {
        f"{c.department}/{c.item}" for c in checks_of(of(told))
    }
    assert all(call.basis and call.purpose and call.outcome == "match" for call in calls)
    assert told.child_id not in str([call.fields for call in calls])


def trader(number: int) -> Family:
    """A family that rents and trades: its business is asked about by file."""
    told = family(f"{TOWN}001", BORN, kind="rented", certificate=f"租备{number}", use=None)
    told.form["work"] = {"kind": "business", "credit_code": CREDIT}
    told.registers["housing/lease"] = {
        "record_number": f"租备{number}", "unit_code": f"{TOWN}001", "began_on": "2020-01-01", "ends_on": "2030-01-01",
        "tenants": [told.guardian],
    }  # fmt: skip
    return told


class Files:
    """The clerk of the market office, with the season's families as register."""

    def __init__(self, season: Season, wrong: list[str]) -> None:
        season.app.extensions["department_lines"] = as_usual() | {"market": Line("batch", every_s=600)}
        self.season = season
        weather = Weather("exchange")
        weather.change(Faults(wrong_files={"market": wrong}))
        answers = {("market", "business"): ("市场主体登记", self.record)}
        self.office = BatchOffice(drop_folder().folder, "e" * 32, answers, weather)

    def record(self, keys: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the register holds of this person."""
        known = {told.guardian_id for told in self.season.exchange.families}
        firm = {"credit_code": CREDIT, "name": "便利店", "founded_on": "2019-01-01", "state": "存续"}
        return firm if keys["id_number"] in known else None

    def period(self) -> None:
        """One period: files are dropped, the clerk answers, answers are picked up."""
        stand_at(clock.now() + timedelta(minutes=11))
        self.season.work()
        self.office.look()
        stand_at(clock.now() + timedelta(minutes=9))
        self.season.work()


def test_a_department_that_is_asked_by_files_answers_in_the_next_period(season: Season) -> None:
    files = Files(season, [])
    families = [season.apply(trader(number)) for number in range(3)]
    assert {of(told).state for told in families} == {"checking"}
    assert not any(item == "market/business" for item, _, _ in season.exchange.asked)
    files.period()
    assert {of(told).state for told in families} == {"verified"}
    (batch,) = db.session.execute(select(BatchFile)).scalars()
    assert (batch.state, batch.questions) == ("answered", 3)
    assert not list(drop_folder().folder.rglob("*.csv"))


@pytest.mark.parametrize("fault", ["other-batch", "cut", "header", "strange-key", "twice"])
def test_a_wrong_file_says_nothing_about_anybody_and_is_asked_for_again(season: Season, fault: str) -> None:
    """P19: no verdict comes out of it; its questions stand in the next file, and the refusal stands on the desk."""
    files = Files(season, [fault])
    families = [season.apply(trader(number)) for number in range(3)]
    files.period()
    assert {of(told).state for told in families} == {"checking"}
    refused = [batch for batch in db.session.execute(select(BatchFile)).scalars() if batch.refusals]
    assert len(refused) == 1
    assert refused[0].state == "overdue"
    files.period()
    assert {of(told).state for told in families} == {"verified"}


def test_files_that_are_never_right_leave_the_questions_to_a_person(season: Season) -> None:
    files = Files(season, ["cut"] * 9)
    told, _ = (season.apply(trader(number)) for number in range(2))
    for _ in range(4):
        files.period()
    assert of(told).state == "in_review"
    case = db.session.execute(select(Case).where(Case.application_id == of(told).id)).scalar_one()
    assert case.reasons == ["timeout:market/business"]


def test_a_re_run_asks_about_what_is_open_and_closes_cases_that_waited_for_nothing_else(season: Season) -> None:
    told, decided = family(f"{TOWN}001", BORN), family(f"{TOWN}001", BORN)
    right = {one.child_id: one.registers["police/population"] for one in (told, decided)}
    for one in (told, decided):
        one.registers["police/population"] = DepartmentUnavailable("503")
        season.apply(one)
    work_for(season, timedelta(hours=2), timedelta(seconds=301))
    assert {of(told).state, of(decided).state} == {"in_review"}
    season.decide(decided, "accept", "papers-prove", "材料齐全")
    by_hand = db.session.execute(select(Check.id, Check.state).where(Check.application_id == of(decided).id)).all()
    for one in (told, decided):
        one.registers["police/population"] = right[one.child_id]
    asked_before = len(season.exchange.asked)
    season.call("POST", f"/api/desk/banners/{BANNER}/checks/rerun", "kai")
    season.work()
    assert of(told).state == "verified"
    assert len(season.exchange.asked) == asked_before + 1
    after = db.session.execute(select(Check.id, Check.state).where(Check.application_id == of(decided).id)).all()
    assert sorted(map(str, after)) == sorted(map(str, by_hand))
    figures = season.call("GET", f"/api/desk/banners/{BANNER}/verification", "kai")
    assert {item["item"] for item in figures["items"]} >= {"police/population", "land/property"}


def test_turning_away_takes_two_officials_and_the_first_may_be_wrong(season: Season) -> None:
    """Domain 2.5: 人工初审 → 人工复审; one person alone turns nobody away."""
    told = family(f"{TOWN}001", BORN)
    told.registers["land/property"]["use"] = "公寓"
    season.apply(told)
    case = season.case_of(told)
    path = f"/api/desk/cases/{case['id']}"
    body = {"decision": "reject", "reason_code": "not-eligible", "reason": "不符合条件"}
    assert season.call("POST", f"{path}/decision", "kai", json=body)["state"] == "second"
    assert of(told).state == "in_review"
    season.call("POST", f"{path}/decision", "ping", 409, json=body)
    season.call("POST", f"{path}/second", "kai", 409, json={"agrees": True, "reason": "同意"})
    told_open = season.call("POST", f"{path}/second", "ping", json={"agrees": False, "reason": "材料能证明是住宅"})
    assert told_open["state"] == "open"
    assert season.case_of(told)["reasons"][-1] == "not-agreed"
    season.call("POST", f"{path}/decision", "kai", json=body)
    assert season.call("POST", f"{path}/second", "ping", json={"agrees": True, "reason": "同意"})["state"] == "decided"
    assert of(told).state == "rejected"


def test_cases_are_dealt_to_both_officials_and_can_be_handed_on(season: Season) -> None:
    families = []
    for _ in range(4):
        told = family(f"{TOWN}001", BORN)
        told.registers["land/property"]["use"] = "公寓"
        families.append(season.apply(told))
    taken = db.session.execute(select(Case.taken_by, func.count()).group_by(Case.taken_by)).all()
    assert sorted(count for _, count in taken) == [2, 2]
    case = season.case_of(families[0])
    before = db.session.execute(select(Case.taken_by).where(Case.id == case["id"])).scalar_one()
    season.call("POST", f"/api/desk/cases/{case['id']}/hand-on", "kai", json={"reason": "我休假"})
    db.session.expire_all()
    assert db.session.execute(select(Case.taken_by).where(Case.id == case["id"])).scalar_one() not in {None, before}


def test_a_sample_of_what_passed_by_itself_is_looked_at_and_a_fault_opens_a_case(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.verification.spot_checks.is_sampled", lambda _: True)
    told = season.apply(family(f"{TOWN}001", BORN))
    check = db.session.execute(select(SpotCheck)).scalar_one()
    assert check.taken_by is not None
    looks = select(func.count()).select_from(AccessRow).where(AccessRow.purpose == f"spot check {check.id}")
    with unit_of_work():
        _, application = judge_spot_check(bureau(), check.id, "照片不是户口簿", is_right=False)
        open_doubt(application, "spot-check", "抽查发现问题")
    assert db.session.execute(looks).scalar_one() == 1
    assert of(told).state == "in_review"
    assert season.case_of(told)["reasons"] == ["spot-check"]


def with_self_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The book lets families look again before an official does."""
    monkeypatch.setattr(
        "backend.verification.judge_application.asks_the_family",
        lambda reasons, submission, **_: asks_the_family(reasons, submission, allowed=True),
    )


def mistyped() -> Family:
    told = family(f"{TOWN}001", BORN)
    told.registers["police/household"]["household_number"] = "HK999999"
    return told


def test_a_family_that_mistyped_corrects_itself_and_no_official_is_needed(
    season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_self_check(monkeypatch)
    told = season.apply(mistyped())
    assert of(told).state == "returned"
    assert "户号" in events_of(of(told))[-1].reason
    told.form["household_number"] = "HK999999"
    season.call("PUT", f"/api/applications/{told.application}/form", told, json=told.form)
    season.submit(told)
    season.work()
    assert of(told).state == "verified"
    assert db.session.execute(select(func.count()).select_from(Case)).scalar_one() == 0
    diary = season.call("GET", f"/api/applications/{told.application}/diary", told)["items"]
    answers = [(line["verdict"], line["disputable"]) for line in diary if line["what"] == "户籍信息"]
    assert answers == [("mismatch", False), ("match", False)], "what was said before the correction stays readable"


def test_the_diary_is_told_in_the_language_of_the_request_else_of_the_account(season: Season) -> None:
    """Wishes 20: the phone says what it speaks; a door that says nothing speaks the account's language."""
    told = season.apply(mistyped())
    path = f"/api/applications/{told.application}/diary"
    headers = season.headers(told)

    def texts_told(asked: str | None) -> dict[str, str]:
        answer = season.client.get(path, headers=headers | ({"Accept-Language": asked} if asked else {}))
        return {line["what"]: line["text"] for line in answer.get_json()["items"]}

    assert (
        texts_told("zh-CN")["户籍信息"]
        == "公安部门的“户籍信息”里，户号与您填写的不一样。工作人员会看您的材料，不会因此直接不通过。"
    )
    assert "the household number is not as you wrote. An official" in texts_told("en")["Household register"]
    season.call("PUT", "/api/me/language", told, json={"language": "mn-Mong"})
    item = say("word.diary.item.police/household", "mn-Mong")
    assert say("diary.then.no-harm", "mn-Mong") in texts_told(None)[item]
    assert texts_told("fr") == texts_told(None)
    assert "户籍信息" in texts_told("zh-CN")


def test_a_family_that_stands_by_its_word_is_heard_by_a_person(season: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    with_self_check(monkeypatch)
    told = season.apply(mistyped())
    season.submit(told)
    season.work()
    assert of(told).state == "in_review"


def test_silence_to_the_systems_question_costs_nothing(season: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-2.6 is about officials' returns: after the system's own question an official looks, nobody is penalised."""
    with_self_check(monkeypatch)
    told = season.apply(mistyped())
    reminders = select(func.count()).select_from(Task).where(Task.kind == "remind-return")
    assert db.session.execute(reminders).scalar_one() >= 1
    work_for(season, timedelta(days=8), timedelta(hours=12))
    assert of(told).state == "in_review"
    assert season.case_of(told)["reasons"] == ["looked-again-in-silence"]
    texts = [text for phone, text in season.sms.sent.values() if phone == told.phone]
    assert any("还等着您补正" in text for text in texts)


def test_whoever_waits_for_nothing_is_found_within_a_day(season: Season) -> None:
    """A case that was lost, a judge that was not woken: both are set going again."""
    lost, asleep = season.apply(mistyped()), season.apply(family(f"{TOWN}001", BORN))
    with unit_of_work():
        db.session.execute(update(Case).values(decided_at=clock.now()))
        application = of(asleep)
        move_application(application, "in_review", "测试")
    stand_at(clock.now() + timedelta(hours=7))
    with unit_of_work():
        watch_limbo("a day")
    assert season.case_of(lost)["reasons"] == ["found-waiting"]
    assert season.case_of(asleep)["reasons"] == ["found-waiting"]


def test_records_go_when_nobody_can_appeal_and_verdicts_stay(season: Season) -> None:
    """Domain 2.11: soon after an end, and after the appeal period whatever has become of the application."""
    over, open_still = (season.apply(family(f"{TOWN}001", BORN)) for _ in range(2))
    season.call("POST", f"/api/applications/{over.application}/withdrawal", over, json={"reason": "搬家"})
    began, kept = clock.now(), []
    for pause in (timedelta(), AFTER_THE_END, KEPT_AT_MOST):
        stand_at(began + pause + timedelta(minutes=1))
        with unit_of_work():
            forget_records(str(pause))
        db.session.expire_all()
        kept.append([any(check.record_sealed for check in checks_of(of(one))) for one in (over, open_still)])
    assert kept == [[True, True], [False, True], [False, False]]
    assert {check.state for check in checks_of(of(over))} == {"match"}
