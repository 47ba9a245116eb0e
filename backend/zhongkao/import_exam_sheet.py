"""Import a sheet of the exam office: a dry run tells every row's faults, nothing is taken over while one is grave."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from backend.fairness.canonical import sha256_hex
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index, seal
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor
from backend.identity.authorize import authorize_office
from backend.policy.rules.places import RowFault
from backend.policy.rules.sheets import Rows
from backend.policy.take_sheet import Imported, TakeOver, take_sheet
from backend.zhongkao.count_candidates import count_candidates
from backend.zhongkao.exam_places import city_scopes, rules_of_year
from backend.zhongkao.rank_candidates import rank_candidates
from backend.zhongkao.rows import ExamCandidate, ExamFormerLine, ExamJunior, ExamSession, ExamUnit
from backend.zhongkao.rules.eligibility import terms_content
from backend.zhongkao.rules.exam_people_sheets import CandidateLine, ScoreLine, read_candidates, read_scores
from backend.zhongkao.rules.exam_sheets import read_former_lines, read_juniors, read_units

KIND_NAMES = {"juniors": "初中学校", "units": "招生计划", "candidates": "考生", "scores": "成绩", "lines": "往年录取线"}


class ExamSheetKindUnknown(Refusal):
    """There is no such kind of sheet."""

    code = "exam-sheet-kind-unknown"
    status = 404


class ExamSheetFixed(Refusal):
    """A session of the year is listed: plans, candidates and scores stay as they are (domain 1.6-7)."""

    code = "exam-sheet-fixed"


def import_exam_sheet(actor: Actor, year: int, kind: str, filename: str, data: bytes, *, dry_run: bool) -> Imported:
    """The faults of a sheet and, where none is grave and this is no dry run, its rows taken over.

    `kind`: juniors, units, candidates, scores, lines. A sheet of juniors or lines replaces the former one; candidates and
    scores are added or changed by their exam number. Scores fix the order of all candidates anew.
    Raises NotAllowed, NoExamRules, ExamSheetKindUnknown, ExamSheetFixed, SheetNotRead.
    """
    authorize_office(actor, "exam.import", city_scopes())
    if kind not in KINDS:
        raise ExamSheetKindUnknown
    rules_of_year(year)
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"exam/{year}", 0))))
    listed = select(ExamSession.id).where(ExamSession.year == year, ExamSession.state != "planned")
    if not dry_run and db.session.execute(listed.limit(1)).first() is not None:
        raise ExamSheetFixed
    imported = take_sheet(filename, data, lambda rows: KINDS[kind](year, rows), dry_run=dry_run)
    if imported.applied:
        db.session.flush()
        if kind in COUNTED:
            count_candidates(year)
        record("exam-sheet.imported", "exam-year", year, kind=kind, rows=imported.rows, sha256=sha256_hex(data))
    return imported


def _juniors(year: int, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    lines, faults = read_juniors(rows)

    def take_over() -> None:
        db.session.execute(delete(ExamJunior).where(ExamJunior.year == year))
        db.session.add_all(
            ExamJunior(
                year=year, code=one.code, name=one.name, banner=one.banner, classes=one.classes, pupils=one.pupils
            )
            for one in lines
        )

    return take_over, faults


def _units(year: int, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    lines, faults = read_units(rows, rules_of_year(year))
    published = _unit_codes(year)
    faults += [
        RowFault(0, "", f"计划 {line.code} 已经公布，公布以后不能再改（计划公布后不得变更）。")
        for line in lines
        if line.code in published
    ]

    def take_over() -> None:
        db.session.add_all(
            ExamUnit(
                year=year,
                code=one.code,
                school=one.school,
                name=one.name,
                banner=one.banner,
                category=one.category,
                language=one.language,
                origin=one.origin,
                plan=one.plan,
                junior=None,
                terms=terms_content(one.terms),
            )
            for one in lines
        )

    return take_over, faults


def _unit_codes(year: int) -> frozenset[str]:
    return frozenset(db.session.execute(select(ExamUnit.code).where(ExamUnit.year == year)).scalars())


def _former_lines(year: int, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    lines, faults = read_former_lines(rows, year, _unit_codes(year))

    def take_over() -> None:
        db.session.execute(delete(ExamFormerLine).where(ExamFormerLine.year == year))
        db.session.add_all(
            ExamFormerLine(
                year=year,
                unit=one.unit,
                former_year=one.year,
                lowest=one.lowest,
                place=one.place,
                candidates=one.candidates,
            )
            for one in lines
        )

    return take_over, faults


def _candidates(year: int, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    juniors = set(db.session.execute(select(ExamJunior.code).where(ExamJunior.year == year)).scalars())
    lines, faults = read_candidates(rows, juniors)

    def take_over() -> None:
        known = _by_index(year)
        new = []
        for line in lines:
            index = blind_index("exam_candidate.exam_number", line.number)
            if index in known:
                _change(known[index], line)
            else:
                new.append(_candidate_row(year, index, line))
        if new:
            db.session.execute(insert(ExamCandidate), new)

    return take_over, faults


def _by_index(year: int) -> dict[bytes, ExamCandidate]:
    found = db.session.execute(select(ExamCandidate).where(ExamCandidate.year == year)).scalars()
    return {candidate.exam_index: candidate for candidate in found}


def _facts(line: CandidateLine) -> dict[str, Any]:
    return {
        "junior": line.junior,
        "school_banner": line.school_banner,
        "household_banner": line.household_banner,
        "attends": line.attends,
        "outside": line.outside,
        "fresh": line.fresh,
        "enrolled_on": line.enrolled_on,
        "tags": list(line.tags),
    }


def _sealed(subject: uuid.UUID, line: CandidateLine) -> dict[str, Any]:
    def sealed(column: str, value: str) -> bytes:
        return seal(subject, f"exam_candidate.{column}.{subject}", value)

    return {
        "exam_number_sealed": sealed("exam_number", line.number),
        "name_sealed": sealed("name", line.name),
        "phone_sealed": sealed("phone", line.phone) if line.phone else None,
    }


def _candidate_row(year: int, index: bytes, line: CandidateLine) -> dict[str, Any]:
    subject = uuid.uuid4()
    head = {"year": year, "subject": subject, "exam_index": index, "subjects": {}, "ties": []}
    return head | _sealed(subject, line) | _facts(line)


def _change(candidate: ExamCandidate, line: CandidateLine) -> None:
    for column, value in (_facts(line) | _sealed(candidate.subject, line)).items():
        setattr(candidate, column, value)


_SCORES = """
UPDATE exam_candidate SET subjects = n.subjects::jsonb
FROM unnest(CAST(:indexes AS bytea[]), CAST(:subjects AS text[])) AS n(index, subjects)
WHERE exam_candidate.year = :year AND exam_candidate.exam_index = n.index
"""


def _scores(year: int, rows: Rows) -> tuple[TakeOver, list[RowFault]]:
    rules = rules_of_year(year)
    header = rows[0] if rows else []
    place = next((i for i, title in enumerate(header) if title.strip() in {"准考证号", "number"}), 0)
    asked = {row[place].strip() for row in rows[1:] if len(row) > place}
    indexes = {number: blind_index("exam_candidate.exam_number", number) for number in asked}
    known = set(db.session.execute(select(ExamCandidate.exam_index).where(ExamCandidate.year == year)).scalars())
    lines, faults = read_scores(rows, rules, {number for number, index in indexes.items() if index in known})

    def take_over() -> None:
        _write_scores(year, lines, indexes)
        rank_candidates(year)

    return take_over, faults


def _write_scores(year: int, lines: list[ScoreLine], indexes: dict[str, bytes]) -> None:
    db.session.execute(
        text(_SCORES),
        {
            "year": year,
            "indexes": [indexes[line.number] for line in lines],
            "subjects": [json.dumps(line.subjects) for line in lines],
        },
    )


COUNTED = ("units", "candidates")
"""Sheets after which public counts are made anew; scores bring that with them."""
KINDS: dict[str, Callable[[int, Rows], tuple[TakeOver, list[RowFault]]]] = {
    "juniors": _juniors,
    "units": _units,
    "candidates": _candidates,
    "scores": _scores,
    "lines": _former_lines,
}
