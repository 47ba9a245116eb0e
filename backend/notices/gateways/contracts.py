"""The contracts with SMS providers, from a TOML file that only the service reads; without one, the signed gateway alone.

    [[contract]]
    name = "aliyun"                      # what the desk and the log call it; the first contract is preferred
    kind = "aliyun"                      # aliyun or tencent
    address = "https://dysmsapi.aliyuncs.com"
    key_id = "…"
    key_secret = "…"
    sign = "阳光入学"
    [contract.templates]                 # our notice code = [the provider's number, facts in the template's order …]
    login-code = ["SMS_100000001", "code"]
    "*" = ["SMS_100000002", "text"]      # any other notice, as one whole sentence

Tencent's contracts also have `app` (SmsSdkAppId) and `region`.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.notices.gateways import SmsGateway
from backend.notices.gateways.aliyun import AliyunSms
from backend.notices.gateways.providers import Provider, Template
from backend.notices.gateways.routes import SmsRoutes
from backend.notices.gateways.sms import SignedSms
from backend.notices.gateways.tencent import TencentSms
from backend.settings import GatewaySettings, NoticeSettings, SettingsRefused

KINDS: dict[str, Callable[[Provider], SmsGateway]] = {"aliyun": AliyunSms, "tencent": TencentSms}


def providers_of(notices: NoticeSettings, gateways: GatewaySettings) -> SmsRoutes:
    """The routes over all contracts. Raises SettingsRefused where the file cannot be used."""
    if notices.sms_contracts is None:
        return SmsRoutes({"gateway": SignedSms(gateways.sms_url, gateways.sms_key)})
    return SmsRoutes(contracts_in(notices.sms_contracts))


def contracts_in(path: Path) -> dict[str, SmsGateway]:
    """The gateways by name, in the file's order. Raises SettingsRefused with what is wrong."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        found: dict[str, SmsGateway] = {str(one["name"]): _gateway(one) for one in told["contract"]}
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise SettingsRefused(f"SMS_CONTRACTS_FILE: {path} is no list of contracts ({error})") from error
    if not found:
        raise SettingsRefused(f"SMS_CONTRACTS_FILE: {path} has no contract")
    return found


def _gateway(told: dict[str, Any]) -> SmsGateway:
    templates = {code: Template(str(line[0]), tuple(map(str, line[1:]))) for code, line in told["templates"].items()}
    provider = Provider(
        address=str(told["address"]).rstrip("/"),
        key_id=str(told["key_id"]),
        key_secret=str(told["key_secret"]),
        sign=str(told["sign"]),
        app=str(told.get("app", "")),
        region=str(told.get("region", "")),
        templates=templates,
    )
    return KINDS[told["kind"]](provider)
