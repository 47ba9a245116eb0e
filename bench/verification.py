"""Children checked a minute with the simulated exchange at given latencies, beside its own limit; after an outage; pictures."""

import json
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select

from backend.app import create_app
from backend.enrolment.rows import Application
from backend.foundation.database import db
from backend.foundation.doors import Application as App
from backend.foundation.unit_of_work import unit_of_work
from backend.settings import read_settings
from backend.verification.rows import Case, Check
from jobs.run_tasks import drain
from rehearsal.departments import Registers
from rehearsal.exchange import Exchange
from rehearsal.faults import Weather, faults_from
from rehearsal.population import Spec, write_city
from rehearsal.serving import serving
from rehearsal.signatures import sign
from sunroll.embedded import database, make_keys, postgresql, valkey
from tests.conftest import environ_for_tests
from tests.enrolment_builders import KANGBASHI, form, open_banner
from tests.families_builders import registered

CHILDREN = 30
LATENCIES_MS = ((5, 60), (100, 300))
THREADS = (1, 3)
"""One thread, and as many as a worker of checks has (jobs/run_tasks.py)."""
OUTAGE_S = 20
CLIENT, KEY = "sunroll", "e" * 32


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    latency: str
    threads: int
    children_a_minute: float
    questions_a_second: float
    limit_a_second: float


def measure() -> str:
    """The tables: throughput against the exchange's own limit, recovery, pictures a second a core."""
    folder = Path(tempfile.mkdtemp(prefix="sunroll-bench-"))
    write_city(Spec("bench", 200), folder / "city")
    rows = []
    with postgresql(folder / "postgresql") as server, valkey(folder / "valkey") as bell:
        make_keys(folder / "keys.json")
        for number, (latency, threads) in enumerate((each, count) for each in LATENCIES_MS for count in THREADS):
            with _service(
                folder, database(server, f"bench{number}"), bell, {"latency_ms": {"*": list(latency)}}
            ) as site:
                rows.append(_throughput(site, latency, threads))
        with _service(folder, database(server, "outage"), bell, {"latency_ms": {"*": [5, 20]}}) as site:
            recovery = _recovery(site)
    return _text(rows, recovery)


@dataclass(frozen=True)
class Site:
    """A service on its own database, and the exchange beside it."""

    app: App
    address: str
    weather: Weather


@contextmanager
def _service(folder: Path, address: str, bell: str, faults: dict[str, Any]) -> Iterator[Site]:
    registers, weather = Registers(folder / "city"), Weather("exchange")
    weather.change(faults_from(faults))
    with serving(Exchange(registers, {CLIENT: KEY}, weather).site) as exchange:
        lines = folder / "lines.toml"
        lines.write_text(
            "".join(f"[{name}]\nrate = 5000\n" for name in ("police", "land", "labour", "market", "housing"))
        )
        environ = {**os.environ, **environ_for_tests(address, bell, folder)}
        environ |= {"EXCHANGE_URL": exchange, "EXCHANGE_LINES": str(lines), "SUNROLL_REHEARSAL": "0"}
        app = create_app(read_settings(environ))
        with app.app_context():
            db.create_all()
            with unit_of_work():
                open_banner()
        yield Site(app, exchange, weather)
        with app.app_context():
            db.engine.dispose()
    registers.close()


def _submit(site: Site, children: int) -> None:
    """Applications as the door would put them, without photographs: what is measured is the asking."""
    from backend.enrolment.draft_application import draft_application  # noqa: PLC0415  # after the app is assembled
    from backend.enrolment.save_form import save_form  # noqa: PLC0415
    from backend.enrolment.submit_application import submit_application  # noqa: PLC0415
    from backend.foundation import clock  # noqa: PLC0415
    from tests.enrolment_builders import attach_all_owed  # noqa: PLC0415

    with site.app.app_context():
        for _ in range(children):
            with unit_of_work():
                actor, child = registered(None)
                application = draft_application(actor, child.id, KANGBASHI, "primary", clock.now())
                save_form(actor, application.id, form())
                for paper in attach_all_owed(actor, application):
                    paper.state = "good"
                submit_application(actor, application.id, clock.now())


