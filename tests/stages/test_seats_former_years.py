"""Homes whose seat was used before the service: a banner's list becomes ordinary locks that say where they come from (domain 2.3)."""

import csv
import io
import re
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.enrolment.rows import Application
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.placement.held_data import places_held
from backend.policy.books_in_force import book_in_force
from backend.policy.rows import SheetImport
from backend.policy.rules.sections import Lock
from backend.seats import settle_seats as settling
from backend.seats.address_locks import lock_home
from backend.seats.rows import AddressLock
from backend.verification.case_view import case_view
from backend.verification.decide_case import FactsMissing
from backend.verification.rows import Case
from tests.enrolment_builders import DALATE, KANGBASHI
from tests.families_builders import bearer, desk_client, id_number, registered, renewed
from tests.placement_builders import bureau, verified, work
from tests.policy_builders import workbook
from tests.review_builders import accept

pytestmark = pytest.mark.usefixtures("opened")

P01 = f"{KANGBASHI}-P01"
HEAD = ["不动产单元号", "学段", "占用年份", "学校", "占用学生身份证号"]
BRIEF = HEAD[:3]


def home(number: int) -> str:
    return f"150603001001GB00001F0001{number:04d}"


def last_year() -> int:
    return book_in_force(KANGBASHI).year - 1


def sent(
    app: Any, rows: list[list[str]], *, dry_run: bool = False, by: Actor | None = None, as_csv: bool = False
) -> Any:
    """The answer to a list that an official of the banner hands in over HTTP."""
    with unit_of_work():
        headers = bearer(by or bureau())
    data = workbook(rows)
    if as_csv:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        data = text.getvalue().encode("gb18030")
    return app.test_client().post(
        f"/api/desk/banners/{KANGBASHI}/imports?kind=homes{'&dry_run=1' if dry_run else ''}",
        data={"file": (io.BytesIO(data), "名单.csv" if as_csv else "名单.xlsx")},
        headers=headers,
    )


def free_in(app: Any, number: int, stage: str = "primary") -> int | None:
    """What anybody is told about a home."""
    told = app.test_client().get(f"/api/banners/{KANGBASHI}/homes", query_string={"unit": home(number)}).get_json()
    found: int | None = {one["stage"]: one["free_in"] for one in told["items"]}[stage]
    return found


def settle(app: Any) -> None:
    """An official presses the button, and the workers do the work."""
    with unit_of_work():
        headers = bearer(bureau())
    answer = app.test_client().post(f"/api/desk/banners/{KANGBASHI}/stages/primary/settlement", headers=headers)
    assert answer.status_code == 202, answer.get_json()
    work()


def told(app: Any, actor: Actor, application: Application) -> dict[str, Any]:
    """What the family reads about its seat."""
    with unit_of_work():
        headers = bearer(renewed(actor))
    view: dict[str, Any] = (
        app.test_client().get(f"/api/applications/{application.id}/result", headers=headers).get_json()
    )
    return view


@pytest.fixture
def living(monkeypatch: pytest.MonkeyPatch) -> dict[uuid.UUID, str]:
    """Which home the registry names for an application; a test writes into it."""
    homes: dict[uuid.UUID, str] = {}
    monkeypatch.setattr(settling, "property_unit_of", lambda application: homes.get(application.id))
    return homes


def test_a_trial_changes_nothing_and_the_same_list_twice_is_the_same_list(app: Any) -> None:
    """One line a stage and home; everybody reads the year, nobody the child or the school."""
    rows = [HEAD, [home(1), "小学", str(last_year()), "一小", id_number()], [home(1), "初中", str(last_year()), "", ""]]
    assert sent(app, rows, dry_run=True).get_json() == {"rows": 2, "faults": [], "applied": False}
    assert free_in(app, 1) is None
    for as_csv in (False, False, True):
        assert sent(app, rows, as_csv=as_csv).get_json() == {"rows": 2, "faults": [], "applied": True}
        assert db.session.execute(select(func.count()).select_from(AddressLock)).scalar_one() == 2
    assert (free_in(app, 1), free_in(app, 1, "junior"), free_in(app, 2)) == (last_year() + 3, last_year() + 3, None)
    assert {row.kind for row in db.session.query(SheetImport)} == {"homes"}
    page = app.test_client().get(f"/public/banners/{KANGBASHI}/homes", query_string={"unit": home(1)}).text
    assert f"{last_year() + 3} 年起可以再用" in page
    assert "一小" not in page


