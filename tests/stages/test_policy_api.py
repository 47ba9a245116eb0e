"""The policy room over HTTP: what anybody may ask, what an official may do, and the pages of desk and public."""

import io
import re
from typing import Any

from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.policy.read_book import BOOKS
from tests.families_builders import bearer, guardian
from tests.policy_builders import BANNER, OVERFLOW, SCHOOLS, SHEETS, UNITS, kangbashi, made_ready, official_of, workbook


def ready(*, disclosed: bool = True) -> Actor:
    """An official of a banner that stands ready, committed."""
    with unit_of_work():
        by = official_of()
        made_ready(by, disclosed=disclosed)
    return by


def newcomer(banner: str = BANNER) -> Actor:
    """An official of a banner that has published nothing, committed."""
    with unit_of_work():
        return official_of(banner)


def headers(by: Actor) -> dict[str, str]:
    """Headers of a request by this person; the log-in is committed."""
    with unit_of_work():
        return bearer(by)


def sheet(rows: list[list[str]], name: str = "表.xlsx") -> dict[str, Any]:
    return {"file": (io.BytesIO(workbook(rows)), name)}


def test_the_whole_way_to_an_open_window_over_http(app: Application) -> None:
    """Step 0: book, sheets, page; then the banner's windows are open and the guide answers without login."""
    by = newcomer()
    client = app.test_client()
    root = f"/api/desk/banners/{BANNER}"
    book = client.post(f"{root}/book", json={"content": kangbashi().content, "reason": "新年度"}, headers=headers(by))
    assert book.status_code == 201, book.json
    for kind, rows in SHEETS.items():
        tried = client.post(f"{root}/imports?kind={kind}&dry_run=1", data=sheet(rows), headers=headers(by))
        assert (tried.status_code, tried.json["applied"], tried.json["faults"]) == (200, False, []), tried.json
        taken = client.post(f"{root}/imports?kind={kind}", data=sheet(rows), headers=headers(by))
        assert taken.json == {"rows": len(rows) - 1, "faults": [], "applied": True}
    assert client.get(f"/api/banners/{BANNER}/disclosure").json["code"] == "disclosure-not-published"
    assert {w["state"] for w in client.get("/api/banners").json["items"][0]["windows"]} == {"not-disclosed"}
    assert client.post(f"{root}/disclosure", headers=headers(by)).status_code == 201
    banner = client.get("/api/banners").json["items"][0]
    assert (banner["code"], banner["name"], banner["disclosed"]) == (BANNER, "康巴什区", True)
    assert {window["state"] for window in banner["windows"]} == {"open"}
    page = client.get(f"/api/banners/{BANNER}/disclosure").json
    assert page["book_sha256"] == book.json["book_sha256"]
    assert {"school": "150603-P01", "school_name": "康巴什一小", "stage": "primary", "seats": 90} in page["plan"]


def test_anybody_asks_the_guide(app: Application) -> None:
    ready()
    client = app.test_client()
    units = client.get("/api/units?q=达尔罕").json["items"]
    assert units[0]["banner_name"] == "康巴什区"
    question = {
        "banner": BANNER,
        "stage": "primary",
        "unit_code": units[0]["code"],
        "household": "here",
        "home": "owned",
    }
    answer = client.post("/api/guide", json=question)
    assert answer.status_code == 200, answer.json
    assert answer.json["schools"] == [{"code": "150603-P02", "name": "康巴什二小"}]
    assert answer.json["seat_type"]["code"] == "1"
    assert answer.json["age_ok"] is None
    assert [paper["kind"] for paper in answer.json["papers"]] == ["household", "property"]
    assert answer.json["dates"][0]["what"] == "小学登记"


def test_the_guide_says_what_it_cannot_answer(app: Application) -> None:
    client = app.test_client()
    question = {"banner": BANNER, "stage": "primary", "unit_code": "150603001009"}
    assert client.post("/api/guide", json=question).json["code"] == "no-book-in-force"
    ready()
    assert client.post("/api/guide", json=question).json["code"] == "unit-unknown"
    assert client.post("/api/guide", json={**question, "home": "castle"}).json["code"] == "fields-invalid"
    assert client.post("/api/guide", json={**question, "score": 100}).json["code"] == "fields-invalid"


def test_schools_show_their_planned_seats(app: Application) -> None:
    ready()
    client = app.test_client()
    primary = client.get(f"/api/schools?banner={BANNER}&stage=primary").json["items"]
    assert [(school["code"], school["seats"]) for school in primary] == [("150603-P01", 90), ("150603-P02", 45)]
    assert len(client.get(f"/api/schools?banner={BANNER}").json["items"]) == 4
    assert client.get("/api/schools?banner=x").status_code == 422


def test_faults_of_a_book_come_with_their_pointers(app: Application) -> None:
    by = newcomer()
    content = {**kangbashi().content, "flow": "by-hand", "year": "2027"}
    answer = app.test_client().post(
        f"/api/desk/banners/{BANNER}/book", json={"content": content, "reason": "x"}, headers=headers(by)
    )
    assert (answer.status_code, answer.json["code"]) == (422, "rulebook-faulty")
    assert {error["pointer"] for error in answer.json["errors"]} == {"/flow", "/year"}
    both = {"content": content, "toml": "x", "reason": "x"}
    assert app.test_client().post(f"/api/desk/banners/{BANNER}/book", json=both, headers=headers(by)).status_code == 422


