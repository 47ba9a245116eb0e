"""Preferred groups (B13, B14, B15) and homes (domain 2.3): approved by their department, listed in public, looked up by anybody."""

from datetime import date
from typing import Any

import pytest

from backend.enrolment.applications import move_application
from backend.foundation.audit import AccessRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import Scope
from backend.placement.freeze_placement import freeze_placement
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.sections import Lock
from backend.publication.runs import frozen_input_of
from backend.seats import settle_seats as settling
from backend.seats.address_locks import lock_home
from backend.seats.preferences import (
    PreferenceAnswered,
    PreferenceReasonMissing,
    PreferenceTooLate,
    PreferenceUnknown,
    answer_preference,
    approved_preference,
    ask_preference,
    claims_waiting,
    public_list,
)
from backend.seats.rows import Seat
from backend.verification.establish import establish
from backend.verification.facts import missing_facts
from backend.verification.rows import Case
from tests.enrolment_builders import KANGBASHI, submitted
from tests.families_builders import bearer, desk_client, official, renewed
from tests.placement_builders import OWNED, after_the_close, bureau, settled, verified

pytestmark = pytest.mark.usefixtures("opened")

P02 = f"{KANGBASHI}-P02"
HOME = "150603 001001 GB00001 F00010001"


def department(group: str = "soldier") -> Any:
    return official("department", Scope("department", f"{KANGBASHI}/{group}"))


def asked(school: str | None = P02) -> tuple[Any, Any, Any]:
    """(guardian, application, claim) of a soldier's family that chose a school."""
    actor, application = verified()
    with unit_of_work():
        claim = ask_preference(renewed(actor), application.id, "soldier", "现役军人证 01234", school)
    return actor, application, claim


def test_the_group_own_department_approves_and_the_public_list_names_nobody() -> None:
    _, application, claim = asked()
    assert (approved_preference(application), public_list(KANGBASHI)) == (None, [])
    for other in (bureau(), department("talent"), official("department", Scope("city", "1506"))):
        with pytest.raises(NotAllowed):
            answer_preference(other, claim.id, "证件属实", None, approves=True)
        assert not other.may("preference.approve") or claims_waiting(other) == []
    (waiting,) = claims_waiting(department())
    assert waiting["evidence"] == "现役军人证 01234"
    assert db.session.query(AccessRow).count() == 1
    with pytest.raises(PreferenceReasonMissing):
        answer_preference(department(), claim.id, " ", None, approves=True)
    answer_preference(department(), claim.id, "证件属实", None, approves=True)
    assert public_list(KANGBASHI) == [
        {
            "group": "军人子女",
            "department": "康巴什区退役军人事务局",
            "stage": "primary",
            "no": application.receipt,
            "school": P02,
        }
    ]
    with pytest.raises(PreferenceAnswered):
        answer_preference(department(), claim.id, "再想想", None, approves=False)


def test_an_approved_child_is_served_before_everybody_at_the_chosen_school() -> None:
    _, application, claim = asked()
    _, plain = settled()
    with unit_of_work():
        answer_preference(department(), claim.id, "证件属实", date(2099, 1, 1), approves=True)
        settling.settle_seat(book_in_force(KANGBASHI), application)
    after_the_close()
    with unit_of_work():
        run = freeze_placement(KANGBASHI, "primary", "测试派位", bureau())
    first = {one["id"]: one["sibling_at"] for one in frozen_input_of(run)["applicants"]}
    assert first == {application.receipt: P02, plain.receipt: None}


def test_what_is_refused_or_has_run_out_gives_nothing() -> None:
    for until, approves in ((None, False), (date(2020, 1, 1), True)):
        _, application, claim = asked()
        answer_preference(department(), claim.id, "不在名册内", until, approves=approves)
        assert approved_preference(application) is None


def test_only_groups_of_the_book_and_public_schools_and_in_time() -> None:
    actor, application = verified()
    for group, school in (("police", P02), ("soldier", None), ("soldier", "150603-P99")):
        with pytest.raises(PreferenceUnknown):
            ask_preference(renewed(actor), application.id, group, "证明", school)
    settling.settle_seat(book_in_force(KANGBASHI), application)
    with pytest.raises(PreferenceTooLate):
        ask_preference(renewed(actor), application.id, "soldier", "证明", P02)


@pytest.fixture
def one_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every application's registry answer names the same home."""
    monkeypatch.setattr(settling, "property_unit_of", lambda _: HOME)


def settle(*applications: Any) -> list[str]:
    for application in applications:
        with unit_of_work():
            settling.settle_seat(book_in_force(KANGBASHI), application)
    return [application.state for application in applications]


def claimed() -> tuple[Any, Any]:
    """Two families of one home: the registry knows the home, nobody has looked who lives there."""
    facts = {name: value for name, value in OWNED.items() if name != "home.lived_in"}
    return verified(facts=facts)[1], verified(facts=facts)[1]


def decided(application: Any, *, lives_there: bool) -> None:
    """A person has looked and says so; the application is checked again."""
    with unit_of_work():
        establish(application, {"home.lived_in": lives_there}, "入户核实")
        move_application(application, "verified", "核实")


