"""A family files: asks, logs in, agrees, registers, fills in, photographs, submits; and corrects what was returned."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.chance import Chance
from rehearsal.phone import NoAnswer, Phone, PhoneRefused
from rehearsal.season_papers import corrected
from rehearsal.season_visit import FIRST_LOOK_S, LONGEST_LOOK_S, Told, Visit, channel_of

PICTURES_AT_LEAST = 3
VERDICT_WITHIN_S = 300.0
ASKS_FIRST = 0.25
EDITABLE = ("draft", "returned")
FORM_FIELDS = ("unit_code", "address", "home", "work")


def file_applications(visit: Visit) -> Told:
    """Ask, log in, agree, register, fill in, photograph, submit: {channel, token, asked, children: [...]}."""
    family = visit.family
    asked = Chance(f"asks/{family['id']}").happens(ASKS_FIRST)
    if asked:
        _ask_first(visit)
    guardian = visit.guardian()
    consents = [
        {"purpose": text["purpose"], "sha256": text["sha256"]}
        for text in guardian.get("/api/consents")["items"]
        if text["required"]
    ]
    children = [guardian.post("/api/children", {**child, "consents": consents}) for child in family["children"]]
    files = _helper(visit, guardian, [child["id"] for child in children]) if family["helper"] else guardian
    filed = [_file_one(visit, files, child, children) for child in children]
    tokens = {"token": guardian.token, "helper_token": files.token if family["helper"] else ""}
    return {"channel": channel_of(family), **tokens, "asked": asked, "children": filed}


def _ask_first(visit: Visit) -> None:
    """What parents ask before they log in: the disclosure page, their unit, which school and which papers (D12)."""
    phone, family = visit.phone(), visit.family
    form = family["form"]
    phone.get(f"/api/banners/{family['banner']}/disclosure")
    phone.get("/api/units", q=form["unit_code"][:9], banner=family["banner"])
    phone.post(
        "/api/guide",
        {
            "banner": family["banner"],
            "stage": family["stage"],
            "unit_code": form["unit_code"],
            "household": "here" if form.get("household_unit", "").startswith(family["banner"]) else "elsewhere",
            "home": form["home"]["kind"],
            "work": form["work"]["kind"],
            "born_on": family["children"][0]["born_on"],
        },
    )
    phone.close()


def _helper(visit: Visit, guardian: Phone, children: Sequence[str]) -> Phone:
    """The helper's phone, logged in, once the guardian has let the helper in for every child."""
    helper = visit.family["helper"]
    for child in children:
        try:
            guardian.post(f"/api/children/{child}/helpers", {"phone": helper["phone"], "days": helper["days"]})
        except PhoneRefused as refused:
            if refused.code != "helper-already":
                raise
    return visit.helper()


def _file_one(visit: Visit, phone: Phone, child: Mapping[str, Any], children: Sequence[Mapping[str, Any]]) -> Told:
    family = visit.family
    place = {"child_id": child["id"], "banner": family["banner"], "stage": family["stage"]}
    application = phone.post("/api/applications", place)
    told: Told = {"child": child["id"], "application": application["id"], "papers": {}, "waits": {}}
    if application["state"] not in EDITABLE:
        return {**told, "receipt": application["receipt"]}
    twins = [other["id"] for other in children if other["id"] != child["id"]]
    form = {**family["form"], **({"twins_with": twins[0]} if twins else {})}
    path = f"/api/applications/{application['id']}"
    view = phone.put(f"{path}/form", form)
    kinds = list(dict.fromkeys([paper["kind"] for paper in view["papers"]] + family["papers"]))
    due = [paper["kind"] for paper in view["papers"]]
    photograph(visit, phone, path, kinds[: max(PICTURES_AT_LEAST, len(due))], told)
    return {**told, "receipt": _submit(phone, path, told)}


def _submit(phone: Phone, path: str, told: Told) -> str:
    began = time.monotonic()
    receipt: str = phone.post(f"{path}/submission")["receipt"]
    told["waits"]["receipt"] = round((time.monotonic() - began) * 1000)
    return receipt


def photograph(visit: Visit, phone: Phone, path: str, kinds: Sequence[str], told: Told) -> None:
    """Send a picture of each kind, wait for the verdicts, take again what must be; counts and the longest wait in `told`."""
    counts = told["papers"]
    condition, round_number = visit.family["first_picture"], 0
    todo = list(kinds)
    while todo:
        round_number += 1
        for index, kind in enumerate(todo):
            how = condition if index == 0 and round_number == 1 else "good"
            tag = f"{path}/{kind}/{round_number}/{time.time_ns()}"
            phone.upload(f"{path}/papers", kind, visit.pool.picture(kind, how, tag))
            counts["sent"] = counts.get("sent", 0) + 1
        began = time.monotonic()
        verdicts = _verdicts(phone, path, todo)
        waited = round((time.monotonic() - began) * 1000)
        told["waits"]["paper"] = max(waited, told["waits"].get("paper", 0))
        for state in verdicts.values():
            counts[state] = counts.get(state, 0) + 1
        todo = [kind for kind, state in verdicts.items() if state == "retake"]


def _verdicts(phone: Phone, path: str, kinds: Sequence[str]) -> dict[str, str]:
    """Kind → verdict (good, retake, human) of the newest picture of each kind, once all have been looked at."""
    until, pause = time.monotonic() + VERDICT_WITHIN_S, FIRST_LOOK_S
    while time.monotonic() < until:
        time.sleep(pause)
        pause = min(LONGEST_LOOK_S, pause * 1.5)
        items = phone.get(f"{path}/papers")["items"]
        verdicts = {item["kind"]: item["state"] for item in items if item["kind"] in kinds}
        if len(verdicts) == len(kinds) and "waiting" not in verdicts.values():
            return verdicts
    raise NoAnswer(f"no verdict on {', '.join(kinds)} within {VERDICT_WITHIN_S:.0f} s: {path}")


def correct_applications(visit: Visit) -> Told:
    """Correct what was returned as the papers say it, photograph what became due, submit again.

    A family that plays `late` looks again and leaves its mistake in, as long as only the system has asked.
    """
    phone = _files(visit)
    corrections = []
    for child in visit.kept["children"]:
        path = f"/api/applications/{child['application']}"
        view = phone.get(path)
        told: Told = {"application": child["application"], "papers": {}, "waits": {}, "state": view["state"]}
        corrections.append(told)
        if view["state"] != "returned":
            continue
        told["checks"] = _first_words(phone.get(f"{path}/diary")["items"])
        form = {name: value for name, value in view["form"].items() if not name.endswith("_name")}
        if visit.family.get("part") != "late":
            form = corrected(form, visit.family["papers_say"])
        view = phone.put(f"{path}/form", form)
        photograph(visit, phone, path, [kind for kind in view["missing"] if kind not in FORM_FIELDS], told)
        _submit(phone, path, told)
    return {"children": corrections}


def _first_words(diary: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Name of the item → what its department answered to what was handed in before."""
    return {line["what"]: line["verdict"] for line in diary if line["check_id"]}


def _files(visit: Visit) -> Phone:
    """The phone that files for this family: the helper's where there is one, else the guardian's."""
    return visit.helper() if visit.family["helper"] else visit.guardian()
