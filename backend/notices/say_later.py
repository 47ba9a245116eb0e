"""Say a line in a conversation by a task of its own: after the passive answer has gone, or by SMS."""

import uuid

from backend.notices.rules.delivery import CHAT_LINE
from backend.notices.send_notice import put_notice


def say_later(subject: uuid.UUID, openid: str, text: str, key: str) -> None:
    """Put the line on its way in the present transaction; `subject` is whose key seals it, `key` makes it one line."""
    put_notice(key, CHAT_LINE, {"text": text}, subject=subject, openid=openid)


def say_by_sms(subject: uuid.UUID, phone: str, text: str, key: str) -> None:
    """The same for somebody who talks by SMS."""
    put_notice(key, CHAT_LINE, {"text": text}, subject=subject, phone=phone)
