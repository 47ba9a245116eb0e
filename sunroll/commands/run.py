"""`sunroll run`: the whole service on this machine with a simulated city, and the addresses to open."""

import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from rehearsal.office import Office
from rehearsal.officials import make_officials
from rehearsal.opening import open_season
from rehearsal.season import private_schools
from sunroll.exam_start import open_exam
from sunroll.phone_build import build_phone
from sunroll.stack import ROOT, Stack, running, sunroll

FOLDER = ROOT / "var" / "run"
LASTS = timedelta(days=20)
SAMPLE_PHONE = "17000000001"
"""The telephone of the first sample family."""


def set_up(
    stack: Stack, banners: Sequence[str], lasts: timedelta = LASTS, *, self_check: bool = False
) -> list[dict[str, object]]:
    """Make the officials and open the season of each banner, once for a folder; the officials.

    With `self_check` families look again at what a register has otherwise before an official does (decision 0008).
    """
    city = stack.folder / "city"
    schools = [line.split(",")[0] for line in (city / "schools.csv").read_text(encoding="utf-8").splitlines()[1:]]
    schools += [row["code"] for row in private_schools(city)]
    officials = make_officials(city, banners, schools)
    sunroll(stack.environ, "officials", str(city / "officials.json"))
    opened = city / "opened.json"
    known = json.loads(opened.read_text()) if opened.exists() else []
    year = json.loads((city / "city.json").read_text(encoding="utf-8"))["year"]
    by_login = {official["login"]: official for official in officials}
    for banner in banners:
        if banner in known:
            continue
        office = Office(stack.address("WEB"), by_login[f"banner-{banner}-a"])
        open_season(office, banner, city, year, lasts, self_check=self_check)
        known.append(banner)
        opened.write_text(json.dumps(known))
    return officials


@click.command()
@click.option("--families", default=60, show_default=True, help="families of the simulated city")
@click.option("--banners", default="150603", show_default=True, help="banners, separated by commas")
@click.option("--candidates", default=120, show_default=True, help="candidates of the exam; 0 for no exam")
@click.option("--seed", default="sunroll", show_default=True, help="the same seed makes the same city")
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="where everything is kept")
def command(families: int, banners: str, candidates: int, seed: str, folder: Path) -> None:
    """Start everything on this machine and print the addresses; stop with Ctrl-C."""
    console = Console()
    with console.status("手机页面 / building the phone page …"):
        built = build_phone(ROOT / "miniprogram", say=lambda line: console.print(line, style="dim"))
    if built.missing:
        console.print(f"[yellow]{built.missing}[/]")
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    with (
        console.status("PostgreSQL, Valkey, 演练城市 / starting …") as status,
        running(folder, families, seed, banners) as stack,
    ):
        status.update("开启招生季 / opening the season …")
        officials = {str(each["login"]): each for each in set_up(stack, banners.split(","))}
        status.stop()
        show(console, stack)
        opening = threading.Thread(target=_open_exam, args=(console, stack, officials, seed, candidates), daemon=True)
        opening.start()
        stopped.wait()
        console.print("stopping …")
    sys.exit(0)


def _open_exam(
    console: Console, stack: Stack, officials: Mapping[str, Mapping[str, Any]], seed: str, candidates: int
) -> None:
    """The exam season opens while the person already looks around; what stops it is said."""
    try:
        open_exam(stack, officials, seed, candidates)
    except Exception as fault:  # noqa: BLE001  # the rest of the city goes on
        console.print(f"中考演练没有开起来 / the exam season did not open: {fault}", style="yellow", markup=False)
    else:
        if candidates:
            console.print(f"中考填报已开放 / the exam season is open: {stack.address('WEB')}/desk/exam")


def show(console: Console, stack: Stack) -> None:
    """The addresses to open."""
    table = Table(title="阳光入学 Sunroll", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True, overflow="ignore")
    web, wechat, sms = stack.address("WEB"), stack.address("WECHAT"), stack.address("SMS")
    for name, link in (
        ("start here: sample families, officials, one-time passwords", stack.address("HOME")),
        ("家长手机 phone", f"{web}/phone/"),
        ("从公共服务 App 进入 from the public-service app", f"{stack.address('PORTAL')}/enter?phone={SAMPLE_PHONE}"),
        ("公众号聊天 chat", f"{wechat}/chat"),
        ("工作台 officials' desk", f"{web}/desk/"),
        ("公开页面 public pages", f"{web}/"),
        ("短信 SMS that arrived", f"{sms}/phones"),
        ("微信 messages that arrived", f"{wechat}/inbox"),
        ("API", f"{web}/api/openapi.json"),
    ):
        table.add_row(name, link)
    console.print(table)
    console.print(f"logs: {stack.folder / 'logs'}", soft_wrap=True)
    console.print(f"Ctrl-C stops everything; the data stays in {stack.folder}", soft_wrap=True)
