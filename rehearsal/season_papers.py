"""What papers prove: how a family corrects its form by them, and what an official at the desk concludes from them. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from backend.policy.rules.facts import EXCHANGE_ITEMS, FACTS, Value
from rehearsal import land

Papers = Mapping[str, Mapping[str, str]]
"""Kind of paper → label → text, as printed (`papers_say` of families.jsonl)."""

CERTIFICATES = {"property": "证书编号", "lease": "备案号", "contract": "合同编号"}
ITEM_OF_NAME = {name: item for item, (name, _) in EXCHANGE_ITEMS.items()}
CONFIRMED = "match"
FIELD_NAMES = {
    "household_number": "户号",
    "household_unit": "户籍地址",
    "household": "户籍所在地",
    "home.certificate": "证书编号",
    "home.use": "房屋用途",
    "work.months": "社保月数",
    "work.credit_code": "统一社会信用代码",
}


@dataclass(frozen=True)
class Decision:
    """What the desk decides of a case: accept or return, with its reason and the facts that the papers prove."""

    decision: str
    reason_code: str
    reason: str
    facts: Mapping[str, Value] = field(default_factory=dict)


@cache
def unit_at(address: str) -> str | None:
    """The code of the address unit in which this address stands, or None where it is no place of the prefecture."""
    found = [unit for unit in land.units() if address.startswith(unit.address)]
    return max(found, key=lambda unit: len(unit.address)).code if found else None


def corrected(form: Mapping[str, Any], papers: Papers) -> dict[str, Any]:
    """The form with every field as the papers say it; fields of which no paper speaks stay as they are."""
    told = {name: dict(value) if isinstance(value, Mapping) else value for name, value in form.items()}
    home, work = told.get("home") or {}, told.get("work") or {}
    if "household" in papers:
        _household_as(papers["household"], told)
    for kind, label in CERTIFICATES.items():
        if papers.get(kind, {}).get(label) and home.get("certificate"):
            home["certificate"] = papers[kind][label]
    if papers.get("property", {}).get("用途") and home.get("use"):
        home["use"] = papers["property"]["用途"]
    if "insurance" in papers and work.get("months") is not None:
        work["months"] = int(papers["insurance"]["累计缴费月数"])
    if "licence" in papers and work.get("credit_code"):
        work["credit_code"] = papers["licence"]["统一社会信用代码"]
    return told


def _household_as(printed: Mapping[str, str], told: dict[str, Any]) -> None:
    told["household_number"] = printed["户号"]
    unit = unit_at(printed["住址"])
    if unit is None:
        told.pop("household_unit", None)
        told["household"] = "elsewhere"
    elif told.get("household_unit") and not _stands_in(printed["住址"], told["household_unit"]):
        told["household_unit"] = unit
        told.pop("household", None)


def _stands_in(address: str, unit_code: str) -> bool:
    unit = land.units_by_code().get(unit_code)
    return unit is not None and address.startswith(unit.address)


def unlike_the_papers(form: Mapping[str, Any], papers: Papers) -> list[str]:
    """The fields of the form that the papers contradict, by their names in FIELD_NAMES."""
    before, after = _flat(form), _flat(corrected(form, papers))
    return sorted(name for name in FIELD_NAMES if name in after and before.get(name) != after[name])


def _flat(form: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in form.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": told for inner, told in value.items()}
        else:
            flat[name] = value
    return flat


def facts_proved(
    case: Mapping[str, Any], papers: Papers, schools_at: Mapping[str, Collection[str]]
) -> dict[str, Value]:
    """Every fact that the papers prove, in the rule-book's vocabulary.

    `case` is the desk's view of a case; `schools_at`: address unit → the schools of the stage in whose zone it lies.
    """
    form = case["form"]
    home, work = form.get("home") or {}, form.get("work") or {}
    own = set(schools_at.get(form.get("unit_code") or "", ()))
    facts: dict[str, Value] = {"school.fresh_graduate": True, "school.has_record": True, "residence.permit": True}
    if "household" in papers:
        unit = unit_at(papers["household"]["住址"]) or ""
        facts |= _place("household", unit, case["banner"], own, schools_at)
        facts |= {"household.registered_on": papers["household"]["迁入日期"], "household.collective": False}
        facts["household.with_guardian"] = form.get("on_guardians_book") is not False
    facts |= {"home.kind": home.get("kind", "none"), "home.none": home.get("kind") in {"rented", "none"}}
    facts |= _place("home", form.get("unit_code") or "", case["banner"], own, schools_at)
    if home.get("kind") in {"owned", "contract"}:
        grand = case["guardian"]["relation"] == "grandparent"
        facts |= {"home.owner_relation": "grandparents" if grand else "parents", "home.share": 100}
        facts |= {"home.lived_in": True, "home.handed_over": True, "home.use": home.get("use") or "住宅"}
        facts["home.registered_on"] = home.get("registered_on") or ""
        facts["home.contract_on"] = home.get("registered_on") or ""
    if home.get("kind") == "rented":
        facts |= {"lease.recorded": True, "lease.began_on": home.get("registered_on") or ""}
    kind = work.get("kind", "none")
    facts |= {"work.kind": kind, "work.insured_now": kind == "insured", "work.business_active": kind == "business"}
    facts |= {"work.insured_months": int(work.get("months") or 0), "sibling.at_school": bool(form.get("sibling_at"))}
    return {name: value for name, value in facts.items() if value != ""}


def _place(
    prefix: str, unit: str, banner: str, own: Collection[str], schools_at: Mapping[str, Collection[str]]
) -> dict[str, Value]:
    schools = schools_at.get(unit, ())
    return {
        f"{prefix}.in_banner": unit.startswith(banner),
        f"{prefix}.in_area": bool(schools),
        f"{prefix}.in_zone": bool(set(own) & set(schools)),
    }


def decide(case: Mapping[str, Any], papers: Papers, schools_at: Mapping[str, Collection[str]]) -> Decision:
    """Return where the form says other than the papers, for the family to correct; accept where the papers prove it.

    Accepting establishes what is missing and what the departments did not confirm. `papers` are all of the family's;
    only kinds that were photographed for the case count.
    """
    seen = {paper["kind"] for paper in case["papers"]}
    shown = {kind: lines for kind, lines in papers.items() if kind in seen}
    wrong = unlike_the_papers(case["form"], shown)
    if wrong:
        names = "、".join(FIELD_NAMES[name] for name in wrong)
        return Decision("return", "field-wrong", f"{names}与材料上写的不一样,请照材料改正后再提交。")
    proved = facts_proved(case, shown, schools_at)
    open_items = {ITEM_OF_NAME[check["item"]] for check in case["checks"] if check["state"] != CONFIRMED}
    asked = {need["fact"] for need in (*case["missing"], *case.get("contested", ()))}
    facts = {name: value for name, value in proved.items() if name in asked or FACTS[name].source in open_items}
    return Decision("accept", "papers-prove", "已对照材料原件照片,填写内容与材料一致。", facts)
