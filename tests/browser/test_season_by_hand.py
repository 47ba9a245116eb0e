"""A season by hand, as a newcomer walks it in the browser: six steps in their order, in one city (docs/walks/by-hand.md).

The tests of this file are one story and run in their order; after one that fails the others are skipped.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.chat_walks import ask_which_school, fill_form, register_child, send_papers, submit
from tests.browser.city import BANNER, FAILED, City
from tests.browser.class_sheets import members_of, pupil_rows, teacher_rows, written
from tests.browser.conftest import SCREENSHOTS, picture
from tests.browser.desk_page import DeskPage, look_again
from tests.browser.nobody_named import people_in, personal_data_of
from tests.browser.phone_page import PhonePage, community_of

pytestmark = pytest.mark.browser

Phones = Callable[..., PhonePage]
Chats = Callable[[str], ChatPage]
Desks = Callable[[str], DeskPage]

REASON = "户口簿照片上的户号与公安记录一致，家长填写时看错了一位。"
STAGE = "小学"


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What one step hands to the next: receipt numbers, the school of a child."""
    return {}


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> None:
    """No step is taken after one that failed."""
    if failed := request.node.parent.stash.get(FAILED, None):
        pytest.skip(f"an earlier step of this season failed: {failed}")


def name_of(family: dict[str, Any]) -> str:
    """The child's name."""
    return str(family["children"][0]["name"])


def test_0_a_parent_asks_in_the_chat_without_a_login(city: City, chat: Chats) -> None:
    """Wishes 1, A08: address to school, seat type, papers and dates, before anybody is known."""
    family, talk = city.family("a"), chat("a")
    talk.enter(family["guardian"]["name"])
    answer = ask_which_school(talk, family)
    assert "演练" in answer
    for part in ("学位类型是第一类", "户口簿", "不动产权证", "公布派位结果"):
        talk.has_heard(part)


def test_0_a_parent_asks_on_a_small_phone_without_a_login(city: City, phone: Phones) -> None:
    """Wishes 1, A08: the same questions on the phone page, on a screen of 320 px."""
    family, page = city.family("c"), phone("c", small=True)
    page.open()
    page.tap("guide-school")
    page.choose("banner", BANNER)
    page.choose("stage", family["stage"])
    page.find_unit("unit_code", community_of(family["form"]["address"]), family["form"]["unit_code"])
    page.choose("household", "here")
    page.choose("home", "owned")
    page.write("born_on", family["children"][0]["born_on"].replace("-", ""))
    expect(page.at("guide-school")).to_contain_text("演练")
    expect(page.at("seat-type")).to_contain_text("第一类")
    expect(page.at("guide-paper-household")).to_be_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= page.page.viewport_size["width"]


def test_0_the_disclosure_page_stands_before_the_window_opens(phone: Phones, anyone: Page, city: City) -> None:
    """D12a-D12f: zones, plan, dates, conditions, enquiry and complaint lines, on the phone and for anybody."""
    page = phone("c")
    page.open()
    page.tap(f"disclosure-{BANNER}")
    page.at("page-disclosure").wait_for()
    for part in ("plan", "zones", "seat-types", "papers", "conditions", "class-forming"):
        page.tap(f"fold-{part}")
        expect(page.at(f"fold-body-{part}")).not_to_be_empty()
    expect(page.at("enquiry")).to_be_visible()
    expect(page.at("complaint")).to_be_visible()
    anyone.goto(f"{city.stack.address('WEB')}/public/banners/{BANNER}")
    said = anyone.locator("main").inner_text()
    for part in ("什么时候办", "学位类型", "计划人数", "服务片区", "办学条件", "怎样分班", "咨询", "举报信访"):
        assert part in said


def test_1_a_family_registers_in_the_chat(city: City, chat: Chats, told: dict[str, str]) -> None:
    """A22, A23: consent in plain words first, then the child, the form, two photographs, their verdicts, a receipt."""
    family, talk = city.family("a"), chat("a")
    consent = register_child(talk, family["children"][0])
    assert "不同意也可以" in consent
    fill_form(talk, family["form"])
    assert "户口簿的照片：清楚，可以用" in send_papers(talk)
    told["a"] = submit(talk)


