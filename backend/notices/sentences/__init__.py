"""The one catalogue of sentences that families read: bot, SMS, phone page and desk say the same words (wishes 19, 20).

Data lives beside this file: a folder a language with `language.toml` (its name, state and the groups it covers) and a TOML
file a subject; nested tables become dotted codes (`problem.window-closed`, `notice.result-published.sms`, `chat.menu`).
`zh-CN` has every code. Another language may lack some: those are said in `zh-CN`, never not at all; `gaps` tells what
is missing or tells other facts. Pure: reads the files once, on first use.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.notices.sentences.templates import fill, parameters, sample_of

__all__ = [
    "FIRST_LANGUAGE",
    "Language",
    "SentenceLacksParameter",
    "UnknownSentence",
    "codes",
    "explain",
    "gaps",
    "knows",
    "language",
    "languages",
    "needs",
    "own_codes",
    "sample",
    "say",
    "template",
]

FIRST_LANGUAGE = "zh-CN"
_FOLDER = Path(__file__).parent
_ABOUT = "language.toml"


@dataclass(frozen=True)
class Language:
    """One language of the catalogue: its tag, its own name, whether somebody who speaks it has reviewed the texts, which
    groups of codes (`chat`, `notice`, `problem`, …) it must have whole, and how it is written (`horizontal`, `vertical`).
    """

    tag: str
    name: str
    is_reviewed: bool
    covers: tuple[str, ...]
    direction: str


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


def template(code: str, /, lang: str = FIRST_LANGUAGE) -> str:
    """The sentence as it is written, for a door that fills in the facts itself (the phone page).

    Raises `UnknownSentence` for an unknown code or language.
    """
    sentences = _catalogue(lang)
    if code not in sentences:
        raise UnknownSentence(f"no sentence {code!r} in {lang}")
    return sentences[code]


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


def sample(code: str, /, lang: str = FIRST_LANGUAGE) -> str:
    """The sentence as officials read it in the plan: each fact as a word for what stands there, 【孩子姓名】.

    Raises `UnknownSentence` for an unknown code or language, KeyError for a fact that has no `word.fact`.
    """
    return sample_of(template(code, lang), _catalogue(lang))


def codes(prefix: str = "", lang: str = FIRST_LANGUAGE) -> tuple[str, ...]:
    """All codes that begin with `prefix`, sorted."""
    return tuple(sorted(code for code in _catalogue(lang) if code.startswith(prefix)))


def own_codes(lang: str) -> frozenset[str]:
    """The codes that the language's own files have, without what is said in `zh-CN` for it."""
    return frozenset(_own(lang))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The tags of the languages that have a folder with a `language.toml`, sorted."""
    return tuple(sorted(about.parent.name for about in _FOLDER.glob(f"*/{_ABOUT}")))


@lru_cache(maxsize=8)
def language(tag: str) -> Language:
    """What is known about a language. Raises UnknownSentence for one that has no folder."""
    if tag not in languages():
        raise UnknownSentence(f"no language {tag!r}: there are {', '.join(languages())}")
    told = tomllib.loads((_FOLDER / tag / _ABOUT).read_text(encoding="utf-8"))
    return Language(tag, told["name"], told["state"] == "reviewed", tuple(told["covers"]), told["direction"])


def gaps(lang: str) -> list[str]:
    """What is wrong with a language's files, one fault a line: sentences it must have and lacks, that no other language
    knows, or that tell other facts than in `zh-CN`. Empty where nothing is.
    """
    first, own = _catalogue(FIRST_LANGUAGE), _own(lang)
    covered = tuple(f"{group}." for group in language(lang).covers)
    lacking = [f"{code}: is missing" for code in sorted(first) if code.startswith(covered) and code not in own]
    strange = [f"{code}: zh-CN has no such sentence" for code in sorted(own.keys() - first.keys())]
    shared = sorted(own.keys() & first.keys())
    other = [f"{code}: tells other facts" for code in shared if parameters(own[code]) != parameters(first[code])]
    return lacking + strange + other


@lru_cache(maxsize=8)
def _catalogue(lang: str) -> dict[str, str]:
    own = _own(lang)
    if lang == FIRST_LANGUAGE:
        return own
    first = _catalogue(FIRST_LANGUAGE)
    usable = {code: text for code, text in own.items() if code in first and parameters(text) == parameters(first[code])}
    return {**first, **usable}


@lru_cache(maxsize=8)
def _own(lang: str) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for file in sorted((_FOLDER / language(lang).tag).glob("*.toml")):
        if file.name == _ABOUT:
            continue
        for code, text in _flat(tomllib.loads(file.read_text(encoding="utf-8")), ""):
            if code in sentences:
                raise UnknownSentence(f"{file.name}: {code!r} stands in two files")
            sentences[code] = text
    return sentences


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value).rstrip("\n")))
    return found
