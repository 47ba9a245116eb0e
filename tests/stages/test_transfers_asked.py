"""A family asks for a transfer, follows it, takes it back; the desk gives the seat or refuses in words (D15)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.desk_builders import BORN, CLOSES, P01, TOWN, Desk, season_at_the_desk
from tests.enrolment_builders import KANGBASHI
from tests.journey_builders import Season
from tests.journey_city import Family, family

P02 = f"{KANGBASHI}-P02"
STAGE = f"/desk/stages/{KANGBASHI}/primary"
QUEUE = f"/api/desk/banners/{KANGBASHI}/stages/primary/transfers"


@pytest.fixture
def season(app: Any, moving_clock: None) -> Season:
    return season_at_the_desk(app)


@pytest.fixture
def families(season: Season) -> list[Family]:
    """Three families with a confirmed place in the second school; the first has one seat free."""
    made = [season.apply(family(f"{TOWN}002", BORN)) for _ in range(3)]
    season.pass_time(CLOSES + timedelta(minutes=2))
    season.place()
    for one in made:
        season.answer(one, "confirmation")
    return made


def transfers(season: Season, one: Family) -> dict[str, Any]:
    return dict(season.call("GET", f"/api/applications/{one.application}/transfers", one))


def ask(season: Season, one: Family, status: int = 201, school: str = P01, text: str = "全家搬到一小旁边") -> Any:
    body = {"school": school, "text": text, "unit_code": f"{TOWN}001"}
    return season.call("POST", f"/api/applications/{one.application}/transfers", one, status, json=body)


def newest(season: Season, one: Family) -> dict[str, Any]:
    return dict(transfers(season, one)["items"][0])


def sign(season: Season, proposal: str, status: int = 200) -> Any:
    return season.call("POST", f"/api/desk/transfers/{proposal}/approval", "ping", status)


def propose(season: Season, one: Family, school: str = P01) -> str:
    body = {"application": one.application, "school": school, "reason": "一小有空余学位，搬家证明已看"}
    return str(season.call("POST", "/api/desk/transfers", "kai", json=body)["id"])


def test_a_request_is_seen_proposed_signed_and_confirmed_and_counted_in_public(
    season: Season, families: list[Family]
) -> None:
    one, _, _ = families
    told = transfers(season, one)
    assert [(school["code"], school["free"]) for school in told["schools"]] == [(P01, 1)]
    assert told["may_ask"]
    assert "转学只看空余学位" in told["rule"]
    receipt = ask(season, one)["receipt"]
    season.work()
    assert receipt in season.told(one)[-1]
    assert newest(season, one)["state"] == "open"
    assert not transfers(season, one)["may_ask"]
    diary = season.call("GET", f"/api/applications/{one.application}/diary", one)["items"]
    assert any(receipt in str(line) for line in diary)

    desk, second = Desk(season, "kai"), Desk(season, "ping")
    assert "1 件申请等待答复" in desk.open(STAGE)
    listed = desk.open(f"{STAGE}/transfers")
    assert one.receipt in listed
    assert "全家搬到一小旁边" not in listed
    page = desk.press(f"{STAGE}/transfers", receipt=one.receipt)
    assert "全家搬到一小旁边" in page
    proposed = {"receipt": one.receipt, "school": P01, "unit": f"{TOWN}001", "reason": "一小有空余，搬家证明已看"}
    desk.press(f"{STAGE}/transfers/proposals", **proposed)
    assert "等待第二人签字" in desk.open(f"{STAGE}/transfers")
    (approval,) = re.findall(r"/desk/proposals/transfer/[0-9a-f-]+/approval", second.open(STAGE))
    assert "已签字生效" in second.press(approval)
    season.work()
    given = newest(season, one)
    assert (given["state"], given["school"]["code"]) == ("offered", P01)
    assert given["confirm_by"] == season.result(one)["confirm_by"]
    season.answer(one, "confirmation")
    assert newest(season, one)["state"] == "done"
    assert season.call("GET", QUEUE, "kai")["items"] == []
    public = season.call("GET", f"/api/schools/{P02}/results")
    assert (public["transfers"], public["corrections"]) == (1, 0)
    assert "转学 1 件" in desk.open(STAGE)


def test_a_request_is_refused_in_words_and_the_place_stays(season: Season, families: list[Family]) -> None:
    one, _, _ = families
    ask(season, one)
    (waiting,) = season.call("GET", QUEUE, "kai")["items"]
    path = f"/api/desk/transfer-requests/{waiting['id']}/refusal"
    assert season.call("POST", path, "kai", 422, json={"reason": "不"})["code"] == "reason-missing"
    assert season.call("POST", path, "kai", json={"reason": "没有看到搬家的证明，请补上再申请。"})["state"] == "refused"
    assert season.call("POST", path, "kai", 409, json={"reason": "没有看到搬家的证明"})["code"] == "no-transfer-open"
    season.work()
    assert "没有同意" in season.told(one)[-1]
    refused = newest(season, one)
    assert (refused["state"], refused["answer"]) == ("refused", "没有看到搬家的证明，请补上再申请。")
    assert season.result(one)["state"] == "confirmed"
    own = season.call("GET", "/api/me/export", one)
    assert "没有看到搬家的证明，请补上再申请。" in str(own)
    assert ask(season, one)["state"] == "open"


def test_one_request_is_open_at_a_time_and_may_be_taken_back(season: Season, families: list[Family]) -> None:
    one, other, _ = families
    receipt = ask(season, one)["receipt"]
    again = ask(season, one, 409)
    assert again["code"] == "transfer-open"
    assert receipt in again["detail"]
    proposal = propose(season, one)
    back = f"/api/applications/{one.application}/transfers/withdrawal"
    assert season.call("POST", back, one)["state"] == "withdrawn"
    assert season.call("POST", back, one, 409)["code"] == "no-transfer-open"
    assert sign(season, proposal, 404)["code"] == "not-found"
    assert season.call("GET", f"/api/applications/{one.application}/transfers", other, 404)["code"] == "not-found"


def test_who_asked_first_goes_first_whoever_is_proposed_first(season: Season, families: list[Family]) -> None:
    """`order = "asked"`: the clock of the family's request counts, not that of the desk."""
    one, other, third = families
    ask(season, one)
    ask(season, other)
    later = propose(season, other)
    assert sign(season, later, 409)["code"] == "transfer-out-of-turn"
    sign(season, propose(season, one))
    assert sign(season, later, 409)["code"] == "over-plan"
    assert ask(season, third, 409)["code"] == "seats-waited-for"