@pytest.mark.parametrize("letter", ["b", "c"])
def test_1_a_family_registers_on_the_phone_page(
    city: City, phone: Phones, told: dict[str, str], letter: str, tmp_path: Path
) -> None:
    """A22, A23: the code by SMS, consents one a screen, one question a screen, two photographs, a receipt."""
    family, page = city.family(letter), phone(letter)
    page.log_in(family["guardian"]["phone"])
    page.register(family["children"][0])
    page.fill_form(family)
    page.photograph("household", family["papers_say"]["household"], tmp_path, "blurred")
    expect(page.at("verdict-household")).to_contain_text("照片模糊")
    page.photograph("household", family["papers_say"]["household"], tmp_path)
    page.photograph("property", family["papers_say"]["property"], tmp_path)
    told[letter] = page.submit()
    assert len(set(told.values())) == len(told)


def test_2_the_departments_answers_come_in_field_by_field(city: City, phone: Phones, chat: Chats) -> None:
    """C04, D33: each department's answer stands by itself, in the phone page's diary and in the chat."""
    page = phone("c")
    page.open_diary()
    page.wait_for_state("verified")
    expect(page.page.locator('[data-testid="diary-entry"][data-verdict="match"]:visible')).to_have_count(4)
    for item in ("人口信息", "户籍信息", "户籍关系", "不动产权信息"):
        expect(page.page.get_by_text(f"“{item}”，与您填写的一致").last).to_be_visible()
    said = chat("a").say_until("进度", "审核通过")
    assert "公安部门核对了“户籍信息”，与您填写的一致" in said


def test_2_a_mismatch_waits_on_the_desk_and_is_decided_with_a_reason(
    phone: Phones, desk: Desks, told: dict[str, str]
) -> None:
    """D33, D34: nobody is refused by a machine; an official sees both sides and the picture, and says why."""
    page, official = phone("b"), desk(f"banner-{BANNER}-a")
    page.open_diary()
    page.wait_for_state("in_review")
    expect(page.page.locator('[data-testid="diary-entry"][data-verdict="mismatch"]:visible')).to_contain_text("户号")
    official.log_in(f"banner-{BANNER}-a")
    official.menu("信息审核")
    row = official.row(told["b"])
    expect(row).to_contain_text("不一致")
    row.get_by_role("button", name="打开").click()
    expect(official.page.locator("tr.differs")).to_contain_text("户号")
    expect(official.page.get_by_role("img", name="户口簿")).to_be_visible()
    official.page.get_by_label("依据").select_option(label="材料能够证明")
    official.page.get_by_label("说明（家长会看到）").fill(REASON)
    official.press("审核通过")
    expect(official.page.get_by_role("alert")).to_contain_text("已记录您的决定")
    expect(official.row(told["b"])).to_have_count(0)
    page.open_diary()
    page.wait_for_state("verified")
    page.open("messages/index")
    expect(page.page.get_by_text("审核通过了").first).to_be_visible()


def test_3_seat_types_are_settled_and_the_list_is_frozen(desk: Desks) -> None:
    """A13, C06: after the window has closed (the rehearsal's clock is moved), by the book alone; frozen with its hash."""
    desk("system").log_in("system")
    desk("system").move_clock("30 天")
    official = desk(f"banner-{BANNER}-a")
    official.log_in(f"banner-{BANNER}-a")
    official.open_stage(STAGE)
    official.press("确定学位类型")
    official.wait_for_count("count-settled", "3")
    official.press("封存名单")
    expect(official.page.locator("h1")).to_contain_text("公开抽签")


def test_3_the_witnesses_digits_start_the_run_and_the_checker_reports(desk: Desks, anyone: Page, city: City) -> None:
    """C06, C08: three witnesses, one press, and a report of another program than the one that decided."""
    official = desk(f"banner-{BANNER}-a")
    official.hold_ceremony(anyone)
    official.wait_for_state("checked")
    verdicts = official.page.locator("#check-report tbody tr td:nth-child(2)").all_inner_texts()
    assert len(verdicts) > 10
    assert set(verdicts) == {"通过"}
    anyone.goto(f"{city.stack.address('WEB')}/public/schools")
    expect(anyone.get_by_text("结果已发布")).to_have_count(0)


