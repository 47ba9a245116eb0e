"""A stolen database shows no name, number, phone or address of a family that has registered (promises P11)."""

import base64
import json
from datetime import date, timedelta
from typing import Any

import pytest

from backend.foundation.database import Rows, db
from tests.journey_builders import STARTS, Season
from tests.journey_city import Family, family
from tests.policy_builders import SHEETS

pytestmark = pytest.mark.usefixtures("moving_clock")
NORTH = "150603001001"


def everything_stored() -> str:
    """Every row of every table as text, bytes in hex as PostgreSQL writes them."""
    parts = []
    for table in Rows.metadata.sorted_tables:
        query = f'SELECT t::text FROM "{table.name}" t'  # noqa: S608  # the names are our own tables'
        rows = db.session.execute(db.text(query)).scalars()
        parts += [f"{table.name}: {row}" for row in rows]
    return "\n".join(parts)


def forms_of(canary: str) -> list[str]:
    """How a leak would look: plain, escaped in JSON, base64, hex of UTF-8 and of UTF-16."""
    data = canary.encode()
    return [
        canary,
        json.dumps(canary)[1:-1],
        base64.b64encode(data).decode()[:-4],
        data.hex(),
        canary.encode("utf-16-le").hex(),
    ]


def canaries(one: Family) -> list[str]:
    told = [one.child, one.guardian, one.child_id, one.guardian_id, one.phone, one.form["address"]]
    return [*told, one.form["home"]["certificate"]]


def test_nothing_that_names_a_family_is_stored_in_clear(app: Any) -> None:
    season = Season(app, "150603", "kangbashi-2020", "康巴什区")
    season.publish(SHEETS, STARTS, STARTS + timedelta(days=9, hours=10))
    one = season.apply(family(NORTH, date(2019, 10, 2)))
    stored = everything_stored()
    assert one.receipt in stored
    leaks = {
        (canary, line.split(":")[0])
        for canary in canaries(one)
        for form in forms_of(canary)
        for line in stored.splitlines()
        if form in line
    }
    assert leaks == set()


def test_a_column_in_clear_would_be_noticed(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with sealing taken away the same look finds the child's name."""
    monkeypatch.setattr("backend.foundation.crypto.SoftwareCrypto.encrypt", lambda self, key, plain, place: plain)
    monkeypatch.setattr("backend.foundation.crypto.SoftwareCrypto.decrypt", lambda self, key, sealed, place: sealed)
    season = Season(app, "150603", "kangbashi-2020", "康巴什区")
    season.publish(SHEETS, STARTS, STARTS + timedelta(days=9, hours=10))
    one = season.apply(family(NORTH, date(2019, 10, 2)))
    stored = everything_stored()
    assert any(form in stored for form in forms_of(one.child))
