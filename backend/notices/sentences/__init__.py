"""The one catalogue of sentences that families read: bot, SMS, phone page and desk say the same words (wishes 19, 20).

Data lives beside this file: a folder a language, a TOML file a subject; nested tables become dotted codes
(`problem.window-closed`, `notice.result-published.sms`, `chat.menu`). A language counts only when it has every code of
`zh-CN` with the same parameters. Pure: reads the files once, on first use.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.notices.sentences.templates import fill, parameters

__all__ = ["SentenceLacksParameter", "UnknownSentence", "codes", "explain", "knows", "languages", "needs", "say"]

FIRST_LANGUAGE = "zh-CN"
_FOLDER = Path(__file__).parent


class UnknownSentence(LookupError):
    """No sentence has this code in this language: a fault of the program, never of a family."""


class SentenceLacksParameter(LookupError):
    """A sentence was asked for without a fact it tells."""


def say(code: str, /, lang: str = FIRST_LANGUAGE, **params: Any) -> str:
    """The sentence `code` in language `lang` with its facts filled in.

    Facts are texts, integers, ISO dates and times (`:date`, `:moment`), codes of words (`:@stage`), or lists of these
    (`:lines`, `:numbered`, `:joined`). Facts that a sentence does not tell are ignored.

    Raises `UnknownSentence` for an unknown code or language, `SentenceLacksParameter` for a missing fact.
    """
    sentences = _catalogue(lang)
    if code not in sentences:
        raise UnknownSentence(f"no sentence {code!r} in {lang}")
    missing = needs(code, lang) - params.keys()
    if missing:
        raise SentenceLacksParameter(f"sentence {code!r} lacks {', '.join(sorted(missing))}")
    return fill(sentences[code], params, sentences)


def explain(code: str, facts: dict[str, Any], lang: str = FIRST_LANGUAGE) -> str:
    """The sentence of a refusal, `problem.<code>`; a code without one, or without its facts, is told in general words.

    A refusal is answered while something already went wrong, so this never raises for the code or its facts.
    """
    try:
        return say(f"problem.{code}", lang=lang, **{name: fact for name, fact in facts.items() if name != "lang"})
    except (LookupError, ValueError):
        return say("problem.other", lang=lang)


def knows(code: str, lang: str = FIRST_LANGUAGE) -> bool:
    """Whether the catalogue has a sentence `code`."""
    return code in _catalogue(lang)


def needs(code: str, lang: str = FIRST_LANGUAGE) -> frozenset[str]:
    """The names of the facts that the sentence `code` tells."""
    sentences = _catalogue(lang)
    if code not in sentences:
        raise UnknownSentence(f"no sentence {code!r} in {lang}")
    return parameters(sentences[code])


def codes(prefix: str = "", lang: str = FIRST_LANGUAGE) -> tuple[str, ...]:
    """All codes that begin with `prefix`, sorted."""
    return tuple(sorted(code for code in _catalogue(lang) if code.startswith(prefix)))


def languages() -> tuple[str, ...]:
    """The languages that have a folder, sorted."""
    return tuple(sorted(folder.name for folder in _FOLDER.iterdir() if any(folder.glob("*.toml"))))


@lru_cache(maxsize=8)
def _catalogue(lang: str) -> dict[str, str]:
    if lang not in languages():
        raise UnknownSentence(f"no language {lang!r}: there are {', '.join(languages())}")
    sentences: dict[str, str] = {}
    for file in sorted((_FOLDER / lang).glob("*.toml")):
        for code, text in _flat(tomllib.loads(file.read_text(encoding="utf-8")), ""):
            if code in sentences:
                raise UnknownSentence(f"{file.name}: {code!r} stands in two files")
            sentences[code] = text
    if lang != FIRST_LANGUAGE:
        _must_be_complete(lang, sentences)
    return sentences


def _must_be_complete(lang: str, sentences: dict[str, str]) -> None:
    first = _catalogue(FIRST_LANGUAGE)
    absent = sorted(first.keys() - sentences.keys())
    if absent:
        raise UnknownSentence(f"{lang} lacks {', '.join(absent)}")
    for code, text in first.items():
        if parameters(text) != parameters(sentences[code]):
            raise UnknownSentence(f"{lang} {code!r} tells other facts than {FIRST_LANGUAGE}")


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value).rstrip("\n")))
    return found
