"""The record of a class ceremony as a PDF: hashes, seed, witnesses, balance, lists by number, moves, a QR code (E32)."""

import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import segno
import typst

from backend.classes.rules.words import GAINS, VALUE_NAMES, column_name, unmet_words
from backend.policy.page_names import banner_name

SOURCE = Path(__file__).parent / "print" / "record.typ"
FONTS = "pylopdf_fonts_zh_cn"
CLASSES_ABREAST = 10
SIGNERS = ("学校负责人", "家长代表", "家委会代表", "旗区教体局代表", "班主任代表", "社会监督员")


def print_record(told: dict[str, Any], address: str) -> bytes:
    """The PDF of a published ceremony view; `address` is the public page that the QR code leads to."""
    data = json.dumps(_facts(told, address), ensure_ascii=False)
    fonts = str(files(FONTS))
    made = typst.compile(str(SOURCE), font_paths=[fonts], sys_inputs={"told": data}, ignore_system_fonts=True)
    return bytes(made) if isinstance(made, bytes) else b"".join(made)


def _facts(told: dict[str, Any], address: str) -> dict[str, Any]:
    done, ceremony, plan = told["published"], told["ceremony"], told["plan"]
    report = done["report"]
    return {
        "title": f"{told['school']['name']} {told['year']} 年阳光分班记录",
        "summary": f"{plan['pupils']} 名学生，{plan['classes']} 个班；发布于 {_when(done['at'])}。没有任何办法把某个学生预先放进某个班。",
        "qr": _qr(address),
        "output_sha256": done["output_sha256"],
        "hashes": [
            ["名单哈希", told["input_sha256"]],
            ["名单默克尔根", told["roster_root"]],
            ["主办方随机数的指纹", ceremony["office"]["commitment"]],
            ["主办方随机数", ceremony["office"]["text"] or ""],
            ["随机种子", ceremony["seed"] or ""],
            ["结果哈希", done["output_sha256"]],
        ],
        "times": _times(told),
        "witnesses": [
            [one["name"], one["office"], one["commitment"] or "没有参加", one["text"] or "没有说出"]
            for one in ceremony["witnesses"]
        ],
        "way": GAINS[plan["way"]],
        "balance": _balance(report),
        "spread": [
            f"{column_name(name)}：各班平均分最多相差 {spread} 分，理论上最少 {report['lower_bound']['spread'][name]} 分。"
            for name, spread in report["spread"].items()
        ],
        "violations": [unmet_words(one) for one in report["violations"]],
        "teams": _teams(told),
        "lists": {f"{number} 班": numbers for number, numbers in done["lists"].items()},
        "moves": [_move(move) for move in done["moves"]],
        "signatures": str(done["signatures"]),
        "signers": list(SIGNERS),
    }


def _move(move: dict[str, Any]) -> list[str]:
    way = f"{move['from'] or '—'} → {move['to'] or '—'}"
    return [str(move["number"]), move["no"], move["why"], way, _when(move["at"])]


def _times(told: dict[str, Any]) -> list[list[str]]:
    ceremony = told["ceremony"]
    call = told["call"]
    steps = [
        ("公布方案、封存名单", told["plan_published_at"]),
        ("公告见证人", ceremony["announced_at"]),
        ("承诺截止", ceremony["committed_at"]),
        ("数字说完", ceremony["revealed_at"]),
        ("一键分班", ceremony["concluded_at"]),
        ("公布结果", told["published"]["at"]),
    ]
    rows = [[name, _when(moment)] for name, moment in steps if moment]
    return [*rows, ["抽取见证人的现场数字", call["digits"]]] if call else rows


def _balance(report: dict[str, Any]) -> list[list[list[str]]]:
    """Tables of at most so many classes each, so that a page is wide enough; the first row names the classes."""
    rows = [["", *(f"{number + 1} 班" for number in range(len(report["sizes"])))]]
    rows.append(["人数", *map(str, report["sizes"])])
    for column, counts in report["counts"].items():
        for value, row in counts.items():
            shown = VALUE_NAMES.get(value) or banner_name(value)
            rows.append([f"{column_name(column)}：{shown}", *map(str, row)])
    rows += [[column_name(name), *(mean or "" for mean in means)] for name, means in report["means"].items()]
    starts = range(1, len(rows[0]), CLASSES_ABREAST)
    return [[[row[0], *row[start : start + CLASSES_ABREAST]] for row in rows] for start in starts]


def _teams(told: dict[str, Any]) -> list[list[str]]:
    teaches = {team["team"]: team["teaches"] for team in told["teams"]}
    return [
        [
            str(one["position"]),
            one["team"],
            one["head"],
            "，".join(f"{subject} {name}" for subject, name in teaches[one["team"]].items()),
            f"{one['class']} 班",
        ]
        for one in told["published"]["teams"]
    ]


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=True, border=1)
    return out.getvalue().decode()


def _when(instant: str) -> str:
    return instant[:19].replace("T", " ")
