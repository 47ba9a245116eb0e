"""Everything on this machine: embedded database and bell, the simulated city, every process of the Procfile."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from sunroll.embedded import database, free_port, make_keys, postgresql, valkey

ROOT = Path(__file__).parent.parent
PREFERRED_PORTS = {
    "WEB": 8000, "BOTS": 8001, "PUSH": 8002, "WECHAT": 8100, "SMS": 8101, "EXCHANGE": 8102, "PORTAL": 8103, "HOME": 8200,
}  # fmt: skip
HOST = "127.0.0.1"
STARTS_WITHIN = 90.0
STOPS_WITHIN = 15.0
DIGITS = 43
SECRETS = ("WECHAT_APP_SECRET", "WECHAT_TOKEN", "SMS_KEY", "SMS_RECEIPT_PATH", "EXCHANGE_KEY", "PORTAL_KEY")


class NotStarted(Exception):
    """A process did not come up in time; the message says which and where its log is."""


@dataclass(frozen=True)
class Stack:
    """A running city: its environment, its folder, the addresses to open."""

    environ: dict[str, str]
    folder: Path

    def address(self, name: str) -> str:
        """The address of a process by its name (WEB, BOTS, WECHAT, SMS, EXCHANGE, PORTAL)."""
        return f"http://{HOST}:{self.environ[f'{name}_PORT']}"


def port_for(name: str) -> int:
    """The usual port of a process where nobody listens on it, else a free one."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, PREFERRED_PORTS[name]))
        except OSError:
            return free_port()
    return PREFERRED_PORTS[name]


def secrets_of(folder: Path) -> dict[str, str]:
    """Secrets made once for a folder, so that a second start reads what the first one wrote."""
    path = folder / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {name: secrets.token_hex(24) for name in SECRETS}
    made["WECHAT_AES_KEY"] = (secrets.token_hex(24))[:DIGITS]
    made["WECHAT_APP_ID"] = "wx" + secrets.token_hex(8)
    if made.keys() - known.keys():
        path.write_text(json.dumps(made | known))
        path.chmod(0o600)
    return made | known


def environment(folder: Path, database_url: str, redis_url: str, *, usual_ports: bool = True) -> dict[str, str]:
    """The settings of service and city, with ports that are free now: the usual ones, or any.

    Between this look and the start of the processes some seconds pass, in which another city that is starting may
    take the same usual ports; several web servers may even share one. Cities that start side by side take any ports.
    """
    make_keys(folder / "keys.json")
    ports = {name: str(port_for(name) if usual_ports else free_port()) for name in PREFERRED_PORTS}
    web = f"http://{HOST}:{ports['WEB']}"
    known = secrets_of(folder)
    return {
        **os.environ,
        **known,
        **{f"{name}_PORT": port for name, port in ports.items()},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SUNROLL_KEYS_FILE": str(folder / "keys.json"),
        "SUNROLL_UPLOADS": str(folder / "uploads"),
        "SUNROLL_PUBLIC_URL": web,
        "SUNROLL_PUSH_URL": f"http://{HOST}:{ports['PUSH']}",
        "SUNROLL_REHEARSAL": "1",
        "WECHAT_API_URL": f"http://{HOST}:{ports['WECHAT']}",
        "SMS_URL": f"http://{HOST}:{ports['SMS']}",
        "EXCHANGE_URL": f"http://{HOST}:{ports['EXCHANGE']}",
        "EXCHANGE_CLIENT": "sunroll",
        "PORTAL_URL": f"http://{HOST}:{ports['PORTAL']}",
        "PORTAL_APP_ID": "sunroll",
        "PHONE_PAGE": f"{web}/phone/",
        "EXCHANGE_LINES": str(ROOT / "rehearsal" / "departments.toml"),
        "EXCHANGE_DROP": str(folder / "drop"),
        "CALLBACK_URL": f"http://{HOST}:{ports['BOTS']}/wechat",
        "SMS_RECEIPT_URL": f"{web}/gateways/sms/{known['SMS_RECEIPT_PATH']}",
        "SMS_INBOUND_URL": f"http://{HOST}:{ports['BOTS']}/sms/{known['SMS_RECEIPT_PATH']}",
        "CITY": str(folder / "city"),
        "FAULTS": str(folder / "faults.json"),
        "CLOCK_URL": f"{web}/alive",
    }


@contextmanager
def services(folder: Path, *, usual_ports: bool = True) -> Iterator[dict[str, str]]:
    """Database and bell: those that DATABASE_URL and REDIS_URL name, else embedded ones with their data in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        database_url = os.environ.get("DATABASE_URL") or database(
            opened.enter_context(postgresql(folder / "postgresql")), "sunroll"
        )
        redis_url = os.environ.get("REDIS_URL") or opened.enter_context(valkey(folder / "valkey"))
        yield environment(folder, database_url, redis_url, usual_ports=usual_ports)


@contextmanager
def processes(procfile: Path, environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Every process of a Procfile under honcho, its output in `log`; ended with all its children."""
    command = [sys.executable, "-m", "honcho", "--no-colour", "-f", str(procfile), "-d", str(ROOT), "start"]
    with log.open("ab") as out:
        started = subprocess.Popen(command, env=environ, stdout=out, stderr=out, start_new_session=True)
    try:
        yield started
    finally:
        _end(started)


def _end(started: subprocess.Popen[bytes]) -> None:
    if started.poll() is None:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def wait_for(address: str, log: Path, started: subprocess.Popen[bytes]) -> None:
    """Return once `address` answers with success. Raises NotStarted with the end of the log."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and started.poll() is None:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
    raise NotStarted(f"{address} does not answer; {log} ends with:\n{tail}")


def sunroll(environ: dict[str, str], *arguments: str) -> None:
    """Run one of our own commands in that environment; its failure is ours."""
    subprocess.run([sys.executable, "-m", "sunroll", *arguments], env=environ, cwd=ROOT, check=True)


@contextmanager
def running(folder: Path, families: int, seed: str, banners: str, *, usual_ports: bool = True) -> Iterator[Stack]:
    """The whole service on a simulated city in `folder`, migrated, started and answering."""
    with services(folder, usual_ports=usual_ports) as environ:
        sunroll(environ, "migrate")
        city = folder / "city"
        if not (city / "city.json").exists():
            arguments = ["--seed", seed, "--families", str(families), "--folder", str(city), "--banners", banners]
            subprocess.run(
                [sys.executable, "-m", "rehearsal.population", *arguments], cwd=ROOT, check=True, env=environ
            )
        logs = folder / "logs"
        logs.mkdir(exist_ok=True)
        with (
            processes(ROOT / "rehearsal" / "Procfile", environ, logs / "city.log") as of_city,
            processes(ROOT / "Procfile", environ, logs / "service.log") as of_service,
        ):
            stack = Stack(environ, folder)
            for name in ("EXCHANGE", "SMS", "WECHAT", "PORTAL", "HOME"):
                wait_for(f"{stack.address(name)}/health", logs / "city.log", of_city)
            wait_for(f"{stack.address('WEB')}/ready", logs / "service.log", of_service)
            wait_for(f"{stack.address('BOTS')}/alive", logs / "service.log", of_service)
            wait_for(f"{stack.address('PUSH')}/alive", logs / "service.log", of_service)
            yield stack
