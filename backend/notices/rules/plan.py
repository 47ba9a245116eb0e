"""The plan of notices: which, to whom, upon what, by which way, when. Officials read it on the desk (D27, E06)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WECHAT_FIRST, BOTH, SMS_ONLY, WHERE_ASKED = "wechat-first", "both", "sms-only", "where-asked"
"""WeChat, and SMS where that fails; WeChat and SMS, because a deadline starts or somebody lost something; SMS alone; an
answer by the channel of the question.
"""


WAYS = {
    WECHAT_FIRST: "先微信，收不到再短信",
    BOTH: "微信和短信都发",
    SMS_ONLY: "只发短信",
    WHERE_ASKED: "在哪里问就在哪里答",
}


@dataclass(frozen=True)
class Line:
    """One kind of notice. `may_wake`: sent in the quiet hours too, because somebody has just asked or acted; `may_stop`:
    whoever replied T does not get it by SMS; `spread_minutes`: over how long many of them are spread.
    """

    code: str
    to: str
    upon: str
    way: str = WECHAT_FIRST
    may_wake: bool = False
    may_stop: bool = False
    spread_minutes: int = 0


_LINES = (
    Line("login-code", "输入手机号的人", "要求验证码", SMS_ONLY, may_wake=True),
    Line("exam-change-code", "考生", "在新设备上改志愿", SMS_ONLY, may_wake=True),
    Line("chat-line", "正在对话的人", "发来一句话", WHERE_ASKED, may_wake=True),
    Line("help-answered", "求助的人", "工作人员答复", may_wake=True),
    Line("application-submitted", "监护人", "报名提交", may_wake=True),
    Line("application-withdrawn", "监护人", "撤回报名", may_wake=True),
    Line("intent-filed", "监护人", "先登记意向", may_wake=True),
    Line("paper-retake", "监护人", "照片不清楚", may_wake=True),
    Line("paper-with-staff", "监护人", "照片转人工", may_wake=True),
    Line("picture-gone", "监护人", "聊天照片过期", may_wake=True),
    Line("picture-refused", "监护人", "聊天照片不能收", may_wake=True),
    Line("helper-added", "代办人", "监护人授权", may_wake=True),
    Line("claim-asked", "现在的监护人", "另一位监护人认领", BOTH),
    Line("claim-answered", "申请认领的人", "认领有结论"),
    Line("tipoff-answered", "举报人", "举报有答复"),
    Line("review-accept", "监护人", "审核通过"),
    Line("review-return", "监护人", "退回补正（开始计期限）", BOTH),
    Line("review-reject", "监护人", "审核不通过（开始计申诉期限）", BOTH),
    Line("look-again", "监护人", "核验没有对上，请再看一遍（开始计期限）", BOTH),
    Line("return-reminder", "监护人", "补正期限快到了", BOTH),
    Line("return-lapsed", "监护人", "补正期限已过", BOTH),
    Line("seat-settled", "监护人", "学位类型确定"),
    Line("seat-settled-choose", "监护人", "可以选学校（开始计期限）", BOTH, spread_minutes=10),
    Line("letter-waiting", "监护人", "结果已定、还没到公布的时刻", spread_minutes=10),
    Line("placed", "监护人", "结果公布（开始计确认期限）", BOTH, spread_minutes=10),
    Line("placed-visit-school", "监护人", "片区学校公布（开始计到校期限）", BOTH, spread_minutes=10),
    Line("placed-special-case", "监护人", "委员会安排（开始计确认期限）", BOTH),
    Line("placed-correction", "监护人", "结果更正（开始计确认期限）", BOTH),
    Line("placed-transfer", "监护人", "转学安排（开始计确认期限）", BOTH),
    Line("transfer-asked", "监护人", "申请转学", may_wake=True),
    Line("transfer-refused", "监护人", "转学没有同意", BOTH),
    Line("placed-waiting-list", "监护人", "候补递补（开始计确认期限）", BOTH),
    Line("private-admitted", "监护人", "民办学校录取（开始计确认期限）", BOTH, spread_minutes=10),
    Line("private-not-admitted", "监护人", "民办抽签公布", spread_minutes=10),
    Line("private-interview", "监护人", "民办派位选中，等待面谈", BOTH, spread_minutes=10),
    Line("interview-held", "监护人", "面谈录取（开始计确认期限）", BOTH),
    Line("interview-not-passed", "监护人", "面谈没有录取", BOTH),
    Line("objection-filed", "监护人", "提出异议", may_wake=True),
    Line("objection-found", "监护人", "同类差错排查"),
    Line("objection-answered", "监护人", "异议有答复", BOTH),
    Line("deferral-approved", "监护人", "缓学批准", BOTH),
    Line("deferral-refused", "监护人", "缓学没有批准", BOTH),
    Line("deferral-kept", "监护人", "缓学期间安排了幼儿园", BOTH),
    Line("unplaced", "监护人", "结果公布", BOTH, spread_minutes=10),
    Line("silence-penalty-class-next-year", "监护人", "过期没有确认", BOTH),
    Line("silence-forfeit", "监护人", "过期没有确认", BOTH),
    Line("silence-record-fixed", "监护人", "过期没有到校", BOTH),
    Line("absent-kept", "监护人", "学校上报未报到（开始计保留期限）", BOTH),
    Line("absent-released", "监护人", "未报到，学位收回", BOTH),
    Line("absent-stays", "监护人", "学校上报未报到，学位保留", BOTH),
    Line("enrol-by", "监护人", "限期入学通知（开始计期限）", BOTH),
    Line("return-by", "监护人", "限期复学通知（开始计期限）", BOTH),
    Line("class-formed", "监护人", "分班公布", spread_minutes=10),
    Line(
        "exam-nothing-chosen", "还没有填报的考生", "考试中心在分数段开放时提醒", SMS_ONLY, may_wake=True, may_stop=True
    ),
    Line("exam-recheck-kept", "考生", "成绩复核答复：没有改动", SMS_ONLY),
    Line("exam-recheck-changed", "考生", "成绩复核答复：成绩有改动", SMS_ONLY),
    Line("exam-phone-asked", "考生原来的手机", "考试中心登记新号码，等第二人核准", SMS_ONLY, may_wake=True),
    Line("exam-phone-changed", "考生原来的手机", "考生换了手机号", SMS_ONLY, may_wake=True),
    Line("exam-admitted", "考生", "中考录取公布（开始计报到期限）", SMS_ONLY, spread_minutes=10),
    Line("exam-returned", "考生", "学校退档", SMS_ONLY),
    Line("exam-no-show", "考生", "登记为未报到", SMS_ONLY),
    Line("broadcast", "本旗区的家庭", "教育局发布政策解读", may_stop=True, spread_minutes=30),
    Line("reminder", "监护人", "期限快到了", may_stop=True, spread_minutes=10),
)
PLAN = {line.code: line for line in _LINES}


def plan_of(code: str) -> Line:
    """The plan of a kind of notice; one that no line speaks of goes by WeChat first, in the daytime, and cannot be stopped."""
    return PLAN.get(code) or Line(code, "当事人", "—")


def after_quiet_hours(moment: datetime, quiet: tuple[int, int]) -> datetime:
    """`moment`, or the end of the quiet hours [from, to) that it falls into; hours by the clock `moment` is told in."""
    begins, ends = quiet
    hour = moment.hour
    is_quiet = begins <= hour < ends if begins <= ends else hour >= begins or hour < ends
    if not is_quiet:
        return moment
    morning = moment.replace(hour=ends, minute=0, second=0, microsecond=0)
    return morning if morning > moment else morning + timedelta(days=1)


def send_at(line: Line, moment: datetime, quiet: tuple[int, int] | None, number: int) -> datetime:
    """When one notice of the kind goes out: never before `moment`, spread by its `number`, and not while people sleep.

    Where no quiet hours are set (a rehearsal, whose clock is moved) nothing is put off and nothing spread.
    """
    if quiet is None or line.may_wake:
        return moment
    spread = moment + timedelta(seconds=number % (60 * line.spread_minutes)) if line.spread_minutes else moment
    return after_quiet_hours(spread, quiet)
