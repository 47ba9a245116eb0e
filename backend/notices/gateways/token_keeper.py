"""The official account's access token: one sealed row for all processes, renewed by stable_token under a lock.

wechatpy would keep a token per process and fetch it without a timeout (promises part 2), so that processes spoil each
other's. The normal mode of stable_token hands out the same token until five minutes before its end, both good then.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from backend.foundation import clock
from backend.foundation.crypto import seal, unseal
from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.notices.rows import WeChatToken

EARLY = timedelta(minutes=5)
_NAMESPACE = uuid.UUID("6a4cf2e1-0c3b-4c55-9f0e-5d2f5f0a7e11")

FetchToken = Callable[[bool], tuple[str, int]]
"""Asks the platform: whether by force -> the token and for how many seconds it is good."""


class TokenKeeper:
    """Keeps the token of one account. Both methods open a transaction of their own: call them outside any other."""

    def __init__(self, app_id: str, fetch: FetchToken) -> None:
        self._app_id = app_id
        self._fetch = fetch
        self._subject = uuid.uuid5(_NAMESPACE, app_id)

    def token(self) -> str:
        """A token that is good for some minutes yet."""
        with unit_of_work():
            row = db.session.get(WeChatToken, self._app_id)
            if row is not None and row.good_until - clock.now() > EARLY:
                return self._open(row)
        return self._renew(refused=None)

    def instead_of(self, refused: str) -> str:
        """Another token than the one the platform just refused; asked for by force only where it gives the same again."""
        return self._renew(refused)

    def _renew(self, refused: str | None) -> str:
        with unit_of_work():
            db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": self._app_id})
            row = db.session.get(WeChatToken, self._app_id, populate_existing=True)
            if row is not None and row.good_until - clock.now() > EARLY and self._open(row) != refused:
                return self._open(row)
            found, seconds = self._fetch(False)
            if found == refused:
                found, seconds = self._fetch(True)
            self._keep(row, found, clock.now() + timedelta(seconds=seconds))
            return found

    def _keep(self, row: WeChatToken | None, token: str, good_until: datetime) -> None:
        sealed = seal(self._subject, self._place, token)
        if row is None:
            db.session.add(WeChatToken(app_id=self._app_id, token_sealed=sealed, good_until=good_until))
        else:
            row.token_sealed, row.good_until = sealed, good_until

    @property
    def _place(self) -> str:
        return f"wechat_token.token.{self._app_id}"

    def _open(self, row: WeChatToken) -> str:
        return unseal(self._subject, self._place, row.token_sealed)
