"""A family's visits after it has filed: choosing a school, reading the result and answering, looking back."""

import time
from collections.abc import Callable

from rehearsal.phone import Phone
from rehearsal.place_visits import (
    answer_again,
    ask_deferral,
    ask_transfer,
    leave_list,
    look_up,
    make_wish,
    object_to_result,
    waver,
)
from rehearsal.season_filing import correct_applications, file_applications
from rehearsal.season_visit import FIRST_LOOK_S, LONGEST_LOOK_S, Told, Visit

MESSAGE_WITHIN_S = 180.0
CALLED = ("placed", "unplaced", "confirmed")
"""The states of a result of which the family gets a message; whoever left or was put off gets none."""
KEPT_WORDS = ("积分合计", "毕业小学对口直升", "志愿。", "积分清零", "法定优待：")
"""The lines of a card that the report is held against."""


def choose(visit: Visit) -> Told:
    """Weifang's way: the schools of the address are chosen, or ranked, once the papers are checked."""
    phone = visit.guardian()
    chosen: list[Told] = []
    for child in visit.kept["children"]:
        path = f"/api/applications/{child['application']}"
        view = phone.get(path)
        if view["state"] == "choosing":
            near = visit.family["choices"]
            schools = sorted(
                (school["code"] for school in view.get("schools", [])),
                key=lambda code: (near.index(code) if code in near else len(near), code),
            )
            ranked = schools[: view.get("choices_at_most", 1)]
            phone.post(f"{path}/choices", {"schools": ranked})
            chosen.append({"application": child["application"], "schools": ranked})
    return {"token": phone.token, "chosen": chosen}


def answer(visit: Visit) -> Told:
    """Read the message and the why-card, then take the place, do without it, or stay silent."""
    phone = visit.guardian()
    told: Told = {"token": phone.token, "children": []}
    paths = {child["application"]: f"/api/applications/{child['application']}" for child in visit.kept["children"]}
    called = {key for key, path in paths.items() if phone.get(f"{path}/result")["state"] in CALLED}
    message_at = _message(phone, len(called)) if called else 0
    for key, path in paths.items():
        result = phone.get(f"{path}/result")
        card = result.get("why") or {}
        lines = card.get("text") or []
        answers = visit.family["answers"]
        if result["state"] == "placed" and result["confirms"] == "guardian" and answers != "silent":
            phone.post(f"{path}/{'confirmation' if answers == 'confirm' else 'decline'}", {})
        told["children"].append(
            {
                "application": key,
                "state": result["state"],
                "school": (result["school"] or {}).get("code"),
                "confirm_by": result["confirm_by"],
                "confirms": result["confirms"],
                "card_lines": len(lines),
                "called": key in called,
                "messages": message_at,
                "seat_type": (result["seat_type"] or {}).get("code"),
                "step": card.get("step"),
                "said": [line for line in (*result["seat_why"], *lines) if any(word in line for word in KEPT_WORDS)],
            }
        )
    return told


def _message(phone: Phone, children: int) -> int:
    """How many messages about results arrived: one a child is waited for."""
    until, pause = time.monotonic() + MESSAGE_WITHIN_S, FIRST_LOOK_S
    while True:
        items = phone.get("/api/me/messages")["items"]
        found = sum("/result/" in (item["link"] or "") for item in items)
        if found >= children or time.monotonic() > until:
            return found
        time.sleep(pause)
        pause = min(LONGEST_LOOK_S, pause * 1.5)


def look_back(visit: Visit) -> Told:
    """At the end: where every child stands, and the diary of the way there."""
    phone = visit.guardian()
    children = []
    for child in visit.kept["children"]:
        path = f"/api/applications/{child['application']}"
        view, result = phone.get(path), phone.get(f"{path}/result")
        children.append(
            {
                "application": child["application"],
                "state": view["state"],
                "receipt": view["receipt"],
                "school": (result["school"] or {}).get("code"),
                "diary": phone.get(f"{path}/diary")["items"],
                **look_up(visit, phone, child),
            }
        )
    messages = phone.get("/api/me/messages")["items"]
    return {"token": phone.token, "children": children, "messages": len(messages)}


VISITS: dict[str, Callable[[Visit], Told]] = {
    "filed": file_applications,
    "corrected": correct_applications,
    "wished": make_wish,
    "chosen": choose,
    "answered": answer,
    "objected": object_to_result,
    "deferred": ask_deferral,
    "left": leave_list,
    "wavered": waver,
    "asked-transfer": ask_transfer,
    "answered-again": answer_again,
    "seen": look_back,
}
"""Name of a visit in the journal → what the family does on it."""
