"""What providers of SMS have in common: templates by our codes, one signed call, and what its outcome means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from backend.foundation.calls_outside import straight_session
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent

TIMEOUT = (3, 5)


@dataclass(frozen=True)
class Template:
    """A provider's approved template: its number, and which of our facts fill it, in this order."""

    number: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provider:
    """One contract with a provider, as settings tell it. `templates` are by our notice codes; `*` takes any other one,
    with the whole sentence as its only fact.
    """

    address: str
    key_id: str
    key_secret: str
    sign: str
    app: str = ""
    region: str = ""
    templates: Mapping[str, Template] = field(default_factory=dict)

    def filled(self, code: str, params: Mapping[str, str], text: str) -> tuple[str, dict[str, str]]:
        """The template's number and its facts. Raises ChannelRefused where no template was approved for `code`."""
        template = self.templates.get(code)
        if template is not None:
            return template.number, {name: params.get(name, "") for name in template.facts}
        whole = self.templates.get("*")
        if whole is None:
            raise ChannelRefused("no-template")
        return whole.number, dict.fromkeys(whole.facts or ("text",), text)


def call(method: str, address: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The provider's JSON answer. Raises ChannelBusy where it was not even reached, ChannelSilent where nobody knows."""
    try:
        with straight_session() as session:
            answer = session.request(method, address, data=body, headers=dict(headers), timeout=TIMEOUT)
            told = answer.json()
    except requests.ConnectionError as error:
        if _never_sent(error):
            raise ChannelBusy("not-reached") from error
        raise ChannelSilent(type(error).__name__) from error
    except (requests.RequestException, ValueError) as error:
        raise ChannelSilent(type(error).__name__) from error
    if not isinstance(told, dict):
        raise ChannelSilent("the provider answered without an object")
    return told


def _never_sent(error: requests.ConnectionError) -> bool:
    """Whether the connection was never made, so that no byte of the request went out."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
