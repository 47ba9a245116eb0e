"""What must be true after processes were killed: nothing lost, nothing twice, every rank true, no list passed over (P1, P18)."""

from collections import Counter

from sqlalchemy import text

from backend.foundation.database import db
from backend.foundation.unit_of_work import unit_of_work
from backend.zhongkao.close_band import frozen_set
from backend.zhongkao.rows import ExamBand
from backend.zhongkao.rules.standing import places_in_unit
from tests.live_city import LiveCity
from tests.trials.crowd import Trial

MOST_VERSIONS_CHECKED = 150


def lost_or_doubled(city: LiveCity, trial: Trial) -> list[str]:
    """P1: every acknowledgement is in the record once, with what was told; what is held follows from the last of each."""
    assert city.listed is not None
    faults = []
    with unit_of_work():
        found = db.session.execute(
            text("SELECT id, candidate_id, unit_id, request_key, version, refused FROM exam_change ORDER BY id")
        ).all()
        held = dict(db.session.execute(text("SELECT candidate_id, unit_id FROM exam_choice")).all())
        codes = dict(db.session.execute(text("SELECT id, code FROM exam_unit")).all())
    by_key = Counter(row.request_key for row in found if row.request_key is not None)
    rows = {row.request_key: row for row in found}
    for who, unit, answer in trial.acks:
        row = rows.get(answer.key)
        told = (city.listed.candidates[who], unit, answer.said["receipt"], answer.said["version"])
        kept = None if row is None else (row.candidate_id, codes[row.unit_id], f"ZK{row.id:010d}", row.version)
        if kept != told or row is None or row.refused is not None:
            faults.append(f"told {told}, kept {kept}")
    faults += [f"key {key} stands {count} times" for key, count in by_key.items() if count > 1]
    newest = {row.candidate_id: row.unit_id for row in sorted(found, key=lambda row: row.version) if not row.refused}
    faults += [f"candidate {who} holds {held[who]}, not {unit}" for who, unit in newest.items() if held[who] != unit]
    return faults


def untrue(city: LiveCity, trial: Trial) -> list[str]:
    """P18: each rank shown is that of the rules in the version named; nobody saw time go back."""
    faults, last = [], Counter[int]()
    for watcher, _, told in trial.shown:
        if told["version"] < last[watcher]:
            faults.append(f"version {told['version']} after {last[watcher]}")
        last[watcher] = max(last[watcher], told["version"])
    versions = sorted({told["version"] for _, _, told in trial.shown})
    step = max(1, len(versions) // MOST_VERSIONS_CHECKED)
    oracle = {version: _places(city, version) for version in versions[::step]}
    for _, who, told in trial.shown:
        if told["version"] in oracle:
            expected = oracle[told["version"]].get(who, (None, None, 0))
            if (told["unit"], told["rank"], told["level_with"]) != expected:
                faults.append(f"version {told['version']}: shown {told['unit'], told['rank']}, true {expected}")
    return faults


def _places(city: LiveCity, version: int) -> dict[int, tuple[str, int, int]]:
    """Everybody's unit, rank and equals in a version, from the record by the rules alone."""
    assert city.listed is not None
    listed = city.listed
    with unit_of_work():
        found = db.session.execute(
            text(
                "SELECT DISTINCT ON (c.candidate_id) c.candidate_id, u.code FROM board_version v "
                "JOIN exam_change c ON c.session_id = v.session_id JOIN exam_unit u ON u.id = c.unit_id "
                "WHERE v.version = :version AND c.refused IS NULL "
                "AND pg_visible_in_snapshot(c.written_in::text::xid8, v.cut::pg_snapshot) "
                "ORDER BY c.candidate_id, c.version DESC"
            ),
            {"version": version},
        ).all()
    place_of = {candidate: place for place, candidate in enumerate(listed.candidates)}
    standing_of = {str(place): standing for place, standing in enumerate(listed.standings)}
    holders: dict[str, list[str]] = {}
    for row in found:
        holders.setdefault(row.code, []).append(str(place_of[row.candidate_id]))
    return {
        int(who): (unit, place.rank, place.level_with)
        for unit, held in holders.items()
        for who, place in places_in_unit(held, standing_of, listed.plans[0]).items()
    }


def wrongly_closed(city: LiveCity) -> list[str]:
    """P3 at the end: the band is closed, its frozen set is what is held, and no list was passed over."""
    assert city.listed is not None
    with unit_of_work():
        closing = db.session.execute(text("SELECT holders FROM exam_closing")).scalars().all()
        frozen = frozen_set(db.session.get_one(ExamBand, city.listed.bands[0]))
        held = {
            row.candidate_id: row.unit_id
            for row in db.session.execute(text("SELECT candidate_id, unit_id FROM exam_choice"))
        }
        lists = dict(db.session.execute(text("SELECT candidate_id, units FROM standing_order")).all())
        waiting = db.session.execute(text("SELECT kind FROM task WHERE gave_up_at IS NOT NULL")).scalars().all()
    faults = [f"{kind} was given up" for kind in waiting]
    if closing != [len(frozen)] or len(frozen) != sum(unit is not None for unit in held.values()):
        faults.append(f"the closing counted {closing}, frozen are {len(frozen)}")
    standing_of = dict(zip(city.listed.candidates, city.listed.standings, strict=True))
    standings_in: dict[int, list[int]] = {}
    for who, unit in held.items():
        if unit is not None:
            standings_in.setdefault(unit, []).append(standing_of[who])
    plan = city.listed.plans[0]
    for who, units in lists.items():
        better = units[: units.index(held[who])] if held[who] in units else units
        faults += [
            f"{who} was passed over in {unit}"
            for unit in better
            if sum(one < standing_of[who] for one in standings_in.get(unit, [])) < plan
        ]
    return faults
