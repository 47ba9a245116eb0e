"""The officials' desk as an official works it: log in with what the entrance page shows, press, read what comes back."""

import re
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

ONE_TIME_PASSWORD_LASTS_MS = 31_000
TRIES = 3
RUN_WITHIN_MS = 120_000
LOOK_AGAIN_MS = 1_000
LOOKS = 40


def look_again(page: Page) -> None:
    """Load a page anew; one that is just loading itself anew is left to it."""
    try:
        page.reload()
    except PlaywrightError:
        page.wait_for_load_state()


class DeskPage:
    """One official's browser."""

    def __init__(self, page: Page, web: str, home: str) -> None:
        self.page = page
        self.web = f"{web}/desk"
        self.home = home

    def log_in(self, login: str) -> None:
        """Log in with the password and the one-time password of the entrance page.

        A one-time password that was used a moment ago is refused; then the next one is waited for, as a person would.
        """
        for _ in range(TRIES):
            self.page.goto(self.home)
            cells = self.page.locator("tr", has=self.page.get_by_role("cell", name=login, exact=True)).locator("td")
            _, name, password, code = cells.all_inner_texts()
            self.page.goto(f"{self.web}/login")
            self.page.get_by_label("用户名").fill(name)
            self.page.get_by_label("密码", exact=True).fill(password)
            self.page.get_by_label("动态口令").fill(code)
            self.page.get_by_role("button", name="登录").click()
            if self.page.get_by_role("button", name="退出").count():
                return
            self.page.wait_for_timeout(ONE_TIME_PASSWORD_LASTS_MS)
        raise AssertionError(self.page.get_by_role("alert").inner_text())

    def menu(self, title: str) -> None:
        """Go to a page by the menu."""
        self.page.get_by_label("主菜单").get_by_role("link", name=title, exact=True).click()

    def press(self, title: str) -> None:
        """Press the button with this title."""
        self.page.get_by_role("button", name=title, exact=True).click()

    def row(self, words: str) -> Locator:
        """The row of a table that holds these words."""
        return self.page.locator("tr", has_text=words)

    def import_sheet(self, kind: str, file: Path, *, dry_run: bool = False) -> None:
        """Hand in the school's sheet of pupils or teachers."""
        form = self.page.locator(f"#sheet-{kind}")
        form.locator("input[type=file]").set_input_files(file)
        form.locator(f'button[value="{int(dry_run)}"]').click()

    def hold_ceremony(self, phone: Page) -> None:
        """Lead the public draw: the first witness by the own link on a phone, the others at the desk, no public number."""
        names = [f"见证人{letter}" for letter in "甲乙丙"]
        for place, name in enumerate(names, 1):
            self.page.locator(f"#witness{place}").fill(name)
            self.page.locator(f"#office{place}").fill("家长代表")
        self.press("公告抽签仪式")
        own = self.page.locator(f'.witness-link[data-witness="{names[0]}"]').get_attribute("href") or ""
        phone.set_viewport_size({"width": 390, "height": 780})
        phone.goto(own)
        phone.get_by_label("您的数字（至少 12 位）").fill("3141 5926 5358")
        phone.get_by_role("button", name="交出指纹").click()
        expect(phone.locator("#committed")).to_be_visible()
        expect(phone.locator("[data-part=kept]")).to_contain_text("3141")
        kept = phone.locator("[data-part=kept]").inner_text().replace(" ", "")
        for name in names[1:]:
            look_again(self.page)
            self.page.locator("#desk-witness").select_option(name)
            self.page.locator("#desk-digits").fill("271828182845")
            self.press("交出指纹")
        expect(self.page.locator("#witnesses")).not_to_contain_text("还没有承诺")
        self.press("承诺截止，开始说出数字")
        phone.goto(own)
        expect(phone.get_by_label("全部数字")).to_have_value(kept)
        phone.get_by_role("button", name="说出数字").click()
        expect(phone.get_by_role("main")).to_contain_text("与您的承诺一致")
        for name in names[1:]:
            look_again(self.page)
            self.page.locator("#desk-witness").select_option(name)
            self.press("说出数字")
            expect(self.page.get_by_role("alert").last).to_contain_text("与承诺一致")
        hall = self.page.locator("#public-page").get_attribute("href") or ""
        phone.goto(f"{self.web.removesuffix('/desk')}{hall}")
        expect(phone.locator("#ceremony-state")).to_have_attribute("data-state", "revealing")
        expect(phone.locator("#witnesses")).to_contain_text(kept)
        self.press("数字已说完")
        self.press("算出种子，开始运行")
        look_again(phone)
        expect(phone.locator("#seed")).to_have_text(re.compile("^[0-9a-f]{64}$"))

    def open_stage(self, name: str) -> None:
        """Open the page of a stage by the menu."""
        self.menu("学位与派位")
        self.row(name).get_by_role("link", name="打开").click()

    def wait_for_count(self, name: str, count: str) -> None:
        """Look again, as the page asks one to, until a count says this."""
        for _ in range(LOOKS):
            if self.page.locator(f"#{name}").inner_text() == count:
                return
            self.page.wait_for_timeout(LOOK_AGAIN_MS)
            look_again(self.page)
        expect(self.page.locator(f"#{name}")).to_have_text(count)

    def download_records(self, folder: Path, count: int) -> list[dict[str, str]]:
        """The school's records from the Excel file, once they are `count`; they are made after the classes' release."""
        for number in range(LOOKS):
            with self.page.expect_download() as download:
                self.press("导出学籍（Excel）")
            file = folder / f"{number}-{download.value.suggested_filename}"
            download.value.save_as(file)
            header, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
            if len(rows) == count:
                return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]
            self.page.wait_for_timeout(LOOK_AGAIN_MS)
        raise AssertionError(f"{len(rows)} records, not {count}")

    def wait_for_state(self, state: str) -> None:
        """Wait until the run's page, which looks again by itself, says this state."""
        expect(self.page.locator(f'#run-state[data-state="{state}"]')).to_be_visible(timeout=RUN_WITHIN_MS)

    def move_clock(self, title: str) -> None:
        """Move the rehearsal's time ahead; only the system administrator may."""
        self.page.goto(f"{self.web}/")
        self.press(f"往前 {title}")
