"""The phone page (H5) as a parent's thumb uses it: every thing to press or to read is found by its `data-testid`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from rehearsal.pictures import photograph

VERDICT_WITHIN_MS = 60_000
SMS_WITHIN_MS = 30_000
CONSENTS = ("enrolment", "departments", "records")
STEP = {"zh-CN": "第 {} 步", "mn-Mong": "{} ᠳᠦᠭᠡᠷ"}


class PhonePage:
    """One family's phone: its browser page, its language, and the page where its SMS arrive."""

    def __init__(self, page: Page, web: str, sms: str, language: str = "zh-CN") -> None:
        self.page = page
        self.web = f"{web}/phone/?lang={language}"
        self.sms = sms
        self.language = language

    def open(self, route: str = "home/index") -> None:
        """Open a page of the phone page by its route."""
        self.page.goto(f"{self.web}#/pages/{route}")

    def at(self, testid: str) -> Locator:
        """The newest visible thing of this name."""
        return self.page.locator(f'[data-testid="{testid}"]:visible').last

    def tap(self, testid: str) -> None:
        """Press it."""
        self.at(testid).click()

    def choose(self, question: str, value: str) -> None:
        """Answer a question with choices and go on."""
        self.at(f"ask-{question}").wait_for()
        option = self.at(f"option-{question}-{value}")
        if not option.count():
            self.tap(f"show-all-{question}")
        option.click()
        self.tap("next")

    def write(self, question: str, text: str) -> None:
        """Answer a question with words or numbers and go on."""
        self.at(f"input-{question}").fill(text)
        self.tap("next")

    def find_unit(self, question: str, words: str, code: str) -> None:
        """Search the community by its name, choose it and go on."""
        self.at(f"input-{question}").fill(words)
        self.at(f"option-{question}-{code}").click()
        self.tap("next")

    def log_in(self, phone: str) -> None:
        """Log in by the code that comes as an SMS; ends on the page of the children."""
        self.give_code("login/index", "input-phone", phone, phone)
        self.at("page-children").wait_for()

    def give_code(self, route: str, field: str, who: str, phone: str) -> None:
        """On the login page of this route say who one is, and give the code that comes as an SMS to this phone."""
        with self.messages_of(phone) as codes:
            before = codes.count()
            self.open(route)
            self.at(field).fill(who)
            self.tap("send-code")
            expect(codes).to_have_count(before + 1, timeout=SMS_WITHIN_MS)
            found = re.search(r"\d{6}", codes.last.inner_text())
        assert found is not None
        self.at("input-code").fill(found[0])
        self.tap("login")

    @contextmanager
    def messages_of(self, phone: str) -> Iterator[Locator]:
        """The codes among the SMS of a number, on the page that shows what this phone received."""
        reader = self.page.context.new_page()
        try:
            reader.goto(f"{self.sms}/phones/{phone}")
            reader.locator("#messages > *").first.wait_for()
            yield reader.locator("#messages .bubble", has_text="验证码")
        finally:
            reader.close()

    def consent(self) -> None:
        """Accept the three matters that a guardian is asked to consent to, one a screen."""
        for place, purpose in enumerate(CONSENTS, 1):
            self.at(f"consent-{purpose}").wait_for()
            self.page.get_by_text(STEP[self.language].format(place)).last.wait_for()
            self.tap("consent-accept")

    def register(self, child: dict[str, Any]) -> None:
        """Register the child of a sample family, from the page of the children to the beginning of the form."""
        self.tap("add-child")
        self.at("page-consent").wait_for()
        self.consent()
        self.choose("relation", child["relation"])
        self.write("guardian_name", child["guardian_name"])
        self.write("guardian_id_number", child["guardian_id_number"])
        self.write("name", child["name"])
        self.choose("id_kind", "resident")
        self.write("id_number", child["id_number"])
        self.choose("ethnicity", child["ethnicity"])
        self.tap("register")
        self.at("page-apply-start").wait_for()

    def fill_form(self, family: dict[str, Any]) -> None:
        """Answer the form of a family that lives in its own home, from the choice of the banner to the papers."""
        form = family["form"]
        self.begin_form(family)
        self.write("address", form["address"])
        self.choose("household", "same")
        self.write("household_number", form["household_number"])
        self.write("registered_on", form["registered_on"].replace("-", ""))
        self.finish_form(family)

    def begin_form(self, family: dict[str, Any]) -> None:
        """Where and for which stage, and the community of the home; the next question is the address."""
        self.choose("banner", family["banner"])
        self.choose("stage", family["stage"])
        self.find_unit("unit_code", community_of(family["form"]["address"]), family["form"]["unit_code"])

    def finish_form(self, family: dict[str, Any]) -> None:
        """From the question about the home to the papers."""
        home = family["form"]["home"]
        self.choose("home", home["kind"])
        self.write("certificate", home["certificate"])
        self.choose("use", home["use"])
        self.choose("owner_relation", home["owner_relation"])
        self.choose("sibling", "no")
        self.choose("care", "none")
        self.at("page-papers").wait_for()

    def photograph(self, kind: str, says: dict[str, str], folder: Path, condition: str = "good") -> None:
        """Choose a picture of the paper from the album and wait for its verdict."""
        picture = folder / f"{kind}-{condition}.jpg"
        picture.write_bytes(photograph(kind, says, condition))
        with self.page.expect_file_chooser() as chooser:
            self.tap(f"album-{kind}")
        chooser.value.set_files(picture)
        verdict = "good" if condition == "good" else "retake"
        self.page.locator(f'[data-testid="paper-{kind}"][data-state="{verdict}"]').wait_for(timeout=VERDICT_WITHIN_MS)

    def submit(self) -> str:
        """Look at everything once more and submit; the receipt number."""
        self.tap("go-review")
        self.at("submit").click()
        self.at("receipt").wait_for()
        return self.at("receipt").inner_text()

    def wait_for_state(self, state: str) -> None:
        """Wait until the page says that the application is in this state."""
        self.page.locator(f'[data-testid="state"][data-state="{state}"]:visible').wait_for(timeout=VERDICT_WITHIN_MS)

    def open_diary(self) -> None:
        """From the children's page to the diary of the family's application."""
        self.open("children/index")
        self.at("onward").click()


def community_of(address: str) -> str:
    """The name of the community (社区, 村, 嘎查) in a full address, without its kind."""
    found = re.search(r"(?:街道|镇|苏木)(.+?)(?:社区|村|嘎查)", address)
    assert found is not None
    return found[1]
