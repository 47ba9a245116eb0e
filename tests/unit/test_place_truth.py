"""What families with a part came to is held against what the city dealt: every statement can fail, and is then named."""

from typing import Any

import pytest

from rehearsal.place_figures import last_places, place_counts
from rehearsal.place_grounds import wrong_unit
from rehearsal.place_truth import part_statements
from rehearsal.played import Seen


def family(part: str, banner: str = "150603", stage: str = "primary", **more: Any) -> dict[str, Any]:
    told = {
        "id": part,
        "part": part,
        "banner": banner,
        "stage": stage,
        "choices": [f"{banner}-P01"],
        "form": {"unit_code": "1"},
    }
    return {**told, **more}


FAMILIES = {
    "leaves": family("leaves", stage="kindergarten"),
    "waits": family("waits", stage="kindergarten"),
    "absent": family("absent"),
    "stays": family("absent", "150602"),
    "comes": family("comes-late", "150621"),
    "defers": family("defers"),
    "wavers": family("wavers", stage="junior"),
    "moves": family("moves"),
    "private": family("wavers", stage="junior"),
    "late": family("late", "150621"),
    "points": family("points", "150627", papers_say={"insurance": {"累计缴费月数": "37"}}),
    "ranks": family("ranks", "150627", "junior"),
    "objects": family(
        "objects", "150621", "junior", form={"unit_code": wrong_unit().code}, choices=["150621-J03", "150621-J01"]
    ),
    "follows": family("follows", form={"unit_code": "1", "sibling_at": "150603-P04"}),
    "crowds": family("crowds", "150621", choices=["150621-P01"]),
    "honoured": family("honoured", "150621"),
    "forged": family("forged", "150627"),
    "draws": family("draws", "150627"),
    "fed": family("fed", "150602", "junior", is_fed=True),
    "other": family("", "150602", "junior"),
}
FAMILIES = {name: told | {"id": name} for name, told in FAMILIES.items()}
SCHOOLS = {
    "private": "150603-J90", "moves": "150603-P02", "objects": "150621-J03", "ranks": "150627-J05",
    "wavers": "150603-J03", "follows": "150603-P04", "crowds": "150621-P04", "draws": "150627-P90",
}  # fmt: skip
STATES = {"leaves": "declined", "absent": "declined", "defers": "withdrawn"}
SAID = {
    "points": ["积分合计 9。"],
    "forged": ["积分清零：提供虚假材料的，积分清零。"],
    "honoured": ["法定优待：由主管部门批准。"],
    "ranks": ["录取的是您家的第 2 志愿。"],
    "fed": ["毕业小学对口直升演练第十一初级中学。"],
}


def end(name: str, **more: Any) -> dict[str, Any]:
    state = STATES.get(name, "recorded")
    told = {
        "application": f"A-{name}",
        "receipt": f"R-{name}",
        "state": state,
        "school": SCHOOLS.get(name, "150603-P01"),
    }
    if name == "defers":
        told["deferrals"] = [{"state": "approved", "kindergarten": "150603-K01"}]
    diary = [{"check_id": "c1", "what": "不动产权信息", "verdict": "match"}]
    return {**told, "home_used": state == "recorded", "diary": diary, **more}


def answer(name: str, **more: Any) -> dict[str, Any]:
    told = {"application": f"A-{name}", "said": SAID.get(name, []), "seat_type": "1", "step": "zone"}
    told |= {
        "late": {"seat_type": "5"},
        "waits": {"step": "waiting-list"},
        "ranks": {"step": "choice"},
        "crowds": {"step": "overflow"},
    }.get(name, {})
    return {**told, "school": SCHOOLS.get(name, "150603-P01"), **more}


