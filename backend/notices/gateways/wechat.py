"""The WeChat platform through wechatpy 1.8.18, wrapped whole: own token keeper, timeouts, no recursion, own API host.

What is wrapped away (promises part 2): its token per process fetched without a timeout, its unbounded `auto_retry`,
its fixed host. Template messages carry our message id as `client_msg_id`, so that a repeat is sent once.
"""

import json
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from backend.identity.log_in_guardian import WeChatCodeRefused, WeChatUnavailable
from backend.notices.gateways import ChannelBusy, ChannelRefused, ChannelSilent, ConsentSpent, PictureGone
from backend.notices.gateways.templates import SUBSCRIPTION_FIELDS, fitted
from backend.notices.gateways.token_keeper import TokenKeeper
from backend.settings import WeChatSettings

TIMEOUT = (3, 5)
PLATFORM = "https://api.weixin.qq.com"
LARGEST_PICTURE = 12 * 1024 * 1024
TOKEN_REFUSED = {40001, 40014, 42001}
CONSENT_SPENT = 43101
TROUBLE = -1
MEDIA_GONE = {40007, 40008}
LATER = {45009, 45011, 45047}
CODE_REFUSED = {40029, 40163, 40226}


class OwnHost(HTTPAdapter):
    """Sends what is meant for the platform's host to the address from the settings."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer of the configured host."""
        request.url = (request.url or "").replace(PLATFORM, self._address, 1)
        return super().send(request, *args, **kwargs)


