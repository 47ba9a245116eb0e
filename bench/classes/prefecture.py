"""`python -m bench.classes.prefecture FOLDER`: the sheets of 300 schools, as `sunroll classes prefecture` takes them."""

import random
import sys
from pathlib import Path

from backend.classes.rules.values import points
from bench.classes.intake import intake

SCHOOLS = 300
CLASS_SIZE = 45


def write(folder: Path) -> int:
    """Write schools.csv and a sheet a school, every third a junior school with scores; how many pupils there are."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, lines, count = random.Random("prefecture"), ["school,classes"], 0
    for number in range(SCHOOLS):
        is_junior = number % 3 == 0
        size = chance.randint(40, 700 if is_junior else 400)
        code = f"1506{number // 60 + 2:02d}-{'J' if is_junior else 'P'}{number % 60 + 1:02d}"
        lines.append(f"{code},{-(-size // CLASS_SIZE)}")
        people = intake(size, scores=is_junior)
        columns = sorted(people[0].scores)
        rows = [",".join(["no", "sex", "ethnicity", "household", *columns])]
        for one in people:
            traits = [one.traits[name] for name in ("sex", "ethnicity", "household")]
            rows.append(",".join([one.no, *traits, *(points(one.scores[name]) for name in columns)]))
        (folder / f"{code}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        count += size
    (folder / "schools.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]))} pupils in {SCHOOLS} schools")
