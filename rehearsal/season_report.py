"""The report of a rehearsed season as one page that needs nothing else: numbers, pictures, what adds up. Pure."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from backend.policy.rules.facts import EXCHANGE_ITEMS
from rehearsal.charts import STEP_NAMES, SeatBar, funnel, histogram, seat_bars, seconds
from rehearsal.figures import Season
from rehearsal.land import Point
from rehearsal.report_words import PHASES, PLACES, STATES, WAITS
from rehearsal.zone_map import Zone, zone_map

STAGES = {"kindergarten": "幼儿园", "primary": "小学", "junior": "初中"}
STYLE = """
:root { color-scheme: light; } body { font: 16px/1.65 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
 color: #1d2129; margin: 0 auto; max-width: 52rem; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; border-bottom: 2px solid #d9dde3; padding-bottom: .3rem; }
svg { width: 100%; height: auto; } .mark { background: #fff3cd; padding: .4rem .8rem; border-radius: .3rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } td, th { border-bottom: 1px solid #e5e8ec; padding: .3rem .5rem;
 text-align: left; vertical-align: top; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .6rem; } .tile { background: #f2f3f5;
 border-radius: .4rem; padding: .6rem .8rem; } .tile b { display: block; font-size: 1.5rem; } .no { color: #c53030; font-weight: 600; }
.yes { color: #2f855a; } .scroll { overflow-x: auto; }
"""


def report_page(
    season: Season,
    figures: Mapping[str, Any],
    outlines: Mapping[str, Sequence[Point]],
    zones: Mapping[str, Sequence[Zone]],
) -> str:
    """The page. `zones`: stage → its zones."""
    whole = all(statement["holds"] for statement in figures["adds_up"])
    verdict = (
        '<p class="yes">✓ 每个家庭都有且只有一个最终结果,下面所有数字对得上。</p>'
        if whole
        else '<p class="no">✗ 有数字对不上,见“对账”一节。</p>'
    )
    parts = [
        f"<h1>招生季演练报告 {season.year}</h1>",
        '<p class="mark">演练数据:人、学校、片区均为虚构;地址单元与旗区轮廓为真实公开数据。</p>',
        verdict,
        _tiles(season, figures),
        _part("漏斗:从登记到学籍", funnel([(each["step"], each["applications"]) for each in figures["funnel"]])),
        _part("最终结果", _table(("结果", "人数"), _final(figures))),
        _part("家长等了多久", *_histograms(season)),
        _part("学位上发生的事", _table(("事情", "次"), [(PLACES[name], str(count)) for name, count in figures["places"].items()])),
        *_seats(season),
        *_maps(outlines, zones),
        _part("部门核验", _checks(figures)),
        _part("照片和人工审核", _table(("照片", "张"), _named(figures["papers"])), _table(("人工审核", "件"), _named(figures["cases"]))),
        _part("用时", _table(("阶段", "用时"), _phases(figures)), _load(figures)),
        _part("中途杀掉的进程", _kills(figures)),
        _part("请求", '<div class="scroll">' + _requests(figures) + "</div>"),
        _part("对账", _adds_up(figures)),
        _part("考生", _exam(figures["exam"])),
    ]  # fmt: skip
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>招生季演练报告 {season.year}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _exam(told: Mapping[str, Any]) -> str:
    if not told:
        return "<p>本次演练没有考生参加(用 --candidates 指定人数)。</p>"
    done = told["done"]
    rows = [
        ("考生", told["candidates"]),
        ("登录并查到成绩", done.get("logged-in", 0)),
        ("留下托管志愿清单", done.get("lists", 0)),
        ("改报次数", done.get("moved", 0)),
        ("看位次、改报的轮数", told["rounds"]),
        ("录取", told["admitted"]),
        ("托管志愿：更想去的学校录取了总分更低的人(必须为 0)", told["passed_over_lists"]),
        ("自己改报：更想去的学校录取了总分更低的人(没看到最后的人才会有)", told["passed_over"]),
    ]
    return _table(("中考", "数"), [(name, str(count)) for name, count in rows])


def _part(title: str, *content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(content)}</section>"


def _tiles(season: Season, figures: Mapping[str, Any]) -> str:
    tiles = (
        ("家庭", str(season.families)),
        ("申请(孩子)", str(figures["season"]["applications"])),
        ("照片", str(figures["papers"].get("sent", 0))),
        ("全程用时", seconds(figures["clock"]["ms"])),
        ("家庭/分钟", figures["rates"]["families_a_minute"]),
        ("户籍核验一致", f"{figures['rates']['household_pass'] or '—'}%"),
        ("房产核验一致", f"{figures['rates']['property_pass'] or '—'}%"),
    )
    shown = "".join(f'<div class="tile"><b>{escape(value)}</b>{escape(name)}</div>' for name, value in tiles)
    return (
        f'<div class="tiles">{shown}</div><p>种子 <code>{escape(season.seed)}</code>,旗区 {escape("、".join(season.banners))},'
        f"{escape(season.began_at)} 至 {escape(season.ended_at)}。</p>"
    )


def _final(figures: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [(STATES.get(state, state), str(count)) for state, count in figures["final_states"].items()]


def _histograms(season: Season) -> list[str]:
    shown = []
    for wait, title in WAITS.items():
        values = [each.waits_ms[wait] for each in season.applications if wait in each.waits_ms]
        shown.append(f"<h3>{escape(title)}</h3>{histogram(values, title)}")
    return shown


def _seats(season: Season) -> list[str]:
    shown = []
    for stage, name in STAGES.items():
        bars = [
            SeatBar(each.name, each.seats, each.placed, each.confirmed)
            for each in sorted(season.schools, key=lambda each: each.code)
            if each.stage == stage and each.seats
        ]
        if bars:
            shown.append(_part(f"各校学位:{name}", seat_bars(bars, f"各校学位:{name}")))
    return shown


def _maps(outlines: Mapping[str, Sequence[Point]], zones: Mapping[str, Sequence[Zone]]) -> list[str]:
    return [
        _part(f"片区图:{STAGES[stage]}", zone_map(outlines, found, f"片区图:{STAGES[stage]}"))
        for stage, found in zones.items()
        if found
    ]


def _checks(figures: Mapping[str, Any]) -> str:
    verdicts = ("match", "mismatch", "not-found", "unavailable", "timeout")
    rows = [
        (EXCHANGE_ITEMS[name][0] if name in EXCHANGE_ITEMS else name, *(str(told[verdict]) for verdict in verdicts))
        for name, told in figures["checks"].items()
    ]
    return _table(("核验项目", "一致", "不一致", "未查到", "连不上", "没回应"), rows)


def _named(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    names = {
        "sent": "发出", "good": "合格", "retake": "要求重拍", "human": "转人工",
        "accept": "通过", "return": "退回补正", "reject": "不通过",
    }  # fmt: skip
    return [(names.get(name, name), str(count)) for name, count in counts.items()]


def _phases(figures: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [(PHASES.get(each["name"], each["name"]), seconds(each["ms"])) for each in figures["clock"]["phases"]]


def _load(figures: Mapping[str, Any]) -> str:
    """Processor time by process, the hungriest first."""
    used = sorted(figures["cpu_ms"].items(), key=lambda each: -each[1])
    return "<h3>各进程用掉的处理器时间</h3>" + _table(
        ("进程", "处理器时间"), [(name, seconds(ms)) for name, ms in used]
    )


def _kills(figures: Mapping[str, Any]) -> str:
    if not figures["kills"]:
        return "<p>没有。</p>"
    rows = [
        (each["process"], seconds(each["at_ms"]), each["signal"], seconds(each["back_ms"]) if each["back_ms"] is not None else "没有回来")
        for each in figures["kills"]
    ]  # fmt: skip
    return _table(("进程", "开始后", "信号", "多久后自己回来"), rows)


def _requests(figures: Mapping[str, Any]) -> str:
    names = ("count", "p50_ms", "p90_ms", "p99_ms", "longest_ms", "broken")
    rows = [(route, *(str(told.get(name, "")) for name in names)) for route, told in figures["requests"].items()]
    return _table(("请求", "次", "一半(毫秒)", "90%", "99%", "最长", "失败后重发"), rows)


def _adds_up(figures: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><td class="{"yes" if each["holds"] else "no"}">{"✓" if each["holds"] else "✗"}</td><td>{escape(each["what"])}</td>'
        f'<td class="n">{each["left"]}</td><td class="n">{each["right"]}</td></tr>'
        for each in figures["adds_up"]
    )
    return f'<table><tr><th></th><th>必须成立</th><th class="n">左</th><th class="n">右</th></tr>{rows}</table>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        first, *others = cells
        numbers = "".join(f'<{tag} class="n">{escape(cell)}</{tag}>' for cell in others)
        return f"<tr><{tag}>{escape(first)}</{tag}>{numbers}</tr>"

    return f"<table>{line(heads, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def steps_text(figures: Mapping[str, Any]) -> str:
    """The funnel in one line, for a terminal."""
    return " → ".join(f"{STEP_NAMES[each['step']]} {each['applications']}" for each in figures["funnel"])
