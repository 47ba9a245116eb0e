"""What is read off five kinds of pages, clean and with sixteen kinds of damage: fields right, wrong and sure, CPU a page."""

import io
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backend.documents.gateways.reader import Reader, reader
from backend.documents.rules.read_papers import read_page
from backend.documents.rules.read_values import plain
from rehearsal.chance import Chance
from rehearsal.damage import DAMAGES
from rehearsal.identity_numbers import NumberOffice
from rehearsal.papers_drawn import DRAWN

CLEAN_PAGES, DAMAGED_PAGES = 4, 1
"""Pages of each kind: clean ones, and so many for each damage."""
SEED = "ocr-2"
NO_EXTRA = "# Reading of papers\n\nThe extra `ocr` is not installed; nothing was measured.\n"


@dataclass
class Tally:
    """Counts of fields and pages, and the processor time of reading."""

    pages: int = 0
    known: int = 0
    fields: int = 0
    right: int = 0
    proposed: int = 0
    sure_and_wrong: int = 0
    cpu_s: float = 0.0


def measure() -> str:
    """The tables as Markdown; processor time is one thread's, without drawing the pages."""
    engine = reader()
    if engine is None:
        return NO_EXTRA
    engine.read(next(pages("id-card", "clean", 1))[0])
    by_page: dict[tuple[str, str], Tally] = {}
    wrong: Counter[tuple[str, str]] = Counter()
    for page in DRAWN:
        for damage in ("clean", *DAMAGES):
            tally = by_page.setdefault((page, damage), Tally())
            for jpeg, truth in pages(page, damage, CLEAN_PAGES if damage == "clean" else DAMAGED_PAGES):
                _read_one(engine, page, jpeg, truth, tally, wrong)
    return _text(by_page, wrong)


def pages(page: str, damage: str, count: int) -> Iterator[tuple[bytes, dict[str, str]]]:
    """(JPEG as the sandbox makes it, what stands on it) of pages drawn from the seed."""
    for number in range(count):
        chance = Chance(f"{SEED}/{page}/{damage}/{number}")
        picture, truth = DRAWN[page](chance, NumberOffice())
        if damage != "clean":
            seed = zlib.crc32(f"{page}/{damage}/{number}".encode())
            picture = DAMAGES[damage](picture, np.random.default_rng(seed))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=85)
        yield out.getvalue(), dict(truth)


def _read_one(
    engine: Reader, page: str, jpeg: bytes, truth: dict[str, str], tally: Tally, wrong: Counter[tuple[str, str]]
) -> None:
    began = time.process_time()
    reading = read_page(engine.read(jpeg))
    tally.cpu_s += time.process_time() - began
    tally.pages += 1
    tally.known += reading.page == page
    for name, value in truth.items():
        read = reading.fields.get(name)
        is_right = read is not None and plain(read.value) == plain(value)
        tally.fields += 1
        tally.right += is_right
        tally.proposed += read is not None
        if read is not None and read.is_confident and not is_right:
            tally.sure_and_wrong += 1
        if not is_right:
            wrong[page, name] += 1


def _text(by_page: dict[tuple[str, str], Tally], wrong: Counter[tuple[str, str]]) -> str:
    lines = [
        "# Reading of papers",
        "",
        f"Drawn pages (seed {SEED}), rapidocr on one thread; CPU seconds a page. Drawn pages are kinder than real ones:",
        "letters are printed evenly, and each page has one damage at a time.",
        "",
        "| pages | number | page known | fields right | proposed | sure and wrong | CPU s a page |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for title, keys in _groups(by_page):
        total = _sum([by_page[key] for key in keys])
        lines.append(
            f"| {title} | {total.pages} | {_share(total.known, total.pages)} | {_share(total.right, total.fields)} "
            f"| {_share(total.proposed, total.fields)} | {_share(total.sure_and_wrong, total.fields)} "
            f"| {total.cpu_s / max(1, total.pages):.2f} |"
        )
    lines += ["", "Fields not right, by page: " + ", ".join(f"{p}/{f} {n}" for (p, f), n in wrong.most_common(20)), ""]
    return "\n".join(lines)


def _groups(by_page: dict[tuple[str, str], Tally]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    yield "all clean", [key for key in by_page if key[1] == "clean"]
    yield "all damaged", [key for key in by_page if key[1] != "clean"]
    for page in DRAWN:
        yield f"{page}, clean", [(page, "clean")]
    for damage in DAMAGES:
        yield f"{damage}, all kinds", [key for key in by_page if key[1] == damage]


def _sum(tallies: list[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        for name, value in vars(tally).items():
            setattr(total, name, getattr(total, name) + value)
    return total


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.1f} %"
