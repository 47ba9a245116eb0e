"""`sunroll chat`: talk to the running service in the terminal, as somebody with WeChat, over the real encrypted callbacks.

The simulated platform of `sunroll run` encrypts and signs what is typed, calls the webhook, and shows what comes back.
"""

import time
from pathlib import Path
from typing import Any

import click
import requests

HELP = "直接打字；/photo 文件 发照片；/sample 名称 发样张；/click 键 点菜单；/scan 码 扫码；/quit 结束"
QUIET_S = 1.2
ANSWERED_WITHIN_S = 8.0


class Phone:
    """One person's chat on the simulated platform."""

    def __init__(self, platform: str, openid: str) -> None:
        self._address = f"{platform}/chat/{openid}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._seen = 0

    def do(self, line: str) -> bool:
        """Send what was typed; False for the end."""
        command, _, rest = line.partition(" ")
        if command == "/quit":
            return False
        if command == "/photo":
            self._post("picture", data=Path(rest).read_bytes(), headers={"Content-Type": "image/jpeg"})
        elif command == "/sample":
            self._post("picture", params={"sample": rest})
        elif command in {"/click", "/scan"}:
            self._post(command[1:], json={"key": rest})
        elif line:
            self._post("text", json={"text": line})
        return True

    def _post(self, what: str, **content: Any) -> None:
        answer = self._session.post(f"{self._address}/{what}", timeout=30, **content)
        if not answer.ok:
            raise click.ClickException(answer.text)

    def hear(self) -> list[str]:
        """What the account said since the last time, once it falls quiet."""
        began, heard, last = time.monotonic(), [], time.monotonic()
        while time.monotonic() - began < ANSWERED_WITHIN_S:
            found = self._session.get(f"{self._address}/messages", params={"after": self._seen}, timeout=30).json()
            for item in found["items"]:
                self._seen = max(self._seen, item["no"])
                if item["from"] != "me":
                    heard.append(str(item.get("text") or item.get("title") or f"〔{item['kind']}〕"))
                    last = time.monotonic()
            if heard and time.monotonic() - last > QUIET_S:
                break
            time.sleep(0.2)
        return heard


@click.command()
@click.option("--platform", default="http://127.0.0.1:8100", show_default=True, help="the simulated WeChat platform")
@click.option("--openid", default="", help="who talks: a sample family's openid; somebody new where none is given")
@click.option("--name", default="终端里的家长", show_default=True, help="the name of somebody new")
def command(platform: str, openid: str, name: str) -> None:
    """Talk to the official account; start the service with `sunroll run` first."""
    try:
        if not openid:
            openid = requests.post(f"{platform}/chat/people", json={"name": name}, timeout=10).json()["openid"]
        phone = Phone(platform.rstrip("/"), openid)
        click.echo(HELP)
        _show(phone)
        while phone.do(click.prompt("我", prompt_suffix="： ", default="", show_default=False).strip()):
            _show(phone)
    except requests.ConnectionError as error:
        raise click.ClickException(f"{platform} does not answer; start it with `sunroll run`") from error
    except (click.Abort, EOFError):
        click.echo()


def _show(phone: Phone) -> None:
    for text in phone.hear():
        click.echo(click.style("阳光入学： ", fg="green") + text.replace("\n", "\n          "))
