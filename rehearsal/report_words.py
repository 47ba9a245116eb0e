"""The words of a rehearsal's report: states, waits, phases, and what can happen to a place."""

STATES = {
    "recorded": "已建学籍",
    "declined": "家长放弃",
    "lapsed": "逾期未确认",
    "unplaced": "本轮未派到",
    "withdrawn": "已撤回",
    "rejected": "审核未通过",
    "lapsed_return": "退回后逾期",
}
WAITS = {
    "receipt": "从点“提交”到拿到回执",
    "paper": "从发出照片到知道拍得行不行(一份申请里最久的一次)",
    "checks": "从提交到部门核验有结论",
}
PHASES = {
    "draw-pictures": "画样张",
    "file": "登记、拍照、提交",
    "check-and-review": "部门核验、人工审核、补正",
    "wish": "优待申请、民办登记、缓学申请",
    "close": "登记窗口关闭",
    "settle": "确定学位类型",
    "choose": "家长选校",
    "allocate": "民办抽签、封存、派位、核对、发布",
    "answer": "家长看结果、答复",
    "object-to-results": "异议和答复、同类差错更正",
    "let-pass": "确认期限过去",
    "change-places": "未报到、候补递补、再派一轮、转学",
    "file-lists": "公示期满备案",
    "form-classes": "分班、建学籍、导出",
    "look-at-schools": "公开页面、举报",
    "sit-exam": "中考:填报、实时位次、录取",
    "check-ledger": "取回公开账本和密封账本,逐项核对",
    "look-back": "家长回看",
}
PLACES = {
    "struck_out": "封存后退出、在名单上划去",
    "silent_witnesses": "承诺后没有公开数字的见证人",
    "further_rounds": "再派一轮",
    "line_moves": "候补递补",
    "no_shows": "未报到",
    "transfers": "转学",
    "deferrals": "缓学",
    "private_draws": "民办学校抽签",
    "interviews": "民办初中面谈",
    "corrections": "同类差错更正",
}