def test_refusals_of_a_request_say_what_is_wrong(season: Season, families: list[Family]) -> None:
    one, other, _ = families
    assert ask(season, one, 422, text="搬")["code"] == "transfer-text-missing"
    assert ask(season, one, 422, school=P02)["code"] == "already-there"
    assert ask(season, one, 422, school=f"{KANGBASHI}-P77")["code"] == "school-unknown"
    ask(season, one)
    body = {"application": one.application, "school": P02, "reason": "换成第二小学更合适"}
    assert season.call("POST", "/api/desk/transfers", "kai", 422, json=body)["code"] == "already-there"
    season.answer(other, "decline")
    told = transfers(season, other)
    assert (told["may_ask"], told["why_not"], told["schools"]) == (False, "not-for-this-state", [])
    assert ask(season, other, 409)["code"] == "not-for-this-state"


def test_a_request_written_down_at_the_desk_ends_with_its_proposal(season: Season, families: list[Family]) -> None:
    one, _, _ = families
    proposal = propose(season, one)
    assert [line["on_paper"] for line in season.call("GET", QUEUE, "kai")["items"]] == [True]
    path = f"/api/desk/proposals/{proposal}/withdrawal"
    season.call("POST", path, "kai", json={"reason": "家长改了主意，不转了"})
    assert season.call("GET", QUEUE, "kai")["items"] == []
    assert newest(season, one)["state"] == "withdrawn"
