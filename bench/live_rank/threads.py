"""How many threads the web server should have: own ranks, durable changes and a page of Flask's with 16 to 256."""

from bench.live_rank.load import load
from bench.live_rank.scale import SERVER_CORE, UNITS
from bench.live_rank.stage import Stage

CHOICES = (16, 32, 64, 128, 256)
READERS, WRITERS, VISITORS = 100, 256, 64


def measure(on: Stage) -> list[str]:
    """Lines of Markdown. A thread waits while its change is committed; too many threads fight for the interpreter."""
    city, seconds = on.city, on.scale.load_seconds
    if "board" not in city.running:
        city.engine(core=SERVER_CORE)
    lines = [
        f"## Threads of the web server: {READERS} readers, {WRITERS} writers, {VISITORS} at a page of Flask's",
        "",
        "| threads | own rank/s | p99 ms | changes acknowledged/s | p99 ms | page of Flask's/s | p99 ms |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for threads in CHOICES:
        name = f"threads-{threads}"
        port = city.web(name, threads=threads, core=SERVER_CORE)
        on.wait_for_ranks(port)
        on.first_change(port)
        told = {"TOKENS": str(on.tokens), "UNITS": str(UNITS), "RUN": name}
        reads = load(port, READERS, seconds, script="get_rank.lua", told=told)
        writes = load(port, WRITERS, seconds, script="put_choice.lua", told=told)
        pages = load(port, VISITORS, seconds, "/alive")
        city.kill(name)
        lines.append(
            f"| {threads} | {reads.rate:,.0f} | {reads.p99_ms:.0f} | {writes.rate:,.0f} | {writes.p99_ms:.0f} "
            f"| {pages.rate:,.0f} | {pages.p99_ms:.0f} |"
        )
    return lines