def test_3_nothing_shows_until_a_second_official_has_agreed(desk: Desks, chat: Chats) -> None:
    """C07: two officials, each in a browser of their own; the first word shows nobody anything."""
    first, second = desk(f"banner-{BANNER}-a"), desk(f"banner-{BANNER}-b")
    first.press("我已核对，同意发布")
    first.wait_for_state("approved")
    expect(first.page.get_by_text("等待第二名工作人员")).to_be_visible()
    chat("a").press("查进度", "录取结果", expects="还没有出来")
    second.log_in(f"banner-{BANNER}-b")
    second.open_stage(STAGE)
    second.page.get_by_role("link", name="查看").click()
    second.press("我已核对，同意发布")
    second.wait_for_state("published")


def test_4_the_family_with_wechat_reads_why_and_confirms_in_the_chat(city: City, chat: Chats, anyone: Page) -> None:
    """C15, C16: the message stands in the simulated gateway and in the chat; why, then one word confirms."""
    family, talk = city.family("a"), chat("a")
    talk.has_heard("入学结果公布了")
    anyone.goto(f"{city.stack.address('WECHAT')}/inbox")
    expect(anyone.locator("#inbox .row", has_text=f"{name_of(family)}分到了").first).to_be_visible()
    why = talk.say("为什么", expects="结果是这样来的")
    assert "按片区录取" in why
    assert "第一类" in why
    talk.say("确认", expects="已经确认好了")


def test_4_the_second_family_confirms_from_the_why_card(city: City, phone: Phones, told: dict[str, str]) -> None:
    """C15, C16: after thirty days the phone asks for a login again; the why-card stands beside the answer."""
    page = phone("b")
    page.log_in(city.family("b")["guardian"]["phone"])
    page.tap("onward")
    expect(page.at("why-card")).to_contain_text("按片区录取")
    told["school"] = page.at("school").inner_text()
    page.tap("confirm")
    page.tap("yes-confirm")
    page.wait_for_state("confirmed")


def test_4_the_silent_family_has_its_sms_and_gets_what_the_book_says(
    city: City, phone: Phones, desk: Desks, anyone: Page
) -> None:
    """D28, D30: no WeChat, so it is told by SMS; the deadline passes, and the book's rule is told and done."""
    family, page = city.family("c"), phone("c")
    anyone.goto(f"{city.stack.address('SMS')}/phones/{family['guardian']['phone']}")
    expect(anyone.locator("#messages .bubble", has_text=f"{name_of(family)}分到了")).to_be_visible()
    desk("system").log_in("system")
    desk("system").move_clock("10 天")
    expect(anyone.locator("#messages .bubble", has_text="过期没有确认，按规定算放弃")).to_be_visible(timeout=60_000)
    page.log_in(family["guardian"]["phone"])
    page.tap("onward")
    page.wait_for_state("lapsed")
    expect(page.at("rule-of-silence")).to_contain_text("逾期不确认，视为放弃这个学位")


def test_5_the_school_reads_its_list_and_imports_pupils_and_teachers(
    city: City, desk: Desks, told: dict[str, str], tmp_path: Path
) -> None:
    """A29, A31: the admitted list (each look is written down); Excel sheets, a dry run first, every fault at once."""
    official = desk("school")
    told["code"] = city.school_code(told["school"])
    official.log_in(f"school-{told['code']}")
    official.menu("录取与分班")
    official.press("查看录取名单（会记录）")
    expect(official.row(told["b"])).to_contain_text(name_of(city.family("b")))
    expect(official.row(told["b"])).to_contain_text("已确认")
    assert official.row(told["c"]).count() == 0
    official.page.get_by_role("link", name="返回学校页面").click()
    pupils, teachers = pupil_rows(60), teacher_rows(3)
    official.import_sheet("pupils", written(tmp_path / "wrong.xlsx", [*pupils, ["N1", "", "男", "不详", "", ""]]))
    expect(official.page.locator("#faults tbody tr.table-danger")).to_have_count(4)
    official.page.get_by_role("link", name="返回").click()
    official.import_sheet("pupils", written(tmp_path / "pupils.xlsx", pupils), dry_run=True)
    expect(official.page.get_by_text("这次只是试一试")).to_be_visible()
    official.page.get_by_role("link", name="返回").click()
    for kind, rows in (("pupils", pupils), ("teachers", teachers)):
        official.import_sheet(kind, written(tmp_path / f"{kind}.xlsx", rows))
        expect(official.page.get_by_text("已导入")).to_be_visible()
        official.page.get_by_role("link", name="返回").click()


