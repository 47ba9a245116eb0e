"""指标到校计算器 on the real service (E04, wish 18): deal again, with other figures too, by page, data, file and command."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.deal_quotas import deal_quotas
from backend.zhongkao.publish_exam_rules import publish_exam_rules
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamJunior
from sunroll.commands.zhongkao import command
from tests.exam_builders import YEAR, add_candidate, add_unit, exam_official, listed_session, rules_content, wish
from tests.exam_steps import close_all, published

WHERE = f"zhongkao/{YEAR}/quotas/S1"
QUOTA = {
    "category": "quota",
    "class_cap": 50,
    "floor_below_line": "20",
    "residency_years": 0,
    "counted_on": "2031-06-01",
    "schools": [{"school": "S1", "seats": 4, "banners": ["150602"], "line": "560"}],
}
GENERAL = rules_content()["sessions"][0]
OWN_SESSION = {
    "code": "quota-1",
    "name": "指标到校",
    "category": "quota",
    "bands": [{"open": "2031-07-16T08:00:00+08:00", "close": "2031-07-16T12:00:00+08:00"}],
    "report_by": GENERAL["report_by"],
}
RULES = rules_content(
    categories=[{"code": "general", "name": "普通类"}, {"code": "quota", "name": "指标到校"}],
    quota=QUOTA,
    sessions=[GENERAL, OWN_SESSION],
)


def prepare() -> None:
    """Juniors J1 (large) and J2 (small) and the quota of S1 dealt."""
    db.session.add(ExamJunior(year=YEAR, code="J1", name="一中", banner="150602", classes=3, pupils=165))
    db.session.add(ExamJunior(year=YEAR, code="J2", name="二中", banner="150602", classes=1, pupils=50))
    deal_quotas(exam_official(), YEAR)


@pytest.fixture
def dealt(app: Application) -> Application:
    """S1 has six open places and four of quota; twelve of J1 and twelve of J2 have scores, J1's the better ones."""
    with unit_of_work():
        publish_exam_rules(exam_official(), RULES, "公布")
        add_unit("S1-general", 6, school="S1")
        for number in range(12):
            add_candidate(f"31{number:06d}", 690 - number, junior="J1")
            add_candidate(f"32{number:06d}", 650 - 5 * number, junior="J2")
        prepare()
        rank_candidates(YEAR)
    return app


def test_every_junior_school_deals_the_published_quota_again_with_the_program(
    dealt: Application, tmp_path: Path
) -> None:
    """The file from the page, run through the command as the page says, gives what was published."""
    client = dealt.test_client()
    (tmp_path / "quota.csv").write_text(client.get(f"/api/{WHERE}.csv").text, encoding="utf-8")
    arguments = ["quota", str(tmp_path / "quota.csv"), "--seats", "4", "--class-cap", "50"]
    run = CliRunner().invoke(command, [*arguments, "--out", str(tmp_path / "out.csv")])
    assert run.exit_code == 0, run.output
    again = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    told = client.get(f"/api/{WHERE}").json["rows"]
    assert [(one["id"], int(one["weight"]), int(one["seats"])) for one in again] == [
        (one["junior"], one["weight"], one["seats"]) for one in told
    ]
    assert [(one["junior"], one["seats"], one["asked_seats"]) for one in told] == [("J1", 3, 3), ("J2", 1, 1)]
    assert "sunroll zhongkao quota" in client.get(f"/public/{WHERE}").text


def test_other_figures_are_dealt_and_the_lines_simulated(dealt: Application) -> None:
    """Before the sessions all who may are taken to want the school; half of the places for J2 lower its line."""
    client = dealt.test_client()
    told = client.get(f"/api/{WHERE}").json
    assert (told["published"], told["places"], told["by_choices"]) == (4, 10, False)
    assert [one["seats"] for one in told["scenarios"]] == [0, 2, 4, 6]
    # without a quota ten of J1: 690 to 681; with four, six open ones: down to 685; J2's one place: 650
    assert [one["open_line"] for one in told["scenarios"]][::2] == ["680.00", "685.00"]
    assert {one["junior"]: one["line"] for one in told["rows"]} == {"J1": "680.00", "J2": "650.00"}
    asked = client.get(f"/api/{WHERE}?seats=6&classes.J1=1&pupils.J1=50").json
    assert [(one["junior"], one["asked_seats"], one["line"]) for one in asked["rows"]] == [
        ("J1", 3, "680.00"),
        ("J2", 3, "640.00"),
    ]
    too_many = client.get(f"/api/{WHERE}?seats=900&class_cap=no").json
    assert (too_many["seats"], too_many["class_cap"]) == (10, 50)
    nobody = client.get(f"/api/{WHERE}?pupils.J1=0&pupils.J2=0").json
    assert [one["asked_seats"] for one in nobody["rows"]] == [0, 0]
    page = client.get(f"/public/{WHERE}?seats=6").text
    assert "人人都想去" in page
    assert client.get(f"/public/zhongkao/{YEAR}/quotas/S9").status_code == 404


def test_once_a_session_is_published_those_who_chose_the_school_are_simulated(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fourteen, three chose S1: with ten places and three who want it there is no line; few want it: none is shown."""
    session, people, units = listed_session({"S1": 6, "W": 9}, list(range(690, 676, -1)), RULES, before_listing=prepare)
    for person in people[:3]:
        wish(session, person, units["S1"], "09:00")
    for person in people[3:6]:
        wish(session, person, units["W"], "09:00")
    close_all(session, monkeypatch)
    published(session)
    told = app.test_client().get(f"/api/{WHERE}").json
    assert told["by_choices"] is True
    assert told["open_line"] is None
    assert [one["shown"] for one in told["rows"]] == [False, False]
    assert [one["line"] for one in told["rows"]] == [None, None]


def test_everybody_reads_what_part_of_the_places_the_quota_is(dealt: Application) -> None:
    """E04, E38: four of ten places of S1, and of all schools that deal one."""
    page = dealt.test_client().get(f"/public/zhongkao/{YEAR}/quotas").text
    assert "4 个指标，占招生名额的 40.00%" in page
    assert "共占它们招生名额的 <strong>40.00%</strong>" in page