def _work(site: Site, threads: int) -> None:
    def run() -> None:
        with site.app.app_context():
            drain("checks")

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _throughput(site: Site, latency: tuple[int, int], threads: int) -> Row:
    _submit(site, CHILDREN)
    began = time.perf_counter()
    _work(site, threads)
    took = time.perf_counter() - began
    with site.app.app_context():
        asked = db.session.execute(select(func.count()).select_from(Check)).scalar_one()
    limit = _limit(site, asked, threads)
    name = f"{latency[0]}-{latency[1]} ms"
    return Row(name, threads, CHILDREN * 60 / took, asked / took, limit)


def _limit(site: Site, questions: int, threads: int) -> float:
    """Questions a second of bare signed posts from as many threads: what the exchange itself can answer."""

    def ask(count: int) -> None:
        session = requests.Session()
        token = _post(session, site.address, "/token", b"{}", "").json()["token"]
        body = json.dumps(
            {
                "request_id": "q",
                "purpose": "p",
                "basis": "b",
                "consented_at": "",
                "operator": "o",
                "keys": {"id_number": "1"},
            }
        ).encode()
        for _ in range(count):
            _post(session, site.address, "/query/police/population", body, token)

    each = max(1, questions // threads)
    workers = [threading.Thread(target=ask, args=(each,)) for _ in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return each * threads / (time.perf_counter() - began)


def _post(session: requests.Session, address: str, path: str, body: bytes, token: str) -> requests.Response:
    stamp, nonce = str(int(time.time() * 1000)), uuid.uuid4().hex
    signature = sign(KEY, CLIENT, stamp, nonce, path, body)
    headers = {
        "X-Client-Id": CLIENT,
        "X-Timestamp": stamp,
        "X-Nonce": nonce,
        "X-Signature": signature,
        "X-Token": token,
    }
    return session.post(address + path, data=body, headers=headers, timeout=30)


def _recovery(site: Site) -> dict[str, float]:
    """The police are out from the start: how soon after its return everything is answered, and who went to a person."""
    site.weather.change(
        faults_from({"outages": [{"name": "police", "lasts_s": OUTAGE_S}], "latency_ms": {"*": [5, 20]}})
    )
    _submit(site, CHILDREN)
    began = time.perf_counter()
    while True:
        _work(site, 2)
        with site.app.app_context():
            left = db.session.execute(select(func.count()).select_from(Application).where(Application.state.in_(("submitted", "checking")))).scalar_one()  # fmt: skip
            db.session.rollback()
        if not left:
            break
        time.sleep(0.5)
    took = time.perf_counter() - began
    with site.app.app_context():
        cases = db.session.execute(select(Case.reasons)).scalars().all()
    by_outage = sum(any(reason.startswith(("unavailable", "timeout")) for reason in told) for told in cases)
    return {"recovered_s": max(0.0, took - OUTAGE_S), "sent_to_people": by_outage}


def _text(rows: list[Row], recovery: dict[str, float]) -> str:
    lines = [
        f"# Checks of {CHILDREN} children, five questions at most a child",
        "",
        "| latency of every department | threads | children a minute | questions a second | the exchange alone | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.latency} | {row.threads} | {row.children_a_minute:,.0f} | {row.questions_a_second:.1f} "
        f"| {row.limit_a_second:.1f} | {row.questions_a_second / row.limit_a_second:.2f} |"
        for row in rows
    ]
    told = (
        f"After an outage of the police of {OUTAGE_S} s from the start everything was answered "
        f"{recovery['recovered_s']:.1f} s after its end; {recovery['sent_to_people']:.0f} applications went to a person for it."
    )
    return "\n".join([*lines, "", told, "", "Pictures a second and a core: pictures.md.", ""])
