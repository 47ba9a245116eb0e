"""A simulated family's visits about its place: preference, private school, deferral, objection, transfer, leaving a list."""

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.phone import Phone, PhoneRefused
from rehearsal.place_parts import PREFERRED
from rehearsal.season_visit import Told, Visit

EVIDENCE = "演练证件 0000001"
HOSPITAL = "演练医院病历 0000001，建议缓一年入学"
MOVED_HOUSE = "演练：家里搬到另一个小区，想转到有空余学位的近处学校。"
LEAVES = "演练：举家迁往外地"
TAKEN_MEANWHILE = ("seats-waited-for", "nearer-with-room")
OBJECTIONS = {
    "objects": "演练：我家的地址单元划到了远处的学校，请核对片区表。",
    "": "演练：请复核我家的片区和排序依据。",
}
"""Part → what the family writes."""


def _files(visit: Visit) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Every child's filing, and the path of its application."""
    for child in visit.kept["children"]:
        yield child, f"/api/applications/{child['application']}"


def make_wish(visit: Visit) -> Told:
    """Claim a group of the book, with the own school where one may be chosen; or register for a private school."""
    phone = visit.guardian()
    told: Told = {"token": phone.token, "wishes": []}
    for child, path in _files(visit):
        if visit.kept["wants"] == "preference":
            made = _claim(visit, phone, path)
        else:
            offered = phone.get(f"{path}/private")
            made = offered["schools"][0]["code"] if offered["may_wish"] and offered["schools"] else None
            if made:
                phone.put(f"{path}/private", {"school": made})
        if made:
            told["wishes"].append({"application": child["application"], "receipt": child["receipt"], "wants": made})
    return told


def _claim(visit: Visit, phone: Any, path: str) -> str | None:
    offered = phone.get(f"{path}/preference")
    if not offered["groups"] or not offered["may_ask"]:
        return None
    wanted = PREFERRED.get(visit.family.get("part", ""))
    group = next((each for each in offered["groups"] if each["group"] == wanted), offered["groups"][0])
    schools = [school["code"] for school in group["schools"]]
    own = [code for code in visit.family["choices"] if code in schools]
    school = (own or schools or [None])[0]
    phone.post(f"{path}/preference", {"group": group["group"], "evidence": EVIDENCE, "school": school})
    return str(group["group"])


def ask_deferral(visit: Visit) -> Told:
    """Ask to let the children enter a year later (缓学)."""
    phone = visit.guardian()
    asked = []
    for child in visit.kept["children"]:
        path = f"/api/children/{child['child']}/deferral"
        if not phone.get(path)["items"]:
            where = {"banner": visit.family["banner"], "stage": visit.family["stage"]}
            phone.post(path, {**where, "evidence": HOSPITAL})
        asked.append(child["receipt"])
    return {"token": phone.token, "asked": asked}


def leave_list(visit: Visit) -> Told:
    """Withdraw from a frozen list: the number is struck out and stays where it is."""
    phone = visit.guardian()
    return {"token": phone.token, "left": [child["receipt"] for child, path in _files(visit) if _leave(phone, path)]}


def _leave(phone: Phone, path: str) -> bool:
    is_frozen = phone.get(path)["state"] == "frozen"
    if is_frozen:
        phone.post(f"{path}/leave", {"reason": LEAVES})
    return bool(is_frozen)


def waver(visit: Visit) -> Told:
    """Give up a private seat that was drawn: the next in its line gets it, and the own child waits for a later round."""
    phone = visit.guardian()
    drawn = {child["receipt"]: path for child, path in _files(visit) if _is_drawn(phone.get(f"{path}/result"))}
    for path in drawn.values():
        phone.post(f"{path}/decline", {})
    return {"token": phone.token, "given_up": sorted(drawn)}


def _is_drawn(result: Mapping[str, Any]) -> bool:
    return result["state"] == "placed" and (result["why"] or {}).get("step") == "private"


def object_to_result(visit: Visit) -> Told:
    """Object to the published result of every child, with a receipt."""
    phone = visit.guardian()
    text = OBJECTIONS.get(visit.family.get("part", ""), OBJECTIONS[""])
    filed = []
    for _, application in _files(visit):
        path = f"{application}/objections"
        if not phone.get(path)["items"]:
            phone.post(path, {"text": text})
        filed += [each["receipt"] for each in phone.get(path)["items"]]
    return {"token": phone.token, "filed": filed}


def ask_transfer(visit: Visit) -> Told:
    """Ask for the first school with a free seat that is offered (D15), where the book lets the child ask."""
    phone = visit.guardian()
    asked = []
    for child, application in _files(visit):
        path = f"{application}/transfers"
        offered = phone.get(path)
        if offered["may_ask"] and offered["schools"]:
            school = offered["schools"][0]["code"]
            try:
                phone.post(path, {"school": school, "text": MOVED_HOUSE})
            except PhoneRefused as refused:
                if refused.code not in TAKEN_MEANWHILE:
                    raise
                continue
            asked.append({"application": child["application"], "receipt": child["receipt"], "school": school})
    return {"token": phone.token, "asked": asked}


def answer_again(visit: Visit) -> Told:
    """Take the place that came later: by the line, a further round, a correction or a transfer."""
    phone = visit.guardian()
    children = []
    for child, path in _files(visit):
        result = phone.get(f"{path}/result")
        if result["state"] == "placed" and result["confirms"] == "guardian":
            phone.post(f"{path}/confirmation", {})
        why = result["why"] or {}
        children.append(
            {
                "application": child["application"],
                "state": result["state"],
                "step": why.get("step"),
                "school": (result["school"] or {}).get("code"),
            }
        )
    return {"token": phone.token, "children": children}


def look_up(visit: Visit, phone: Any, child: Any) -> Told:
    """What anybody reads about the family's home (the public look-up), and the family about a deferral of the child."""
    home, told = visit.family["form"]["home"], Told()
    if home.get("unit") and home["kind"] == "owned":
        items = phone.get(f"/api/banners/{visit.family['banner']}/homes", unit=home["unit"])["items"]
        own = [item["free_in"] for item in items if item["stage"] == visit.family["stage"]]
        told |= {"home_used": own[0] is not None} if own else {}
    if visit.family.get("part") == "defers":
        told["deferrals"] = phone.get(f"/api/children/{child['child']}/deferral")["items"]
    return told
