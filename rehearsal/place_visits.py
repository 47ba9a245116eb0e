"""A simulated family's visits about its place: a preference, a private school, an objection."""

from typing import Any

from rehearsal.season_visit import Told, Visit

EVIDENCE = "演练证件 0000001"


def make_wish(visit: Visit) -> Told:
    """Claim the first group of the book, with the own school where one may be chosen; or register for a private school."""
    phone = visit.guardian()
    told: Told = {"token": phone.token, "wishes": []}
    for child in visit.kept["children"]:
        path = f"/api/applications/{child['application']}"
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
    group = offered["groups"][0]
    schools = [school["code"] for school in group["schools"]]
    own = [code for code in visit.family["choices"] if code in schools]
    school = (own or schools or [None])[0]
    phone.post(f"{path}/preference", {"group": group["group"], "evidence": EVIDENCE, "school": school})
    return str(group["group"])


def object_to_result(visit: Visit) -> Told:
    """Object to the published result of every child, with a receipt."""
    phone = visit.guardian()
    filed = []
    for child in visit.kept["children"]:
        path = f"/api/applications/{child['application']}/objections"
        if not phone.get(path)["items"]:
            phone.post(path, {"text": "演练：请复核我家的片区和排序依据。"})
        filed += [each["receipt"] for each in phone.get(path)["items"]]
    return {"token": phone.token, "filed": filed}
