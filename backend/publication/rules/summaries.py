"""What everybody may see of each kind of decision: counts, cut-offs, draws by ticket; nobody can be recognised in it."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

Document = Mapping[str, Any]


def public_summary(kind: str, value: Document, output: Document) -> dict[str, Any]:
    """The content of `public.json` for a decision; `value` is its input, `output` its result document.

    Raises KeyError for a kind that has no summary (a statement brings its own).
    """
    return SUMMARIES[kind](value, output)


def _draw(_value: Document, output: Document) -> dict[str, Any]:
    results = {row["no"]: row["result"] for row in output["results"] or []}
    rows = [
        {"position": head["position"], "ticket": head["ticket"], "result": results.get(head["no"])}
        for head in output["order"]
    ]
    counted = Counter(row["result"] for row in rows)
    counts = {"people": len(rows)} | {word: counted[word] for word in ("admitted", "waiting", "offered")}
    return {"rows": rows, "counts": counts}


def _placement(value: Document, output: Document) -> dict[str, Any]:
    by = "choice" if value["mechanism"] == "choice" else "step"
    placed = [str(one[by]) for one in output["placements"] if one["school"] is not None]
    people = len(output["placements"])
    counts = {"people": people, "placed": len(placed), "unplaced": people - len(placed)}
    return {"schools": list(output["schools"]), "counts": counts | {f"by_{by}": dict(Counter(placed))}}


def _classes(value: Document, output: Document) -> dict[str, Any]:
    report = output["report"]
    return {
        "sizes": report["sizes"],
        "sex": report["counts"]["sex"],
        "spread": report["spread"],
        "violations": len(report["violations"]),
        "counts": {"people": len(value["pupils"]), "classes": value["classes"]},
    }


def _exam(_value: Document, output: Document) -> dict[str, Any]:
    refused = Counter(event["reason"] for event in output["events"] if event["reason"] is not None)
    return {
        "units": [unit | {"admitted": len(unit["admitted"])} for unit in output["units"]],
        "statistics": output["statistics"],
        "counts": {
            "people": len(output["candidates"]),
            "admitted": sum(one["admitted"] for one in output["candidates"]),
            "events": len(output["events"]),
            "refused": dict(refused),
        },
    }


def _everything(_value: Document, output: Document) -> dict[str, Any]:
    return dict(output)


SUMMARIES: dict[str, Callable[[Document, Document], dict[str, Any]]] = {
    "draw": _draw,
    "circle-draw": _everything,
    "placement": _placement,
    "classes": _classes,
    "exam-admission": _exam,
    "quota": _everything,
    "team-draw": _everything,
}
