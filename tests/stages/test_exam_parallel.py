"""The other engine on the real service: lists instead of live choosing, one run at the close, reserved places inside it."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.publication.runs import output_of
from backend.zhongkao import seat_lists
from backend.zhongkao.admit_exam import admit_exam
from backend.zhongkao.close_band import close_band
from backend.zhongkao.compare_engines import comparison_of
from backend.zhongkao.deal_quotas import deal_quotas
from backend.zhongkao.exam_places import session_named
from backend.zhongkao.freeze_admission import freeze_admission
from backend.zhongkao.give_standing_order import give_standing_order
from backend.zhongkao.list_session import list_session
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamAdmission, ExamChoice, ExamJunior, ExamRemark, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import Terms
from backend.zhongkao.rules.exam_rules import ExamRulesFaulty, read_exam_rules
from tests.exam_builders import (
    YEAR,
    add_candidate,
    add_unit,
    at,
    band,
    exam_official,
    listed_session,
    rules_content,
    set_clock,
)
from tests.exam_steps import close_all, logged_in, published

ONE_BAND = [{"open": "2031-07-15T08:00:00+08:00", "close": "2031-07-15T12:00:00+08:00"}]


def leave(client: Any, headers: dict[str, str], *units: str) -> Any:
    """Leave a list over HTTP."""
    return client.put(
        "/api/exam/standing-order",
        json={"units": list(units)},
        headers={**headers, "Idempotency-Key": "/".join(units)},
    )


def test_lists_are_left_closed_run_checked_released_and_read_over_http(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A43b: nobody chooses live; from the best down each gets the first on his list; beside it, live choosing."""
    content = rules_content(engine="parallel")
    session, people, units = listed_session({"X": 1, "Y": 1, "Z": 1}, [690, 650, 590, 580], content)
    wishes = {"31000000": "XY", "31000001": "XY", "31000002": "XYZ", "31000003": "ZX"}
    set_clock(monkeypatch, "09:00")
    phones = {number: logged_in(app, codes, number)[:2] for number in wishes}
    client, headers = phones["31000000"]
    refused = client.put("/api/exam/choices/general", json={"unit": "X"}, headers={**headers, "Idempotency-Key": "c"})
    assert refused.json["code"] == "lists-only"
    for number, listed in wishes.items():
        client, headers = phones[number]
        assert leave(client, headers, *listed).json["standing_order"] == list(listed)
    assert client.get("/api/exam/me", headers=headers).json["standing_order"] == ["Z", "X"]
    assert db.session.execute(select(ExamChoice.unit_id)).scalars().all() == [None] * 4
    close_all(session, monkeypatch)
    late = leave(client, headers, "X", "Z")
    assert late.json["code"] == "outside-band-window"
    run = published(session)
    told = {one["id"]: one["unit"] for one in output_of(run)["candidates"] if one["admitted"]}
    assert sorted(told.values()) == ["X", "Y", "Z"]
    for (number, (client, headers)), unit in zip(phones.items(), ("X", "Y", "Z", None), strict=True):
        assert client.get("/api/exam/admission", headers=headers).json["unit"] == unit, number
    public = app.test_client().get(f"/api/zhongkao/{YEAR}/results/Z").json
    assert public["rounds"][0]["admitted"] == 1
    report = comparison_of(session_named(YEAR, session.code))
    assert (report["held"]["differing"], report["held"]["blocking_pairs"]) == (0, 0)
    # with one look 650 goes for X like everybody, is second there, and his band closes
    assert [(one["looks"], one["left_out"]) for one in report["live"]] == [(1, 1), (3, 0), (10, 0)]
    assert people[3].id not in set(db.session.execute(select(ExamAdmission.candidate_id)).scalars())
    assert units["Z"].plan == 1


