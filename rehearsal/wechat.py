"""The WeChat platform, simulated: `PORT=… CALLBACK_URL=… WECHAT_APP_ID=… … python -m rehearsal.wechat`; chat at /chat.

It has what Sunroll uses of api.weixin.qq.com, pushes encrypted callbacks, and shows what people see in their chats.
"""

import asyncio
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from rehearsal.faults import Weather
from rehearsal.loopback import Answer, Request, Site, json_answer, settings_of
from rehearsal.wechat_api import Api, MediaStore
from rehearsal.wechat_callbacks import Callbacks
from rehearsal.wechat_chat import Chat
from rehearsal.wechat_crypto import Envelopes
from rehearsal.wechat_people import People
from rehearsal.wechat_tokens import TokenOffice


@dataclass(frozen=True)
class Account:
    """The official account: its name and secrets, where it takes callbacks, and the address of its phone pages."""

    app_id: str
    secret: str
    token: str
    aes_key: str
    callback_url: str
    public_url: str


class Platform:
    """The platform as a site; `city` gives the families who follow the account, None for nobody."""

    def __init__(self, account: Account, city: Path | None, weather: Weather) -> None:
        self.people = People(city)
        self._tokens = TokenOffice(account.app_id, account.secret)
        envelopes = Envelopes(account.app_id, account.token, account.aes_key)
        self._callbacks = Callbacks(account.callback_url, envelopes, self.people, weather)
        media = MediaStore()
        self._api = Api(self._tokens, self.people, media, self._callbacks, weather)
        self.site = Site("wechat")
        self._api.offer(self.site)
        Chat(self.people, media, self._callbacks, weather, account.public_url).offer(self.site)
        self.site.route("GET", "/figures", self._figures)
        self.site.route("POST", "/tokens/forget", self._forget_tokens)
        weather.offer(self.site)

    def close(self) -> None:
        """Close files and threads."""
        self._callbacks.close()
        self.people.close()

    async def _figures(self, request: Request) -> Answer:
        told = {"api": dict(self._api.counts), "callbacks": dict(self._callbacks.counts)}
        return json_answer({**told, "unanswered": self._callbacks.unanswered})

    async def _forget_tokens(self, request: Request) -> Answer:
        """Make every access token invalid now: the next call with one gets 40001."""
        self._tokens.forget()
        return json_answer({})


def main() -> None:
    """Serve from the environment: PORT, CALLBACK_URL, PUBLIC_URL, WECHAT_*, and perhaps CITY, FAULTS and CLOCK_URL."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = settings_of(
        "wechat", "PORT", "CALLBACK_URL", "SUNROLL_PUBLIC_URL",
        "WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY",
    )  # fmt: skip
    account = Account(
        told["WECHAT_APP_ID"],
        told["WECHAT_APP_SECRET"],
        told["WECHAT_TOKEN"],
        told["WECHAT_AES_KEY"],
        told["CALLBACK_URL"],
        told["SUNROLL_PUBLIC_URL"],
    )
    city = os.environ.get("CITY")
    weather = Weather.from_environment("wechat")
    platform = Platform(account, Path(city) if city else None, weather)
    weather.follow(platform.site, os.environ.get("CLOCK_URL"))
    asyncio.run(platform.site.run(int(told["PORT"])))


if __name__ == "__main__":
    main()
