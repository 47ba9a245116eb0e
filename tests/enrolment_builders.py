"""A banner whose registration stands open, and applications in it, for tests of every room above enrolment."""

import io
import uuid
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from backend.documents.attach_paper import attach_paper
from backend.documents.rows import Paper
from backend.enrolment.draft_application import draft_application
from backend.enrolment.papers_due import owed_by
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import Form
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.foundation import clock
from backend.foundation.database import db
from backend.identity.actors import Actor
from backend.identity.rules.roles import Scope
from backend.policy.book_for import book_for
from backend.policy.publish_disclosure import publish_disclosure
from backend.policy.rows import AddressUnit, Plan, RuleBook, SchoolRow, Zone
from backend.policy.rules.book import Book
from tests.families_builders import official, registered

KANGBASHI = "150603"
DALATE = "150621"
STAGES = {"P": "primary", "J": "junior", "K": "kindergarten"}


def unit_of(banner: str, number: int = 1) -> str:
    """The code of a made-up address unit of the banner's first town."""
    return f"{banner}001{number:03d}"


def open_banner(
    banner: str = KANGBASHI,
    model: str = "kangbashi-2020",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    *,
    disclosed: bool = True,
) -> Book:
    """A banner with two schools a stage that share two units, its book, plan, zones and disclosure page.

    The window is open from yesterday for ten days unless said.
    """
    now = clock.now()
    opens_at = opens_at or now - timedelta(days=1)
    book = book_for(model, banner, f"旗区{banner}", now.year, opens_at, closes_at or now + timedelta(days=10))
    by = official("banner-admissions", Scope("banner", banner))
    _ground(banner, book.year)
    _publish(book, by)
    if disclosed:
        publish_disclosure(by, banner)
    return book


def _ground(banner: str, year: int) -> None:
    for number in (1, 2):
        db.session.add(AddressUnit(code=unit_of(banner, number), name=f"社区{number}", town="演练街道", banner=banner))
    for letter, stage in STAGES.items():
        for number in (1, 2):
            code = f"{banner}-{letter}{number:02d}"
            told = {
                "name": f"演练{stage}{number}",
                "address": "演练路",
                "phone": "0477-0000000",
                "conditions": "36个班",
            }
            db.session.add(SchoolRow(code=code, banner=banner, stage=stage, private=False, **told))
    db.session.flush()
    for letter in STAGES:
        for number in (1, 2):
            db.session.add(Plan(year=year, school=f"{banner}-{letter}{number:02d}", seats=90, classes=2))
            zone = {"school": f"{banner}-{letter}{number:02d}", "unit_code": unit_of(banner, number)}
            db.session.add(Zone(year=year, seat_types=[], multi_school=False, **zone))
    db.session.flush()


def _publish(book: Book, by: Actor) -> None:
    db.session.add(
        RuleBook(
            banner=book.banner,
            year=book.year,
            version=book.version,
            model=book.model,
            sha256=book.sha256,
            content=book.content,
            reason="for the tests",
            published_at=clock.now(),
            published_by=by.account_id,
        )
    )
    db.session.flush()


def form(banner: str = KANGBASHI, **changes: Any) -> Form:
    """The form of a family that owns its home in the banner."""
    told: dict[str, Any] = {
        "unit_code": unit_of(banner),
        "address": "演练小区1号楼1单元101",
        "household_unit": unit_of(banner),
        "household_number": "150603000001",
        "registered_on": "2019-06-01",
        "home": {"kind": "owned", "certificate": "蒙(2019)演练第0000001号", "use": "住宅", "owner_relation": "parents"},
        "work": {"kind": "none"},
    }
    return Form.model_validate({**told, **changes})


def drafted(actor: Actor | None = None, banner: str = KANGBASHI, **particulars: Any) -> tuple[Actor, Application]:
    """(guardian, draft) of a newly registered six-year-old."""
    actor, child = registered(actor, **particulars)
    return actor, draft_application(actor, child.id, banner, "primary", clock.now())


def attach_all_owed(actor: Actor, application: Application, data: bytes = b"a photograph") -> list[Paper]:
    """Attach one photograph of every paper that the application owes, none looked at yet."""
    return [
        attach_paper(application.child_id, paper.kind, data, actor.account_id)
        for paper, standing in owed_by(application).papers
        if standing != "present"
    ]


def submitted(actor: Actor | None = None, banner: str = KANGBASHI, **changes: Any) -> tuple[Actor, Application]:
    """(guardian, submitted application) with its form and photographs that nobody has looked at."""
    actor, application = drafted(actor, banner)
    save_form(actor, application.id, form(banner, **changes))
    attach_all_owed(actor, application)
    return actor, submit_application(actor, application.id, clock.now())


def page(width: int = 1600, height: int = 1200) -> Image.Image:
    """A picture of a page full of letters on a dark table, as a phone takes it."""
    picture = Image.new("RGB", (width, height), (96, 84, 70))
    pen = ImageDraw.Draw(picture)
    pen.rectangle([width * 0.06, height * 0.06, width * 0.94, height * 0.94], fill=(226, 222, 214))
    letters = ImageFont.load_default(size=width / 50)
    for line in range(18):
        text = f"{uuid.UUID(int=line * 7919**5).hex.upper()} {line:03d}"
        pen.text((width * 0.1, height * (0.1 + 0.043 * line)), text, font=letters, fill=(40, 38, 36))
    return picture


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    """The picture as a JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", **{"quality": 85, **options})
    return out.getvalue()