def test_a_registered_sibling_passes_and_another_child_gets_the_rule_with_the_reason(
    app: Any, living: dict[uuid.UUID, str]
) -> None:
    """T-2.4 (a), (b): the list knows the elder by its number alone, whether it was registered before the list or after."""
    (mother, younger), (owner, stranger) = verified(), verified()
    elder, others = id_number(), id_number()
    with unit_of_work():
        registered(id_number=others)
        living |= {younger.id: home(1), stranger.id: home(2)}
    rows = [HEAD, *([home(n), "小学", str(last_year()), "一小", who] for n, who in ((1, elder), (2, others)))]
    assert sent(app, rows).get_json()["applied"]
    with unit_of_work():
        _, child = registered(renewed(mother), id_number=elder)
    settle(app)
    passed, locked = told(app, mother, younger), told(app, owner, stranger)
    assert (passed["seat_type"]["code"], locked["seat_type"]["code"]) == ("1", "T")
    reason = f"这套房的小学学位{last_year()}年已用，{last_year() + 3}年起可以再用（依据：旗区导入的往年名单）。"
    assert reason in locked["seat_why"]
    assert reason not in passed["seat_why"]
    held = places_held(mother.account_id, [child.id, younger.child_id])["homes"]
    assert [(one["child"], one["school"]) for one in held] == [(str(child.id), "一小")]


@pytest.mark.parametrize(("is_sibling", "code"), [(True, "1"), (False, "T")])
def test_a_child_nobody_knows_is_for_a_person_to_say(
    app: Any, living: dict[uuid.UUID, str], *, is_sibling: bool, code: str
) -> None:
    """No family loses its seat to a list that does not say, or cannot show, whose child it was."""
    actor, application = verified()
    living[application.id] = home(1)
    assert sent(app, [BRIEF, [home(1), "小学", str(last_year())]]).get_json()["applied"]
    settle(app)
    assert application.state == "in_review"
    case = db.session.execute(select(Case).where(Case.application_id == application.id)).scalar_one()
    assert case.reasons == ["home-used-by-list"]
    assert [item["fact"] for item in case_view(bureau(), case.id)["missing"]] == ["home.used_by_sibling"]
    with pytest.raises(FactsMissing), unit_of_work():
        accept(bureau(), case, {})
    with unit_of_work():
        accept(bureau(), case, {"home.used_by_sibling": is_sibling})
    settle(app)
    seat = told(app, actor, application)
    assert seat["seat_type"]["code"] == code
    assert any("旗区导入的往年名单" in line for line in seat["seat_why"]) is not is_sibling


def test_wrong_rows_are_refused_in_words_and_nothing_of_the_list_is_taken(app: Any) -> None:
    """Every fault by row and column, and the sound rows are left out with them."""
    good = [home(1), "小学", str(last_year()), "", ""]
    wrong = [
        ["1.50603E+27", "小学", str(last_year()), "", ""],
        ["12345", "小学", str(last_year()), "", ""],
        [home(2), "大学", str(last_year()), "", ""],
        [home(2), "幼儿园", str(last_year()), "", ""],
        [home(2), "小学", str(last_year() + 1), "", ""],
        [home(2), "小学", "", "", ""],
        [home(2), "小学", str(last_year()), "", "150603201913040011"],
        [f" {home(1)[:6]} {home(1)[6:]} ".lower(), *good[1:]],
    ]
    for as_csv in (False, True):
        answer = sent(app, [HEAD, good, *wrong], as_csv=as_csv).get_json()
        faults = {(one["row"], one["column"]): one["what"] for one in answer["faults"]}
        titles = [HEAD[0], HEAD[0], HEAD[1], HEAD[1], HEAD[2], HEAD[2], HEAD[4], HEAD[0]]
        assert list(faults) == [(row, title) for row, title in enumerate(titles, start=3)]
        assert not answer["applied"]
        assert free_in(app, 1) is None
    assert "位数丢了" in faults[3, HEAD[0]]
    assert "没有规定幼儿园的学位锁定" in faults[6, HEAD[1]]
    assert "和第2行完全一样" in faults[10, HEAD[0]]
    assert sent(app, [HEAD[:2], good[:2]]).get_json()["faults"][0]["what"] == "缺少“占用年份”这一列。"


