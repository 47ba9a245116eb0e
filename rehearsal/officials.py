"""The officials of a simulated city: who they are, what they may do, and their one-time passwords (no real person)."""

import base64
import fcntl
import hashlib
import hmac
import json
import secrets
import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CITY = "1506"
STEP_SECONDS = 30
DEPARTMENTS = {"soldier": "退役军人事务局", "rescue": "消防救援大队", "police": "公安局", "talent": "人才工作部门"}
"""Group that law prefers → the department that approves it (B13 to B15)."""


def _person(login: str, name: str, *roles: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "login": login,
        "name": name,
        "password": fresh_password(),
        "totp": base64.b32encode(secrets.token_bytes(20)).decode(),
        "roles": [{"role": role, "scope_kind": kind, "scope_id": scope} for role, kind, scope in roles],
    }


def make_officials(folder: Path, banners: Sequence[str], schools: Sequence[str]) -> list[dict[str, Any]]:
    """The officials, written to `folder`/officials.json once: two a banner and one for each group that law prefers, one a school, the city's, the exam office's, 三员."""
    path = folder / "officials.json"
    if path.exists():
        return read_officials(path)
    people = [
        _person("city", "演练市教体局", ("city-admissions", "city", CITY), ("auditor", "city", CITY)),
        _person("exam-a", "演练考试中心甲", ("exam-office", "city", CITY)),
        _person("exam-b", "演练考试中心乙", ("exam-office", "city", CITY)),
        _person("system", "演练系统管理员", ("system-administrator", "city", CITY)),
        _person("security", "演练安全管理员", ("security-administrator", "city", CITY)),
        _person("audit", "演练审计管理员", ("audit-administrator", "city", CITY)),
    ]
    for banner in banners:
        people += [
            _person(f"banner-{banner}-{letter}", f"演练招生办{word}", ("banner-admissions", "banner", banner))
            for letter, word in (("a", "甲"), ("b", "乙"))
        ]
    for banner in banners:
        people += [
            _person(f"department-{banner}-{group}", f"演练{word}", ("department", "department", f"{banner}/{group}"))
            for group, word in DEPARTMENTS.items()
        ]
    people += [
        _person(f"school-{school}", f"演练学校 {school}", ("school-admissions", "school", school)) for school in schools
    ]
    _write(path, people)
    return read_officials(path)


def read_officials(path: Path) -> list[dict[str, Any]]:
    """The officials of an officials.json, each with the `file` in which a changed password is to be kept."""
    return [each | {"file": str(path)} for each in json.loads(path.read_text(encoding="utf-8"))]


def fresh_password() -> str:
    """A new password by the service's rules, drawn at random."""
    return f"Ye-{secrets.token_urlsafe(12)}-7"


def present_password(official: Mapping[str, Any]) -> str:
    """The official's password as the file has it now: it may have been changed since the file was read."""
    told = read_officials(Path(official["file"]))
    return str(next(each["password"] for each in told if each["login"] == official["login"]))


def keep_password(official: Mapping[str, Any], password: str) -> None:
    """Write the official's changed password into the file; of several processes each writes alone."""
    path = Path(official["file"])
    with path.with_suffix(".lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        people = json.loads(path.read_text(encoding="utf-8"))
        for each in people:
            if each["login"] == official["login"]:
                each["password"] = password
        _write(path, people)


def _write(path: Path, people: Sequence[Mapping[str, Any]]) -> None:
    """The file is whole at every moment, and its owner's only."""
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(path)


def one_time_password(secret: str, at: float) -> str:
    """The six digits of RFC 6238 (SHA-1, 30 seconds) for the base-32 secret at a time in seconds since 1970."""
    counter = struct.pack(">Q", int(at) // STEP_SECONDS)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def machine_time() -> float:
    """The machine's own time in seconds since 1970."""
    return time.time()
