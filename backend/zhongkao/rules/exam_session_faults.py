"""What is wrong with one session's bands, locks and times: nobody may fall between bands or find his band locked from the start."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from backend.zhongkao.rules.scores import hundredths_of, shortest

if TYPE_CHECKING:
    from backend.zhongkao.rules.exam_rules import BandRule, SessionRule


def band_faults(session: "SessionRule", full: int) -> Iterator[tuple[str, str]]:
    """(pointer in the session, Chinese sentence): together the bands hold every total from the line up to `full`, each once."""
    bands = session.bands
    if not bands:
        yield "/bands", "至少要有一个分数段"
        return
    for index, band in enumerate(bands):
        if band.open >= band.close:
            yield f"/bands/{index}", "开始时间必须早于截止时间"
        if band.from_ and band.below and hundredths_of(band.from_) >= hundredths_of(band.below):
            yield f"/bands/{index}", "这个分数段里没有任何分数"
    for index, (higher, lower) in enumerate(pairwise(bands), 1):
        yield from ((f"/bands/{index}", what) for what in _between(higher, lower))
    if (top := bands[0].below) is not None and hundredths_of(top) <= full:
        yield "/bands/0/below", f"{top} 分及以上的考生不在任何一个分数段里（满分 {shortest(full)}）"
    if (last := bands[-1].from_) is not None and hundredths_of(last) > hundredths_of(session.line):
        where = f"/bands/{len(bands) - 1}/from"
        yield where, f"参加线（line）是 {session.line} 分，{last} 分以下的考生却不在任何一个分数段里"


def _between(higher: "BandRule", lower: "BandRule") -> Iterator[str]:
    if higher.from_ is None or lower.below is None or hundredths_of(lower.below) > hundredths_of(higher.from_):
        yield "分数段要从高到低写，而且不能重叠"
    elif hundredths_of(lower.below) < hundredths_of(higher.from_):
        yield f"{lower.below} 分到 {higher.from_} 分之间的考生不在任何一个分数段里"
    if lower.close < higher.close:
        yield "高分段要先截止：截止以后名次才不会再变"


def timing_faults(session: "SessionRule") -> Iterator[tuple[str, str]]:
    """(pointer in the session, Chinese sentence): every lock, reading and reporting time that could not mean anything."""
    bands = session.bands
    if not bands:
        return
    for index, lock in enumerate(session.locks):
        yield from ((f"/locks/{index}{where}", what) for where, what in _lock_faults(session, index))
        if not lock.forbid:
            yield f"/locks/{index}/forbid", "要写明锁定什么：clear 不能撤销，first 不能新填"
    first, last = min(band.open for band in bands), max(band.close for band in bands)
    for index, at in enumerate(session.statistics_at):
        if not first < at <= last:
            yield f"/statistics_at/{index}", "公布填报情况的时间要在这一场开始以后、截止以前（可以正好截止时）"
        if at in session.statistics_at[:index]:
            yield f"/statistics_at/{index}", "同一个公布时间写了两次"
    if session.report_by <= last:
        yield "/report_by", "报到期限必须晚于这一场的截止时间"


def _lock_faults(session: "SessionRule", index: int) -> Iterator[tuple[str, str]]:
    lock, bands = session.locks[index], session.bands
    if lock.band is not None and not 0 <= lock.band < len(bands):
        yield "", f"没有第 {lock.band} 个分数段"
        return
    for number, band in enumerate(bands):
        if lock.band not in {None, number}:
            continue
        if "first" in lock.forbid and lock.at <= band.open:
            yield "/at", f"第 {number + 1} 个分数段一开始就不能新填，这一段的考生谁也填不了"
        if lock.band is not None and lock.at >= band.close:
            yield "/at", f"第 {number + 1} 个分数段这时已经截止，锁定没有作用"
