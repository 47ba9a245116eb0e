"""The database from a wheel: where root has nobody to run it as, the start says so instead of stumbling."""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from sunroll.embedded import NobodyToRunPostgresql, postgresql


def no_such_user(name: str) -> pwd.struct_passwd:
    raise KeyError(name)


def test_root_without_a_user_for_postgresql_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pwd, "getpwnam", no_such_user)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(NobodyToRunPostgresql, match="no `useradd` on the PATH"), postgresql(tmp_path / "data"):
        pass
    assert not (tmp_path / "data").exists()
