"""One canned answer for every request of the phone page: what each page looks like when everything is there."""

import base64
import hashlib
import re
import uuid
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.notices.lock_letters import derived

APPLICATION = "11111111-1111-4111-8111-111111111111"
CHILD = "22222222-2222-4222-8222-222222222222"
BANNER = "150603"
SCHOOL = "150603-P01"
HASH = "3f1c2b" * 10 + "abcd"
WINDOW = {
    "stage": "primary",
    "opens_at": "2026-07-01T08:00:00+08:00",
    "closes_at": "2026-07-10T18:00:00+08:00",
    "state": "open",
}
FORM = {
    "unit_code": "150603001001",
    "unit_name": "青春山街道 吉日嘎朗图社区",
    "address": "某某小区 3 号楼 2 单元 501",
    "household": "here",
    "household_number": "150603000123",
    "home": {"kind": "owned", "certificate": "蒙(2019)康巴什区不动产权第0001234号", "use": "住宅"},
}
PAPERS = [
    {"kind": "household", "kind_name": "户口簿", "name": "户口簿", "why": "证明孩子的户口在本旗区"},
    {"kind": "property", "kind_name": "不动产权证", "name": "不动产权证", "why": "证明住房"},
]
CHILD_CARD = {
    "id": CHILD,
    "name": "娜仁格日勒·孛儿只斤",
    "born_on": "2020-03-15",
    "sex": "female",
    "ethnicity": "蒙古",
    "relation": "mother",
    "application": {"id": APPLICATION, "state": "placed"},
    "helpers": [{"id": "h", "until": "2026-08-01T00:00:00+08:00", "phone_masked": "138****0001"}],
}
STANDING = {
    "version": 4711,
    "published_at": "2026-07-10T09:00:00.000+08:00",
    "confirmed_at": "2026-07-10T09:00:01.000+08:00",
    "server_time": "2026-07-10T09:00:02.000+08:00",
    "closes_at": "2026-07-10T09:30:00.000+08:00",
    "unit": "S01-T",
    "school": "鄂尔多斯市第一中学（演练）",
    "rank": 31,
    "level_with": 3,
    "plan": 40,
    "inside": True,
    "lowest_inside": "601.50",
    "chosen_count": 52,
}
ADMISSION = {
    "state": "admitted",
    "unit": "S01-T",
    "school": "鄂尔多斯市第一中学（演练）",
    "category": "普通高中",
    "rank": 31,
    "plan": 40,
    "letter_url": "/api/exam/letter.pdf",
    "check_url": "http://127.0.0.1/public/zhongkao/letters/abc",
    "reason": None,
    "report_by": "2026-08-01T18:00:00.000+08:00",
}
UNITS = [
    {"code": "S01-T", "school": "S01", "name": "鄂尔多斯市第一中学（演练）", "category": "general", "language": "汉",
     "origin": "全市", "plan": 40, "reserved_for_you": 3, "eligible": True, "why_not": None,
     "forecast": {"low": "641.50", "middle": "648.00", "high": "657.50", "settled_percent": 72, "is_certain": False,
                  "at": "2026-07-10T09:00:00.000+08:00"}},
    {"code": "S02-T", "school": "S02", "name": "鄂尔多斯市蒙古族中学（演练）", "category": "general", "language": "蒙",
     "origin": "全市", "plan": 60, "eligible": False, "why_not": "another-language"},
]  # fmt: skip
ME = {
    "exam_number": "26150603001",
    "name": "巴雅尔",
    "year": 2026,
    "school_of_origin": "康巴什区第一中学（演练）",
    "server_time": STANDING["server_time"],
    "total": "655.50",
    "subjects": [{"code": "yw", "name": "语文", "score": "110.00"}, {"code": "sx", "name": "数学", "score": "118.50"}],
    "city_rank": 812,
    "level_with": 4,
    "one_fen": {"at": "655.50", "count": 6, "above": 809},
    "band": {"number": 1, "category": "general", "session": "普通类", "listed": True, "opens_at": "2026-07-10T08:00:00.000+08:00",
             "closes_at": "2026-07-10T09:30:00.000+08:00", "state": "open",
             "no_clear_from": "2026-07-10T09:10:00.000+08:00", "no_first_from": "2026-07-10T09:20:00.000+08:00"},
    "left_out": None,
    "recheck": {"state": "open", "opens_at": "2026-07-09T08:00:00.000+08:00", "closes_at": "2026-07-09T18:00:00.000+08:00",
                "answered_by": "2026-07-09T22:00:00.000+08:00"},
    "paused": False,
    "remarks": [{"at": "2026-07-10T08:30:00.000+08:00", "text": "填报正常进行。"}],
    "categories": [{"code": "general", "name": "普通高中", "state": "open", "chosen": "鄂尔多斯市第一中学（演练）"}],
    "choices": {"general": "S01-T"},
    "standing_order": ["S01-T"],
    "admission": ADMISSION,
}  # fmt: skip
OWN_CLASS = {
    "state": "published", "class": 3, "school": {"code": SCHOOL, "name": "演练第一小学"}, "plan": False, "twins": "together",
    "signed_at": None, "output_sha256": HASH, "teachers": {"head": "斯琴", "teaches": {"语文": "斯琴", "数学": "王芳"}},
}  # fmt: skip
DISCLOSURE = {
    "banner": BANNER,
    "name": "康巴什区",
    "year": 2026,
    "book_sha256": HASH,
    "version": "3",
    "zones": [
        {"school": SCHOOL, "school_name": "演练第一小学", "stage": "primary",
         "units": [{"code": "150603001001", "name": "吉日嘎朗图社区"}, {"code": "150603001002", "name": "康新社区"}]},
        {"school": "150603-P02", "school_name": "演练第二小学", "stage": "primary",
         "units": [{"code": "150603002001", "name": "神华康城社区"}]},
    ],
    "plan": [{"school": SCHOOL, "school_name": "演练第一小学", "stage": "primary", "seats": 120}],
    "dates": [{"what": "登记", "from": "2026-07-01", "to": "2026-07-10"}],
    "conditions": [{"school": SCHOOL, "text": "六个班"}],
    "seat_types": [{"code": "A", "name": "第一类", "stage": "primary", "text": "户房一致"}],
    "papers": [{"kind": "household", "name": "户口簿", "when": "都要"}],
    "enquiry": [{"name": "教育局", "phone": "0477-0000001", "hours": "8:30-17:30"}],
    "complaint": [{"name": "信访", "phone": "0477-0000002"}],
    "class_forming": "公开抽签",
}  # fmt: skip
LETTER_KEY = bytes(range(16))


