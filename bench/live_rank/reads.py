"""Authenticated “my rank” through the real application, beside nginx with a static file and the naive routes."""

import os
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bench.live_rank.load import load, row
from bench.live_rank.stage import SERVER_CORE, Stage, naive, nginx

CONNECTIONS = (100, 1000)
HEAD = "| way | requests/s | of nginx | p50 ms | p99 ms | server CPU µs | failed |\n|---|---:|---:|---:|---:|---:|---:|"


def measure(on: Stage) -> list[str]:
    """Lines of Markdown: everything side by side, the anchor first."""
    city = on.city
    city.engine(core=SERVER_CORE)
    ours = city.web(core=SERVER_CORE)
    theirs = naive(city, 8)
    _wait_for_ranks(on, ours)
    lines = []
    for connections in CONNECTIONS:
        lines += [f"## One's own rank, {connections} connections, one server core", "", *HEAD.split("\n")]
        with nginx(city.folder) as static:
            anchor = load(static, connections, "/rank") if static else None
        floor = anchor.rate if anchor else float("nan")
        if anchor:
            lines.append(row("nginx, a static file of 64 bytes", anchor, floor))
        else:
            lines.append("| nginx is not installed on this machine: no anchor | | | | | | |")
        told = {"TOKENS": str(on.tokens)}
        lines.append(
            row(
                "ours: real application, token checked, snapshot",
                load(ours, connections, script="get_rank.lua", cpu=lambda: city.cpu_seconds("web"), **told),
                floor,
            )
        )
        for name, path in (("Flask + ZREVRANK", "/sorted-set"), ("Flask + SQL count", "/sql")):
            there = {**told, "ASKED_PATH": path}
            found = load(theirs, connections, script="get_rank.lua", cpu=lambda: city.cpu_seconds("naive-8"), **there)
            lines.append(row(f"{name} (same web server; the store's CPU not counted)", found, floor))
        lines.append("")
    city.kill("naive-8")
    city.kill("web")
    return lines


def _wait_for_ranks(on: Stage, port: int) -> None:
    token = on.tokens.read_text().split("\n", 1)[0]
    for _ in range(300):
        try:
            asked = Request(  # our own address
                f"http://127.0.0.1:{port}/api/exam/standing", headers={"Authorization": f"Bearer {token}"}
            )
            urlopen(asked, timeout=5).close()  # noqa: S310  # our own address
        except HTTPError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no ranks after a minute: see {os.fspath(on.city.folder)}")
