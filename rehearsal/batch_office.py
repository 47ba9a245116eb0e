"""A department that is asked by files: picks up what is dropped, answers by its registers as CSV or Excel, errs on command.

Files are sealed as the service seals them: SRB1, nonce, AES-256-GCM with the name bound in, a key a department.
`wrong_files` of the weather names what is wrong with the next answers of a department, one word a file:
other-batch, cut, header, nobody, strange-key, twice.
"""

import asyncio
import csv
import io
import json
import logging
import os
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import xlsxwriter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rehearsal.departments import BadKeys, Record
from rehearsal.faults import Weather
from rehearsal.loopback import Site

Ask = Callable[[Mapping[str, Any]], Record | None]
MARK, NONCE, KEY = b"SRB1", 12, 32
LOOK_EVERY_S = 0.5
HEAD = ("batch", "question", "found", "source", "as_of")
CONTEXT = ("batch", "question", "purpose", "basis", "consented_at", "operator")
LISTED = ("id_numbers",)
IN_EXCEL = ("market",)
"""Departments whose clerk answers with a workbook."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "market/business": ("credit_code", "name", "address", "founded_on", "state"),
    "market/company": ("credit_code", "name", "address", "founded_on", "state"),
    "welfare/birth": ("birth_certificate", "born_on", "parents"),
    "welfare/status": ("kinds", "valid_until"),
}

log = logging.getLogger("rehearsal")


class BatchOffice:
    """The clerk of every department that has a folder in `drop`."""

    def __init__(
        self, drop: Path, key: str, answers: Mapping[tuple[str, str], tuple[str, Ask]], weather: Weather
    ) -> None:
        self.drop, self._key, self._answers, self._weather = drop, key.encode(), answers, weather
        self._done: set[str] = set()
        self._erred: dict[str, int] = {}
        self._working: asyncio.Task[None] | None = None

    def work_beside(self, site: Site, figures: MutableMapping[str, Any]) -> None:
        """Look into the folders as long as the site runs; questions are counted with the others."""

        async def begin() -> None:
            self._working = asyncio.create_task(self._keep_looking(figures))

        site.at_start.append(begin)

    async def _keep_looking(self, figures: MutableMapping[str, Any]) -> None:
        while True:
            try:
                self.look(figures)
            except (OSError, ValueError, KeyError, InvalidTag) as error:
                log.warning("a batch file could not be answered: %s: %s", type(error).__name__, error)
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self, figures: MutableMapping[str, Any] | None = None) -> int:
        """Answer every file that waits, of departments that are not out of service; how many."""
        answered = 0
        for path in sorted(self.drop.glob("*/out/*.csv")):
            department = path.parent.parent.name
            stamp = f"{path}/{path.stat().st_mtime_ns}"
            if stamp in self._done or self._weather.is_out(department):
                continue
            self._done.add(stamp)
            self._answer(department, path, figures)
            answered += 1
        return answered

    def _answer(self, department: str, path: Path, figures: MutableMapping[str, Any] | None) -> None:
        batch = path.name
        item = batch.removeprefix(f"{department}-").split(".")[0].rsplit("-", 1)[0]
        table = list(csv.reader(io.StringIO(self.opened(department, batch, path.read_bytes()).decode(), newline="")))
        keys = table[0][len(CONTEXT) :]
        source, ask = self._answers[department, item]
        columns = COLUMNS[f"{department}/{item}"]
        rows = [[*HEAD, *columns]]
        for row in table[1:]:
            told = {
                name: cell.split("、") if name in LISTED else cell
                for name, cell in zip(keys, row[len(CONTEXT) :], strict=True)
            }
            rows.append(self._row(row, ask, told, source, columns))
        if figures is not None:
            of_item = figures[f"{department}/{item}"]
            of_item.asked += len(rows) - 1
            of_item.found += sum(row[2] == "是" for row in rows[1:])
            of_item.not_found += sum(row[2] == "否" for row in rows[1:])
        fault = self._next_fault(department)
        suffix = ".xlsx" if department in IN_EXCEL else ".csv"
        name = f"{batch.removesuffix('.csv')}.{len(self._done):04d}{suffix}"
        data = _table(spoilt(rows, fault), suffix)
        self._drop(department, name, data, b"somebody else's key" if fault == "strange-key" else self._key)

    def _row(
        self, row: list[str], ask: Ask, told: Mapping[str, Any], source: str, columns: tuple[str, ...]
    ) -> list[str]:
        try:
            record = ask(told)
        except BadKeys:
            record = None
        as_of = self._weather.now_at().isoformat(timespec="seconds")
        cells = [_cell((record or {}).get(name)) for name in columns]
        return [row[0], row[1], "否" if record is None else "是", source, as_of, *cells]

    def _next_fault(self, department: str) -> str:
        faults = self._weather.faults.wrong_files.get(department, [])
        number = self._erred.get(department, 0)
        self._erred[department] = number + 1
        return faults[number] if number < len(faults) else ""

    def _drop(self, department: str, name: str, data: bytes, key: bytes) -> None:
        folder = self.drop / department / "in"
        folder.mkdir(parents=True, exist_ok=True)
        nonce = os.urandom(NONCE)
        sealed = MARK + nonce + AESGCM(_key_of(key, department)).encrypt(nonce, data, name.encode())
        unfinished = folder / f"{name}.part"
        unfinished.write_bytes(sealed)
        unfinished.rename(folder / name)

    def opened(self, department: str, name: str, data: bytes) -> bytes:
        """The table in a sealed file."""
        head = len(MARK) + NONCE
        return AESGCM(_key_of(self._key, department)).decrypt(data[len(MARK) : head], data[head:], name.encode())


def spoilt(rows: list[list[str]], fault: str) -> list[list[str]]:
    """The table as a clerk spoils it."""
    head, body = rows[0], rows[1:]
    if fault == "other-batch":
        return [head, *([f"{row[0]}.of-yesterday", *row[1:]] for row in body)]
    if fault == "cut":
        return [head, *body[: len(body) // 2]]
    if fault == "header":
        return [[*head[:-1], "备注"], *body]
    if fault == "nobody":
        return [head, *([*row[:2], "否", *row[3:5], *([""] * (len(row) - len(HEAD)))] for row in body)]
    return [*rows, *body[:1]] if fault == "twice" else rows


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        is_people = all(isinstance(each, str) for each in value)
        return "、".join(value) if is_people else json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _table(rows: list[list[str]], suffix: str) -> bytes:
    if suffix == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("结果")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return out.getvalue()


def _key_of(key: bytes, department: str) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=f"batch files/{department}".encode()).derive(key)