def reserved_session(order: str) -> tuple[ExamSession, dict[str, Any]]:
    """S1 with one open place (line 600) and two reserved ones, one for J1 and one for J2; S2 with one open place."""
    content = rules_content(
        engine="parallel",
        quota={
            "category": "general",
            "order": order,
            "floor_below_line": "40",
            "residency_years": 0,
            "counted_on": "2031-06-01",
            "schools": [{"school": "S1", "seats": 2, "banners": ["150602"], "line": "600"}],
        },
    )
    content["sessions"][0] |= {"bands": ONE_BAND, "locks": []}
    official = exam_official()
    with unit_of_work():
        publish_exam_rules(official, content, "公布")
        for code in ("J1", "J2"):
            db.session.add(ExamJunior(year=YEAR, code=code, name=code, banner="150602", classes=2, pupils=90))
        add_unit("S1-open", 1, school="S1", terms=Terms(line=60000))
        add_unit("S2-open", 1, school="S2")
        deal_quotas(official, YEAR)
        people = {
            name: add_candidate(f"31{number:06d}", total, junior=junior)
            for number, (name, total, junior) in enumerate(
                (
                    ("best", 690, "J1"),
                    ("other", 680, "J9"),
                    ("second", 600, "J1"),
                    ("low", 570, "J1"),
                    ("none", 500, "J2"),
                )
            )
        }
        rank_candidates(YEAR)
        session = db.session.execute(select(ExamSession)).scalar_one()
        list_session(session.id)
    return session_named(YEAR, session.code), people


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("quota-first", {"best": "S1-general-J1", "other": "S1-open", "second": "S1-open", "low": "S2-open"}),
        ("open-first", {"best": "S1-open", "other": "S1-open", "second": "S1-general-J1", "low": "S2-open"}),
    ],
)
def test_reserved_places_are_filled_in_the_same_run_and_none_stays_empty(
    app: Application, codes: list[str], monkeypatch: pytest.MonkeyPatch, order: str, expected: dict[str, str]
) -> None:
    """E04, E38: J2's place is used by nobody of J2 at or above the floor, so it is open in the same run."""
    session, people = reserved_session(order)
    set_clock(monkeypatch, "09:00")
    for number in range(4):
        client, headers, _ = logged_in(app, codes, f"31{number:06d}")
        assert leave(client, headers, "S1-open", "S2-open").status_code == 200
    items = client.get("/api/exam/units", query_string={"category": "general"}, headers=headers).json["items"]
    assert [(one["code"], one["eligible"], one["reserved_for_you"]) for one in items] == [
        ("S1-open", True, 1),
        ("S2-open", True, None),
    ]
    assert leave(client, headers, "S1-general-J1").json["code"] == "unknown-unit"
    client, headers, _ = logged_in(app, codes, "31000004")
    assert leave(client, headers, "S1-open").json["code"] == "not-eligible"
    close_all_at_once(session, monkeypatch)
    published(session)
    found = dict(
        db.session.execute(
            select(ExamAdmission.candidate_id, ExamUnit.code).join(ExamUnit, ExamUnit.id == ExamAdmission.unit_id)
        ).all()
    )
    assert {name: found[one.id] for name, one in people.items() if one.id in found} == expected
    assert "指标" in db.session.execute(select(ExamRemark.text)).scalars().all()[-1]


def close_all_at_once(session: ExamSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the one band after its time."""
    set_clock(monkeypatch, "12:00:06")
    with unit_of_work():
        close_band(band(session, 0).id)
    db.session.refresh(session)


@pytest.mark.usefixtures("app")
def test_a_seat_given_past_a_list_stops_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """X10: the second program looks at lists and seats; the run does not pass."""
    session, people = reserved_session("quota-first")
    with unit_of_work():
        for name in ("best", "other", "second"):
            give_standing_order(people[name], session, ["S1-open", "S2-open"], at("09:00"))
    truly = seat_lists.settle_reserves

    def wrongly(claimants: Any, places: Any, first: Any) -> Any:
        seats = truly(claimants, places, first)
        return seats | {people["other"].id: None}

    monkeypatch.setattr(seat_lists, "settle_reserves", wrongly)
    close_all_at_once(session, monkeypatch)
    with unit_of_work():
        run = freeze_admission(exam_official(), session)
        admit_exam(str(run.id))
    assert run.state == "failed"


def test_reserved_places_need_lists_and_one_close() -> None:
    """The rules tell it: no live rank beside reserved places, one band."""
    quota = {"category": "general", "order": "open-first", "counted_on": "2031-06-01"}
    with pytest.raises(ExamRulesFaulty) as told:
        read_exam_rules(rules_content(quota=quota))
    assert [pointer for pointer, _ in told.value.faults] == ["/quota/order", "/sessions/0/bands"]
