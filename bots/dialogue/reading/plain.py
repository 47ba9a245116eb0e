"""A message in plain form: one width, no invisible characters, no stray spaces."""

from __future__ import annotations

import unicodedata

LONGEST = 600
"""Characters of one message that are looked at: more than any answer here needs."""
_ENDS = " \t\n.。,,、;;!!??~~…\"'“”‘’()()【】[]"


def plain(text: str) -> str:
    """`text` in NFKC form (full-width digits become ordinary ones), printable, single-spaced, trimmed."""
    widened = unicodedata.normalize("NFKC", text[:LONGEST])
    visible = "".join(" " if character.isspace() else character for character in widened if _is_visible(character))
    return " ".join(visible.split())


def trimmed(text: str) -> str:
    """`plain(text)` without the punctuation at its ends."""
    return plain(text).strip(_ENDS)


def bare(text: str) -> str:
    """`plain(text)` without punctuation at its ends and without spaces: what keywords are compared with."""
    return trimmed(text).replace(" ", "")


def _is_visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
