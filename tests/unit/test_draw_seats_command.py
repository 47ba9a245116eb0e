"""`sunroll draw seats` from the outside: the three rules, bundles from the roster, orders that contradict themselves."""

from pathlib import Path

import pytest
from draw_commands import here, order, seats

__all__ = ["here"]


ORDER = "position,no,ticket\n1,a,0a\n2,b1,1b\n3,b2,1b\n4,c,2c\n5,d,3d\n"


TWINS = "no,bundle\na,\nb1,B\nb2,B\nc,\nd,\n"


@pytest.mark.parametrize(
    ("rule", "number", "letters"),
    [
        ("add", "3", "aaaww"),
        ("add", "2", "aaaww"),
        ("add", "1", "awwww"),
        ("skip", "2", "awwaw"),
        ("offer-one", "2", "aaoww"),
        ("offer-one", "1", "awwww"),
        ("skip", "0", "wwwww"),
        ("skip", "9", "aaaaa"),
    ],
)
def test_twins_at_the_last_seats(here: Path, rule: str, number: str, letters: str) -> None:
    """T-2.10."""
    assert seats(ORDER, rule, number, TWINS).exit_code == 0
    words = {"a": "admitted", "w": "waiting", "o": "offered"}
    rows = [
        f"{no},{place},{words[letter]}\n"
        for place, (no, letter) in enumerate(zip(["a", "b1", "b2", "c", "d"], letters, strict=True), 1)
    ]
    assert Path("Z.csv").read_text() == "no,position,result\n" + "".join(rows)


def test_bundles_are_known_only_from_the_roster(here: Path) -> None:
    assert seats(ORDER, "skip", "2").exit_code == 0
    assert "b1,2,admitted\nb2,3,waiting\n" in Path("Z.csv").read_text()


def test_a_number_that_the_roster_does_not_name_stands_alone(here: Path) -> None:
    """R3."""
    assert seats(ORDER, "skip", "2", "no,bundle\nb1,B\nb2,B\n").exit_code == 0
    assert "b1,2,waiting\nb2,3,waiting\nc,4,admitted\n" in Path("Z.csv").read_text()


def test_rows_of_the_order_may_stand_in_any_order_and_the_result_is_sorted_by_position(here: Path) -> None:
    header, *rows = ORDER.splitlines(keepends=True)
    assert seats(header + "".join(reversed(rows)), "skip", "2", TWINS).exit_code == 0
    assert [line.split(",")[1] for line in Path("Z.csv").read_text().splitlines()[1:]] == list("12345")


def test_a_drawn_order_of_eleven_is_sorted_by_number_not_by_text(here: Path) -> None:
    assert order("no\n" + "".join(f"{n}\n" for n in range(11))).exit_code == 0
    assert seats(Path("O.csv").read_text(), "add", "11").exit_code == 0
    assert [line.split(",")[1] for line in Path("Z.csv").read_text().splitlines()[1:]] == [*map(str, range(1, 12))]


@pytest.mark.parametrize(
    ("order_csv", "roster", "faults"),
    [
        (ORDER.replace("3,b2", "4,b2"), None, ["O.csv:5: the position 4 stands twice, first on line 4"]),
        (ORDER.replace("5,d", "6,d"), None, ["O.csv:6: the position '6' is none of 1 to 5"]),
        (ORDER.replace("1,a", "0,a"), None, ["O.csv:2: the position '0'"]),
        (ORDER.replace("1,a", "x,a"), None, ["O.csv:2: the position 'x'"]),
        (ORDER.replace("5,d", "5,a"), None, ["O.csv:6: the number 'a' stands twice"]),
        (ORDER.replace("0a", "0A"), None, ["O.csv:2: the ticket '0A' is not in lower-case hex"]),
        (ORDER.replace("2c", "0c"), None, ["O.csv:5: the ticket of 'c' is smaller"]),
        (ORDER.replace("ticket", "number"), None, ["O.csv:1: the column 'ticket'", "O.csv:1: the column 'number'"]),
        (ORDER, TWINS + "e,\n", ["R.csv:7: the number 'e' is not in the drawn order"]),
        (ORDER, "no,bundle\nb1,d\nb2,d\n", ["R.csv:2: the bundle label 'd'", "R.csv:3: the bundle label 'd'"]),
        (ORDER, "no,bundle\na,B\nb2,B\n", ["O.csv:4: 'b2' stands apart from the others of bundle 'B'"]),
        (ORDER.replace("b1", "b3"), TWINS.replace("b1", "b3"), ["O.csv:4: 'b2' stands after 'b3'"]),
        (ORDER.replace("0a", "0A"), TWINS + "e,\ne,\n", ["O.csv:2: ", "R.csv:7: the number 'e' is", "R.csv:8: "]),
    ],
)
def test_an_order_that_contradicts_itself_or_the_roster_is_bad_input(
    here: Path, order_csv: str, roster: str | None, faults: list[str]
) -> None:
    result = seats(order_csv, "add", "2", roster)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert len(told) == len(faults), told
    assert all(line.startswith(fault) for line, fault in zip(told, faults, strict=True)), told
    assert not Path("Z.csv").exists()


def test_faults_of_options_and_files_are_told_together(here: Path) -> None:
    result = seats("position,no,ticket\n2,a,00\n", "add", "-1", "no\na\na\n")
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["--seats", "O.csv", "R.csv"]
    assert seats(ORDER, "add", "two").exit_code == 2
    assert seats(ORDER, "both", "2").exit_code == 2
