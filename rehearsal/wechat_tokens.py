"""Access tokens of the simulated WeChat platform, as `stable_token` hands them out."""

import secrets
from dataclasses import dataclass

LIVES_SECONDS = 7200
EARLY_SECONDS = 300
FORCED_A_DAY = 20
DAY = 86400


class ApiError(Exception):
    """An answer with an error code of the platform; `code` is its errcode, `said` its errmsg."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said}")
        self.code = code
        self.said = said


@dataclass
class _Token:
    text: str
    until: float


class TokenOffice:
    """One account's tokens: the normal mode gives the same one until five minutes before its end, then both are good."""

    def __init__(self, app_id: str, secret: str) -> None:
        self._app_id = app_id
        self._secret = secret
        self._current: _Token | None = None
        self._previous: _Token | None = None
        self._forced: list[float] = []

    def check_account(self, app_id: str, secret: str) -> None:
        """Raises ApiError 40013 or 40125 where the account's name or secret is wrong."""
        if app_id != self._app_id:
            raise ApiError(40013, "invalid appid")
        if not secrets.compare_digest(secret.encode(), self._secret.encode()):
            raise ApiError(40125, "invalid appsecret")

    def stable_token(self, now: float, *, force: bool) -> tuple[str, int]:
        """(token, seconds it is good for). Raises ApiError 45009 after 20 forced renewals in a day."""
        if force:
            self._forced = [at for at in self._forced if at > now - DAY]
            if len(self._forced) >= FORCED_A_DAY:
                raise ApiError(45009, "reach max api daily quota limit")
            self._forced.append(now)
            self._current, self._previous = None, None
        if self._current is None or self._current.until - now <= EARLY_SECONDS:
            self._previous = self._current
            self._current = _Token(f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(64)}", now + LIVES_SECONDS)
        return self._current.text, int(self._current.until - now)

    def check(self, token: str | None, now: float) -> None:
        """Raises ApiError 41001, 40001 or 42001 where the token is missing, unknown or too old."""
        if not token:
            raise ApiError(41001, "access_token missing")
        for known in (self._current, self._previous):
            if known and secrets.compare_digest(known.text.encode(), token.encode()):
                if known.until < now:
                    raise ApiError(42001, "access_token expired")
                return
        raise ApiError(40001, "invalid credential, access_token is invalid or not latest")

    def forget(self) -> None:
        """Make all tokens invalid at once, as the platform does when a secret is reset."""
        self._current = self._previous = None
