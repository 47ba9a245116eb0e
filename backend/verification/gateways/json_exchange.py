"""Departments that speak signed HTTP JSON: a token fetched with the client's key, then one question an item."""

import json
import threading
from typing import Any

import requests

from backend.foundation import clock
from backend.foundation.calls_outside import straight_session
from backend.verification.gateways.exchange import (
    UNAUTHORISED,
    Answer,
    DepartmentUnavailable,
    exchanged,
    read_answer,
)
from backend.verification.gateways.signing import Signer

KIND = "application/json"
RENEW_BEFORE_S = 60
SHORTEST_LIFE_S, LONGEST_LIFE_S = 1, 86_400


class JsonExchange:
    """Questions as JSON, signed over client, time, nonce, path and body; answers are signed the same way."""

    def __init__(self, url: str, client: str, key: str) -> None:
        self.url = url
        self.signer = Signer(client, key.encode())
        self.session = straight_session()
        self._token = ""
        self._token_ends_at = 0.0
        self._lock = threading.Lock()

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The answer to `keys` (the query of the item); `context` names request, purpose, basis, consent, operator.

        A token that the exchange no longer knows is fetched anew, once. Raises DepartmentUnavailable and its kin.
        """
        body = json.dumps({**context, "keys": keys}, ensure_ascii=False).encode()
        address = f"{self.url}/query/{department}/{item}"
        try:
            reply = self._post(address, body)
        except DepartmentUnavailable as refused:
            if str(UNAUTHORISED) not in str(refused) or not self._token:
                raise
            self._token = ""
            reply = self._post(address, body)
        return read_answer(_json(reply), context["request_id"])

    def _post(self, address: str, body: bytes) -> requests.Response:
        return exchanged(self.session, self.signer, address, body, KIND, {"X-Token": self._present_token()})

    def _present_token(self) -> str:
        with self._lock:
            if not self._token or clock.now().timestamp() >= self._token_ends_at:
                self._fetch_token()
            return self._token

    def _fetch_token(self) -> None:
        address = f"{self.url}/token"
        body = json.dumps({"client": self.signer.client}).encode()
        told = _json(exchanged(self.session, self.signer, address, body, KIND, {}))
        if not isinstance(told, dict) or not isinstance(told.get("token"), str) or not told["token"]:
            raise DepartmentUnavailable("the exchange gave no token")
        lives = told.get("expires_in")
        lives = lives if isinstance(lives, int) and SHORTEST_LIFE_S <= lives <= LONGEST_LIFE_S else SHORTEST_LIFE_S
        self._token = told["token"]
        self._token_ends_at = clock.now().timestamp() + max(SHORTEST_LIFE_S, lives - RENEW_BEFORE_S)


def _json(reply: requests.Response) -> Any:
    try:
        return reply.json()
    except ValueError as error:
        raise DepartmentUnavailable("the answer is no JSON") from error