def test_a_corrected_list_takes_the_place_of_the_former_one_for_its_stages_alone(app: Any) -> None:
    """What falls away is told before; a place that was confirmed here stays, and so does the other stage's list."""
    year = str(last_year())
    sent(app, [BRIEF, [home(1), "小学", year], [home(2), "小学", year], [home(1), "初中", year]])
    answer = sent(app, [BRIEF, [home(2), "小学", year]], dry_run=True).get_json()
    assert [(one["row"], one["grave"]) for one in answer["faults"]] == [(0, False)]
    assert "有1条在这张表里没有" in answer["faults"][0]["what"]
    sent(app, [BRIEF, [home(2), "小学", year]])
    assert (free_in(app, 1), free_in(app, 2), free_in(app, 1, "junior")) == (None, last_year() + 3, last_year() + 3)


def test_a_line_whose_years_are_over_is_told_and_not_kept(app: Any) -> None:
    for years_ago, is_kept in ((3, True), (4, False)):
        answer = sent(app, [BRIEF, [home(years_ago), "小学", str(last_year() + 2 - years_ago)]]).get_json()
        assert answer["applied"]
        assert (free_in(app, years_ago) is not None) == is_kept
    assert any("锁定年限已满" in one["what"] for one in answer["faults"])


def test_a_list_is_for_the_banner_s_own_officials(app: Any) -> None:
    with unit_of_work():
        other = bureau(DALATE)
    assert sent(app, [BRIEF, [home(1), "小学", str(last_year())]], by=other).status_code == 403
    assert free_in(app, 1) is None


def test_an_official_sees_by_whose_word_a_home_is_used(app: Any, living: dict[uuid.UUID, str]) -> None:
    """The look is written down and names no child; a list after the settling says that it changes nobody's type."""
    actor, application = verified()
    year = last_year()
    with unit_of_work():
        by = bureau()
        lock_home(home(1), Lock(stage="junior", years=3), registered()[1].id, P01, year)
    settle(app)
    answer = sent(app, [HEAD, [home(1), "小学", str(year), "一小", id_number()]], by=by).get_json()
    assert (answer["applied"], ["已有1名孩子" in one["what"] for one in answer["faults"]]) == (True, [True])
    assert told(app, actor, application)["seat_type"]["code"] == "1"
    client, path = desk_client(app, by), f"/desk/banners/{KANGBASHI}/homes"
    assert f'href="{path}"' in client.get(f"/desk/banners/{KANGBASHI}").text
    assert 'id="locks"' not in client.get(path).text
    page = client.post(path, data={"request_key": "1", "unit": home(1)}).text
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in page.split('id="locks"')[1].split("<tr>")[2:]]
    assert sorted(row[4].split("；")[0] for row in rows) == ["旗区导入的往年名单", "本系统确认的入学"]
    assert ["小学", str(year), f"{year + 3} 年起", "一小"] in [row[:4] for row in rows]
    assert db.session.execute(select(AuditRow).where(AuditRow.action == "home.looked-up")).scalars().all()
    assert 'id="locks"' not in client.post(path, data={"request_key": "2", "unit": "1"}).text
    with unit_of_work():
        stranger = desk_client(app, bureau(DALATE))
    assert 'id="locks"' not in stranger.post(path, data={"request_key": "3", "unit": home(1)}).text
