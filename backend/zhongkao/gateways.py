"""What the exam wing needs from its assembly: the token key, the public address, the live ranks, the writer that gathers many changes."""

import hashlib
from collections.abc import Callable

from flask import current_app

from backend.zhongkao.board.boards import Boards
from backend.zhongkao.wishes import Told, Wish

Writer = Callable[[int, Wish], Told]
"""Keeps a wish of a session in a commit shared with others: what became of it, and the standing after it if it knows."""


def choice_writer() -> Writer | None:
    """The writer at hand, or None where each request commits for itself."""
    found: Writer | None = current_app.extensions.get("choice_writer")
    return found


def live_boards() -> Boards:
    """The live ranks as this host has them."""
    found: Boards = current_app.extensions["boards"]
    return found


def token_key() -> bytes:
    """The key that candidates' tokens are signed with."""
    key: bytes = current_app.extensions["keys"].tokens
    return key


def keyed_digest(text: str) -> bytes:
    """A digest of the text that nobody without the service's keys can make."""
    return hashlib.sha256(current_app.extensions["keys"].blind_index + text.encode()).digest()


def public_address(path: str) -> str:
    """The address of a public page."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + path
