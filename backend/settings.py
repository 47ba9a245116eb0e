"""What the service is told from outside, read once from the environment; a missing or weak value stops the start."""

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

SECRET_LENGTH = 32
PAGES_AT_ONCE = 32
AES_KEY_LENGTH = 43


class SettingsRefused(Exception):
    """The environment is not fit to start with; the message lists every fault, one a line."""


@dataclass(frozen=True)
class WeChatSettings:
    """The official account: encrypted mode only, so all four secrets are needed."""

    app_id: str
    app_secret: str
    token: str
    aes_key: str
    api_url: str
    notice_template: str = "sunroll-notice-v1"
    subscription_template: str = "sunroll-subscription-v1"


@dataclass(frozen=True)
class NoticeSettings:
    """How notices go out: the file of SMS contracts (None: the one signed gateway), and the hours [from, to) by
    Beijing's clock in which nobody is woken (None: a rehearsal, whose clock is moved).
    """

    sms_contracts: Path | None = None
    quiet_hours: tuple[int, int] | None = None


@dataclass(frozen=True)
class GatewaySettings:
    """Addresses and keys of what we do not own: SMS and the departments' exchange.

    `exchange_lines` names the table of departments (TOML; None: all by signed HTTP), `exchange_drop` the folder of
    batch files (None: beside the uploads).
    """

    sms_url: str
    sms_key: str
    sms_receipt_path: str
    exchange_url: str
    exchange_client: str
    exchange_key: str
    exchange_lines: Path | None = None
    exchange_drop: Path | None = None


@dataclass(frozen=True)
class Keys:
    """Key-encryption key, blind-index key and token key, each 32 bytes; read from a file only its owner can read."""

    encryption: bytes
    blind_index: bytes
    tokens: bytes


@dataclass(frozen=True)
class PortalSettings:
    """The public-service app (B06, 蒙速办) that opens the phone page and hands its people over."""

    url: str
    app_id: str
    key: str


@dataclass(frozen=True)
class Settings:
    """Everything the service is told from outside."""

    database_url: str
    redis_url: str
    keys: Keys
    uploads: Path
    board: Path
    public_url: str
    push_url: str
    rehearsal: bool
    trusted_proxy: bool
    reads_papers: bool
    pages_at_once: int
    wechat: WeChatSettings
    gateways: GatewaySettings
    notices: NoticeSettings = NoticeSettings()
    portal: PortalSettings | None = None


