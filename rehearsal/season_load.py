"""How much processor time each process of a rehearsal has used: where a season's time goes."""

import os
import resource
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rehearsal.season_kills import PROC, children_of

TICKS = os.sysconf("SC_CLK_TCK")
NAMES = (
    ("backend.rsgi", "web"),
    ("bots.wsgi", "bots"),
    ("backend.documents.sandbox", "sandbox of pictures"),
    ("jobs.worker pictures", "worker of pictures"),
    ("jobs.worker checks", "worker of checks"),
    ("jobs.worker notices", "worker of notices"),
    ("jobs.worker decisions", "worker of decisions"),
    ("jobs.schedule", "sweeper"),
    ("rehearsal.exchange", "exchange"),
    ("rehearsal.wechat", "wechat"),
    ("rehearsal.sms", "sms"),
    ("rehearsal.home", "home"),
    ("postgres", "database"),
    ("valkey", "bell"),
)
"""Words of a command line → the name of the process in the figures; the first that fits."""


def cpu_ms(folder: Path) -> dict[str, int]:
    """Process → milliseconds of processor time, its ended children included.

    Counted are this process's descendants and the embedded servers, known by `folder` in their command line; `families`
    are the families' processes of this driver, `driver` is the driver itself. A killed worker's time is not in it, nor
    is that of the sandbox's children, one a picture, whom nobody waits for.
    """
    used: Counter[str] = Counter()
    servers = list(_servers(folder))
    for pid in {*children_of(os.getpid()), *servers, *(child for server in servers for child in children_of(server))}:
        told = _told(pid)
        if told is not None:
            used[told[0]] += told[1]
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    used["driver"] = round((own.ru_utime + own.ru_stime) * 1000)
    used["families"] = round((ended.ru_utime + ended.ru_stime) * 1000)
    return dict(sorted(used.items()))


def _servers(folder: Path) -> Iterator[int]:
    """The embedded servers that keep their data in this folder; they are no children of ours."""
    for entry in PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            line = _command_line(int(entry.name))
            if str(folder) in line and ("postgres" in line or "valkey" in line):
                yield int(entry.name)


def _command_line(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _told(pid: int) -> tuple[str, int] | None:
    line = _command_line(pid)
    name = next((name for words, name in NAMES if words in line), None)
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    if name is None:
        return None
    ticks = sum(int(fields[index]) for index in (11, 12, 13, 14))
    return name, ticks * 1000 // TICKS
