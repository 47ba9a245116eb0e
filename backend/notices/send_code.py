"""Send a log-in code by SMS: at most once, sealed under a key of its own that is shredded when it has gone (D14)."""

import uuid

from backend.notices.send_notice import put_notice


def send_code(code_id: int | str, subject: uuid.UUID, phone: str, code: str) -> None:
    """Put the code on its way in the present transaction. It is never sent again by itself (P8)."""
    put_notice(f"login-code/{code_id}", "login-code", {"code": code}, subject=subject, phone=phone)
