"""Somebody who talks with the service and opens no page: in the chat, or by SMS."""

import re
from collections.abc import Callable, Iterator
from itertools import count

from backend.foundation import clock
from backend.foundation.doors import Application
from backend.notices.sentences import template
from tests.callback_builders import Platform, platform_of, settle
from tests.notices_builders import HostileSms

Says = Callable[[str], str]
_numbers: Iterator[int] = count()


def in_chat(platform: Platform) -> Says:
    """Says something in the chat at the journey's own time; what is answered at once."""

    def says(text: str) -> str:
        content = platform.content(Content=text)
        return platform.reply(platform.post(content, timestamp=str(int(clock.now().timestamp()))))

    return says


def by_sms(app: Application, phone: str, sms: HostileSms, work: Callable[[], object]) -> Says:
    """Sends an SMS to the service; what comes back by SMS once the workers have done their work."""
    platform = platform_of(app)
    client, webhook = platform.app.test_client(), platform.webhook
    assert webhook is not None
    path = f"/sms/{app.config['GATEWAYS'].sms_receipt_path}"

    def says(text: str) -> str:
        before = set(sms.sent)
        told = [{"id": f"{phone}-{next(_numbers)}", "phone": phone, "text": text}]
        assert client.post(path, json=told).status_code == 200
        assert settle(60, webhook.reception)
        work()
        return "\n".join(said for one, (to, said) in sms.sent.items() if one not in before and to == phone)

    return says


def asks(heard: str, question: str, lang: str) -> bool:
    """Whether `heard` holds the words of a question, whatever facts stand in it."""
    sentence = template(f"chat.ask.{question}", lang)
    first, whole = (re.split(r"\{[^}]*\}|\n", part) for part in (sentence.split("\n", maxsplit=1)[0], sentence))
    words = max(first, key=len).strip()
    return (words if len(words) > 5 else max(whole, key=len).strip()) in heard
