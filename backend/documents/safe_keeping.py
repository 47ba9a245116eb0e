"""Where pictures lie: files sealed with the child's data key, whole or not there, nothing in clear on disk (D12)."""

import os
import uuid
from pathlib import Path
from typing import Literal

from flask import current_app

from backend.foundation.crypto import seal, unseal_bytes

Part = Literal["original", "clean"]


def keep(child_id: uuid.UUID, paper_id: uuid.UUID, part: Part, data: bytes) -> None:
    """Seal `data` and put it on disk durably: after this returned it survives a power cut, before it is not there.

    A second call for the same part replaces it whole.
    """
    path = _path(paper_id, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    sealed = seal(child_id, _place(paper_id, part), data)
    unfinished = path.with_suffix(f".{uuid.uuid4().hex}.part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def take_out(child_id: uuid.UUID, paper_id: uuid.UUID, part: Part) -> bytes:
    """The bytes that were kept. Raises OSError where there are none, SealBroken where they were changed."""
    return unseal_bytes(child_id, _place(paper_id, part), _path(paper_id, part).read_bytes())


def folder() -> Path:
    """The folder of all uploads."""
    uploads: Path = current_app.config["UPLOADS"]
    return uploads


def _path(paper_id: uuid.UUID, part: Part) -> Path:
    return folder() / part / paper_id.hex[:2] / f"{paper_id.hex}.sealed"


def _place(paper_id: uuid.UUID, part: Part) -> str:
    return f"paper.{part}.{paper_id}"


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
