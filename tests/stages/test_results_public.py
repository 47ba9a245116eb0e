"""What everybody sees: results without identity data (P12, C15), and tip-offs without a name (D12f)."""

from typing import Any

import pytest

from backend.families.people import people_of
from backend.families.rows import Child
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.identity.rules.roles import CITY, Scope
from backend.placement.answer_place import confirm_place, decline_place
from backend.placement.place_view import place_view
from backend.results.file_tipoff import (
    TipoffAnswered,
    TipoffEmpty,
    Told,
    answer_tipoff,
    file_tipoff,
    tipoff_with,
    tipoffs_for,
)
from backend.results.school_result import ResultNotPublished, school_result
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import official, renewed
from tests.placement_builders import after_the_close, bureau, published, seats_at, settled

pytestmark = pytest.mark.usefixtures("opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"
SHOWN = {
    "school", "name", "year", "published_at", "run", "plan", "admitted", "by_seat_type", "cutoff", "rows", "classes",
    "special_cases", "corrections", "transfers", "posted_until", "filed_at", "input_sha256", "output_sha256", "seed", "rounds",
}  # fmt: skip
PAGES = ("/", "/public/schools", f"/public/schools/{P01}", "/public/tipoff", "/public/ledger")


def test_before_the_publication_there_is_no_result_and_no_school_that_does_not_exist(app: Any) -> None:
    for code in (P01, "150603-P99", "nonsense"):
        with pytest.raises(ResultNotPublished):
            school_result(code)
    assert app.test_client().get(f"/public/schools/{P01}").status_code == 404
    assert "还没有发布" in app.test_client().get(f"/public/schools/{P01}").text


def test_the_public_pages_show_an_allow_list_and_nobody(app: Any) -> None:
    """P12: receipts, types, places in the list; canaries of every family are on no public page."""
    made = [settled() for _ in range(3)]
    after_the_close()
    published()
    shown = school_result(P01)
    assert set(shown) == SHOWN
    assert all(set(row) == {"no", "seat_type", "step", "position"} for row in shown["rows"])
    assert (shown["plan"], shown["admitted"], shown["special_cases"]) == (90, 3, 0)
    assert shown["by_seat_type"][0]["count"] == 3
    everything = str(shown)
    for path in PAGES:
        answer = app.test_client().get(path)
        assert answer.status_code == 200, path
        everything += answer.text
    children = [db.session.get_one(Child, application.child_id) for _, application in made]
    for person in people_of(children).values():
        secrets = (person.name, person.guardian_name, person.id_number, person.guardian_id_number)
        assert not [text for text in secrets if text and text in everything]
        assert person.born_on.isoformat() not in everything
    assert "150603000001" not in everything


def test_results_and_the_ledger_may_be_carried_by_caches_and_tip_offs_by_none(app: Any) -> None:
    """C15: nothing in them depends on who asks; what is not published is asked for each time."""
    client = app.test_client()
    assert client.get(f"/public/schools/{P01}").headers["Cache-Control"] == "no-store"
    settled()
    after_the_close()
    published()
    for address in (f"/public/schools/{P01}", f"/api/schools/{P01}/results", "/public/schools", "/public/ledger"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=5", address
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304, address
    assert client.get("/public/tipoff").headers["Cache-Control"] == "no-store"


def test_a_place_that_was_given_up_counts_no_more_and_stays_told(app: Any) -> None:
    (one, application), (other, second) = ((renewed(actor), made) for actor, made in (settled(), settled()))
    after_the_close()
    published()
    decline_place(one, application.id, clock.now())
    confirm_place(other, second.id, clock.now())
    shown = school_result(P01)
    assert shown["admitted"] == 1
    assert {row["no"] for row in shown["rows"]} == {application.receipt, second.receipt}


def test_the_public_last_one_in_and_the_own_card_are_enough_to_check_the_own_place(app: Any) -> None:
    """Wishes 4: type, keys and ticket, by the book's order; nobody has to believe the list."""
    seats_at(P01, 2)
    made = [settled() for _ in range(5)]
    after_the_close()
    published()
    last = school_result(P01)["cutoff"]
    assert last["ticket"] in app.test_client().get(f"/public/schools/{P01}").text
    for actor, application in made:
        card = place_view(renewed(actor), application.id)["why"]
        assert card["class"] == last["seat_type"]
        assert (application.state == "placed") == (card["ticket"] <= last["ticket"])


@pytest.mark.parametrize("text", ["", "  ", "短"])
def test_a_tip_off_says_something(text: str) -> None:
    with pytest.raises(TipoffEmpty):
        file_tipoff(Told(text))


def test_a_tip_off_is_followed_by_its_receipt_alone_and_names_nobody() -> None:
    filed = file_tipoff(Told("有人说花钱可以进一小", school=P01, contact="13800000000"))
    assert tipoff_with(filed.receipt.lower()).id == filed.id
    with pytest.raises(NotFound):
        tipoff_with("T" + "A" * 12)
    assert "花钱".encode() not in filed.text_sealed
    assert b"1380" not in (filed.contact_sealed or b"")
    assert filed.banner == KANGBASHI


def test_the_banner_it_is_about_answers_once_and_the_city_sees_all() -> None:
    with unit_of_work():
        filed, nowhere = file_tipoff(Told("有人说花钱可以进一小", school=P02)), file_tipoff(Told("没有说是哪里"))
    own, other = bureau(), bureau(DALATE)
    city = official("city-admissions", Scope("city", CITY))
    assert [each.id for each in tipoffs_for(own)] == [filed.id]
    assert tipoffs_for(other) == []
    assert {each.id for each in tipoffs_for(city)} >= {filed.id, nowhere.id}
    for wrong, tipoff in ((other, filed), (own, nowhere)):
        with pytest.raises(NotAllowed):
            answer_tipoff(wrong, tipoff.id, "已经核查清楚了。")
    with pytest.raises(TipoffEmpty):
        answer_tipoff(own, filed.id, "无")
    answer_tipoff(own, filed.id, "已核查，派位全程公开。")
    with pytest.raises(TipoffAnswered):
        answer_tipoff(city, filed.id, "再答一次也不行。")
    answer_tipoff(city, nowhere.id, "请补充是哪所学校。")


def test_anybody_files_and_follows_on_the_public_page(app: Any) -> None:
    client = app.test_client()
    sent = client.post("/public/tipoff", data={"text": "有人说花钱可以进一小", "request_key": "k" * 20})
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "正在办理" in page
    assert "没有这个回执号" in client.get("/public/tipoff?receipt=TNOTHING").text
    empty = client.post("/public/tipoff", data={"text": "", "request_key": "j" * 20})
    assert empty.status_code == 422
    assert "请写下" in empty.text
