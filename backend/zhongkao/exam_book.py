"""The exam rules as the ledger enters them: handed to the room of publication at assembly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.identity.rules.roles import CITY
from backend.zhongkao.rows import ExamRulesRow


@dataclass(frozen=True)
class ExamBook:
    """A published version of a year's exam rules, in the shape of a rule-book."""

    banner: str
    year: int
    version: int
    sha256: str
    content: Mapping[str, Any]


def exam_book(sha256: str) -> ExamBook | None:
    """The exam rules with this hash, or None."""
    row = db.session.execute(select(ExamRulesRow).where(ExamRulesRow.sha256 == sha256).limit(1)).scalar_one_or_none()
    return None if row is None else ExamBook(CITY, row.year, row.version, row.sha256, row.content)
