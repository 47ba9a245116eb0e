"""What a new zone table changes against the one before (A11): zones stay for years, only new or enlarged schools move them."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from backend.policy.rules.places import RowFault, ZoneLine
from backend.policy.rules.sheets import WHOLE_SHEET

SHOWN = 5
"""As many moves are named in the warning."""


class Move(NamedTuple):
    """An address unit whose schools of a stage are others than before; codes in order."""

    stage: str
    unit_code: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def zone_moves(former: Iterable[ZoneLine], new: Iterable[ZoneLine]) -> list[Move]:
    """The units that stood in a zone before and have other schools now, by stage and unit."""
    before, after = _schools(former), _schools(new)
    return [
        Move(stage, unit, before[stage, unit], after.get((stage, unit), ()))
        for stage, unit in sorted(before)
        if before[stage, unit] != after.get((stage, unit), ())
    ]


def stability_warnings(former: Iterable[ZoneLine], new: Iterable[ZoneLine]) -> list[RowFault]:
    """One warning for each stage whose zones moved: how many units, how many of them to a school without a zone before."""
    former = list(former)
    known = {line.school for line in former}
    moves = zone_moves(former, new)
    warnings = []
    for stage, count in sorted(Counter(move.stage for move in moves).items()):
        of_stage = [move for move in moves if move.stage == stage]
        to_new = sum(bool(set(move.after) - known) for move in of_stage)
        named = "、".join(
            f"{move.unit_code}（{'、'.join(move.before)}→{'、'.join(move.after) or '无'}）" for move in of_stage[:SHOWN]
        )
        more = "等" if count > SHOWN else ""
        told = f"与原来的片区相比，有{count}个地址单元换了学校，其中{to_new}个划给新设的学校：{named}{more}。学区应保持稳定，请核对。"
        warnings.append(RowFault(WHOLE_SHEET, "", told, grave=False))
    return warnings


def _schools(lines: Iterable[ZoneLine]) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        found.setdefault((line.stage, line.unit_code), set()).add(line.school)
    return {key: tuple(sorted(schools)) for key, schools in found.items()}