def locked_letter(scope: str, text: str) -> dict[str, str]:
    """A time-locked letter as the service would hand it out."""
    letter, nonce = uuid.UUID(CHILD), bytes(12)
    cipher = AESGCM(derived(LETTER_KEY)).encrypt(nonce, text.encode(), letter.bytes)
    return {
        "id": str(letter), "scope": scope, "reference": "r", "opens_at": "2026-07-15T10:00:00+08:00",
        "key_sha256": hashlib.sha256(LETTER_KEY).hexdigest(), "cipher": base64.b64encode(nonce + cipher).decode(),
    }  # fmt: skip


ANSWERS: dict[str, Any] = {
    "/api/banners": {"items": [{"code": BANNER, "name": "康巴什区", "year": 2026, "model": "kangbashi-2020",
                                "disclosed": True, "windows": [WINDOW]}]},
    f"/api/banners/{BANNER}/disclosure": DISCLOSURE,
    "/api/consents": {"items": [{"purpose": "enrolment", "version": "1", "title": "登记孩子的信息",
                                 "text": "为了给孩子报名，我们要记下……", "sha256": HASH, "required": True}]},
    "/api/children": {"items": [CHILD_CARD, CHILD_CARD | {"id": "3", "relation": "helper", "name": "阿木尔"}]},
    "/api/claims": {"items": [{"id": "c", "state": "waiting", "child_name": "阿木尔", "relation": "father",
                               "direction": "incoming", "filed_at": "2026-07-01T08:00:00+08:00",
                               "answer_by": "2026-07-06T08:00:00+08:00", "reason": None}]},
    f"/api/applications/{APPLICATION}": {
        "id": APPLICATION, "state": "draft", "child_id": CHILD, "banner": BANNER, "stage": "primary", "form": FORM,
        "papers": PAPERS, "receipt": "26070-1234-5678", "missing": ["property"], "window": WINDOW,
        "schools": [{"code": SCHOOL, "name": "演练第一小学"}]},
    f"/api/applications/{APPLICATION}/papers": {"items": [
        {"id": "p", "kind": "household", "kind_name": "户口簿", "state": "retake", "attempt": 1,
         "reasons": [{"code": "blurred", "text": "照片模糊，请拿稳再拍。"}]}]},
    f"/api/applications/{APPLICATION}/diary": {"items": [
        {"at": "2026-07-02T09:00:00+08:00", "who": "公安", "what": "户籍信息", "verdict": "mismatch",
         "text": "户号与您填写的不一致。", "check_id": "k", "disputable": True},
        {"at": "2026-07-02T09:00:00+08:00", "who": "自然资源", "what": "不动产权信息", "verdict": "match",
         "text": "与您填写的一致。", "check_id": "l", "disputable": False}]},
    f"/api/applications/{APPLICATION}/result": {
        "state": "placed", "school": {"code": SCHOOL, "name": "演练第一小学", "address": "康巴什区某路 1 号"},
        "seat_type": {"code": "A", "name": "第一类"}, "confirm_by": "2026-07-20T18:00:00+08:00",
        "published_at": "2026-07-15T10:00:00+08:00", "rule_of_silence": "逾期不确认，视为放弃这个学位。", "confirms": "family",
        "why": {"text": ["按片区录取：您家地址属于这所学校的片区。", "学位类型：第一类。"], "position": 31, "ticket": 1234567,
                "input_sha256": HASH, "seed": HASH}},
    f"/api/applications/{APPLICATION}/objections": {"items": [
        {"id": "o", "receipt": "YY-2345-6789", "state": "upheld", "text": "落户日期写错了。",
         "filed_at": "2026-07-16T10:00:00+08:00", "answer_by": "2026-07-20T18:00:00+08:00",
         "answer": "已核实，改正。", "answered_at": "2026-07-17T10:00:00+08:00"}]},
    f"/api/applications/{APPLICATION}/class": OWN_CLASS,
    f"/api/applications/{APPLICATION}/class/twins": OWN_CLASS | {"twins": "apart"},
    f"/api/applications/{APPLICATION}/class/signature": OWN_CLASS | {"signed_at": "2026-08-25T10:30:00+08:00"},
    f"/api/applications/{APPLICATION}/waiting": {"state": "placed", "lines": [
        {"school": SCHOOL, "name": "演练第一小学", "place": 4, "of": 19, "free": 0, "moved": 2}]},
    f"/api/applications/{APPLICATION}/preference": {"may_ask": True, "groups": [
        {"group": "soldier", "name": "军人子女", "approved_by": "退役军人事务局", "effect": "any-school",
         "schools": [{"code": SCHOOL, "name": "演练第一小学"}]},
        {"group": "rescue", "name": "消防救援人员子女", "approved_by": "消防救援支队", "effect": "place-first", "schools": []}],
        "claim": {"group": "soldier", "school": SCHOOL, "state": "refused", "reason": "证件已过期", "asked_at": ""}},
    f"/api/applications/{APPLICATION}/private": {"may_wish": True, "school": "150603-P90", "schools": [
        {"code": "150603-P90", "name": "演练民办小学", "seats": 90, "address": "路", "registered": 131},
        {"code": "150603-P91", "name": "演练第二民办小学", "seats": 45, "address": "路", "registered": 12}]},
    f"/api/schools/{SCHOOL}/waiting": {
        "school": SCHOOL, "name": "演练第一小学", "free": 0,
        "line": [{"place": 3, "no": "26070-1234-9999"}, {"place": 4, "no": "26070-1234-5678"}],
        "moves": [{"no": "26070-1234-1111", "at": "2026-07-18T09:30:00+08:00"}]},
    f"/api/applications/{APPLICATION}/transfers": {
        "rule": "转学只看空余学位：可以转到任何一所有空余学位的公办学校，绝不超过计划；有孩子候补的学位先给候补；"
        "想转的人比空余学位多的，先提出的在前。家长在手机上、微信里提出，14 天内答复。",
        "may_ask": True, "nearest_only": False,
        "schools": [{"code": "150603-P02", "name": "康巴什区第二小学（演练）", "address": "演练路 2 号", "free": 7},
                    {"code": "150603-P03", "name": "康巴什区蒙古族小学（演练）", "address": "演练路 3 号", "free": 1}],
        "items": [{"id": "t1", "receipt": "Z23456789", "state": "refused",
                   "school": {"code": "150603-P04", "name": "康巴什区第四小学（演练）"}, "text": "全家搬到四小旁边",
                   "asked_at": "2026-08-04T09:00:00+08:00", "answer_by": "2026-08-18T18:00:00+08:00",
                   "answer": "没有看到搬家的证明，请补上再申请。", "confirm_by": None}]},
    f"/api/children/{CHILD}/deferral": {"items": [
        {"id": "d", "stage": "primary", "year": 2026, "state": "approved", "asked_at": "2026-06-01T09:00:00+08:00",
         "reason": "三甲医院证明属实", "kindergarten": "150603-K01", "kindergarten_name": "演练第一幼儿园", "returns_in": 2027}]},
    "/api/me/messages": {"items": [{"id": "m", "at": "2026-07-15T10:00:00+08:00", "channel": "sms", "state": "delivered",
                                    "title": "入学结果公布了", "text": "分到了演练第一小学。",
                                    "link": f"/phone/#/pages/result/index?id={APPLICATION}"}]},
    "/api/me/export": {"exported_at": "2026-07-15T10:00:00+08:00", "account": {"phone": "17000000001"}},
    "/api/schools": {"items": [{"code": SCHOOL, "name": "演练第一小学", "stage": "primary", "banner": BANNER, "seats": 120,
                                "address": "康巴什区某路 1 号"}]},
    f"/api/banners/{BANNER}/places": {"banner": BANNER, "fictional": True, "units": [
        {"code": "150603001001", "at": [109.78, 39.6]}, {"code": "150603001002", "at": [109.8, 39.61]},
        {"code": "150603002001", "at": [109.85, 39.62]}], "schools": [
        {"code": SCHOOL, "at": [109.79, 39.6]}, {"code": "150603-P02", "at": [109.85, 39.62]}]},
    f"/api/banners/{BANNER}/lines": {"items": [
        {"school": SCHOOL, "year": 2025, "plan": 118, "admitted": 118, "seat_type": "第二类：有房无户",
         "keys": ["落户日期：2021-03-01"]}]},
    "/api/me/letters": {"items": [locked_letter("open-batch", "小明分到了演练第一小学。"), locked_letter("later", "x")]},
    "/api/letters/open-batch/key": {"key": LETTER_KEY.hex()},
    f"/api/schools/{SCHOOL}/results": {
        "school": SCHOOL, "name": "演练第一小学", "year": 2026, "published_at": "2026-07-15T10:00:00+08:00", "run": "r",
        "plan": 120, "admitted": 118, "by_seat_type": [{"code": "A", "name": "第一类", "count": 118}],
        "cutoff": {"seat_type": "A", "keys": {"落户日期": "2021-03-01"}, "ticket": "5c" * 32}, "special_cases": 1, "corrections": 0, "transfers": 2,
        "rows": [{"no": "26070-1234-5678", "seat_type": "A", "step": "zone", "position": 1}],
        "classes": [{"class": 1, "size": 40}], "input_sha256": HASH, "output_sha256": HASH, "seed": HASH},
    "/api/units": {"items": [{"code": "150603001001", "name": "吉日嘎朗图社区", "town": "青春山街道", "banner": BANNER,
                              "banner_name": "康巴什区"}]},
    "/api/exam/me": ME,
    "/api/exam/units": {"items": UNITS},
    "/api/exam/standing": STANDING,
    "/api/exam/what-if/S01-T": STANDING,
    "/api/exam/history": {"items": [{"version": 4000, "at": "2026-07-10T08:30:00.000+08:00", "unit": "S01-T",
                                     "unit_name": "鄂尔多斯市第一中学（演练）", "rank": 44},
                                    {"version": 4711, "at": "2026-07-10T09:00:00.000+08:00", "unit": "S01-T",
                                     "unit_name": "鄂尔多斯市第一中学（演练）", "rank": 31}]},
    "/api/exam/diary": {"items": [{"at": "2026-07-10T08:10:00.000+08:00", "what": "choose", "refused": None, "unit": "S01-T",
                                   "unit_name": "鄂尔多斯市第一中学（演练）", "device": "1a2b3c4d", "receipt": "ZK0000000001"}]},
    "/api/exam/admission": ADMISSION,
    "/api/exam/rechecks": {"items": [{"id": "r1", "subject": "yw", "state": "changed", "before": "108.00", "after": "110.00",
                                      "finding": "第 3 题漏加 2 分"}]},
    "/api/exam/lines": {
        "total": "655.50", "ties": ["318.00", "214.00"], "tie_names": ["语文+数学+英语", "语文+数学"], "items": [
            {"unit": "S01-T", "name": "鄂尔多斯市第一中学（演练·统招）", "session": "general-1", "session_name": "普通类统招",
             "total": "650.50", "ties": ["301.00", "204.00"], "check": "above", "held": True, "admitted_here": True},
            {"unit": "S02-T", "name": "鄂尔多斯市第三中学（演练·统招）", "session": "general-1", "session_name": "普通类统招",
             "total": "662.00", "ties": ["310.00", "208.00"], "check": "below", "held": False, "admitted_here": False}]},
    "/api/zhongkao/2026/one-fen": {"rows": [{"score": "656.00", "at": 3, "cumulative": 809},
                                            {"score": "655.50", "at": 6, "cumulative": 815}]},
}  # fmt: skip

