"""What a simulated family takes along to one visit to the service, and the phones it uses there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.phone import City, Phone
from rehearsal.season_pictures import Pool

Told = dict[str, Any]
"""What a visit tells the journal."""
FIRST_LOOK_S, LONGEST_LOOK_S = 0.4, 3.0
"""How soon a family looks again, at first and at most."""


@dataclass
class Visit:
    """What a family takes along to one visit: its line of families.jsonl, what it kept of earlier visits, the pool."""

    city: City
    pool: Pool
    family: Mapping[str, Any]
    kept: Mapping[str, Any]
    tries: list[tuple[str, int, int]] = field(default_factory=list)

    def observe(self, route: str, seconds: float, status: int) -> None:
        """Note one try of a phone."""
        self.tries.append((route, round(seconds * 1000), status))

    def phone(self) -> Phone:
        """A phone of this family, at an address of its own."""
        number = int(self.family["id"].removeprefix("F"))
        source = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"
        return Phone(self.city, source=source, observe=self.observe)

    def guardian(self) -> Phone:
        """The guardian's phone, logged in: with the token of an earlier visit, else by WeChat or SMS."""
        guardian = self.family["guardian"]
        phone = self.phone()
        token = self.kept.get("token")
        if token and phone.come_back(token):
            return phone
        if guardian["openid"]:
            phone.log_in_by_wechat(guardian["openid"])
        else:
            phone.log_in_by_sms(guardian["phone"])
        return phone

    def helper(self) -> Phone:
        """The helper's phone, logged in the same way."""
        phone = self.phone()
        token = self.kept.get("helper_token")
        if not (token and phone.come_back(token)):
            phone.log_in_by_sms(self.family["helper"]["phone"])
        return phone


def channel_of(family: Mapping[str, Any]) -> str:
    """How the family files: through a helper, by WeChat, or by SMS alone."""
    if family["helper"]:
        return "helper"
    return "wechat" if family["guardian"]["openid"] else "sms"
