"""Messages that the service sends through the simulated WeChat platform, with the platform's own refusals."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.wechat_people import Person
from rehearsal.wechat_tokens import ApiError

ANSWER_WITHIN_SECONDS = 48 * 3600
ANSWERS_TO_ONE_MESSAGE = 20
MOST_TEXT_BYTES = 2048
TEMPLATE_ID = re.compile(r"[\w-]{10,64}")
LONGEST = {"thing": 20, "character_string": 32, "number": 32, "phrase": 5, "letter": 32, "symbol": 5, "phone_number": 17,
           "time": 40, "date": 40, "amount": 20, "car_number": 8, "name": 20}  # fmt: skip


def check_may_answer(person: Person, now: float) -> None:
    """Raises ApiError 45015 later than 48 hours after the person wrote, 45047 after 20 answers to one message."""
    if now - person.spoke_at > ANSWER_WITHIN_SECONDS:
        raise ApiError(45015, "response out of time limit or subscription is canceled")
    if person.answered >= ANSWERS_TO_ONE_MESSAGE:
        raise ApiError(45047, "out of response count limit")


def line_of_custom(told: Mapping[str, Any]) -> dict[str, Any]:
    """The chat line of a customer-service message. Raises ApiError 40008, 44004, 45002 or 47001."""
    kind = told.get("msgtype")
    content = told.get(str(kind))
    if kind not in ("text", "msgmenu", "news", "image", "link"):
        raise ApiError(40008, "invalid message type")
    if not isinstance(content, dict):
        raise ApiError(47001, "data format error")
    if kind == "text":
        return text_line(content.get("content"))
    if kind == "msgmenu":
        choices = [{"id": str(item.get("id", "")), "content": str(item.get("content", ""))} for item in content["list"]]
        head, tail = str(content.get("head_content", "")), str(content.get("tail_content", ""))
        return {"from": "account", "kind": "menu", "text": head, "choices": choices, "tail": tail}
    if kind == "news":
        return news_line(content.get("articles") or [])
    if kind == "link":
        return news_line([content])
    return {"from": "account", "kind": "picture", "media_id": str(content.get("media_id", ""))}


def text_line(text: Any) -> dict[str, Any]:
    """The chat line of a text. Raises ApiError 44004 for an empty one, 45002 above 2,048 bytes."""
    if not isinstance(text, str) or not text:
        raise ApiError(44004, "empty content")
    if len(text.encode()) > MOST_TEXT_BYTES:
        raise ApiError(45002, "message content size out of limit")
    return {"from": "account", "kind": "text", "text": text}


def news_line(articles: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The chat line of an article with its link; more than one is cut to the first, as the platform does."""
    if not articles:
        raise ApiError(44003, "empty news data")
    first = articles[0]
    return {
        "from": "account",
        "kind": "card",
        "title": str(first.get("title", "")),
        "lines": [str(first.get("description", ""))],
        "link": str(first.get("url", "")),
    }


def line_of_template(told: Mapping[str, Any]) -> dict[str, Any]:
    """The card of a template message: `first` on top, `remark` last. Raises ApiError 40037 or 47001."""
    data = _data(told)
    lines = [_value(data[name]) for name in data if name not in ("first", "remark")]
    return {
        "from": "account",
        "kind": "card",
        "title": _value(data["first"]) if "first" in data else "服务通知",
        "lines": lines + ([_value(data["remark"])] if "remark" in data else []),
        "link": str(told.get("url") or ""),
        "template": told["template_id"],
    }


def line_of_subscription(told: Mapping[str, Any]) -> dict[str, Any]:
    """The card of a subscription message. Raises ApiError 40037, 47001 or 47003 (a value that does not fit its kind)."""
    data = _data(told)
    for name, item in data.items():
        kind = re.sub(r"\d+$", "", name)
        if kind not in LONGEST or not 0 < len(_value(item)) <= LONGEST[kind]:
            raise ApiError(47003, f"argument invalid! data.{name}.value is empty or too long")
    return {
        "from": "account",
        "kind": "card",
        "title": "订阅通知",
        "lines": [_value(item) for item in data.values()],
        "link": str(told.get("page") or ""),
        "template": told["template_id"],
    }


def take_consent(person: Person, template: str) -> None:
    """Use up one consent to this template. Raises ApiError 43101 where none is left."""
    if person.consents[template] <= 0:
        raise ApiError(43101, "user refuse to accept the msg")
    person.consents[template] -= 1


def _data(told: Mapping[str, Any]) -> dict[str, Any]:
    if not TEMPLATE_ID.fullmatch(str(told.get("template_id", ""))):
        raise ApiError(40037, "invalid template_id")
    data = told.get("data")
    if not isinstance(data, dict) or not data:
        raise ApiError(47001, "data format error")
    return data


def _value(item: Any) -> str:
    return str(item.get("value", "")) if isinstance(item, dict) else str(item)
