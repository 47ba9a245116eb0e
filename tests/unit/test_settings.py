"""Settings that refuse: a missing or weak value stops the start and every fault is told at once."""

import json
from pathlib import Path

import pytest

from backend.settings import SettingsRefused, database_address, read_settings
from tests.conftest import environ_for_tests


def sound(folder: Path) -> dict[str, str]:
    keys = folder / "keys.json"
    keys.write_text(json.dumps(dict.fromkeys(("encryption", "blind_index", "tokens"), "ab" * 32)))
    keys.chmod(0o600)
    return environ_for_tests("postgresql://u@/d?host=/tmp", "redis://127.0.0.1:1/0", folder)


def test_sound_settings_are_read(tmp_path) -> None:
    settings = read_settings(sound(tmp_path))
    assert settings.rehearsal is True
    assert settings.keys.encryption == bytes.fromhex("ab" * 32)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        read_settings({})
    told = str(refused.value)
    assert all(name in told for name in ("DATABASE_URL", "REDIS_URL", "WECHAT_TOKEN", "SMS_KEY", "SUNROLL_KEYS_FILE"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///x"),
        ("WECHAT_TOKEN", "short"),
        ("WECHAT_AES_KEY", "a" * 42),
        ("SUNROLL_REHEARSAL", "yes"),
        ("SUNROLL_PAGES_AT_ONCE", "0"),
        ("SUNROLL_PAGES_AT_ONCE", "many"),
        ("SUNROLL_PUBLIC_URL", "sunroll.example/"),
    ],
)
def test_a_weak_value_is_refused_by_name(tmp_path, name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        read_settings({**sound(tmp_path), name: value})


def test_a_key_file_that_others_can_read_is_refused(tmp_path) -> None:
    environ = sound(tmp_path)
    (tmp_path / "keys.json").chmod(0o644)
    with pytest.raises(SettingsRefused, match="chmod 600"):
        read_settings(environ)


def test_a_short_key_is_refused(tmp_path) -> None:
    environ = sound(tmp_path)
    (tmp_path / "keys.json").write_text(json.dumps(dict.fromkeys(("encryption", "blind_index", "tokens"), "ab")))
    with pytest.raises(SettingsRefused, match="32 bytes"):
        read_settings(environ)


def test_the_driver_is_named_whatever_was_given() -> None:
    assert database_address("postgresql://h/d") == database_address("postgresql+psycopg://h/d")
