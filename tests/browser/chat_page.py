"""The simulated WeChat as a person's thumb uses it: pick who you are, write, press the menu, send a picture, wait for the answer."""

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NothingHeard

ANSWERS = "#lines > :not(.mine):not(.system)"
HEARD = f"""([since, words]) => [...document.querySelectorAll('{ANSWERS}')].slice(since)
    .some(line => line.innerText.includes(words))"""
ANSWER_WITHIN_MS = 30_000
ASK_AGAIN_MS = 3_000
TIMES_ASKED = 20


class ChatPage:
    """The chat of one person with the official account."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def enter(self, name: str) -> None:
        """Open the chat and choose who to be."""
        self.page.goto(f"{self.address}/chat")
        self.page.locator("#people").get_by_text(name, exact=True).click()
        self.page.locator("#chat-screen").wait_for()

    def say(self, text: str, expects: str, within_ms: int = ANSWER_WITHIN_MS) -> str:
        """Write `text`; the answer that holds `expects`."""
        before = self._answers()
        self.page.fill("#text", text)
        self.page.locator("#say button.main").click()
        return self._heard(before, expects, within_ms)

    def say_until(self, text: str, expects: str) -> str:
        """Ask the same again until the answer holds `expects`: work that takes a moment is done by then."""
        for _ in range(TIMES_ASKED):
            try:
                return self.say(text, expects, ASK_AGAIN_MS)
            except NothingHeard:
                continue
        return self.say(text, expects)

    def press(self, group: str, button: str, expects: str) -> str:
        """Press a button of the account's menu; the answer that holds `expects`."""
        before = self._answers()
        self.page.locator("#menu").get_by_text(group, exact=True).click()
        self.page.locator("#sheet").get_by_text(button, exact=True).click()
        return self._heard(before, expects)

    def send_sample(self, title: str, expects: str) -> str:
        """Send one of the sample pictures that the page offers; the answer that holds `expects`."""
        before = self._answers()
        self.page.locator("#photo").click()
        self.page.locator("#sheet").get_by_text(title, exact=True).click()
        return self._heard(before, expects)

    def has_heard(self, words: str) -> str:
        """Wait until the account has said `words`, of itself or as an answer."""
        return self._heard(0, words)

    def _answers(self) -> int:
        return self.page.locator(ANSWERS).count()

    def _heard(self, since: int, words: str, within_ms: int = ANSWER_WITHIN_MS) -> str:
        self.page.wait_for_function(HEARD, arg=[since, words], timeout=within_ms)
        return self.page.locator(ANSWERS).filter(has_text=words).last.inner_text()
