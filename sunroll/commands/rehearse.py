"""`sunroll rehearse`: a whole season on a simulated city through the real service, with a report that must add up."""

import sys
import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from rehearsal.phone import City
from rehearsal.report_words import PHASES
from rehearsal.season import Season
from rehearsal.season_folder import write_report
from rehearsal.season_phases import play
from rehearsal.season_report import steps_text
from rehearsal.season_weather import WEATHERS
from sunroll.commands.run import set_up
from sunroll.stack import Stack, running

LASTS = timedelta(days=20)
FEWEST = 4
VISITS = {
    "filed": "家庭登记、拍照、提交 / families file",
    "corrected": "家庭补正 / families correct",
    "wished": "家庭申请优待、登记民办 / families wish",
    "chosen": "家庭选校 / families choose",
    "answered": "家庭看结果、答复 / families answer",
    "deferred": "家庭申请缓学 / families ask for a deferral",
    "left": "家庭退出封存的名单 / families leave a frozen list",
    "wavered": "家庭放弃民办学位 / families give up a private seat",
    "asked-transfer": "家庭申请转学 / families ask for a transfer",
    "answered-again": "家庭确认后来的学位 / families take a place that came later",
    "objected": "家庭提出异议 / families object",
    "exam": "考生填报、看位次、录取 / candidates choose and are admitted",
    "seen": "家庭回看 / families look back",
}


class Terminal:
    """The progress of a rehearsal in the terminal: a line a phase, a bar where the number of steps is known."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._lock = threading.Lock()

    def begin(self, phase: str, total: int | None) -> None:
        """A phase begins; the one before it is done."""
        with self._lock:
            self._finish()
            self._task = self._progress.add_task(VISITS.get(phase) or PHASES.get(phase, phase), total=total)

    def _finish(self) -> None:
        if self._task is not None:
            task = next(each for each in self._progress.tasks if each.id == self._task)
            self._progress.update(self._task, total=max(1, task.completed), completed=max(1, task.completed))
            self._progress.stop_task(self._task)

    def step(self) -> None:
        """One step further."""
        with self._lock:
            if self._task is not None:
                self._progress.advance(self._task)

    def note(self, line: str) -> None:
        """A line above the bars."""
        self._progress.console.print(line, style="dim", markup=False)

    def end(self) -> None:
        """The last phase is done."""
        with self._lock:
            self._finish()
            self._task = None


def rehearse(
    stack: Stack, banners: list[str], seed: str, processes: int, screen: Terminal, candidates: int, weather: str
) -> Season:
    """Open the season on a running city and play it to its end. Raises what stops it."""
    officials = {str(each["login"]): each for each in set_up(stack, banners, LASTS, self_check=True)}
    city = City(stack.address("WEB"), stack.address("SMS"), stack.address("WECHAT"))
    gateways = {name.lower(): stack.address(name) for name in ("EXCHANGE", "SMS", "WECHAT")}
    season = Season(city, gateways, stack.folder, seed, officials, screen, processes, candidates, weather)
    play(season)
    screen.end()
    return season


@click.command()
@click.option("--families", required=True, type=click.IntRange(FEWEST), help="families that take part, at least 4")
@click.option("--candidates", default=0, show_default=True, type=click.IntRange(0), help="candidates of the exam")
@click.option("--seed", required=True, help="the same seed makes the same city")
@click.option("--report", required=True, type=click.Path(path_type=Path, file_okay=False), help="where the report goes")
@click.option("--banners", default="150603", show_default=True, help="banners, separated by commas")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 16), help="processes of families")
@click.option(
    "--weather",
    type=click.Choice(sorted(WEATHERS)),
    default="usual",
    show_default=True,
    help="outage: the land registry is out for two hours, a department sends a wrong batch file, and the pass rates must be the published ones",
)
@click.option("--folder", type=click.Path(path_type=Path), help="where everything is kept; default: run in the report")
def command(
    families: int,
    candidates: int,
    seed: str,
    report: Path,
    banners: str,
    processes: int,
    weather: str,
    folder: Path | None,
) -> None:
    """Play a whole season on a simulated city, through the real service, and write its report and figures.

    Stopped in the middle, the same command goes on. Exit code 1 where a figure does not add up.
    """
    console = Console(stderr=True)
    folder = (folder or report / "run").absolute()
    _require_same_city(folder, families, seed, banners)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with ExitStack() as opened:
        with console.status("PostgreSQL, Valkey, 演练城市 / starting …"):
            stack = opened.enter_context(running(folder, families, seed, banners))
        with Progress(*columns, console=console) as progress:
            season = rehearse(stack, banners.split(","), seed, processes, Terminal(progress), candidates, weather)
    figures = write_report(season, report)
    sys.exit(_tell(console, figures, report))


def _require_same_city(folder: Path, families: int, seed: str, banners: str) -> None:
    """A folder goes on only with the city it was begun with. Raises click.UsageError."""
    import json  # noqa: PLC0415  # read only where there is something to read

    known = folder / "city" / "city.json"
    if not known.exists():
        return
    told = json.loads(known.read_text(encoding="utf-8"))
    codes = ",".join(banner["code"] for banner in told["banners"])
    if (told["families"], told["seed"], codes) != (families, seed, banners):
        raise click.UsageError(
            f"{folder} holds another season ({told['families']} families, seed {told['seed']!r}, banners {codes}); "
            "choose another --report or --folder, or remove that folder"
        )


def _tell(console: Console, figures: dict[str, Any], report: Path) -> int:
    """Say how it went; the exit code."""
    console.print(steps_text(figures))
    console.print(f"{report / 'report.html'}\n{report / 'figures.json'}")
    broken = [each for each in figures["adds_up"] if not each["holds"]]
    for each in broken:
        console.print(f"[red]does not add up[/]: {each['what']}: {each['left']} and {each['right']}", highlight=False)
    return 1 if broken else 0
