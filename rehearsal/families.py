"""One family of the simulated city, from its fate to the two lines that are stored of it."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rehearsal.chance import Chance
from rehearsal.fates import Fate
from rehearsal.identity_numbers import NumberOffice
from rehearsal.land import Unit
from rehearsal.people import draw_book, draw_home, draw_people, draw_work
from rehearsal.registers import known_of
from rehearsal.writing import child_written, expected, form_written, papers_at_hand, papers_say

MILLION = 1_000_000
HELPER_DAYS = 30


@dataclass(frozen=True)
class Place:
    """Where and for what a family files: the season's year, the banner's stage, and the address unit they live in."""

    year: int
    stage: str
    unit: Unit

    @property
    def today(self) -> date:
        """The day up to which the city's story is told: 31 October before the season, so that nothing lies ahead."""
        return date(self.year - 1, 10, 31)


def phone_of(number: int) -> str:
    """The phone of the family with this number: 1700…, counted from 1; no number of ours is handed out like this."""
    return f"1700{number:07d}"


def helper_phone_of(number: int) -> str:
    """The phone of the helper of the family with this number: 1709…."""
    return f"1709{number:07d}"


def openid_of(seed: str, number: int) -> str:
    """The family's WeChat openid (28 characters), fixed by the seed."""
    digest = hashlib.sha256(f"openid/{seed}/{number}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27].replace("-", "x").replace("_", "y")


def draw_family(
    seed: str,
    number: int,
    place: Place,
    fate: Fate,
    chance: Chance,
    office: NumberOffice,
    schools: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(line of families.jsonl, line of departments.jsonl) of one family; their keys: rehearsal/README.md.

    `schools`: stage → school codes of the banner, the family's own first.
    """
    people = draw_people(chance, office, fate, place.stage, place.year, place.unit.banner_code)
    home = draw_home(chance, fate, place.unit, number, place.today)
    book = draw_book(chance, fate, home, people.children[0].born_on, place.today)
    work = draw_work(chance, fate, place.unit, number, place.today)
    form = form_written(people, book, home, work, fate)
    if fate.sibling:
        form["sibling_at"] = schools[place.stage][0] if chance.happens(0.8) else chance.choice(schools[place.stage])
    told = {
        "id": f"F{number:06d}",
        "sample": None,
        "banner": place.unit.banner_code,
        "stage": place.stage,
        "guardian": {
            "name": people.guardian.name,
            "id_number": people.guardian.id_number,
            "phone": phone_of(number),
            "openid": openid_of(seed, number) if fate.wechat else None,
        },
        "helper": {"phone": helper_phone_of(number), "days": HELPER_DAYS} if fate.helper else None,
        "children": [child_written(child, people, fate) for child in people.children],
        "form": form,
        "choices": list(schools[place.stage][:3]),
        "papers": papers_at_hand(home, work),
        "first_picture": fate.first_picture,
        "arrives": chance.randrange(MILLION),
        "answers": fate.answers,
        "expected": expected(fate, home, work),
        "papers_say": papers_say(people, book, home, work),
    }
    return told, known_of(people, book, home, work, fate)