def test_faults_of_a_sheet_come_with_row_and_column(app: Application) -> None:
    by = ready(disclosed=False)
    wrong = [OVERFLOW[0], ["150603-P01", "1", "150603-P77"]]
    answer = app.test_client().post(
        f"/api/desk/banners/{BANNER}/imports?kind=overflow", data=sheet(wrong), headers=headers(by)
    )
    assert answer.json["applied"] is False
    assert [(fault["row"], fault["column"]) for fault in answer.json["faults"]] == [(2, "调剂学校代码")]
    nothing = app.test_client().post(f"/api/desk/banners/{BANNER}/imports?kind=overflow", headers=headers(by))
    assert nothing.json["errors"][0]["pointer"] == "/file"


def test_strangers_families_and_other_banners_may_not_touch_a_banner(app: Application) -> None:
    client = app.test_client()
    path = f"/api/desk/banners/{BANNER}/disclosure"
    assert client.post(path, headers={"Idempotency-Key": "k"}).status_code == 401
    assert client.post(path, headers=headers(guardian())).status_code == 403
    assert client.post(path, headers=headers(newcomer("150621"))).status_code == 403


def test_the_public_page_tells_all_six_in_words(app: Application) -> None:
    """D12a-D12f, D24."""
    ready()
    client = app.test_client()
    listed = client.get("/public/banners").get_data(as_text=True)
    assert "康巴什区" in listed
    assert "正在登记" in listed
    page = client.get(f"/public/banners/{BANNER}").get_data(as_text=True)
    for words in ("达尔罕社区", "90", "小学登记", "30个班", "0477-0000301", "0477-0000302", "不会没有学上", "阳光分班"):
        assert words in page


def test_the_public_page_of_an_undisclosed_banner_says_so(app: Application) -> None:
    ready(disclosed=False)
    answer = app.test_client().get(f"/public/banners/{BANNER}")
    assert answer.status_code == 404
    assert "公告还没有公布" in answer.get_data(as_text=True)
    assert app.test_client().get("/public/banners/150699").status_code == 404


def test_an_official_does_it_all_on_the_desk(app: Application) -> None:
    by = newcomer()
    client = app.test_client()
    client.set_cookie("sunroll_desk", headers(by)["Authorization"].removeprefix("Bearer "), path="/desk")
    root = f"/desk/banners/{BANNER}"
    assert BANNER in client.get("/desk/banners").get_data(as_text=True)
    assert "还没有公布规则册" in client.get(root).get_data(as_text=True)
    with unit_of_work():
        made_ready(by, disclosed=False)
    page = client.get(root).get_data(as_text=True)
    assert "公布招生公告" in page
    assert "房屋用途为公寓" in page
    tried = {"kind": "schools", "press": "try", "request_key": "a", **sheet(SCHOOLS)}
    assert "都可以导入" in client.post(f"{root}/imports", data=tried).get_data(as_text=True)
    wrong = {"kind": "schools", "press": "apply", "request_key": "b", **sheet([*SCHOOLS, ["x", "", "", "", ""]])}
    assert "没有导入任何数据" in client.post(f"{root}/imports", data=wrong).get_data(as_text=True)
    right = {"kind": "units", "press": "apply", "request_key": "c", **sheet(UNITS)}
    assert "已导入 2 行" in client.post(f"{root}/imports", data=right).get_data(as_text=True)
    assert client.post(f"{root}/disclosure", data={"request_key": "d"}).status_code == 302
    assert "公告已公布" in client.get(root).get_data(as_text=True)
    bad = {"reason": "x", "request_key": "e", "toml": (io.BytesIO(b"format = 1"), "book.toml")}
    refused = client.post(f"{root}/book", data=bad)
    assert refused.status_code == 422
    assert "缺少“seat_types”" in refused.get_data(as_text=True)
    again = {"kind": "units", "press": "apply", "request_key": "f", **sheet(UNITS)}
    assert "登记期间不能改学校" in client.post(f"{root}/imports", data=again).get_data(as_text=True)


def test_a_book_is_tried_dry_and_says_what_families_would_read_anew(app: Application) -> None:
    """A04, D03: what changes is told in the sentences of the disclosure page before it counts; nothing is published."""
    by = ready()
    client = app.test_client()
    client.set_cookie("sunroll_desk", headers(by)["Authorization"].removeprefix("Bearer "), path="/desk")
    folder = BOOKS / "kangbashi-2020"
    written = folder.joinpath("book.toml").read_text(encoding="utf-8") + "\n[transfers]\nanswer_days = 9\n"
    files = {
        "toml": (io.BytesIO(written.encode()), "book.toml"),
        "estates": (io.BytesIO(folder.joinpath("estates.csv").read_bytes()), "estates.csv"),
    }
    path = f"/desk/banners/{BANNER}"
    told = client.post(f"{path}/book", data={"press": "try", "request_key": "t", **files}).get_data(as_text=True)
    assert "没有错误，还没有公布" in told
    (changed,) = re.findall(r"<mark>(转学[^<]*)</mark>", told)
    assert "9 天内答复" in changed
    assert re.search(r"<s>转学[^<]*14 天内答复", told)
    assert "<li>仍然相同的，按公开抽签" in told
    assert "9 天内答复" not in client.get(path).get_data(as_text=True)
    bad = {"press": "try", "request_key": "u", "toml": (io.BytesIO(b"format = 1"), "book.toml")}
    assert client.post(f"{path}/book", data=bad).status_code == 422


def test_the_desk_of_another_banner_is_closed(app: Application) -> None:
    by = newcomer("150621")
    client = app.test_client()
    client.set_cookie("sunroll_desk", headers(by)["Authorization"].removeprefix("Bearer "), path="/desk")
    assert client.get(f"/desk/banners/{BANNER}").status_code == 403
