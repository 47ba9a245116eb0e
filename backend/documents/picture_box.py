"""The worker's side of the sandbox: hands one picture over, waits for the answer, starts the sandbox when it is away."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import backend
from backend.documents.rules.plain_jpeg import is_plain_jpeg

ANSWER_WITHIN = 20.0
"""Seconds by the wall. A child ends itself after five seconds of processor time, so that only a busy machine takes longer."""
START_WITHIN = 30.0
ONE_PICTURE = b"1"
TAKEN = b"+"
LONGEST_ANSWER = 16 * 1024 * 1024


class SandboxAway(Exception):
    """The sandbox did not take the picture: says nothing about the picture, which is looked at again later."""


@dataclass(frozen=True)
class Look:
    """What the sandbox answered: a clean JPEG with its verdict, or the code why the file is no picture of ours."""

    refused: str | None
    clean: bytes
    reasons: tuple[str, ...] = ()
    figures: dict[str, int] | None = None
    width: int = 0
    height: int = 0


class PictureBox:
    """A sandbox process kept warm. It forks for every picture, so nothing of one family's meets another's."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def look_at(self, data: bytes) -> Look:
        """The picture made anew and judged. Raises SandboxAway where the sandbox cannot be reached."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            _wait_until_taken(ours)
            ours.settimeout(ANSWER_WITHIN)
            try:
                answer = _exchange(ours, data)
            except TimeoutError as busy:
                raise SandboxAway from busy
        return _read(answer)

    def _hand_over(self, line: socket.socket) -> None:
        with self._lock:
            for _ in range(2):
                control = self._running()
                try:
                    socket.send_fds(control, [ONE_PICTURE], [line.fileno()])
                except OSError:
                    self._end()
                else:
                    return
        raise SandboxAway

    def _running(self) -> socket.socket:
        if (
            self._control is None
            or self._owner != os.getpid()
            or self._process is None
            or self._process.poll() is not None
        ):
            self._start()
        if self._control is None:
            raise SandboxAway
        return self._control

    def _start(self) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "backend.documents.sandbox", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(backend.__file__).parent.parent,
            env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        ours.settimeout(START_WITHIN)
        self._control, self._owner = ours, os.getpid()

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.wait(timeout=5)
        self._control, self._process = None, None

    def close(self) -> None:
        """End the sandbox; the next picture starts another."""
        with self._lock:
            self._end()


def _wait_until_taken(line: socket.socket) -> None:
    """The child says that it is there before it is given anything; one that never does says nothing about a picture."""
    line.settimeout(START_WITHIN)
    try:
        word = line.recv(1)
    except OSError as error:
        raise SandboxAway from error
    if word != TAKEN:
        raise SandboxAway


def _exchange(line: socket.socket, data: bytes) -> bytes:
    """All that comes back for `data`, cut where it is longer than any picture; a child that died said less."""
    answer = bytearray()
    with suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        while len(answer) < LONGEST_ANSWER and (piece := line.recv(1 << 18)):
            answer += piece
    return bytes(answer)


def _read(answer: bytes) -> Look:
    """The answer as a value. A child that died answers nothing: its file is no picture. What it says is not trusted."""
    head, _, clean = answer.partition(b"\n")
    try:
        told: dict[str, Any] = json.loads(head)
        if "refused" in told:
            return Look(str(told["refused"]), b"")
        figures = {str(name): int(value) for name, value in told["figures"].items()}
        reasons = tuple(str(reason) for reason in told["reasons"])
        look = Look(None, clean, reasons, figures, int(told["width"]), int(told["height"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Look("picture-unreadable", b"")
    return look if is_plain_jpeg(clean, look.width, look.height) else Look("picture-unreadable", b"")


_box = PictureBox()
atexit.register(_box.close)


def picture_box() -> PictureBox:
    """The box of this process."""
    return _box