def test_5_the_classes_are_drawn_before_a_hall(
    city: City, desk: Desks, hall: Page, phone: Phones, told: dict[str, str]
) -> None:
    """A30, A37, A38, C11: plan, witnesses by ticket, their digits, one press; the screen of the hall shows every step."""
    official, address = desk("school"), f"{city.stack.address('WEB')}/public/classes/{told['code']}"
    official.page.get_by_label("分成几个班").fill("3")
    official.press("公布方案，封存名单")
    hall.goto(address)
    expect(hall.locator("#class-ceremony")).to_have_attribute("data-step", "1")
    seen = hall.locator("#input-hash").inner_text()
    assert len(seen) == 64
    expect(hall.locator("#teams tbody tr")).to_have_count(3)
    official.page.get_by_label("现场说出的数字").fill("271828")
    official.press("抽出见证人顺序")
    look_again(hall)
    expect(hall.locator("#witness-call li")).to_have_count(12)
    picture(hall, "classes-hall-2-witnesses")
    official.page.locator("#to-ceremony").click()
    official.hold_ceremony(phone("stranger", small=True).page)
    official.wait_for_state("published")
    look_again(hall)
    expect(hall.locator("#class-ceremony")).to_have_attribute("data-step", "5")
    assert hall.locator("#input-hash").inner_text() == seen
    assert sorted(map(len, members_of(hall))) == [20, 20, 21]
    assert told["b"] in {no for members in members_of(hall) for no in members}
    expect(hall.locator("#team-draw tbody tr")).to_have_count(3)
    expect(hall.locator("#balance figure svg").first).to_be_visible()
    picture(hall, "classes-hall-5-lists")
    record = hall.request.get(f"{address}/record.pdf")
    assert record.body().startswith(b"%PDF-")
    (SCREENSHOTS / "classes-record.pdf").write_bytes(record.body())


def test_5_the_family_sees_its_class_and_signs_on_its_phone(
    city: City, phone: Phones, hall: Page, told: dict[str, str]
) -> None:
    """A40: 家长现场确认签字; the phone's own login, a finger on the field, and the hall counts it."""
    page, address = phone("b").page, f"{city.stack.address('WEB')}/public/classes/{told['code']}"
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    picture(page, "classes-phone-lists")
    page.locator("#sign-link").click()
    expect(page.locator("[data-part=receipt]")).to_have_text(told["b"])
    told["class"] = page.locator("[data-part=class]").inner_text().removesuffix(" 班")
    assert told["class"] in {"1", "2", "3"}
    expect(page.locator("[data-part=teachers]")).to_contain_text("班主任")
    field = page.locator("canvas").bounding_box()
    assert field is not None
    page.mouse.move(field["x"] + 40, field["y"] + 40)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(field["x"] + 40 + 10 * step, field["y"] + 40 + 30 * (step % 3))
    page.mouse.up()
    picture(page, "classes-phone-sign")
    page.get_by_role("button", name="确认签字").click()
    expect(page.locator("[data-part=signed]")).to_contain_text("您已签字确认")
    look_again(hall)
    expect(hall.locator("#sign-link")).to_contain_text("已签 1 户")


