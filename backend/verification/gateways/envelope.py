"""XML envelopes of departments: written with every text escaped, read without DTD, entities or anything from outside."""

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

NAMESPACE = "urn:gov:data-sharing:2019"
MOST_ELEMENTS = 2_000
DEEPEST = 8
LONGEST_TEXT = 4_000
TRUTHS = {"true": True, "false": False}


class EnvelopeBroken(ValueError):
    """The bytes are no envelope that is read here; the message says why."""


def write_envelope(action: str, head: Mapping[str, str], body: Mapping[str, Any]) -> bytes:
    """An envelope: `head` names who asks and why, `body` are values or lists of values, named."""
    heads = "".join(f"<{name}>{_text(value)}</{name}>" for name, value in head.items())
    fields = "".join(_field(name, value) for name, value in body.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Envelope xmlns="{NAMESPACE}"><Header>{heads}</Header><Body><{action}>{fields}</{action}></Body></Envelope>'
    ).encode()


def _field(name: str, value: Any) -> str:
    if value is None:
        return ""
    values = value if isinstance(value, list) else [value]
    kind = ' list="true"' if isinstance(value, list) else ""
    items = "".join(f"<Value>{_text(each)}</Value>" for each in values)
    return f'<Field name="{escape(name, {chr(34): "&quot;"})}"{kind}>{items}</Field>'


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    told = "".join(letter for letter in str(value) if letter in "\t\n\r" or letter >= " ")
    return escape(told)


class _Reader:
    """Collects heads, the action and fields while expat goes through the bytes; refuses what may not be there."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.action = ""
        self.fields: dict[str, Any] = {}
        self._path: list[str] = []
        self._elements = 0
        self._letters: list[str] = []
        self._name, self._is_list, self._values = "", False, list[str]()

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._path.append(tag.rpartition("}")[2])
        if self._elements > MOST_ELEMENTS or len(self._path) > DEEPEST:
            raise EnvelopeBroken("the envelope is too large")
        self._letters = []
        if self._path[:2] == ["Envelope", "Body"] and len(self._path) == len(("Envelope", "Body", "Action")):
            self.action = self._path[-1]
        if self._path[-1] == "Field":
            self._name, self._is_list = attributes.get("name", ""), attributes.get("list") == "true"
            self._values = []

    def letters(self, text: str) -> None:
        self._letters.append(text)

    def end(self, _tag: str) -> None:
        told = "".join(self._letters)
        if len(told) > LONGEST_TEXT:
            raise EnvelopeBroken("a text of the envelope is too long")
        match self._path:
            case ["Envelope", "Header", name]:
                self.head[name] = told
            case ["Envelope", "Body", _, "Field", "Value"]:
                self._values.append(told)
            case ["Envelope", "Body", _, "Field"]:
                self._keep()
        self._path.pop()
        self._letters = []

    def _keep(self) -> None:
        if not self._name or self._name in self.fields or (not self._is_list and len(self._values) != 1):
            raise EnvelopeBroken("a field of the envelope has no name, stands twice or has several values")
        self.fields[self._name] = self._values if self._is_list else self._values[0]


def read_envelope(data: bytes) -> tuple[dict[str, str], str, dict[str, Any]]:
    """(head, action, fields) of an envelope; every value is text or a list of texts. Raises EnvelopeBroken."""
    reader = _Reader()
    parser = expat.ParserCreate(encoding="UTF-8", namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.letters
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(data, True)  # expat takes the end of the data as its second argument
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise EnvelopeBroken(f"the envelope is no XML: {error}") from error
    if not reader.action:
        raise EnvelopeBroken("the envelope has no body")
    return reader.head, reader.action, reader.fields


def _refuse(*_: object) -> int:
    raise EnvelopeBroken("the envelope declares a document type, entities or instructions")
