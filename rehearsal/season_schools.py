"""Schools at the end of a rehearsed season: the admitted list, classes with one press, records as a file; and the public."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import requests

from rehearsal.ceremony import hold_ceremony
from rehearsal.office import Office, OfficeRefused
from rehearsal.season_desk import finished, wait_until, witnesses

CLASS_SIZE = {"kindergarten": 30, "primary": 45, "junior": 50}
TIMEOUT = (5, 60)
TIP = "演练:有人说花钱可以换学校,请核实。"


def admits(service: str, school: str) -> bool:
    """Whether anybody holds a place of a public school, as its public page says."""
    answer = requests.get(f"{service}/api/schools/{school}/results", timeout=TIMEOUT)
    return answer.ok and bool(answer.json()["admitted"])


def form_classes(office: Office, school: str, stage: str, seed: str) -> dict[str, Any]:
    """The school's part: {admitted, confirmed, classes}: its list, its classes formed in a ceremony, published and recorded."""
    admitted = office.post(f"/desk/schools/{school}/admitted")["items"]
    confirmed = sum(child["state"] == "confirmed" for child in admitted)
    told: dict[str, Any] = {"school": school, "admitted": len(admitted), "confirmed": confirmed, "classes": []}
    if not confirmed:
        return told
    run = _planned(office, school, {"classes": -(-confirmed // CLASS_SIZE[stage])})
    if run["state"] == "frozen":
        hold_ceremony(office, run, witnesses(f"{seed}/{school}"))
    finished(office, run)
    wait_until(f"the records of {school}", lambda: len(records(office, school)) >= confirmed)
    lists = office.get(f"/desk/schools/{school}/classes")["classes"]
    return told | {"classes": sorted(Counter(member["class"] for member in lists).values())}


def _planned(office: Office, school: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The run of the school's plan, or the one that was published before a rehearsal was stopped."""
    try:
        return office.post(f"/desk/schools/{school}/plan", body)  # type: ignore[no-any-return]
    except OfficeRefused as refused:
        if refused.code not in {"already-published", "run-under-way"}:
            raise
    return office.get(f"/desk/schools/{school}/classes")["run"]  # type: ignore[no-any-return]


def confirm_families(office: Office, school: str, families: Collection[str]) -> int:
    """The capital's way: the school has seen the papers of these applications and confirms them; how many."""
    waiting = [
        child["application"]
        for child in office.post(f"/desk/schools/{school}/admitted")["items"]
        if child["state"] == "offered" and child["application"] in families
    ]
    for application in waiting:
        office.post(f"/desk/schools/{school}/confirmations/{application}")
    return len(waiting)


def records(office: Office, school: str) -> list[dict[str, str]]:
    """The rows of the school's records as they are exported."""
    data: bytes = office.post(f"/desk/schools/{school}/records?format=csv")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def export(office: Office, school: str) -> dict[str, Any]:
    """The exported files of a school, kept only as their hash and number of rows."""
    data: bytes = office.post(f"/desk/schools/{school}/records?format=xlsx")
    return {"rows": len(records(office, school)), "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def public_result(service: str, school: str, secret: Collection[str]) -> dict[str, Any] | None:
    """What anybody sees of a school: seats, rows, and how many of the `secret` texts stand on its page (none may)."""
    seen = seen_by_anybody(service, f"/api/schools/{school}/results", f"/public/schools/{school}", secret)
    if seen is None:
        return None
    told, leaks = seen
    return {
        "name": told["name"],
        "seats": told["plan"],
        "placed": len(told["rows"]),
        "holding": told["admitted"],
        "receipts": [row["no"] for row in told["rows"]],
        "input_sha256": told["input_sha256"],
        "leaks": leaks,
    }


def seen_by_anybody(service: str, data: str, page: str, secret: Collection[str]) -> tuple[dict[str, Any], int] | None:
    """(the data, how many of the `secret` texts stand in them or on their page); None where nothing is published."""
    answer = requests.get(service + data, timeout=TIMEOUT)
    if answer.status_code == requests.codes.not_found:
        return None
    answer.raise_for_status()
    shown = requests.get(service + page, timeout=TIMEOUT)
    shown.raise_for_status()
    return answer.json(), sum(text in answer.text + shown.text for text in secret)


def tip_off(service: str, banner: str, key: str) -> dict[str, Any]:
    """File a tip-off as anybody, then follow it by its receipt; the state it is in."""
    headers = {"Idempotency-Key": key}
    filed = requests.post(
        f"{service}/api/tipoffs", json={"text": TIP, "banner": banner}, headers=headers, timeout=TIMEOUT
    )
    filed.raise_for_status()
    receipt = filed.json()["receipt"]
    followed: Mapping[str, Any] = requests.get(f"{service}/api/tipoffs/{receipt}", timeout=TIMEOUT).json()
    return {"receipt": receipt, "state": followed["state"]}
