"""The simulated city's exam rules: four bands of 统招 with both locks, then 指标到校, then 征集 with what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

BANNERS = {"150602": "东胜区", "150603": "康巴什区", "150621": "达拉特旗", "150627": "伊金霍洛旗"}
SUBJECTS = (
    ("chinese", "语文", 120),
    ("maths", "数学", 120),
    ("english", "英语", 120),
    ("physics", "物理", 80),
    ("chemistry", "化学", 70),
    ("politics", "道德与法治", 60),
    ("history", "历史", 60),
    ("pe", "体育", 60),
)
FIRST_READING = 1 / 24
"""The first reading comes so many bands after the opening, the others every half band."""
BANDS = (("560", None), ("500", "560"), ("420", "500"), (None, "420"))


@dataclass(frozen=True)
class Unit:
    """A plan unit: code, school, name, banner, category, places, banners it is open to, how much it is liked."""

    code: str
    school: str
    name: str
    banner: str
    plan: int
    origin: tuple[str, ...]
    liked: float


def exam_rules(year: int, opens_at: datetime, band: timedelta, units: Sequence[Unit]) -> dict[str, Any]:
    """The content of the rules; bands open together at `opens_at` and close one `band` after another."""
    closes = [opens_at + band * number for number in range(1, len(BANDS) + 1)]
    report_by = (opens_at + timedelta(days=30)).replace(hour=18, minute=0, second=0, microsecond=0)
    first = closes[0]
    quota_opens = closes[-1] + band
    extra_opens = quota_opens + band * 2
    general = {
        "code": "general-1",
        "name": "普通类统招",
        "category": "general",
        "bands": [
            {"from": low, "below": high, "open": opens_at.isoformat(), "close": close.isoformat()}
            for (low, high), close in zip(BANDS, closes, strict=True)
        ],
        "locks": [
            {"at": (opens_at + (first - opens_at) / 3).isoformat(), "forbid": ["clear"]},
            {"at": (opens_at + (first - opens_at) / 2).isoformat(), "forbid": ["clear", "first"], "band": 0},
        ],
        "statistics_at": [
            (opens_at + band * part).isoformat()
            for part in (FIRST_READING, *(number / 2 for number in range(1, 2 * len(BANDS))))
        ],
        "report_by": report_by.isoformat(),
    }
    quota = _later("quota-1", "指标到校", "quota", 1, quota_opens, band, report_by)
    extra = _later("general-2", "普通类征集", "general", 2, extra_opens, band, report_by) | {"takes_over": ["quota"]}
    best = [unit for unit in units if unit.code.endswith("S01-general")]
    return {
        "format": 1,
        "year": year,
        "city": "1506",
        "name": f"演练市{year}年初中学业水平考试暨高中招生",
        "office": "演练市招生考试中心",
        "banners": BANNERS,
        "subjects": [{"code": code, "name": name, "full": str(full)} for code, name, full in SUBJECTS],
        "ties": [{"of": ["chinese", "maths", "english"]}, {"of": ["chinese", "maths"]}, {"of": ["maths"]}],
        "categories": [{"code": "general", "name": "普通类统招"}, {"code": "quota", "name": "指标到校"}],
        "sessions": [general, quota, extra],
        "quota": {
            "category": "quota",
            "class_cap": 50,
            "floor_below_line": "30",
            "residency_years": 2,
            "counted_on": f"{year}-06-01",
            "schools": [
                {
                    "school": unit.school,
                    "seats": max(1, unit.plan // 3),
                    "banners": list(unit.origin or BANNERS),
                    "line": "420",
                }
                for unit in best
            ],
        },
        "standing_order_most": 20,
        "grace_seconds": 2,
    }


def _later(
    code: str, name: str, category: str, number: int, opens_at: datetime, band: timedelta, report_by: datetime
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "category": category,
        "round": number,
        "bands": [{"open": opens_at.isoformat(), "close": (opens_at + band).isoformat()}],
        "report_by": report_by.isoformat(),
    }
