"""The family's verification diary: which department answered what and when, and every step of the application."""

import uuid
from typing import Any

from backend.enrolment.applications import events_of, open_application
from backend.identity.actors import Actor
from backend.verification.facts import checks_of
from backend.verification.rows import Check

DEPARTMENTS = {"police": "公安", "land": "自然资源", "labour": "人社", "market": "市场监管", "housing": "住建"}
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
}
STATES = {
    "draft": "草稿",
    "submitted": "已提交",
    "checking": "部门核验中",
    "in_review": "等待工作人员查看",
    "returned": "退回补正",
    "rejected": "审核未通过,可以申诉",
    "verified": "审核通过",
    "choosing": "请选择学校",
    "settled": "学位类型已确定",
    "frozen": "名单已封存,等待派位",
    "placed": "已派位,等待确认",
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
    lines = [
        {
            "at": event.at.isoformat(),
            "who": _who(event.principal),
            "what": STATES.get(event.to_state, event.to_state),
            "verdict": "info",
            "text": STATES.get(event.to_state, event.to_state),
            "check_id": None,
            "disputable": False,
        }
        for event in events_of(application)
    ]
    lines += [_check_line(check) for check in checks_of(application)]
    return sorted(lines, key=lambda line: (line["at"] is None, line["at"] or ""))


def _who(principal: str) -> str:
    kind = principal.split(":", maxsplit=1)[0]
    return {"guardian": "家长或代办人", "official": "工作人员"}.get(kind, "系统")


def _check_line(check: Check) -> dict[str, Any]:
    at = check.answered_at or check.asked_at
    return {
        "at": at.isoformat() if at else None,
        "who": DEPARTMENTS.get(check.department, check.department),
        "what": check.item_name,
        "verdict": check.state,
        "text": verdict_text(check),
        "check_id": str(check.id),
        "disputable": check.state in {"mismatch", "not-found"},
    }


def verdict_text(check: Check) -> str:
    """The verdict as a sentence a parent understands."""
    department = DEPARTMENTS.get(check.department, check.department)
    differs = "、".join(FIELDS.get(name, name) for name in check.differs)
    return {
        "waiting": f"正在请{department}部门核对“{check.item_name}”。",
        "match": f"{department}部门核对了“{check.item_name}”,与您填写的一致。",
        "mismatch": f"{department}部门的“{check.item_name}”里,{differs}与您填写的不一样。工作人员会看您的材料,不会因此直接不通过。",
        "not-found": f"{department}部门没有查到“{check.item_name}”。工作人员会看您的材料,不会因此直接不通过。",
        "unavailable": f"{department}部门的系统暂时连不上,会自动再问,您不用做什么。",
        "timeout": f"{department}部门的系统暂时没有回应,会自动再问,您不用做什么。",
    }[check.state]
