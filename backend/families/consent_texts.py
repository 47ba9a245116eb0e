"""The texts that guardians consent to: data files beside this one, each version kept for ever, known by its SHA-256."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "consents"
ORDER = ("enrolment", "departments", "records", "helper")
REQUIRED = ORDER[:3]


@dataclass(frozen=True)
class ConsentText:
    """One version of one purpose's text. `sha256` is taken of the UTF-8 bytes of `text`, exactly as it is shown."""

    purpose: str
    version: int
    required: bool
    title: str
    text: str

    @property
    def sha256(self) -> str:
        """The digest of the shown text, lower-case hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def _versions() -> tuple[ConsentText, ...]:
    texts = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(_FOLDER.glob("*.toml"))]
    return tuple(ConsentText(**{**told, "text": told["text"].strip()}) for told in texts)


def consent_texts() -> tuple[ConsentText, ...]:
    """The newest version of every purpose, in the order in which a family reads them."""
    newest = {text.purpose: text for text in sorted(_versions(), key=lambda text: text.version)}
    return tuple(newest[purpose] for purpose in ORDER)


def text_in_force(purpose: str) -> ConsentText:
    """The newest text of one purpose. KeyError for a purpose that does not exist."""
    for text in consent_texts():
        if text.purpose == purpose:
            return text
    raise KeyError(purpose)


def text_with(sha256: str) -> ConsentText | None:
    """The text with this digest, of whatever version, or None: what exactly a family once agreed to."""
    return next((text for text in _versions() if text.sha256 == sha256), None)