def test_two_families_with_one_home_in_one_season_go_to_a_person(one_home: None) -> None:
    """Domain 2.3: nobody wins by settling first; who is established as living there keeps the home's seat."""
    first, second = claimed()
    assert settle(first) == ["settled"]
    assert settle(second) == ["in_review"]
    assert first.state == "in_review"
    reasons = {tuple(case.reasons) for case in db.session.query(Case)}
    assert reasons == {("home-claimed-twice",)}
    assert missing_facts(first) == missing_facts(second) == ("home.lived_in",)
    decided(first, lives_there=False)
    decided(second, lives_there=True)
    assert settle(first, second) == ["settled", "settled"]
    assert db.session.get_one(Seat, second.id).seat_type == "1"
    assert db.session.get_one(Seat, first.id).seat_type != "1"


def test_both_cannot_be_said_to_live_in_one_home(one_home: None) -> None:
    first, second = claimed()
    settle(first, second)
    decided(first, lives_there=True)
    decided(second, lives_there=True)
    assert settle(first) == ["in_review"]
    assert second.state == "in_review"


def test_brothers_and_sisters_share_their_home(one_home: None) -> None:
    actor, elder = verified()
    with unit_of_work():
        _, younger = submitted(renewed(actor))
        move_application(younger, "checking", "测试")
        establish(younger, dict[str, Any](OWNED), "测试用材料")
        move_application(younger, "verified", "测试")
    assert settle(elder, younger) == ["settled", "settled"]


def test_anybody_looks_up_whether_the_seat_of_a_home_is_used(app: Any) -> None:
    """康巴什 from 2021: until which year, by nobody's name; another home's number tells nothing."""
    _, application = settled()
    year = book_in_force(KANGBASHI).year
    with unit_of_work():
        lock_home(HOME, Lock(stage="primary", years=3), application.child_id, P02, year)
    client = app.test_client()
    told = client.get(f"/api/banners/{KANGBASHI}/homes", query_string={"unit": HOME}).get_json()["items"]
    assert [(one["stage"], one["free_in"]) for one in told if one["stage"] == "primary"] == [("primary", year + 3)]
    assert P02 not in str(told)
    page = client.get(f"/public/banners/{KANGBASHI}/homes", query_string={"unit": HOME})
    assert f"{year + 3} 年起可以再用" in page.get_data(as_text=True)
    assert client.get(f"/api/banners/{KANGBASHI}/homes", query_string={"unit": "1"}).status_code == 422
    free = client.get(f"/api/banners/{KANGBASHI}/homes", query_string={"unit": HOME.replace("1", "2")}).get_json()
    assert {one["free_in"] for one in free["items"]} == {None}


def test_the_department_works_on_a_page_of_its_own_and_the_list_is_a_page(app: Any) -> None:
    asked()
    client = desk_client(app, department())
    assert "现役军人证" not in client.get("/desk/preferences").get_data(as_text=True)
    page = client.post("/desk/preferences", data={"request_key": "1"}).get_data(as_text=True)
    assert "现役军人证 01234" in page
    claim = page.split("/desk/preferences/")[1].split("/answer")[0]
    client.post(f"/desk/preferences/{claim}/answer", data={"request_key": "2", "word": "approve", "reason": "证件属实"})
    assert "军人子女" in app.test_client().get(f"/public/banners/{KANGBASHI}/preferences").get_data(as_text=True)


def test_a_family_sees_the_groups_its_schools_and_what_became_of_its_claim(app: Any) -> None:
    """B13 to B15: what the phone and the conversation ask from; nobody else's claim shows."""
    actor, application, claim = asked()
    path = f"/api/applications/{application.id}/preference"
    told = app.test_client().get(path, headers=bearer(renewed(actor))).get_json()
    assert [group["group"] for group in told["groups"]] == ["soldier", "talent", "rescue"]
    assert P02 in [school["code"] for school in told["groups"][0]["schools"]]
    assert (told["may_ask"], told["claim"]["state"], told["claim"]["school"]) == (True, "asked", P02)
    with unit_of_work():
        answer_preference(department(), claim.id, "证件属实", None, approves=True)
    told = app.test_client().get(path, headers=bearer(renewed(actor))).get_json()
    assert (told["may_ask"], told["claim"]["reason"]) == (False, "证件属实")
    stranger, _ = verified()
    assert app.test_client().get(path, headers=bearer(renewed(stranger))).status_code == 404


def test_the_disclosure_page_leads_to_the_look_up_of_homes_and_to_the_list_of_preferences(app: Any) -> None:
    """Domain 2.3, B13 to B15: what anybody may look up is found from the page that everybody reads."""
    client = app.test_client()
    page = client.get(f"/public/banners/{KANGBASHI}").text
    for name in ("homes", "preferences"):
        link = f"/public/banners/{KANGBASHI}/{name}"
        assert f'href="{link}"' in page
        assert client.get(link).status_code == 200
