"""A public draw in a rehearsal: witnesses commit, speak, and where one is asked for a public number is waited for."""

import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from backend.fairness.ceremony import witness_commitment
from rehearsal.office import Office, OfficeRefused

AHEAD = timedelta(seconds=4)
LOOK_S = 0.3
PRINTED = "03 07 11 18 25 31 + 09"
"""What the rehearsal's public number says; the real one is printed by somebody else."""


def hold_ceremony(
    office: Office,
    run: Mapping[str, Any],
    said: Mapping[str, str],
    *,
    with_number: bool = False,
    silent: Collection[str] = (),
) -> None:
    """Lead the run's ceremony from wherever a rehearsal was stopped to its seed; `said` are digits by witness.

    The `silent` witnesses commit and do not reveal: they stand in the seed by the fixed rule.
    """
    path = f"/desk/runs/{run['id']}/ceremony"
    told = _announced(office, run, said, with_number=with_number)
    if told["state"] == "announced":
        made = {name: witness_commitment(run["roster_root"], name, text) for name, text in said.items()}
        office.post(f"{path}/commitments", {"commitments": made})
        told = _closed(office, path)
    if told["state"] == "revealing":
        office.post(f"{path}/words", {"words": {name: text for name, text in said.items() if name not in silent}})
        told = office.post(f"{path}/words/closing")
    if told["state"] == "waiting":
        number = told["public_number"]
        while number and office.service_time() <= datetime.fromisoformat(number["appears_at"]):
            time.sleep(LOOK_S)
        office.post(f"{path}/conclusion", {"number": PRINTED if number else None})


def _announced(office: Office, run: Mapping[str, Any], said: Mapping[str, str], *, with_number: bool) -> dict[str, Any]:
    number = _number(office) if with_number else None
    names = [{"name": name, "office": "演练见证人"} for name in said]
    try:
        told = office.post(f"/desk/runs/{run['id']}/ceremony", {"witnesses": names, "number": number})
    except OfficeRefused as refused:
        if refused.code != "ceremony-exists":
            raise
        told = office.get(f"/ceremonies/{run['id']}")
    return dict(told)


def _closed(office: Office, path: str) -> dict[str, Any]:
    """The ceremony with its commitments closed; a number that was out too early gives way to a later one."""
    while True:
        try:
            return dict(office.post(f"{path}/commitments/closing"))
        except OfficeRefused as refused:
            if refused.code != "number-not-future":
                raise
            office.post(f"{path}/number", _number(office))


def _number(office: Office) -> dict[str, str]:
    appears_at = (office.service_time() + AHEAD).isoformat()
    return {"name": "演练公开数字", "source": "演练", "appears_at": appears_at, "fallback": "无公开数字"}
