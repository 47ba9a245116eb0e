"""A session of choosing with real processes: PostgreSQL, Valkey, web servers, the engine, push; each can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import text

from backend.app import create_app
from backend.foundation.database import db
from backend.foundation.doors import Application
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.candidate_tokens import CandidateToken, write_candidate_token
from backend.settings import read_settings
from sunroll.embedded import database, free_port, make_keys, postgresql, valkey
from tests.board_builders import YEAR, Listed, list_session
from tests.conftest import environ_for_tests

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
STARTS_WITHIN = 150.0


@dataclass
class LiveCity:
    """The running session. `listed` names its rows; tokens are by the candidate's place in the order."""

    app: Application
    environ: dict[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, tuple[list[str], dict[str, str]]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    listed: Listed | None = None

    def list_session(self, totals: Sequence[int], plans: Sequence[int], **more: Any) -> Listed:
        """Candidates and units of a new session, published from now on; the one before is forgotten."""
        with unit_of_work():
            self.listed = list_session(db.session.connection(), list(totals), list(plans), **more)
        return self.listed

    def tokens(self) -> list[str]:
        """A good token of every candidate."""
        assert self.listed is not None
        until = int(time.time()) + 86_400
        key = self.app.extensions["keys"].tokens
        with unit_of_work():
            found = db.session.execute(text("SELECT id, subject FROM exam_candidate"))
            subjects = {row.id: row.subject for row in found}
        return [
            write_candidate_token(CandidateToken(who, login, YEAR, False, until, subjects[who]), key)
            for who, login in zip(self.listed.candidates, self.listed.logins, strict=True)
        ]

    def web(self, name: str = "web", *, core: str | None = None, answers: bool = True, **more: str) -> int:
        """A web server of the real application; its port. With `answers` it is waited for."""
        port = self.ports.setdefault(name, free_port())
        target = more.pop("target", "backend.rsgi:door")
        self.start(name, [*granian(port, "rsgi", "--loop", "uvloop", "--no-ws"), target], core=core, **more)
        if answers:
            self.wait(port, "/alive")
        return port

    def engine(self, name: str = "board", core: str | None = None) -> None:
        """The engine, without its keeper."""
        self.start(name, [sys.executable, "-m", "jobs.board", "--once"], core=core)

    def push(self, name: str = "push", core: str | None = None) -> int:
        """The push process, without its keeper; its port."""
        port = self.ports.setdefault(name, free_port())
        self.start(name, [sys.executable, "-m", "push", "--once"], core=core, PUSH_PORT=str(port))
        self.wait(port, "/alive")
        return port

    def start(self, name: str, command: list[str], core: str | None = None, **more: str) -> None:
        """Start a process, output in a log of its name."""
        pinned = ["taskset", "-c", core, *command] if core else command
        self.commands[name] = (pinned, more)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                pinned,
                env={**self.environ, **more},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Kill the process and its children at once, as a machine that loses them would."""
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()

    def again(self, name: str) -> None:
        """Start what was killed."""
        command, more = self.commands[name]
        self.start(name, command, None, **more)

    def wait(self, port: int, path: str) -> None:
        """Return once the address answers; raises TimeoutError."""
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            try:
                urlopen(f"http://{HOST}:{port}{path}", timeout=2).close()  # our own address
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return
        ends = [f"{log.name}: …{log.read_text(errors='replace')[-600:]}" for log in self.folder.glob("*.log")]
        raise TimeoutError(f"nothing answers on {port}; " + "\n".join(ends))

    def cpu_seconds(self, name: str) -> float:
        """Processor time of the process and its children so far."""
        leader = self.running[name].pid
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == leader:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End everything that was started here."""
        for name, process in self.running.items():
            if process.poll() is None:
                self.kill(name)


def granian(port: int, interface: str, *more: str) -> list[str]:
    """The command of a web server, as the Procfile has it, up to the application's name."""
    fixed = ["--interface", interface, "--host", HOST, "--workers", "1", "--backpressure", "4096", "--no-access-log"]
    server = str(Path(sys.executable).parent / "granian")
    return [server, *fixed, "--port", str(port), *more]


@contextmanager
def live_city(folder: Path, *, shared_buffers: str = "128MB", **more: str) -> Iterator[LiveCity]:
    """Database and Valkey of its own, the schema made, nothing listed yet; everything is ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with postgresql(folder / "postgresql", shared_buffers) as server, valkey(folder / "valkey") as bell:
        make_keys(folder / "keys.json")
        address = database(server, "live")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        told = environ_for_tests(address, bell, folder) | {"SUNROLL_REHEARSAL": "0", "PATH": path}
        environ = {**os.environ, **told, "PYTHONPATH": str(ROOT), **more}
        app = create_app(read_settings(environ))
        with app.app_context():
            db.create_all()
            city = LiveCity(app, environ, folder)
            try:
                yield city
            finally:
                city.stop()
                db.session.remove()
                db.engine.dispose()
                settings = read_settings(environ)
                subprocess.run(["rm", "-rf", str(settings.board)], check=True)
