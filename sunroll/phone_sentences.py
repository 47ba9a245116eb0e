"""Writes the phone's part of the one catalogue of sentences as JSON: `python -m sunroll.phone_sentences`.

The sentences stand in backend/notices/sentences (group `phone`, and the words of the exam that the chat says, too); the phone page is built from the JSON files, which are
kept beside its source so that it builds without Python. A test keeps the two equal.
"""

import json
import sys
from pathlib import Path

from backend.notices.sentences import codes, languages, own_codes, template
from sunroll.phone_build import MINIPROGRAM

GROUPS = ("phone.", "word.exam-")
FOLDER = MINIPROGRAM / "src" / "sentences"


def phone_sentences(tag: str) -> dict[str, str]:
    """Code without `phone.` or `word.` → template, of one language; what it lacks is left out and said in Chinese."""
    own = own_codes(tag)
    return {code.split(".", 1)[1]: template(code, tag) for group in GROUPS for code in codes(group) if code in own}


def phone_languages() -> tuple[str, ...]:
    """The languages that have sentences for the phone."""
    return tuple(tag for tag in languages() if phone_sentences(tag))


def as_json(sentences: dict[str, str]) -> str:
    """The file's text: sorted by code, one sentence a line."""
    return json.dumps(dict(sorted(sentences.items())), ensure_ascii=False, indent=2) + "\n"


def main(folder: Path = FOLDER) -> int:
    """Write every language's file."""
    for tag in phone_languages():
        (folder / f"{tag}.json").write_text(as_json(phone_sentences(tag)), encoding="utf-8")
        print(f"{folder / tag}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
