"""Letters of admission as PDF, set by Typst with a QR code that leads to the page where anybody can check the letter."""

import io
import json
from importlib.resources import files
from typing import Any

import segno
import typst
from flask import current_app
from sqlalchemy import select

from backend.foundation import clock
from backend.foundation.database import db
from backend.publication.rows import Run
from backend.zhongkao.candidate_codes import name_of_candidate, number_of
from backend.zhongkao.exam_places import rules_of_year
from backend.zhongkao.report_in import NotAdmitted, standing_admission
from backend.zhongkao.rows import ExamAdmission, ExamCandidate, ExamJunior, ExamUnit

FONTS = "pylopdf_fonts_zh_cn"
PAGE = """
#let told = json(bytes(sys.inputs.told))
#set page(paper: "a4", margin: (x: 2.6cm, y: 2.8cm))
#set text(font: "Noto Serif SC", size: 14pt, lang: "zh", region: "cn")
#set par(leading: 1.2em, first-line-indent: (amount: 2em, all: true))
#align(center)[#text(size: 13pt)[#told.exam] \\ #v(0.4em) #text(size: 30pt, tracking: 0.5em)[录取通知书]]
#v(1.6em)
#par(first-line-indent: 0em)[*#told.name* 同学（准考证号 #told.number，#told.junior）：]

经#told.category 录取，你已被 *#told.school* 录取。你的总分为 #told.total 分，在该校该类计划
#told.plan 人中列第 #told.rank 名#if told.level > 1 [（与 #(told.level - 1) 名考生总分和同分项全部相同，并列）]。

请在 *#told.report_by* 之前登录系统确认报到，并按学校通知的时间到校。逾期未报到的，视为放弃。

#v(2em)
#grid(columns: (1fr, auto), align: (left + horizon, center),
  [#text(size: 10pt)[扫描二维码可核对本通知书的真伪。\\ 核对编号：#told.letter \\ 录取结果的哈希：#told.hash]],
  image(bytes(sys.inputs.qr), format: "svg", width: 3.2cm))
#v(2em)
#align(right)[#told.office \\ #told.date]
"""


def letter_of(candidate: ExamCandidate) -> bytes:
    """The candidate's letter as PDF. Raises NotAdmitted."""
    admission = standing_admission(candidate.id)
    if admission is None or admission.state == "no-show":
        raise NotAdmitted
    return set_letter(_told(candidate, admission), letter_address(admission))


def letter_address(admission: ExamAdmission) -> str:
    """The public page on which the letter is checked: it shows no name."""
    return f"{current_app.config['PUBLIC_URL']}/public/zhongkao/letters/{admission.letter}"


def set_letter(told: dict[str, Any], address: str) -> bytes:
    """The PDF of a letter that tells these words, with the address as QR code."""
    qr = io.BytesIO()
    segno.make(address, error="m").save(qr, kind="svg", scale=4)
    made = typst.compile(
        PAGE.encode(),
        font_paths=[str(files(FONTS))],
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False), "qr": qr.getvalue().decode()},
    )
    return bytes(made) if isinstance(made, bytes) else b"".join(made)


def _told(candidate: ExamCandidate, admission: ExamAdmission) -> dict[str, Any]:
    rules = rules_of_year(candidate.year)
    unit = db.session.get_one(ExamUnit, admission.unit_id)
    junior = db.session.execute(
        select(ExamJunior.name).where(ExamJunior.year == candidate.year, ExamJunior.code == candidate.junior)
    ).scalar_one_or_none()
    total = candidate.total or 0
    return {
        "exam": rules.name,
        "name": name_of_candidate(candidate),
        "number": number_of(candidate),
        "junior": junior or "",
        "category": next(one.name for one in rules.categories if one.code == unit.category),
        "school": unit.name,
        "total": f"{total // 100}.{total % 100:02d}",
        "plan": unit.plan,
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
