"""One simulated family as it really is: people, household book, home and work. What it writes comes later."""

from dataclasses import dataclass
from datetime import date, timedelta

from rehearsal import land, names
from rehearsal.chance import Chance
from rehearsal.fates import Fate
from rehearsal.identity_numbers import NumberOffice
from rehearsal.land import Unit

AGE_AT_CUT_OFF = {"kindergarten": 3, "primary": 6, "junior": 12}
ESTATES = ("阳光花园", "草原新城", "康宁家园", "学府名苑", "蓝天小区", "祥和苑", "凤凰嘉园", "绿洲花园")
OUTSIDE_DIVISIONS = {"150202": "内蒙古包头市东河区", "610802": "陕西省榆林市榆阳区", "640104": "宁夏银川市兴庆区"}
REASONS = ("购房落户", "夫妻投靠", "整户迁入")
MONTHS_IN_YEAR = 12


@dataclass(frozen=True)
class Person:
    """A person who does not exist. `sex` is "male" or "female"."""

    name: str
    id_number: str
    sex: str
    ethnicity: str
    born_on: date


@dataclass(frozen=True)
class Book:
    """A household book (户口簿). `unit_code` is None outside the prefecture, where our departments know nothing of it."""

    number: str
    address: str
    unit_code: str | None
    moved_in_on: date
    reason: str


@dataclass(frozen=True)
class Home:
    """Where the family lives. `kind`: owned|contract|rented|none; `certificate` is the number of its paper, if any."""

    kind: str
    address: str
    unit_code: str
    certificate: str | None = None
    property_unit: str | None = None
    use: str | None = None
    registered_on: date | None = None


@dataclass(frozen=True)
class Work:
    """The guardian's work. `kind`: insured|business|none; months are YYYY-MM."""

    kind: str
    months: int = 0
    first_month: str = ""
    last_month: str = ""
    credit_code: str = ""
    founded_on: date | None = None


@dataclass(frozen=True)
class People:
    """The members of one family. The guardian is father, mother or a grandparent."""

    guardian: Person
    relation: str
    children: tuple[Person, ...]


def birthday_range(stage: str, year: int) -> tuple[date, date]:
    """First and last birth date of the children who start this stage in this year (age by 31 August, T-2.5)."""
    age = AGE_AT_CUT_OFF[stage]
    return date(year - age - 1, 9, 1), date(year - age, 8, 31)


def draw_people(chance: Chance, office: NumberOffice, fate: Fate, stage: str, year: int, division: str) -> People:
    """The guardian and the children (two where the fate says twins), with numbers of this division."""
    nation = names.ethnicity(chance)
    family = names.family_name(chance, nation)
    first, last = birthday_range(stage, year)
    born_on = chance.day(first, last)
    children = tuple(
        _person(chance, office, family, sex, nation, born_on, division)
        for sex in chance.choices(("male", "female"), k=2 if fate.twins else 1)
    )
    is_grandparent = fate.relation == "grandparent"
    sex = {"father": "male", "mother": "female"}.get(fate.relation) or chance.choice(("male", "female"))
    older = chance.randint(50, 62) if is_grandparent else chance.randint(23, 39)
    adult_born = born_on - timedelta(days=older * 365 + chance.randrange(365))
    adult_family = names.family_name(chance, nation) if sex == "female" else family
    guardian = _person(chance, office, adult_family, sex, nation, adult_born, division)
    return People(guardian, fate.relation, children)


def _person(
    chance: Chance, office: NumberOffice, family: str, sex: str, nation: str, born_on: date, division: str
) -> Person:
    name = names.full_name(chance, family, sex, nation)
    return Person(name, office.number(division, born_on, sex), sex, nation, born_on)


def draw_book(chance: Chance, fate: Fate, home: Home, youngest: date, today: date) -> Book:
    """The family's household book: here, elsewhere in the city, or outside the prefecture (also where they say "here")."""
    moved_in_on = chance.day(youngest + timedelta(days=30), today - timedelta(days=60))
    door = _door(chance)
    says_here_wrongly = fate.household.verdict == "not-found" and fate.household.fault == "family"
    if fate.book == "outside" or says_here_wrongly:
        division, place = chance.choice(sorted(OUTSIDE_DIVISIONS.items()))
        return Book(division + chance.digits(6), f"{place}{door}", None, moved_in_on, "出生")
    reason = chance.choice(REASONS)
    if fate.book == "here" and fate.lives_on_book:
        return Book(home.unit_code[:6] + chance.digits(6), home.address, home.unit_code, moved_in_on, reason)
    banner = home.unit_code[:6]
    unit = chance.choice([unit for unit in land.units() if (unit.banner_code == banner) == (fate.book == "here")])
    return Book(unit.banner_code + chance.digits(6), unit.address + door, unit.code, moved_in_on, reason)


def draw_home(chance: Chance, fate: Fate, unit: Unit, number: int, today: date) -> Home:
    """The family's home in this unit; `number` (of the family) makes the property unit number unique."""
    address = unit.address + _door(chance)
    if fate.home == "none":
        return Home("none", address, unit.code)
    registered_on = chance.day(date(today.year - 14, 1, 5), today - timedelta(days=30))
    if fate.home == "rented":
        return Home("rented", address, unit.code, f"租备{registered_on.year}-{number:07d}", registered_on=registered_on)
    use = chance.one_of({"住宅": 88, "公寓": 12})
    property_unit = f"{unit.banner_code}{unit.code[6:9]}{unit.code[9:12]}GB{number % 100_000:05d}F{number:08d}"
    paper = (
        f"蒙({registered_on.year}){unit.banner}不动产权第{number:07d}号"
        if fate.home == "owned"
        else f"YS{registered_on.year}{number:07d}"
    )
    return Home(fate.home, address, unit.code, paper, property_unit, use, registered_on)


def draw_work(chance: Chance, fate: Fate, unit: Unit, number: int, today: date) -> Work:
    """The guardian's social insurance or business, up to last month."""
    if fate.work == "business":
        founded_on = chance.day(date(today.year - 9, 1, 1), today - timedelta(days=120))
        return Work("business", credit_code=f"92{unit.banner_code}MA{number:08d}", founded_on=founded_on)
    if fate.work == "none":
        return Work("none")
    months = chance.randint(3, 120)
    last = today.year * MONTHS_IN_YEAR + today.month - 2
    return Work("insured", months, _month(last - months + 1), _month(last))


def _month(count: int) -> str:
    year, month = divmod(count, MONTHS_IN_YEAR)
    return f"{year}-{month + 1:02d}"


def _door(chance: Chance) -> str:
    floor = chance.randint(1, 18)
    return f"{chance.choice(ESTATES)}{chance.randint(1, 24)}号楼{chance.randint(1, 4)}单元{floor}{chance.randint(1, 4):02d}室"
