"""Tables of the exam wing, by subject."""

from backend.zhongkao.rows.admission import (
    ExamAdmission,
    ExamComparison,
    ExamRecheck,
    ExamResult,
    QuotaCrowd,
    QuotaSeat,
)
from backend.zhongkao.rows.choices import ExamChange, ExamChoice, ExamClosing, StandingOrder
from backend.zhongkao.rows.forecasts import ExamForecast, ExamFormerLine
from backend.zhongkao.rows.people import CandidateLogin, ExamCandidate, ExamJunior, ExamPhoneChange, ExamScoreCount
from backend.zhongkao.rows.plans import ExamFloor, ExamRulesRow, ExamUnit
from backend.zhongkao.rows.sessions import (
    ExamBand,
    ExamExtension,
    ExamReading,
    ExamRemark,
    ExamSession,
    SessionUnit,
)

__all__ = [
    "CandidateLogin",
    "ExamAdmission",
    "ExamBand",
    "ExamCandidate",
    "ExamChange",
    "ExamChoice",
    "ExamClosing",
    "ExamComparison",
    "ExamExtension",
    "ExamFloor",
    "ExamForecast",
    "ExamFormerLine",
    "ExamJunior",
    "ExamPhoneChange",
    "ExamReading",
    "ExamRecheck",
    "ExamRemark",
    "ExamResult",
    "ExamRulesRow",
    "ExamScoreCount",
    "ExamSession",
    "ExamUnit",
    "QuotaCrowd",
    "QuotaSeat",
    "SessionUnit",
    "StandingOrder",
]
