"""公示 and 备案 (E28): posted for the book's days, objections answered, filed with the bureau, in public and in the ledger."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from backend.foundation import clock
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import NotAllowed
from backend.placement.file_results import (
    NothingNewToFile,
    NothingPosted,
    ObjectionsWaiting,
    PostingNotOver,
    file_results,
    posted_until,
)
from backend.placement.objections import answer_objection, file_objection
from backend.placement.pre_admission import filings_of
from backend.placement.rounds import published_rounds
from backend.placement.rows import Filing
from backend.policy.books_in_force import book_in_force
from backend.policy.deadlines import deadline_after
from backend.publication.enter_ledger import entries_of
from backend.publication.runs import RunUnderWay
from backend.results.ledger_views import seasons_view
from backend.results.school_result import school_result
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import bearer, desk_client
from tests.journey_builders import stand_at
from tests.placement_builders import (
    bureau,
    checked_run,
    confirmed,
    given,
    placed,
    seats_at,
)

pytestmark = pytest.mark.usefixtures("opened")

P01, P02 = f"{KANGBASHI}-P01", f"{KANGBASHI}-P02"


def filed() -> Filing:
    with unit_of_work():
        return file_results(bureau(), KANGBASHI, "primary")


def posting_ends() -> None:
    until = posted_until(KANGBASHI, "primary")
    assert until is not None
    stand_at(until + timedelta(seconds=2))


def test_a_list_is_filed_after_it_stood_in_public_and_not_a_minute_earlier(app: Any) -> None:
    """Everybody reads until when it is posted, then that and when it was filed; the ledger has the list's hash."""
    with pytest.raises(NothingPosted):
        filed()
    families = placed(2)
    confirmed(families)
    run, switch = published_rounds(KANGBASHI, "primary")[-1]
    ends = deadline_after(book_in_force(KANGBASHI), "publication", switch.switched_at)
    assert posted_until(KANGBASHI, "primary") == ends
    with pytest.raises(PostingNotOver):
        filed()
    assert school_result(P01)["filed_at"] == []
    assert "公示到" in app.test_client().get(f"/public/schools/{P01}").text
    posting_ends()
    one = filed()
    first = next(row for row in one.content["schools"] if row["school"] == P01)
    assert (one.number, first["admitted"], one.content["rounds"]) == (1, 2, [run.output_sha256])
    assert school_result(P01)["filed_at"] == [one.filed_at.isoformat()]
    assert "已报教育局备案" in app.test_client().get(f"/public/schools/{P01}").text
    entry = entries_of(str(one.year))[-1]
    assert json.loads(entry.shown["public.json"])["schools"] == one.content["schools"]
    assert "公示期满备案" in seasons_view()[0]["decisions"][-1]["title"]


def test_an_open_objection_holds_the_filing_back_until_it_has_its_answer() -> None:
    families = placed(2)
    with unit_of_work():
        objection = file_objection(families[0][0], families[0][1].id, "我家的地址应当属于二小", clock.now())
    confirmed(families)
    posting_ends()
    with pytest.raises(ObjectionsWaiting):
        filed()
    with unit_of_work():
        answer_objection(bureau(), objection.id, "地址在一小片区，结果无误。", None, upholds=False)
    assert filed().content["objections"] == {"upheld": 0, "rejected": 1}


def test_only_lists_that_changed_are_filed_again_as_the_next_number() -> None:
    families = placed(2)
    confirmed(families)
    posting_ends()
    filed()
    with pytest.raises(NothingNewToFile):
        filed()
    given("correction", families[0][1], P02)
    again = filed()
    assert [one.number for one in filings_of(KANGBASHI, "primary")] == [1, 2]
    admitted = {row["school"]: row["admitted"] for row in again.content["schools"]}
    assert (admitted[P01], admitted[P02], again.content["corrections"]) == (1, 1, 1)


def test_a_further_round_is_published_and_posted_before_anything_is_filed() -> None:
    seats_at(P01, 1)
    seats_at(P02, 1)
    placed(3)
    posting_ends()
    seats_at(P02, 5)
    checked_run(reason="扩了学位，没有学位的孩子再派一轮")
    with pytest.raises(RunUnderWay):
        filed()


def test_the_desk_files_and_another_banners_official_cannot(app: Any) -> None:
    with pytest.raises(NotAllowed), unit_of_work():
        file_results(bureau(DALATE), KANGBASHI, "primary")
    confirmed(placed(1))
    posting_ends()
    client = desk_client(app, bureau())
    path = f"/desk/stages/{KANGBASHI}/primary"
    assert "四、公示期满备案" in client.get(path).text
    client.post(f"{path}/filings", data={"request_key": uuid.uuid4().hex})
    assert "第 1 次备案" in client.get(path).text
    answer = app.test_client().post(f"/api/desk/banners/{KANGBASHI}/stages/primary/filings", headers=bearer(bureau()))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing-new-to-file")
