"""Letters of admission as PDF, set by Typst with a QR code that leads to the page where anybody can check the letter."""

import io
import json
import uuid
from importlib.resources import files
from pathlib import Path
from typing import Any

import segno
import typst
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.audit import record_access
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.publication.rows import Run
from backend.zhongkao.admission_view import came_by_with_places, letter_address
from backend.zhongkao.candidate_codes import name_of_candidate, number_of
from backend.zhongkao.exam_places import city_scopes, rules_of_year
from backend.zhongkao.report_in import NotAdmitted, standing_admission
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamJunior, ExamUnit

FONTS = "pylopdf_fonts_zh_cn"
PAGE = Path(__file__).parent / "print" / "letter.typ"


def letter_of(candidate: ExamCandidate) -> bytes:
    """The candidate's letter as PDF. Raises NotAdmitted."""
    admission = standing_admission(candidate.id)
    if admission is None or not admission.stands:
        raise NotAdmitted
    return set_letter(_told(candidate, admission), letter_address(admission))


def printed_letter(actor: Actor, admission_id: uuid.UUID) -> bytes:
    """The same letter for the exam office to print, for who has no phone; the look is written down (P13).

    Raises NotAllowed, NotFound, NotAdmitted.
    """
    grant = authorize_office(actor, "exam.command", city_scopes())
    admission = db.session.get(ExamAdmission, admission_id)
    if admission is None:
        raise NotFound
    record_access(grant.role.name, "exam-candidate", admission.candidate_id, f"letter {admission.letter}")
    return letter_of(db.session.get_one(ExamCandidate, admission.candidate_id))


def set_letter(told: dict[str, Any], address: str) -> bytes:
    """The PDF of a letter that tells these words, with the address as QR code."""
    qr = io.BytesIO()
    segno.make(address, error="m").save(qr, kind="svg", scale=4)
    inputs = {"told": json.dumps(told, ensure_ascii=False), "qr": qr.getvalue().decode()}
    fonts = Path(str(files(FONTS)))
    made = typst.compile(PAGE, font_paths=[fonts], sys_inputs=inputs, ignore_system_fonts=True)
    return bytes(made) if isinstance(made, bytes) else b"".join(made)


def _told(candidate: ExamCandidate, admission: ExamAdmission) -> dict[str, Any]:
    rules = rules_of_year(candidate.year)
    unit = db.session.get_one(ExamUnit, admission.unit_id)
    junior = db.session.execute(
        select(ExamJunior.name).where(ExamJunior.year == candidate.year, ExamJunior.code == candidate.junior)
    ).scalar_one_or_none()
    total = candidate.total or 0
    came_by, places = came_by_with_places(admission)
    return {
        "exam": rules.name,
        "name": name_of_candidate(candidate),
        "number": number_of(candidate),
        "junior": junior or "",
        "category": came_by,
        "school": unit.name,
        "total": f"{total // 100}.{total % 100:02d}",
        "plan": places,
        "rank": admission.rank,
        "level": admission.level_with,
        "report_by": _day(admission.report_by.astimezone(clock.SHANGHAI)),
        "letter": admission.letter,
        "hash": (db.session.get_one(Run, admission.run_id).output_sha256 or "")[:16],
        "office": rules.office,
        "date": _day(clock.now()),
    }


def _day(moment: Any) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"
