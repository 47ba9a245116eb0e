"""What a run is about, as one word: `banner/stage/year` (and `/2`, `/3` for further rounds), or `school/year`."""

from backend.identity.rules.roles import Scope, banner_scopes, school_scopes


def placement_scope(banner: str, stage: str, year: int, number: int = 1) -> str:
    """The scope of a stage's allocation; rounds after the first carry their number."""
    return f"{banner}/{stage}/{year}" + (f"/{number}" if number > 1 else "")


def classes_scope(school: str, year: int) -> str:
    """The scope of a school's class forming."""
    return f"{school}/{year}"


def private_scope(school: str, year: int) -> str:
    """The scope of a private school's lottery."""
    return f"{school}/private/{year}"


def place_of(scope: str) -> str:
    """The banner or the school that the run is about."""
    return scope.split("/", maxsplit=1)[0]


def stage_of(scope: str) -> str:
    """The stage of an allocation's scope."""
    return scope.split("/")[1]


def round_of(scope: str) -> int:
    """The number of an allocation's round, 1 for the first."""
    parts = scope.split("/")
    return int(parts[3]) if len(parts) > 3 else 1  # noqa: PLR2004  # banner, stage, year, round


def scopes_of(scope: str) -> tuple[Scope, ...]:
    """The scopes of roles that a run lies in."""
    place = place_of(scope)
    return school_scopes(place) if "-" in place else banner_scopes(place)
