"""The way an application goes: flow, confirmation, lapses, placement, disclosure, places (C04, D12, D26-D28)."""

from collections.abc import Iterator

from backend.policy.rules.facts import STAGES
from backend.policy.rules.partial_book import PartialBook
from backend.policy.rules.predicates import facts_asked
from backend.policy.rules.sections import Placement

REQUIREMENTS = {
    "zones": "学校招生划片范围（D12a）",
    "plan": "招生计划（D12b）",
    "dates": "招生程序和时间（D12c）",
    "conditions": "办学条件（D12d）",
    "enquiry": "咨询电话（D12e）",
    "complaint": "举报信访渠道（D12f）",
}
ABSENCE = {"conduct.absent_last_year", "conduct.formalities_missed"}


def way_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    """Faults of flow, confirmation, lapses, placement, disclosure and place codes."""
    yield from _flow_faults(book)
    yield from _penalty_faults(book)
    yield from _placement_faults(book)
    yield from _disclosure_faults(book)
    yield from _place_faults(book)


def _flow_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    flow, visit, confirmation = book.one("flow"), book.one("school_visit"), book.one("confirmation")
    if flow == "papers-at-school" and visit is None and "school_visit" not in book.content:
        yield "/school_visit", "到校验证的流程要写明 school_visit：带什么材料、短信怎么说（D27）。"
    if flow not in {None, "papers-at-school"} and visit is not None:
        yield "/school_visit", '只有 flow = "papers-at-school" 才能要求家长到校验证。'
    if flow == "papers-at-school" and confirmation is not None and confirmation.by != "school":
        yield "/confirmation/by", '到校验证的流程由学校网上确认，应写 by = "school"（D26）。'
    if confirmation is not None and confirmation.silence == "record-fixed" and confirmation.by != "school":
        yield "/confirmation/silence", "“学籍注册在指派学校”只用于学校确认的流程（D28）。"


def _penalty_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    returns, confirmation = book.one("returns"), book.one("confirmation")
    if not book.whole("seat_types"):
        return
    penalties = [kind for _, kind in book.items("seat_types") if kind.penalty]
    for stage in book.stages():
        mine = [kind for kind in penalties if stage in kind.stages]
        if returns is not None and returns.lapse == "penalty-class" and not mine:
            yield "/returns/lapse", f"逾期未补正归入末位类型，但{stage}没有末位类型（penalty = true）。"
        if confirmation is None or confirmation.silence != "penalty-class-next-year":
            continue
        if not any(ABSENCE & facts_asked(kind.when) for kind in mine):
            yield (
                "/confirmation/silence",
                f"逾期未确认者下一年归入末位类型，但{stage}的末位类型没有这一条（{'、'.join(sorted(ABSENCE))}）。",
            )


def _placement_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    placement = book.one("placement")
    if placement is not None:
        yield from _faults_of_placement("/placement", placement)
    for pointer, own in book.items("stage_placements"):
        yield from _faults_of_placement(pointer, own)
        if own.stage not in book.stages():
            yield f"{pointer}/stage", f"{STAGES[own.stage]}没有登记时间，不用写它的派位方式。"
    for pointer, (stage,) in book.twice("stage_placements", "stage"):
        yield pointer, f"{STAGES[stage]}的派位方式写了两次。"


def _faults_of_placement(pointer: str, placement: Placement) -> Iterator[tuple[str, str]]:
    if (placement.last_bundle == "add") != ("last-bundle" in placement.over_plan):
        yield (
            f"{pointer}/over_plan",
            '双胞胎遇末位名额加一个（last_bundle = "add"）与允许超计划（"last-bundle"）要一起写，或都不写。',
        )
    if placement.multi_school == "chosen-school" and placement.choices_at_most != 1:
        yield f"{pointer}/choices_at_most", "只报一所学校（chosen-school）时，choices_at_most 应为 1。"
    elif placement.mechanism == "zone" and placement.choices_at_most != 1:
        yield (
            f"{pointer}/choices_at_most",
            '按片区派位（zone）只认一所学校，choices_at_most 应为 1；要让家长填几个志愿，请写 mechanism = "choice"。',
        )
    if placement.mechanism == "choice" and placement.multi_school == "chosen-school":
        yield f"{pointer}/multi_school", '只报一所学校（chosen-school）用于按片区派位（mechanism = "zone"）。'


def _disclosure_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    disclosure = book.one("disclosure")
    for requirement, name in REQUIREMENTS.items():
        if disclosure is not None and requirement not in disclosure.requires:
            yield "/disclosure/requires", f"必须事先公布{name}，不能省去。"
    for section, name in (("enquiry", "咨询电话（D12e）"), ("complaint", "举报信访电话（D12f）")):
        if book.one(section) == ():
            yield f"/{section}", f"至少要有一个{name}。"


def _place_faults(book: PartialBook) -> Iterator[tuple[str, str]]:
    banner, area = book.one("banner"), book.one("area")
    if banner is None:
        return
    for place, town in enumerate(area.towns if area is not None else ()):
        if not town.startswith(banner):
            yield f"/area/towns/{place}", f"乡镇街道“{town}”不在旗区 {banner}。"
    for pointer, estate in book.items("estates"):
        if not estate.unit_code.startswith(banner):
            yield f"{pointer}/unit_code", f"小区“{estate.name}”的地址单元 {estate.unit_code} 不在旗区 {banner}。"
    for pointer, (name,) in book.twice("estates", "name"):
        yield f"{pointer}/name", f"小区“{name}”写了两次。"
