"""Why a case waits for a person, in words."""

from backend.policy.rules.facts import EXCHANGE_ITEMS, FACTS, PAPER_KINDS
from backend.verification.diary_words import diary_word
from backend.verification.rules.lines import DEPARTMENTS

REASONS = {
    "mismatch": "不一致",
    "not-found": "未查到",
    "unavailable": "部门系统连不上",
    "timeout": "部门系统没有回应",
    "paper": "照片需要人看",
    "fact-missing": "缺少核实情况",
    "disputed": "家长有异议",
    "by-hand": "部门查不到,请人工核对",
    "appeal": "家长申诉",
    "home-used-by-list": "旗区导入的往年名单上这套房的学位已用，不知是谁；请核实往年占用这套房学位的是不是本家庭的孩子",
    "home-claimed-twice": "同一套房有两家报名，请核实哪家实际居住",
    "looked-again-in-silence": "请家长再看一遍，没有答复",
    "not-agreed": "复审没有同意，请重新审核",
    "spot-check": "抽查发现问题",
    "found-waiting": "系统巡查发现没有人在办",
}


def reason_text(reason: str) -> str:
    """A reason of a case in words."""
    kind, _, what = reason.partition(":")
    name = FACTS[what].name if what in FACTS else what
    department, _, item = what.partition("/")
    if department in DEPARTMENTS and item:
        name = f"{diary_word('department', department)}“{EXCHANGE_ITEMS[what][0]}”"
    name = PAPER_KINDS.get(what, name)
    return f"{REASONS.get(kind, kind)}：{name}" if name else REASONS.get(kind, kind)
