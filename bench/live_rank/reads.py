"""Authenticated “my rank” through the real application, beside nginx with a static file and the naive routes."""

from collections.abc import Iterator

from bench.live_rank.cores import databases_on_the_server_core
from bench.live_rank.load import Load, load, row, times
from bench.live_rank.scale import SERVER_CORE
from bench.live_rank.stage import Stage, naive, naive_as_usual, nginx
from bench.live_rank.targets import at_least

OF_NGINX = {100: 0.40, 1000: 0.45}
"""Connections, and the share of nginx's rate that is asked for."""
HEAD = "| way | requests/s | of nginx | p50 ms | p99 ms | server CPU µs | failed |\n|---|---:|---:|---:|---:|---:|---:|"
OURS = "ours: real application, token checked, snapshot"


def measure(on: Stage) -> list[str]:
    """Lines of Markdown: everything side by side, the anchor first."""
    city = on.city
    city.engine(core=SERVER_CORE)
    ours = city.web(core=SERVER_CORE)
    on.wait_for_ranks(ours)
    theirs, usual = naive(city, 8), naive_as_usual(city, 8)
    ways = [
        (OURS, ours, "web", "/api/exam/standing"),
        ("Flask + ZREVRANK, same web server", theirs, "naive-8", "/sorted-set"),
        ("Flask + SQL count, same web server", theirs, "naive-8", "/sql"),
    ]
    if usual is not None:
        ways += [
            ("Flask + ZREVRANK, gunicorn", usual, "usual-8", "/sorted-set"),
            ("Flask + SQL count, gunicorn", usual, "usual-8", "/sql"),
        ]
    lines = []
    for connections in OF_NGINX:
        lines += [f"## One's own rank, {connections} connections, one server core", "", *HEAD.split("\n")]
        with nginx(city) as static:
            anchor = load(static, connections, on.scale.load_seconds, "/rank") if static else None
        floor = anchor.rate if anchor else float("nan")
        if anchor:
            lines.append(row("nginx, a static file of 64 bytes", anchor, floor))
        with databases_on_the_server_core(city.folder):
            found = {
                name: load(
                    port,
                    connections,
                    on.scale.load_seconds,
                    script="get_rank.lua",
                    cpu=lambda process=process: city.cpu_seconds(process),  # type: ignore[misc]
                    told={"TOKENS": str(on.tokens), "ASKED_PATH": path},
                )
                for name, port, process, path in ways
            }
        lines += [row(name, one, floor) for name, one in found.items()]
        lines += ["", *_targets(connections, floor, found), ""]
    for name in ("naive-8", "web", *(["usual-8"] if usual is not None else [])):
        city.kill(name)
    return [*lines, "PostgreSQL and Valkey share the server's core; their processor time is not in “server CPU”."]


def _targets(connections: int, floor: float, found: dict[str, Load]) -> Iterator[str]:
    rate = found[OURS].rate
    yield at_least("share of nginx", rate / floor, OF_NGINX[connections])
    bars = {"Flask + ZREVRANK, same web server": 6, "Flask + ZREVRANK, gunicorn": 12, "Flask + SQL count, gunicorn": 24}
    for name, bar in bars.items():
        there = found[name].rate if name in found else float("nan")
        yield at_least(f"times as fast as {name}", times(rate, there), bar)
