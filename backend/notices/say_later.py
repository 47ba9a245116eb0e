"""Say a line in a conversation after its passive answer has gone: a customer-service message, by its own task."""

import uuid

from backend.notices.rules.delivery import CHAT_LINE
from backend.notices.send_notice import put_notice


def say_later(subject: uuid.UUID, openid: str, text: str, key: str) -> None:
    """Put the line on its way in the present transaction; `subject` is whose key seals it, `key` makes it one line."""
    put_notice(key, CHAT_LINE, {"text": text}, subject=subject, openid=openid)