FAMILY_PAGES = (
    "home/index", "guide/index?for=school", f"disclosure/index?banner={BANNER}", "login/index", "consent/index",
    "children/index", "children/register", f"children/one?child={CHILD}", f"apply/start?child={CHILD}",
    f"apply/index?id={APPLICATION}&question=home", f"papers/index?id={APPLICATION}", f"review/index?id={APPLICATION}",
    f"diary/index?id={APPLICATION}", f"choices/index?id={APPLICATION}", f"result/index?id={APPLICATION}",
    f"objection/index?id={APPLICATION}", f"place/preference?id={APPLICATION}", f"place/private?id={APPLICATION}",
    f"place/line?id={APPLICATION}", f"place/class?id={APPLICATION}", f"place/leave?id={APPLICATION}", f"place/deferral?child={CHILD}", f"place/transfer?id={APPLICATION}", "messages/index", "messages/letters", "family/index", f"family/helpers?child={CHILD}&name=x",
    "family/helping", "me/index", "me/phone", "me/held", "me/privacy", "me/leave", "school/find",
    f"school/results?school={SCHOOL}", "tipoff/index",
)  # fmt: skip
EXAM_PAGES = (
    "exam/login", "exam/index", "exam/rank", "exam/choose?category=general", "exam/order", "exam/history",
    "exam/table?year=2026&at=655.50", "exam/admission", "exam/lines",
    "exam/recheck",
)  # fmt: skip
PAGES = FAMILY_PAGES + EXAM_PAGES
STORED = {
    "session": {"token": "t", "guardianId": "g", "hasPhone": True},
    "candidate": {"token": "c", "name": "巴雅尔", "number": "26150603001"},
    "consents": [{"purpose": "enrolment", "sha256": HASH}],
}
"""What the phone keeps: both logins, and a consent on its way to the registration."""


REFUSED = {"/api/letters/later/key": (409, "letters-locked")}
"""What is refused, as (status, code): the hour of these letters has not come."""


def answer_to(path: str) -> Any:
    """The canned answer to a GET of `path`, or None."""
    return ANSWERS.get(re.sub(r"/$", "", path))
