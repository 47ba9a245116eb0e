"""From rows of text to the typed input of the former, with every fault told at once (contracts 3)."""

import re
from collections.abc import Iterable, Mapping, Sequence

from backend.classes.rules.values import HUNDREDTHS, ClassInput, FormOptions, Pupil

REQUIRED = ("no", "sex", "ethnicity", "household")
LABELS = ("together", "apart")
OPTIONAL = ("score", *LABELS, "special")
SUBJECT = "score_"
PRESET = "class"
MOST_CLASSES = 10_000
POINTS = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?", re.ASCII)
COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)

Fault = tuple[int | str, str]


def is_subject(column: str) -> bool:
    """Whether the column holds a subject's score (`score_*`)."""
    return column.startswith(SUBJECT) and len(column) > len(SUBJECT)


def read_hundredths(text: str) -> int | None:
    """A decimal with at most two places, from 0 to 999,999.99, in hundredths; None where it is none."""
    match = POINTS.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) * HUNDREDTHS + int((match[2] or "").ljust(2, "0"))


def read_options(
    classes: str, seed: str, balance: Sequence[str], tolerance: str | None
) -> tuple[FormOptions, list[Fault]]:
    """The options from their texts and what is wrong with them, each fault with the option's name."""
    faults: list[Fault] = []
    names = tuple(name.strip() for name in balance)
    count = int(classes.strip()) if COUNT.fullmatch(classes.strip()) else 0
    if not 1 <= count <= MOST_CLASSES:
        faults.append(("--classes", f"{classes!r} is no whole number from 1 to {MOST_CLASSES}"))
        count = 1
    box = None if tolerance is None else read_hundredths(tolerance.strip())
    if tolerance is not None and box is None:
        faults.append(("--tolerance", f"{tolerance!r} is no number of points with at most two decimals"))
    if not _is_text(seed):
        faults.append(("--seed", "is no UTF-8 text"))
    faults += [("--balance", fault) for fault in _balance_faults(names)]
    return FormOptions(count, seed, names, box), faults


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _balance_faults(names: Sequence[str]) -> Iterable[str]:
    for position, name in enumerate(names):
        if name == PRESET:
            yield f"{name!r} would hold a preset class; no column puts a pupil into a class"
        elif name in REQUIRED or name in OPTIONAL or is_subject(name):
            yield f"{name!r} has its own rule already; name a further categorical column"
        elif not name or not _is_text(name):
            yield f"{name!r} is no name of a column"
        elif name in names[:position]:
            yield f"{name!r} is named twice"


def read_pupils(rows: Iterable[tuple[int, Mapping[str, str]]], options: FormOptions) -> tuple[ClassInput, list[Fault]]:
    """The typed input from rows (line, trimmed cells by column) and the faults of the rows, each with its line.

    The rows hold the columns `no`, `sex`, `ethnicity`, `household` and those named in `options.balance`, and may
    hold `score`, any `score_*`, `together`, `apart` and `special`. The input is complete only where no fault is.
    """
    faults: list[Fault] = []
    pupils: list[Pupil] = []
    first_line: dict[str, int] = {}
    for line, cells in rows:
        faults += [(line, fault) for fault in _row_faults(cells, options)]
        no = cells["no"]
        if no and no in first_line:
            faults.append((line, f"the number {no!r} stands already in line {first_line[no]}"))
        if no not in first_line:
            pupils.append(_pupil(cells, options))
        first_line.setdefault(no, line)
    return ClassInput(tuple(pupils), options), faults


def _row_faults(cells: Mapping[str, str], options: FormOptions) -> Iterable[str]:
    for column in (*REQUIRED, *options.balance):
        if not cells[column]:
            yield f"{column} is empty"
    if cells.get("special", "0") not in ("0", "1"):
        yield f"special is {cells['special']!r}, not 0 or 1"
    for column, text in cells.items():
        if _is_score(column) and read_hundredths(text) is None:
            yield f"{column} is {text!r}, not a number from 0 to 999999.99 with at most two decimals"


def _is_score(column: str) -> bool:
    return column == "score" or is_subject(column)


def _pupil(cells: Mapping[str, str], options: FormOptions) -> Pupil:
    traits = {name: cells[name] for name in (*REQUIRED[1:], *options.balance)}
    if "special" in cells:
        traits["special"] = cells["special"]
    scores = {name: read_hundredths(text) or 0 for name, text in cells.items() if _is_score(name)}
    return Pupil(cells["no"], traits, scores, cells.get("together", ""), cells.get("apart", ""))
