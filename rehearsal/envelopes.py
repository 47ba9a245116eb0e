"""XML envelopes as a simulated department reads and writes them; document types and entities are refused here too."""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "urn:gov:data-sharing:2019"
HEADS = {
    "RequestId": "request_id",
    "Purpose": "purpose",
    "LegalBasis": "basis",
    "ConsentedAt": "consented_at",
    "Operator": "operator",
    "BusinessCode": "item",
}


class EnvelopeBroken(Exception):
    """The bytes are no question in an envelope."""


def read_question(data: bytes) -> dict[str, Any]:
    """The question in the words of the JSON one, with its `item`."""
    if b"<!" in data:
        raise EnvelopeBroken("document types and entities are not taken")
    try:
        root = ET.fromstring(data)  # noqa: S314  # no document type, so no entity can be declared
    except ET.ParseError as error:
        raise EnvelopeBroken(str(error)) from error
    head = {
        HEADS[name]: child.text or ""
        for child in root.iterfind(f"{{{NAMESPACE}}}Header/*")
        if (name := child.tag.rpartition("}")[2]) in HEADS
    }
    keys: dict[str, Any] = {}
    for field in root.iterfind(f"{{{NAMESPACE}}}Body/{{{NAMESPACE}}}Query/{{{NAMESPACE}}}Field"):
        values = [value.text or "" for value in field]
        keys[field.attrib["name"]] = values if field.get("list") == "true" else values[0]
    if "item" not in head:
        raise EnvelopeBroken("the envelope names no business code")
    return {**head, "keys": keys}


def write_answer(told: Mapping[str, Any]) -> bytes:
    """The envelope of an answer {request_id, found, record, source, as_of}."""
    head = "".join(
        f"<{name}>{escape(text)}</{name}>"
        for name, text in (
            ("RequestId", told["request_id"]),
            ("Found", _text(told["found"])),
            ("Source", told["source"]),
            ("AsOf", told["as_of"]),
        )
    )
    fields = "".join(_field(name, value) for name, value in (told["record"] or {}).items() if value is not None)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Envelope xmlns="{NAMESPACE}"><Header>{head}</Header><Body><Answer>{fields}</Answer></Body></Envelope>'
    ).encode()


def _field(name: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    kind = ' list="true"' if isinstance(value, list) else ""
    items = "".join(f"<Value>{escape(_text(each))}</Value>" for each in values)
    return f"<Field name={quoteattr(name)}{kind}>{items}</Field>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