def test_5_the_school_downloads_its_records(city: City, desk: Desks, tmp_path: Path, told: dict[str, str]) -> None:
    """A37: the national record's fields, one row for each child that came."""
    family, official = city.family("b"), desk("school")
    official.menu("录取与分班")
    (record,) = official.download_records(tmp_path, 1)
    assert record["★姓名"] == name_of(family)
    assert record["身份证件号"] == family["children"][0]["id_number"]
    assert record["★成员1姓名"] == family["guardian"]["name"]
    assert record["★班号"] == told["class"]


def test_6_anybody_reads_a_schools_results_and_no_page_names_a_child(
    city: City, anyone: Page, told: dict[str, str]
) -> None:
    """C15, D16: counts, seat types and receipts; no name, no identity number, no telephone of the whole city."""
    web = city.stack.address("WEB")
    seen = []
    anyone.goto(web)
    seen.append(anyone.content())
    anyone.get_by_label("公开页面").get_by_role("link", name="学校与结果").click()
    seen.append(anyone.content())
    anyone.get_by_role("link", name=told["school"], exact=True).click()
    expect(anyone.locator("#admitted")).to_have_text("1")
    expect(anyone.locator("#admitted-rows")).to_contain_text(told["b"])
    seen.append(anyone.content())
    for path in (f"/public/banners/{BANNER}", "/public/ledger"):
        anyone.goto(f"{web}{path}")
        seen.append(anyone.content())
    assert len(personal_data_of(city.families())) > len(city.families())
    assert people_in("".join(seen), city.families()) == []


def test_6_anybody_reads_the_results_on_the_phone_page(phone: Phones, told: dict[str, str]) -> None:
    """C15: the phone page shows the same figures, without a login."""
    page = phone("stranger", small=True)
    page.open("home/index")
    page.tap("go-schools")
    page.tap(f"option-banner-{BANNER}")
    page.tap("option-stage-primary")
    page.page.get_by_text(told["school"]).last.click()
    expect(page.at("admitted")).to_have_text("1")


def test_6_a_tip_off_has_a_receipt_and_an_answer(city: City, anyone: Page, desk: Desks) -> None:
    """D40: without a name; by the receipt one reads that it is in hand, and later the answer."""
    anyone.goto(f"{city.stack.address('WEB')}/public/tipoff")
    anyone.get_by_label("发生了什么").fill("有人打电话说交钱可以换学校，请核实。")
    anyone.get_by_role("button", name="提交").click()
    receipt = anyone.locator("#receipt").inner_text()
    anyone.goto(f"{city.stack.address('WEB')}/public/tipoff")
    anyone.get_by_label("查答复：回执号").fill(receipt)
    anyone.get_by_role("button", name="查询").click()
    expect(anyone.locator("main")).to_contain_text("正在办理")
    official = desk("city")
    official.log_in("city")
    official.menu("举报与投诉")
    official.page.locator(".card", has_text=receipt).get_by_label("答复").fill(
        "已核实，没有这样的途径；谢谢您告诉我们。"
    )
    official.press("答复（只能一次）")
    anyone.get_by_label("查答复：回执号").fill(receipt)
    anyone.get_by_role("button", name="查询").click()
    expect(anyone.locator("main")).to_contain_text("已核实，没有这样的途径")


@pytest.mark.parametrize("path", ["/nothing", "/public/banners/999999", "/public/schools/none", "/desk/nothing"])
def test_a_page_that_is_not_there_says_so_in_chinese(city: City, anyone: Page, path: str) -> None:
    answer = anyone.goto(f"{city.stack.address('WEB')}{path}")
    assert answer is not None
    assert answer.status == 404
    assert anyone.locator("h1").inner_text().strip()
    assert "urn:sunroll" not in anyone.content()
    assert anyone.get_by_role("link").count() > 0


def test_the_desk_asks_a_stranger_to_log_in(city: City, anyone: Page) -> None:
    anyone.goto(f"{city.stack.address('WEB')}/desk/cases")
    expect(anyone.get_by_role("button", name="登录")).to_be_visible()


def test_no_script_of_any_page_failed(city: City, script_faults: list[str]) -> None:
    """Every page of the season was read along; none of its scripts threw an error."""
    assert script_faults == []
