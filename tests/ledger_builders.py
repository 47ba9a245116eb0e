"""A small season that is published for real: families, a placement, a special case, class lists, all through the verbs."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from backend.classes.form_classes import form_classes
from backend.classes.publish_plan import publish_plan
from backend.enrolment.applications import move_application
from backend.enrolment.draft_application import draft_application
from backend.enrolment.rows import Application
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.accounts import guardian_by_phone
from backend.identity.actors import Actor
from backend.identity.rules.roles import CITY, Scope
from backend.placement.allocate_run import allocate_run
from backend.placement.announce_run import announce_run
from backend.placement.answer_place import confirm_place
from backend.placement.freeze_placement import freeze_placement
from backend.placement.rows import PlacementRow
from backend.policy.rows import Plan
from backend.publication.approve_run import approve_run
from backend.publication.rows import Run
from backend.seats.rows import Seat
from tests.ceremony_builders import hold_ceremony
from tests.enrolment_builders import KANGBASHI, attach_all_owed, form, open_banner
from tests.families_builders import actor_of, id_number, new_phone, official, registered, renewed
from tests.node_program import node

ROOT = Path(__file__).parent.parent
WITNESSES = {"家长代表": "314159265358", "家委会代表": "271828182845", "教体局代表": "141421356237"}
SCHOOL = f"{KANGBASHI}-P01"
OTHER_SCHOOL = f"{KANGBASHI}-P02"
SEATS = 5
NAMES = ("苏日娜", "巴图尔", "其其格", "阿古拉", "乌兰图雅", "张子轩", "刘一诺")


@dataclass
class Household:
    """A family with its application, and everything about it that no stranger may find anywhere."""

    actor: Actor
    application: Application
    secrets: dict[str, str]

    @property
    def receipt(self) -> str:
        """The number of the application, which stands in lists."""
        return self.application.receipt or ""


@dataclass
class SmallSeason:
    """Seven families for the five seats of one school, and the officials who decide."""

    households: list[Household] = field(default_factory=list)
    officials: tuple[Actor, ...] = ()
    school: Actor | None = None

    def published_placement(self) -> Run:
        """Freeze, allocate, release and announce the placement; those admitted confirm."""
        first = self.officials[0]
        run = self.release(self.allocated(freeze_placement(KANGBASHI, "primary", "演练派位", first)))
        announce_run(str(run.id))
        for household in self.households:
            if self.school_of(household):
                confirm_place(household.actor, household.application.id, clock.now())
        return run

    def allocated(self, run: Run) -> Run:
        """The witnesses speak and the allocation runs and is checked."""
        hold_ceremony(run, self.officials[0])
        allocate_run(str(run.id))
        assert run.state == "checked", run.report
        return run

    def release(self, run: Run) -> Run:
        """Two officials give their word."""
        for by in self.officials:
            approve_run(run.id, by, run.output_sha256 or "")
        assert run.state == "published"
        return run

    def published_classes(self) -> Run:
        """Form two classes of the school; the press publishes them."""
        assert self.school is not None
        run = publish_plan(self.school, SCHOOL, 2)
        hold_ceremony(run, self.school)
        form_classes(str(run.id))
        assert run.state == "published", run.report
        return run

    def school_of(self, household: Household) -> str | None:
        """Where the family's newest row leads."""
        return db.session.execute(
            select(PlacementRow.school).where(
                PlacementRow.application_id == household.application.id, PlacementRow.state != "superseded"
            )
        ).scalar_one()


def small_season() -> SmallSeason:
    """Everything before the freezing: a banner, seven settled applications, officials."""
    now = clock.now()
    book = open_banner(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))
    db.session.execute(update(Plan).where(Plan.school == SCHOOL).values(seats=SEATS))
    officials = tuple(official("banner-admissions", Scope("banner", KANGBASHI)) for _ in range(2))
    season = SmallSeason([], officials, official("school-admissions", Scope("school", SCHOOL)))
    season.households = [_household(place, name, book.year, book.sha256) for place, name in enumerate(NAMES)]
    db.session.flush()
    return season


def auditor(scope: Scope | None = None) -> Actor:
    """An accredited auditor, of the whole prefecture unless said."""
    return official("auditor", scope or Scope("city", CITY))


def _household(place: int, name: str, year: int, book_sha256: str) -> Household:
    phone, born_on = new_phone(), date(year - 6, 3, 2 + 3 * place)
    told = {
        "name": name,
        "id_number": id_number(born_on, girl=place % 2 == 0),
        "guardian_name": f"监护人{name}",
        "guardian_id_number": id_number(date(1987, 4, 3 + place)),
    }
    in_time = clock.now() - timedelta(days=4)
    actor, child = registered(actor_of(guardian_by_phone(phone)), **told)
    application = draft_application(actor, child.id, KANGBASHI, "primary", in_time)
    address, household_number = f"演练小区{place}号楼七单元", f"HK15060300{place:04d}"
    written = form(address=address, household_number=household_number)
    save_form(actor, application.id, written)
    attach_all_owed(actor, application)
    submit_application(actor, application.id, in_time)
    for state in ("checking", "verified", "settled"):
        move_application(application, state, "for the tests")
    keys = {"home-registered": f"2018-0{1 + place}-11", "household-registered": f"2019-0{1 + place}-17"}
    db.session.add(
        Seat(
            application_id=application.id,
            seat_type="1",
            seat_type_name="一类",
            keys=keys,
            why=[],
            book_sha256=book_sha256,
            settled_at=clock.now(),
        )
    )
    ids = {"child": str(application.child_id), "application": str(application.id), "account": str(actor.account_id)}
    more = {"phone": phone, "born_on": born_on.isoformat(), "address": address, "household": household_number}
    secrets = told | ids | more | keys | {"receipt": application.receipt or ""}
    return Household(renewed(actor), application, secrets)


def written_to(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """The folder with these files in it."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def both_checkers(folder: Path) -> list[tuple[int, str]]:
    """(exit code, words) of the Python checker and of the Node checker, run as anybody would run them."""
    words = [sys.executable, "-m", "verify", str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return [(done.returncode, done.stdout + done.stderr), *node(folder)]


def entry_hashes(files: Mapping[str, bytes]) -> list[str]:
    """The hashes of a folder's decisions in order."""
    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    return [entry["hash"] for entry in manifest["decisions"]]


def parsed(data: bytes | str) -> Any:
    """The JSON in a file."""
    return json.loads(data)