def seen(name: str, changes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The children at the end; those of `draws` are twins."""
    twin = [end("draws", receipt="R-twin", application="A-twin", **changes.get("twin", {}))] if name == "draws" else []
    return [end(name, **changes.get(name, {})), *twin]


def journal(**changes: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The lines of a season in which every part was played well; `changes` of a family's end or answer are put over it."""
    lines: dict[str, list[dict[str, Any]]] = {
        "run": [{"id": "r", "scope": "150603/kindergarten/2027", "silent": 1, "keeps_silent": 1, "struck_out": 1}],
        "left": [{"family": "leaves", "left": ["R-leaves"]}],
        "line": [{"school": "150603-K05", "moves": 2, "waiting": 0, "free": 1}],
        "preference": [{"receipt": "R-honoured"}],
        "wished": [{"family": "draws", "wishes": [{"receipt": f"R-{name}", "wants": "150627-P90"} for name in ("draws", "twin")]}],
        "page": [{"school": "150621-P04", "page": {"placed": 1, "seats": 2}}, {"school": "150621-P03", "page": {"placed": 1, "seats": 2}}],
        "interview": [{"receipt": "R-other", "passed": False}, {"receipt": "R-private", "passed": True}],
        "wavered": [{"family": "wavers", "given_up": ["R-wavers"]}],
        "asked-transfer": [{"family": "moves", "asked": [{"receipt": "R-moves"}]}],
        "transfer": [{"receipt": "R-moves", "school": "150603-P02"}],
        "absence": [{"receipt": f"R-{name}", "comes": name == "comes"} for name in ("absent", "stays", "comes")],
        "absent-list": [{"banner": "150603", "receipts": ["R-absent", "R-stays"]}],
        "mended": [{"files": ["R-objects"], "signed": ["R-objects"]}],
        "chosen": [{"family": "ranks", "chosen": [{"application": "A-ranks", "schools": ["150627-J01", "150627-J05"]}]}],
        "way": [{"school": "150621-P90", "way": "circle-keep-drawn"}],
        "private-draw": [{"school": "150621-P90"}],
        "offline": [{"run": "2027/0001-placement", "is_equal": True}],
        "seen": [{"family": name, "children": seen(name, changes)} for name in FAMILIES],
        "answered": [{"family": name, "children": [answer(name, **changes.get(name, {}))]} for name in FAMILIES],
    }  # fmt: skip
    return lines


def broken(lines: dict[str, list[dict[str, Any]]]) -> list[str]:
    city = {"full": {"school": "150621-P01", "then": ["150621-P04", "150621-P03"]} if lines else None}
    return [what for what, left, right in part_statements(Seen(lines, city, FAMILIES)) if left != right]


def test_a_season_in_which_every_part_was_played_well_holds() -> None:
    assert broken(journal()) == []
    assert broken({}) == []


@pytest.mark.parametrize(
    ("name", "changed", "what"),
    [
        ("leaves", {"state": "confirmed", "home_used": True}, "children who left a frozen list and hold a place"),
        ("waits", {"step": "zone"}, "children whom a line brought a place are its moves in public"),
        ("wavers", {"school": "150603-J90"}, "children who gave up a private seat and hold a public one by a further round"),
        ("private", {"school": "150603-J01"}, "children whom an interview admitted are there, and the others at a public school"),
        ("other", {"state": "unplaced", "home_used": False}, "children whom an interview admitted are there, and the others at a public school"),
        ("moves", {"school": "150603-P01"}, "children whose transfer was signed are at the school they asked for"),
        ("absent", {"state": "recorded", "home_used": True}, "children who did not come, or came late, ended as the rule-book says"),
        ("stays", {"state": "declined", "home_used": False}, "children who did not come, or came late, ended as the rule-book says"),
        ("comes", {"state": "declined", "home_used": False}, "children who did not come, or came late, ended as the rule-book says"),
        ("defers", {"deferrals": []}, "children whose entry is put off have a kindergarten until next year"),
        ("late", {"seat_type": "1"}, "children whose papers came too late stand in the last class"),
        ("points", {"said": ["积分合计 9.25。"]}, "children whose card tells the points of their papers"),
        ("objects", {"school": "150621-J01"}, "children of a wrong zone line hold the school of the right one"),
        ("fed", {"said": ["第一类：片区户籍或对口直升：符合。"]}, "children whose primary school feeds a junior school stand in its list"),
        ("other", {"said": SAID["fed"]}, "children whose primary school feeds a junior school stand in its list"),
        ("ranks", {"school": "150627-J01"}, "children who are told which of their choices they got are there"),
        ("ranks", {"step": "zone"}, "children who ranked schools got one of them or the next by rule"),
        ("follows", {"school": "150603-P01"}, "children who follow an elder sibling are at its school"),
        ("crowds", {"school": "150621-P03"}, "children whom a full zone left over are at the first school with room, the own group's before others"),
        ("crowds", {"school": "150602-P01"}, "children whom a full zone left over are at the first school with room, the own group's before others"),
        ("crowds", {"step": "zone"}, "zones with a place too few that left somebody over"),
        ("honoured", {"said": []}, "children of a group that law prefers are told so"),
        ("forged", {"said": ["积分合计 9。"]}, "children whose papers were false have no points"),
        ("twin", {"school": "150627-P01"}, "twins at one school"),
        ("twin", {"school": "150627-P01"}, "twins at the last seat of a private school, of which the rule-book then has one more"),
        ("moves", {"home_used": False}, "homes of which the public look-up tells other than who holds a place"),
    ],
)  # fmt: skip
def test_whoever_came_to_something_else_is_named(name: str, changed: dict[str, Any], what: str) -> None:
    assert what in broken(journal(**{name: changed}))


@pytest.mark.parametrize(
    ("kind", "line", "what"),
    [
        ("run", {"id": "r", "scope": "150603/kindergarten/2027", "silent": 1, "keeps_silent": 1, "struck_out": 0}, "children who left a frozen list are struck out in its public file"),
        ("run", {"id": "r", "scope": "150603/kindergarten/2027", "silent": 0, "keeps_silent": 1, "struck_out": 1}, "witnesses who kept silent stand in the seed by the fixed rule"),
        ("line", {"school": "150603-K05", "moves": 2, "waiting": 1, "free": 1}, "free seats for which somebody waits"),
        ("line", {"school": "150603-K05", "moves": 3, "waiting": 0, "free": 0}, "children whom a line brought a place are its moves in public"),
        ("transfer", {"receipt": "R-else", "school": "150603-P01"}, "children whose transfer was signed are at the school they asked for"),
        ("asked-transfer", {"family": "moves", "asked": [{"receipt": "R-moves"}, {"receipt": "R-twin"}]}, "transfers that were asked for are answered"),
        ("absent-list", {"banner": "150603", "receipts": ["R-absent"]}, "children who did not come stand in the bureau's list"),
        ("mended", {"files": []}, "files of the confirmed fault are those of its address unit"),
        ("mended", {"files": ["R-objects", "R-moves"]}, "files of the confirmed fault are those of its address unit"),
        ("way", {"school": "150621-P90", "way": "tickets"}, "private schools that drew the way their rule-book says"),
        ("offline", {"run": "2027/0001-placement", "is_equal": False}, "runs that the offline command repeats from the ledger's files"),
    ],
)  # fmt: skip
def test_a_list_or_a_file_that_says_otherwise_is_named(kind: str, line: dict[str, Any], what: str) -> None:
    assert what in broken(journal() | {kind: [line]})


def test_what_happened_to_places_is_counted_once() -> None:
    lines = journal()
    again = {"id": "r2", "scope": "150603/junior/2027/2", "silent": 0, "keeps_silent": 0, "struck_out": 0}
    lines["run"] = [*lines["run"], *lines["run"], again]
    told = {name: count for name, count in place_counts(Seen(lines, {}, FAMILIES)).items() if count}
    assert told == {
        "struck_out": 1, "silent_witnesses": 1, "further_rounds": 1, "line_moves": 2, "no_shows": 2, "transfers": 1,
        "private_draws": 1, "interviews": 2, "corrections": 1,
    }  # fmt: skip


def test_a_child_that_gave_up_a_private_seat_is_counted_where_it_is_now() -> None:
    private = {"is_private": True, "receipts": ["R1", "R2"], "placed": 2}
    pages = [{"school": "J90", "page": private}, {"school": "J01", "page": {"receipts": ["R1"], "placed": 1}}]
    assert [line["page"]["placed"] for line in last_places(pages)] == [1, 1]
    assert [line["page"] for line in last_places([{"school": "P01", "page": None}])] == [None]