class _Reader:
    """Reads values and collects what is wrong, so that one start tells all faults."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, pattern: str = r".+") -> str:
        value = self.environ.get(name, "")
        if not re.fullmatch(pattern, value):
            self.faults.append(f"{name}: {'is missing' if not value else f'must match {pattern}'}")
        return value

    def secret(self, name: str) -> str:
        value = self.environ.get(name, "")
        if len(value) < SECRET_LENGTH:
            self.faults.append(f"{name}: needs at least {SECRET_LENGTH} characters")
        return value

    def flag(self, name: str) -> bool:
        value = self.environ.get(name, "0")
        if value not in {"0", "1"}:
            self.faults.append(f"{name}: must be 0 or 1")
        return value == "1"

    def number(self, name: str, otherwise: int) -> int:
        value = self.environ.get(name) or str(otherwise)
        if not re.fullmatch(r"[1-9]\d{0,2}", value):
            self.faults.append(f"{name}: must be a number from 1 to 999")
            return otherwise
        return int(value)

    def file(self, name: str) -> Path | None:
        """The file that may be named, None where none is."""
        value = self.environ.get(name)
        if value and not Path(value).is_file():
            self.faults.append(f"{name}: names no file")
        return Path(value) if value else None

    def hours(self, name: str, otherwise: str) -> tuple[int, int] | None:
        value = self.environ.get(name, otherwise)
        found = re.fullmatch(r"([01]?\d|2[0-3])-([01]?\d|2[0-3])", value)
        if value and not found:
            self.faults.append(f"{name}: must be two hours such as 22-7, or empty")
        return (int(found.group(1)), int(found.group(2))) if found else None

    def keys(self, name: str) -> Keys:
        path = Path(self.environ.get(name, ""))
        nothing = Keys(b"", b"", b"")
        if not path.is_file():
            self.faults.append(f"{name}: names no file; make one with `sunroll keys FILE`")
            return nothing
        if path.stat().st_mode & 0o077:
            self.faults.append(f"{name}: {path} can be read by others; chmod 600 it")
        try:
            parts = {part: bytes.fromhex(text) for part, text in json.loads(path.read_text()).items()}
            keys = Keys(parts["encryption"], parts["blind_index"], parts["tokens"])
        except (ValueError, KeyError, TypeError, AttributeError):
            self.faults.append(f"{name}: {path} is no key file (encryption, blind_index, tokens in hex)")
            return nothing
        if {len(key) for key in (keys.encryption, keys.blind_index, keys.tokens)} != {SECRET_LENGTH}:
            self.faults.append(f"{name}: each key in {path} has {SECRET_LENGTH} bytes")
        return keys


def _portal(read: _Reader, address: str) -> PortalSettings | None:
    if not read.environ.get("PORTAL_URL"):
        return None
    return PortalSettings(read.text("PORTAL_URL", address), read.text("PORTAL_APP_ID"), read.secret("PORTAL_KEY"))


def _gateways(read: _Reader, address: str) -> GatewaySettings:
    drop = read.environ.get("EXCHANGE_DROP")
    return GatewaySettings(
        sms_url=read.text("SMS_URL", address),
        sms_key=read.secret("SMS_KEY"),
        sms_receipt_path=read.secret("SMS_RECEIPT_PATH"),
        exchange_url=read.text("EXCHANGE_URL", address),
        exchange_client=read.text("EXCHANGE_CLIENT"),
        exchange_key=read.secret("EXCHANGE_KEY"),
        exchange_lines=read.file("EXCHANGE_LINES"),
        exchange_drop=Path(drop) if drop else None,
    )


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings from `environ`. Raises SettingsRefused with every fault at once."""
    read = _Reader(environ)
    address = r"https?://[^\s]+[^/\s]"
    settings = Settings(
        database_url=read.text("DATABASE_URL", r"postgresql(\+psycopg)?://.+"),
        redis_url=read.text("REDIS_URL", r"(redis|rediss|unix)://.+"),
        keys=read.keys("SUNROLL_KEYS_FILE"),
        uploads=Path(read.text("SUNROLL_UPLOADS")),
        board=Path(environ.get("SUNROLL_BOARD") or board_folder(environ.get("DATABASE_URL", ""))),
        public_url=read.text("SUNROLL_PUBLIC_URL", address),
        push_url=environ.get("SUNROLL_PUSH_URL") or environ.get("SUNROLL_PUBLIC_URL", ""),
        rehearsal=read.flag("SUNROLL_REHEARSAL"),
        trusted_proxy=read.flag("SUNROLL_TRUSTED_PROXY"),
        reads_papers=read.flag("SUNROLL_READS_PAPERS"),
        pages_at_once=read.number("SUNROLL_PAGES_AT_ONCE", PAGES_AT_ONCE),
        wechat=WeChatSettings(
            app_id=read.text("WECHAT_APP_ID"),
            app_secret=read.secret("WECHAT_APP_SECRET"),
            token=read.secret("WECHAT_TOKEN"),
            aes_key=read.text("WECHAT_AES_KEY", rf"[A-Za-z0-9+/]{{{AES_KEY_LENGTH}}}"),
            api_url=read.text("WECHAT_API_URL", address),
            notice_template=environ.get("WECHAT_NOTICE_TEMPLATE") or "sunroll-notice-v1",
            subscription_template=environ.get("WECHAT_SUBSCRIPTION_TEMPLATE") or "sunroll-subscription-v1",
        ),
        portal=_portal(read, address),
        gateways=_gateways(read, address),
    )
    quiet = read.hours("SUNROLL_QUIET_HOURS", "" if settings.rehearsal else "22-7")
    contracts = read.file("SMS_CONTRACTS_FILE")
    settings = replace(settings, notices=NoticeSettings(contracts, quiet))
    if read.faults:
        raise SettingsRefused("\n".join(read.faults))
    return settings


def board_folder(database_url: str) -> Path:
    """Where the live ranks of this record are shared by the processes of this host: in memory where there is such a folder."""
    memory = Path("/dev/shm")  # noqa: S108  # only our own user can open what is put there
    name = f"sunroll-{hashlib.sha256(database_url.encode()).hexdigest()[:16]}"
    return (memory if memory.is_dir() else Path(tempfile.gettempdir())) / name


def database_address(url: str) -> str:
    """The address as SQLAlchemy wants it: the psycopg 3 driver named."""
    return re.sub(r"^postgresql(\+psycopg)?://", "postgresql+psycopg://", url)
