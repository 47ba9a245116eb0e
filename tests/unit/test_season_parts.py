"""The driver's own parts: its journal survives a kill, it kills only its own workers, its pictures are unique."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from rehearsal.opening import MODELS
from rehearsal.population import Spec, write_city
from rehearsal.season_journal import Journal
from rehearsal.season_kills import children_of, kept_process, kill_worker
from rehearsal.season_load import cpu_ms
from rehearsal.season_pictures import Pool
from sunroll.commands.rehearse import command

KEEPER = """
import subprocess, sys
while True:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "jobs.worker", "{queue}", "--once"])
    print(child.pid, flush=True)
    child.wait()
"""


def test_a_journal_is_read_again_and_a_line_that_was_cut_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    journal = Journal(file)
    journal.note("filed", family="F1", ms=1)
    journal.note("filed", family="F1", ms=2)
    journal.close()
    with file.open("ab") as out:
        out.write(b'{"kind": "filed", "fam')
    again = Journal(file)
    again.note("seen", family="F1")
    again.close()
    last = Journal(file)
    assert last.by_family("filed") == {"F1": {"kind": "filed", "family": "F1", "ms": 2}}
    assert len(last.of("seen")) == 1
    last.close()


def test_a_killed_worker_is_one_below_this_process_and_its_successor_is_seen() -> None:
    queue = f"queue-{os.getpid()}"
    words = ("jobs.worker", queue, "--once")
    keeper = subprocess.Popen([sys.executable, "-c", KEEPER.format(queue=queue)], stdout=subprocess.PIPE, text=True)
    try:
        assert keeper.stdout is not None
        first = int(keeper.stdout.readline())
        assert keeper.pid in set(children_of(os.getpid()))
        _until(lambda: kept_process(words, os.getpid()) == first)
        assert kept_process(words, 1 << 30) is None
        killed = kill_worker(queue)
        assert killed is not None
        assert (killed.pid, killed.back_ms is not None) == (first, True)
        assert int(keeper.stdout.readline()) == kept_process(words, os.getpid())
        assert kill_worker("queue-that-nobody-works-on") is None
    finally:
        for pid in children_of(keeper.pid):
            os.kill(pid, 9)
        keeper.kill()
        for pid in children_of(keeper.pid):
            os.kill(pid, 9)
        keeper.wait()
        if keeper.stdout:
            keeper.stdout.close()


def _until(is_so: object, within: float = 10.0) -> None:
    until = time.monotonic() + within
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.05)


def test_processor_time_of_the_driver_is_told(tmp_path: Path) -> None:
    assert cpu_ms(tmp_path)["driver"] > 0


def test_two_families_never_send_the_same_bytes_but_the_same_picture(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), (200, 10, 10)).save(tmp_path / "household-good.jpg")
    pool = Pool(tmp_path)
    one, other = pool.picture("household", "good", "F1"), pool.picture("household", "good", "F2")
    assert one != other
    (tmp_path / "one.jpg").write_bytes(one)
    (tmp_path / "other.jpg").write_bytes(other)
    with Image.open(tmp_path / "one.jpg") as first, Image.open(tmp_path / "other.jpg") as second:
        assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("banner", MODELS)
def test_a_season_can_begin_in_every_banner_that_has_a_book(tmp_path: Path, banner: str) -> None:
    """The sample families live in the first banner, also where its book covers a single town without a 社区."""
    city = write_city(Spec("s", 6, (banner,)), tmp_path)
    assert city["children"] >= 6


@pytest.mark.parametrize("wrong", [{"seed": "other"}, {"families": "9"}, {"banners": "150621"}])
def test_a_folder_goes_on_only_with_its_own_city(tmp_path: Path, wrong: dict[str, str]) -> None:
    city = tmp_path / "run" / "city"
    city.mkdir(parents=True)
    (city / "city.json").write_text('{"families": 8, "seed": "s", "banners": [{"code": "150603"}]}')
    told = {"families": "8", "seed": "s", "banners": "150603"} | wrong
    arguments = [part for name, value in told.items() for part in (f"--{name}", value)]
    result = CliRunner().invoke(command, [*arguments, "--report", str(tmp_path)])
    assert result.exit_code == 2
    assert "holds another season" in result.output
