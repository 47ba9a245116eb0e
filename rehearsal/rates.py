"""How the simulated families differ: shares that can be set, with the published figures as defaults."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Rates:
    """Shares from 0 to 1.

    What departments confirm follows Weifang 2019 (C18): household check 63.06 %, property check 86.47 %; the rest of
    each is "not found" by the share named here, and "mismatch" for what remains; both count the families that are asked
    about (household in the banner; home owned). All other shares are
    assumptions; those that send an application to a person (a department's own error, an elder sibling at the school,
    a child apart from its guardian's household) are set so that as many pass by themselves as did there, 85.78 %.
    """

    household_elsewhere: float = 0.15
    household_match: float = 0.6306
    household_not_found: float = 0.12
    kinship_match: float = 0.98
    kinship_not_found: float = 0.0
    property_match: float = 0.8647
    property_not_found: float = 0.06
    population_match: float = 0.985
    population_not_found: float = 0.004
    work_match: float = 0.92
    work_not_found: float = 0.03
    department_at_fault: float = 0.1
    without_wechat: float = 0.15
    twins: float = 0.03
    grandparent_guardian: float = 0.10
    sibling_at_school: float = 0.05
    helper: float = 0.03
    bad_first_picture: float = 0.12
    declines: float = 0.02
    stays_silent: float = 0.03
    no_shows: float = 0.01
    transfers: float = 0.01
    leave_list: float = 0.005

    def __post_init__(self) -> None:
        for field in fields(self):
            share = getattr(self, field.name)
            if not 0 <= share <= 1:
                raise ValueError(f"the rate {field.name} is {share}; it must lie between 0 and 1")
        for check in ("household", "kinship", "property", "population", "work"):
            if getattr(self, f"{check}_match") + getattr(self, f"{check}_not_found") > 1:
                raise ValueError(f"{check}_match and {check}_not_found together are more than 1")

    def verdicts(self, check: str) -> dict[str, float]:
        """The shares of match, not-found and mismatch of one check ("household", "kinship", "property", …)."""
        match: float = getattr(self, f"{check}_match")
        not_found: float = getattr(self, f"{check}_not_found")
        return {"match": match, "not-found": not_found, "mismatch": max(0.0, 1 - match - not_found)}


def rates_from(settings: dict[str, float]) -> Rates:
    """The default rates with some of them changed. Raises ValueError for an unknown name or a share out of range."""
    known = {field.name for field in fields(Rates)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise ValueError(f"unknown rates: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    return Rates(**settings)
