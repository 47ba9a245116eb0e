"""The family's verification diary: which department answered what and when, and every step of the application."""

import uuid
from typing import Any

from backend.enrolment.applications import events_of, open_application
from backend.enrolment.helper_steps import helper_lines
from backend.enrolment.rows import Application, ApplicationEvent
from backend.identity.actors import Actor
from backend.verification.dispute_check import DISPUTABLE_IN
from backend.verification.facts import checks_of, earlier_answers
from backend.verification.open_checks import is_outstanding
from backend.verification.queries import decisions_on
from backend.verification.rows import Case, Check
from backend.verification.rules.reasons import REASON_CODES

DEPARTMENTS = {
    "police": "公安",
    "land": "自然资源",
    "housing": "住建",
    "labour": "人社",
    "market": "市场监管",
    "welfare": "卫健民政",
}
FIELDS = {
    "name": "姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "born_on": "出生日期",
    "household_number": "户号",
    "unit_code": "地址",
    "moved_in_on": "落户日期",
    "same_household": "是否同一户口簿",
    "relation": "亲子关系",
    "certificate": "不动产权证号",
    "property_unit": "不动产单元号",
    "use": "房屋用途",
    "registered_on": "登记日期",
    "owners": "所有权人",
    "none": "名下无房",
    "months": "社保月数",
    "credit_code": "统一社会信用代码",
    "contract": "合同编号",
    "record_number": "租赁备案号",
    "buyers": "买受人",
    "tenants": "承租人",
    "parents": "父母姓名",
    "valid_until": "有效期",
    "ends_on": "租期",
    "status": "状态",
    "state": "登记状态",
}
DECISIONS_IN_WORDS = {"accept": "审核通过", "return": "退回补正", "reject": "审核未通过"}
STATES = {
    "draft": "草稿",
    "submitted": "已提交",
    "checking": "部门核验中",
    "in_review": "等待工作人员查看",
    "returned": "退回补正",
    "rejected": "审核未通过，可以申诉",
    "verified": "审核通过",
    "choosing": "请选择学校",
    "settled": "学位类型已确定",
    "frozen": "名单已封存，等待派位",
    "placed": "已派位，等待确认",
    "unplaced": "这一轮未派到学校",
    "confirmed": "已确认入学",
    "declined": "已放弃学位",
    "lapsed": "逾期未办",
    "enrolled": "已报到",
    "recorded": "学籍已建立",
    "withdrawn": "已撤回",
}


def diary_of(actor: Actor, application_id: uuid.UUID) -> list[dict[str, Any]]:
    """The diary's lines, oldest first. Raises NotFound."""
    _, application = open_application(actor, application_id, "child.read")
    lines = [_event_line(event) for event in events_of(application)]
    lines += helper_lines(application)
    lines += [_decision_line(case) for case in decisions_on(application)]
    lines += [_check_line(check, application) for check in (*earlier_answers(application), *checks_of(application))]
    return sorted(lines, key=lambda line: (line["at"] is None, line["at"] or ""))


def _event_line(event: ApplicationEvent) -> dict[str, Any]:
    """A step of the application by its new state; a note that moved nothing (an objection, a transfer) by its words."""
    text = event.reason if event.from_state == event.to_state else STATES.get(event.to_state, event.to_state)
    return {
        "at": event.at.isoformat(),
        "who": _who(event.principal),
        "what": text.partition("：")[0],
        "verdict": "info",
        "text": text,
        "check_id": None,
        "disputable": False,
    }


def _who(principal: str) -> str:
    kind = principal.split(":", maxsplit=1)[0]
    return {"guardian": "家长或代办人", "official": "工作人员"}.get(kind, "系统")


def _decision_line(case: Case) -> dict[str, Any]:
    words, _ = REASON_CODES[case.reason_code or ""]
    return {
        "at": case.decided_at.isoformat() if case.decided_at else None,
        "who": "工作人员",
        "what": DECISIONS_IN_WORDS[case.decision or ""],
        "verdict": "info",
        "text": f"{DECISIONS_IN_WORDS[case.decision or '']}。{words}：{case.reason}",
        "check_id": None,
        "disputable": False,
    }


def _check_line(check: Check, application: Application) -> dict[str, Any]:
    at = check.answered_at or check.asked_at
    is_newest = check.submission == application.submissions
    return {
        "at": at.isoformat() if at else None,
        "who": DEPARTMENTS.get(check.department, check.department),
        "what": check.item_name,
        "verdict": check.state,
        "text": verdict_text(check) if is_newest else _earlier_text(check),
        "check_id": str(check.id),
        "disputable": is_newest and check.state in {"mismatch", "not-found"} and application.state in DISPUTABLE_IN,
    }


def _earlier_text(check: Check) -> str:
    """What was found about an earlier submission, without what was to follow from it."""
    return f"第{check.submission}次提交时：{verdict_text(check).partition('。')[0]}。"


def verdict_text(check: Check) -> str:
    """The verdict as a sentence a parent understands."""
    department = DEPARTMENTS.get(check.department, check.department)
    if check.state == "not-found" and not check.attempts:
        return f"没有填写可以查询的证件号码，{department}部门没有查“{check.item_name}”。工作人员会看您的材料。"
    if check.state in {"unavailable", "timeout"} and not is_outstanding(check.answered_at, check.attempts):
        return f"{department}部门的系统一直没有答复。工作人员会看您的材料，不会因此直接不通过。"
    differs = "、".join(FIELDS.get(name, name) for name in check.differs)
    return {
        "waiting": f"正在请{department}部门核对“{check.item_name}”。",
        "match": f"{department}部门核对了“{check.item_name}”，与您填写的一致。",
        "mismatch": f"{department}部门的“{check.item_name}”里，{differs}与您填写的不一样。工作人员会看您的材料，不会因此直接不通过。",
        "not-found": f"{department}部门没有查到“{check.item_name}”。工作人员会看您的材料，不会因此直接不通过。",
        "unavailable": f"{department}部门的系统暂时连不上，会自动再问，您不用做什么。",
        "timeout": f"{department}部门的系统暂时没有回应，会自动再问，您不用做什么。",
    }[check.state]
