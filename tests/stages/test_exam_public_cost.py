"""What anybody can open costs the same however many candidates there are, and caches may carry it (A51, A52, wishes 4, 7, 18)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from backend.foundation.database import db
from backend.foundation.doors import POLICY, Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import PUBLIC
from backend.zhongkao.import_exam_sheet import import_exam_sheet
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import QuotaCrowd
from backend.zhongkao.rules.eligibility import Terms
from tests.exam_builders import YEAR, add_candidate, add_unit, exam_official, listed_session, wish
from tests.exam_steps import close_all, published
from tests.stages.test_exam_floors import after_open, open_then_quota
from tests.stages.test_exam_forecast import read_at
from tests.stages.test_quota_calculator import RULES, prepare

VALUES = {"year": str(YEAR), "school": "S1", "session": "general-1", "unit": "S1", "letter": "none"}
LARGE = ("exam_candidate", "exam_choice", "exam_change", "input_bytes", "output_bytes")
"""What grows with the number of candidates."""
LINES = "/public/zhongkao/<int:year>/lines"
OWN = (f"{LINES}?total=600", f"{LINES}?tie=210", "/public/zhongkao/letters/<letter>")
"""Addresses that are somebody's own."""


@pytest.fixture
def held(app: Application, monkeypatch: pytest.MonkeyPatch) -> Application:
    """A published session with a reading, of which the boards are not there any more; the quota of S1 is dealt."""
    session, people, units = listed_session({"S1": 2, "W": 9}, list(range(690, 676, -1)), RULES, before_listing=prepare)
    for person in people[:5]:
        wish(session, person, units["S1"], "08:30")
    read_at(session, "09:00")
    close_all(session, monkeypatch)
    published(session)
    return app


@pytest.fixture
def statements(app: Application) -> Iterator[list[str]]:
    """The statements sent to the database, as they are sent."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def addresses(app: Application) -> list[str]:
    """Every public address of the exam wing, the boards' aside: those are read from shared memory."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], POLICY, None) == PUBLIC
        and "GET" in (rule.methods or ())
        and "/zhongkao" in rule.rule
        and "/boards" not in rule.rule
    )


def filled(address: str) -> str:
    """The address with the values of the held session."""
    for name, value in VALUES.items():
        address = address.replace(f"<{name}>", value).replace(f"<int:{name}>", value)
    return address


def test_no_public_address_reads_what_grows_with_the_candidates(held: Application, statements: list[str]) -> None:
    """One row of counts or of results is read, never candidates, choices, or the bytes of an admission."""
    found = addresses(held)
    assert len(found) >= 18
    for address in set(found) - set(OWN):
        del statements[:]
        assert held.test_client().get(filled(address)).status_code == 200, address
        read = [name for name in LARGE for statement in statements if name in statement]
        assert read == [], address


def test_caches_may_carry_public_answers_and_nobodys_own(held: Application) -> None:
    """A shared cache answers for some seconds, a browser asks by ETag; what names a score or a letter is kept nowhere."""
    client = held.test_client()
    for address in {*addresses(held), f"{LINES}?total=&tie="} - set(OWN):
        answer = client.get(filled(address))
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=5", address
        again = client.get(filled(address), headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), address
    for address in OWN:
        assert client.get(filled(address)).headers["Cache-Control"] == "no-store", address
    assert client.get(f"/api/zhongkao/{YEAR}/results/nowhere").headers["Cache-Control"] == "no-store"


def told_of(client: FlaskClient) -> tuple[Any, Any]:
    """The calculator's open line of S1 without a quota, and how many rows the tables of the banner 150603 have."""
    calculator: Any = client.get(f"/api/zhongkao/{YEAR}/quotas/S1?seats=0").json
    table: Any = client.get(f"/api/zhongkao/{YEAR}/ranks?banner=150603").json
    return calculator["open_line"], len(table["rows"])


def test_counts_are_made_anew_with_what_they_are_made_of_and_not_by_readers(app: Application) -> None:
    """A51, wish 18: a sheet of units or a new order of the candidates changes what is told; a reader changes nothing."""
    client = app.test_client()
    with unit_of_work():
        office = exam_official()
        publish_exam_rules(office, RULES, "公布")
        add_unit("S1-general", 2, school="S1")
        people = [add_candidate(f"31{number:06d}", 690 - 10 * number) for number in range(14)]
        prepare()
        rank_candidates(YEAR)
    assert told_of(client) == ("640.00", 0)
    with unit_of_work():
        sheet = "计划代码,学校代码,名称,旗区代码,类别,计划数\nS1-b,S1,S1中学,150602,general,4\n"
        assert import_exam_sheet(office, YEAR, "units", "u.csv", sheet.encode(), dry_run=False).applied
    assert told_of(client) == ("600.00", 0)
    with unit_of_work():
        for person in people:
            person.school_banner, person.subjects = "150603", {"others": (person.total or 0) - 5_000}
    assert told_of(client) == ("600.00", 0)
    with unit_of_work():
        rank_candidates(YEAR)
    assert told_of(client) == ("550.00", 14)


@pytest.mark.usefixtures("app")
def test_a_floor_fixed_at_the_listing_counts_in_the_calculator(monkeypatch: pytest.MonkeyPatch) -> None:
    """E04: of the two who chose S1 only the city's best still has a right to his junior school's share."""
    after_open(open_then_quota(floor_top_percent=10), monkeypatch)
    crowd = db.session.get_one(QuotaCrowd, (YEAR, "S1"))
    found = [(one["junior"], one["levels"][1]) for one in crowd.groups]
    assert found[:2] == [("J1", [69_000]), (None, [64_000])]


@pytest.mark.usefixtures("app")
def test_a_line_for_one_subject_counts_in_the_calculator() -> None:
    """Domain 1.2: the marks of single subjects are read where a unit asks for them."""
    with unit_of_work():
        publish_exam_rules(exam_official(), RULES, "公布")
        add_unit("S1-general", 2, school="S1", terms=Terms(subject_lines=(("others", 65_000),)))
        for number in range(14):
            add_candidate(f"31{number:06d}", 690 - 10 * number)
        prepare()
        rank_candidates(YEAR)
    crowd = db.session.get_one(QuotaCrowd, (YEAR, "S1"))
    assert {one["open"]: one["wanting"] for one in crowd.groups} == {True: 5, False: 9}
