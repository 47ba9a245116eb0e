"""From the text of a rule-book's files to a `Book`, or to every fault at once in sentences for officials."""

import csv
import datetime as dt
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic import Field, TypeAdapter, ValidationError

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.policy.rules.book import Book, BookSections
from backend.policy.rules.book_faults import pydantic_faults
from backend.policy.rules.consistency import consistency_faults
from backend.policy.rules.guard_rails import forbidden_names, interview_faults
from backend.policy.rules.partial_book import PartialBook


@dataclass(frozen=True, order=True)
class BookFault:
    """One fault of a rule-book: a JSON pointer into its content and a Chinese sentence."""

    pointer: str
    what: str

    def __str__(self) -> str:
        """The fault as one line."""
        return f"{self.pointer}: {self.what}"


class BookFaulty(Exception):
    """A rule-book with faults: `faults` holds all of them, sorted by pointer."""

    def __init__(self, faults: list[BookFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def parse_book(toml_text: str, estates_csv: str | None = None) -> Book:
    """The book written in `book.toml` (and `estates.csv`).

    Raises `BookFaulty` with all faults together: of the writing, of every section by itself, and of the sections
    against each other, so that an official corrects the book once and not fifteen times.
    """
    try:
        content = plain(tomllib.loads(toml_text.removeprefix("\ufeff")))
    except tomllib.TOMLDecodeError as fault:
        raise BookFaulty([BookFault("", f"book.toml 不是正确的 TOML 文件：{fault}")]) from fault
    if estates_csv is not None:
        content["estates"] = _estates(estates_csv)
    return book_of(content)


def book_of(content: Mapping[str, Any]) -> Book:
    """The book of a content (parsed files, or the content kept with a published version). Raises `BookFaulty`."""
    faults = sorted({BookFault(pointer, what) for pointer, what in _all_faults(content)})
    if faults:
        raise BookFaulty(faults)
    written = canonical_json(content)
    sections = BookSections.model_validate_json(written)
    parts = {name: getattr(sections, name) for name in BookSections.model_fields}
    return Book.model_construct(**parts, content=json.loads(written), sha256=sha256_hex(written))


def plain(value: Any) -> Any:
    """Parsed TOML with its dates and times as ISO texts, so that it has one canonical JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [plain(inside) for inside in value]
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return value


def _estates(text: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [{key or "": value or "" for key, value in row.items() if isinstance(value, str)} for row in rows]


def _all_faults(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from forbidden_names(content)
    interview = content.get("interview")
    if isinstance(interview, Mapping):
        yield from interview_faults(interview)
    for name in content:
        if name not in BookSections.model_fields:
            yield f"/{name}", f"不认识“{name}”这一节。"
    sound: dict[str, Any] = {}
    for name, field in BookSections.model_fields.items():
        if name in content:
            yield from _read_section(name, content[name], field.annotation, sound)
        elif field.is_required():
            yield f"/{name}", f"缺少“{name}”。"
        else:
            sound[name] = field.default
    yield from consistency_faults(PartialBook(sound, content))


def _read_section(name: str, value: Any, annotation: Any, sound: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Reads one section into `sound`; a list item by item, so that one bad item does not hide the others' faults."""
    if get_origin(annotation) is tuple and isinstance(value, list):
        item_adapter: TypeAdapter[Any] = TypeAdapter(get_args(annotation)[0])
        items = []
        for place, item in enumerate(value):
            read, faults = _validated(item_adapter, item, f"/{name}/{place}")
            yield from faults
            items.append(read)
        sound[name] = tuple(items)
        return
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[annotation, Field(), *BookSections.model_fields[name].metadata])
    read, faults = _validated(adapter, value, f"/{name}")
    yield from faults
    sound[name] = read


def _validated(adapter: TypeAdapter[Any], value: Any, pointer: str) -> tuple[Any, list[tuple[str, str]]]:
    try:
        return adapter.validate_json(json.dumps(value, ensure_ascii=False), strict=True), []
    except ValidationError as fault:
        return None, list(pydantic_faults(fault, pointer))
    except ValueError as fault:
        return None, [(pointer, f"这里的值无法读取：{fault}")]
