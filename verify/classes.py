"""Class lists, re-checked: everybody once, the bounds, the figures of the report. The lists are formed elsewhere."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from verify.folder import Lie, canonical, demand_equal, sha256_hex

Row = dict[str, Any]
NOTE = (
    "bounds, counts, means and hashes are re-checked; the lists themselves are recomputed by "
    "`sunroll verify` and `node verify/verify.mjs`"
)
TEN_THOUSAND = 10_000


def check_classes(given: Row, output: Row, where: str) -> None:
    """Whether the lists keep the bounds and the report tells their figures. Raises Lie."""
    count = given["classes"]
    numbers = sorted((pupil["no"] for pupil in given["pupils"]), key=lambda no: no.encode("utf-8"))
    demand_equal([row["no"] for row in output["classes"]], numbers, where, "the list of pupils")
    if not all(type(row["class"]) is int and 1 <= row["class"] <= count for row in output["classes"]):
        raise Lie(where, f"a class is none of 1 to {count}")
    class_of = {row["no"]: row["class"] for row in output["classes"]}
    report = output["report"]
    demand_equal(report["seed"], given["seed"], where, "the seed of the report")
    demand_equal(report["input_sha256"], _digest(given), where, "the input_sha256 of the report")
    sizes = [0] * count
    for number in class_of.values():
        sizes[number - 1] += 1
    demand_equal(report["sizes"], sizes, where, "the sizes")
    counted = _counts(given, class_of, is_special_counted="special" in report["counts"])
    demand_equal(report["counts"], counted, where, "the counts")
    means = _means(given, class_of, sizes)
    shown = {name: [None if one is None else _shown(one) for one in row] for name, row in means.items()}
    demand_equal(report["means"], shown, where, "the means")
    demand_equal(report["spread"], {name: _shown(_spread(row)) for name, row in means.items()}, where, "the spread")
    if not report["violations"]:
        _check_bounds(given, class_of, sizes, counted, where)


def _digest(given: Row) -> str:
    pupils = sorted(given["pupils"], key=lambda pupil: pupil["no"].encode("utf-8"))
    options = {key: given[key] for key in ("balance", "classes", "seed", "tolerance")}
    return sha256_hex(canonical({"files": {"pupils": pupils}, "options": options}))


def _counts(given: Row, class_of: dict[str, int], *, is_special_counted: bool) -> dict[str, dict[str, list[int]]]:
    is_special = is_special_counted or any(pupil.get("special", "0") != "0" for pupil in given["pupils"])
    special = ["special"] if is_special else []
    counted: dict[str, dict[str, list[int]]] = {}
    for column in ["sex", *special, "ethnicity", "household", *given["balance"]]:
        values: dict[str, list[int]] = {}
        for pupil in given["pupils"]:
            row = values.setdefault(pupil[column], [0] * given["classes"])
            row[class_of[pupil["no"]] - 1] += 1
        counted[column] = values
    return counted


def _means(given: Row, class_of: dict[str, int], sizes: list[int]) -> dict[str, list[Fraction | None]]:
    subjects = sorted({name for pupil in given["pupils"] for name in pupil if name.startswith("score_")})
    has_total = any("score" in pupil for pupil in given["pupils"])
    sums: dict[str, list[Fraction]] = {}
    for name in ["score", *subjects] if subjects or has_total else []:
        row = sums.setdefault(name, [Fraction(0)] * given["classes"])
        summed = subjects if name == "score" and not has_total else [name]
        for pupil in given["pupils"]:
            row[class_of[pupil["no"]] - 1] += sum(Fraction(pupil[one]) for one in summed)
    return {
        name: [total / size if size else None for total, size in zip(row, sizes, strict=True)]
        for name, row in sums.items()
    }


def _spread(means: list[Fraction | None]) -> Fraction:
    known = [mean for mean in means if mean is not None]
    return max(known) - min(known) if known else Fraction(0)


def _shown(mean: Fraction) -> str:
    rounded = (2 * mean.numerator * TEN_THOUSAND + mean.denominator) // (2 * mean.denominator)
    return f"{rounded // TEN_THOUSAND}.{rounded % TEN_THOUSAND:04d}"


def _check_bounds(
    given: Row, class_of: dict[str, int], sizes: list[int], counted: dict[str, dict[str, list[int]]], where: str
) -> None:
    for what, row in [
        ("the sizes", sizes),
        *((f"{column} {value}", row) for column, rows in counted.items() for value, row in rows.items()),
    ]:
        if max(row) - min(row) > 1:
            raise Lie(where, f"{what} differ by more than one between classes, and the report names no violation")
    together, apart = defaultdict(set), defaultdict(list)
    for pupil in given["pupils"]:
        if pupil.get("together"):
            together[pupil["together"]].add(class_of[pupil["no"]])
        if pupil.get("apart"):
            apart[pupil["apart"]].append(class_of[pupil["no"]])
    if any(len(found) > 1 for found in together.values()):
        raise Lie(where, "pupils of one `together` label are in two classes, and the report names no violation")
    if any(len(found) != len(set(found)) for found in apart.values()):
        raise Lie(where, "pupils of one `apart` label share a class, and the report names no violation")


def summarise_classes(given: Row, output: Row) -> Row:
    """What everybody may see of a forming: sizes, boys and girls, how far the means lie apart."""
    report = output["report"]
    counts = {"people": len(given["pupils"]), "classes": given["classes"]}
    shown = {"sizes": report["sizes"], "sex": report["counts"]["sex"], "spread": report["spread"]}
    return {**shown, "violations": len(report["violations"]), "counts": counts}


def check_classes_summary(rule: Row, summary: Row, people: int, where: str) -> None:
    """Whether the public figures of a forming agree with each other. Raises Lie."""
    if summary["counts"] != {"people": people, "classes": rule["classes"]}:
        raise Lie(where, "the counts are not those of the rule and the list")
    if len(summary["sizes"]) != rule["classes"] or sum(summary["sizes"]) != people:
        raise Lie(where, "the sizes do not add up to everybody")
    if [sum(row) for row in zip(*summary["sex"].values(), strict=True)] != summary["sizes"]:
        raise Lie(where, "boys and girls do not add up to the sizes")
    if not summary["violations"] and max(summary["sizes"]) - min(summary["sizes"]) > 1:
        raise Lie(where, "the sizes differ by more than one, and no violation is named")