class _Client(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's client with a token it is given for each call; it never fetches one."""

    given_token = ""

    @property
    def access_token(self) -> str:
        return self.given_token


class WeChatPlatform:
    """The platform as `ChatGateway`, and as identity's `WeChatLoginGateway`."""

    def __init__(self, settings: WeChatSettings) -> None:
        self._settings = settings
        self._keeper = TokenKeeper(settings.app_id, self._stable_token)

    def send_template(self, openid: str, message_id: str, title: str, text: str, link: str) -> str:
        """The platform's number of the template message. Raises ChannelRefused, ChannelSilent."""
        data = {"first": {"value": title}, "keyword1": {"value": text}, "remark": {"value": "阳光入学"}}
        body = {
            "touser": openid,
            "template_id": self._settings.notice_template,
            "url": link,
            "client_msg_id": message_id,
            "data": data,
        }
        return str(self._post("message/template/send", body).get("msgid", ""))

    def send_subscription(self, openid: str, message_id: str, title: str, text: str, link: str) -> str:
        """The platform's number of the subscription message; what is longer than its field is cut before sending."""
        told = {"title": title, "text": text}
        data = {name: {"value": fitted(name, told[part])} for name, part in SUBSCRIPTION_FIELDS.items()}
        template = {"template_id": self._settings.subscription_template, "page": link}
        body = {"touser": openid, "client_msg_id": message_id, "data": data, **template}
        return str(self._post("message/subscribe/send", body).get("msgid", ""))

    def send_text(self, openid: str, text: str) -> str:
        """A customer-service text; the platform gives it no number."""
        self._post("message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}})
        return ""

    def picture(self, media_id: str) -> bytes:
        """The picture's bytes, at most 12 MB. Raises PictureGone, ChannelSilent."""
        token = self._keeper.token()
        try:
            return self._fetch_picture(token, media_id)
        except _TokenRefused:
            return self._fetch_picture(self._keeper.instead_of(token), media_id)

    def _fetch_picture(self, token: str, media_id: str) -> bytes:
        """Not through wechatpy, which reads a whole answer into memory before it looks at it."""
        query = {"access_token": token, "media_id": media_id}
        try:
            with (
                self._client(token)._http as session,  # noqa: SLF001  # wechatpy offers no other way
                session.get(f"{PLATFORM}/cgi-bin/media/get", params=query, timeout=TIMEOUT, stream=True) as answer,
            ):
                answer.raise_for_status()
                data = _at_most(answer, LARGEST_PICTURE)
                kind = answer.headers.get("Content-Type", "")
        except requests.RequestException as error:
            raise ChannelSilent(type(error).__name__) from error
        if kind.startswith("image/"):
            return data
        raise _picture_failure(data)

    def openid_of(self, code: str) -> str:
        """The openid behind a wx.login code; the session key is not even read. Raises WeChatCodeRefused, WeChatUnavailable."""
        secret = {"appid": self._settings.app_id, "secret": self._settings.app_secret}
        query = {**secret, "js_code": code, "grant_type": "authorization_code", "access_token": ""}
        try:
            answer = self._client("").get(f"{PLATFORM}/sns/jscode2session", params=query)
        except WeChatClientException as error:
            raise (WeChatCodeRefused if error.errcode in CODE_REFUSED else WeChatUnavailable) from error
        except (requests.RequestException, ValueError) as error:
            raise WeChatUnavailable from error
        openid = answer.get("openid") if isinstance(answer, dict) else None
        if not openid:
            raise WeChatUnavailable
        return str(openid)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._call("post", path, data=body)
        if not isinstance(answer, dict):
            raise ChannelSilent(f"{path} answered without JSON")
        return answer

    def _call(self, method: str, path: str, **told: Any) -> Any:
        token = self._keeper.token()
        try:
            return self._once(token, method, path, told)
        except WeChatClientException as error:
            if error.errcode not in TOKEN_REFUSED:
                raise _failure(error) from error
        try:
            return self._once(self._keeper.instead_of(token), method, path, told)
        except WeChatClientException as error:
            raise _failure(error) from error

    def _once(self, token: str, method: str, path: str, told: dict[str, Any]) -> Any:
        client = self._client(token)
        call = client.post if method == "post" else client.get
        try:
            return call(path, **{**told, "params": dict(told.get("params") or {})})
        except requests.RequestException as error:
            raise ChannelSilent(type(error).__name__) from error

    def _client(self, token: str) -> _Client:
        client = _Client(self._settings.app_id, "", timeout=TIMEOUT, auto_retry=False)
        client.given_token = token
        client._http.mount("https://", OwnHost(self._settings.api_url))  # noqa: SLF001  # wechatpy offers no other way
        client._http.trust_env = False  # noqa: SLF001  # no proxy from the environment sees our messages
        return client

    def _stable_token(self, force: bool) -> tuple[str, int]:  # noqa: FBT001  # the platform's own parameter
        body = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
            "force_refresh": force,
        }
        try:
            answer = self._client("").post("stable_token", data=body, params={"access_token": ""})
        except (WeChatClientException, requests.RequestException) as error:
            raise ChannelSilent(f"stable_token: {type(error).__name__}") from error
        if not isinstance(answer, dict) or not answer.get("access_token"):
            raise ChannelSilent("stable_token answered without a token")
        return str(answer["access_token"]), int(answer.get("expires_in", 0))


class _TokenRefused(ChannelSilent):
    """The platform no longer takes the token."""


def _at_most(answer: requests.Response, most: int) -> bytes:
    data = bytearray()
    for piece in answer.iter_content(65536):
        data += piece
        if len(data) > most:
            raise PictureGone(f"larger than {most} bytes")
    return bytes(data)


def _picture_failure(data: bytes) -> Exception:
    try:
        code = int(json.loads(data).get("errcode"))
    except (ValueError, TypeError, AttributeError):
        return ChannelSilent("media/get answered without a picture")
    if code in TOKEN_REFUSED:
        return _TokenRefused(str(code))
    return PictureGone(str(code)) if code in MEDIA_GONE else ChannelSilent(f"errcode {code}")


def _failure(error: WeChatClientException) -> Exception:
    code = error.errcode
    if code in LATER or code in TOKEN_REFUSED:
        return ChannelBusy(f"errcode {code}")
    if code is None:
        return ChannelSilent("an answer without JSON or with a bad status")
    if code == TROUBLE:
        return ChannelSilent(f"errcode {code}")
    if code == CONSENT_SPENT:
        return ConsentSpent(str(code))
    return ChannelRefused(str(code))
