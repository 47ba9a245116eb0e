"""A checker's report as it is stored and shown: each property with its number, its words for officials, its faults."""

from typing import Any

from backend.matching.findings import CheckReport

TITLES = {
    "S1": "结果的格式符合规定",
    "C1": "每人一个结果：所填的学校之一，或没有",
    "C2": "没有学校超过学位数",
    "C3": "没有人被拒绝而学位空着",
    "C4": "没有人被排在后面的人越过",
    "C5": "没有对大家都更好的交换",
    "C6": "最后录取线是满员学校最后录取的人",
    "C7": "每行完整，按编号排列",
    "C8": "志愿序号和已用学位数正确",
    "C9": "结果写明了所用的名单",
    "Z1": "没有人遗漏，没有人占两个学位",
    "Z2": "没有学校超过学位数，人数正确",
    "Z3": "双胞胎在一起",
    "Z4": "每个原因里的类型、排序依据、随机号属实",
    "Z5": "每一步与学校相符",
    "Z6": "长幼随学的先安排，按次序",
    "Z7": "片区录取先按类型，再按排序依据，再按随机号",
    "Z8": "统筹到第一所有空余的学校",
    "Z9": "末位类型最后安排，按随机号",
    "Z10": "除放不下的双胞胎外，没有人被越过",
    "Z11": "有空余学位时没有人没学校",
    "Z12": "名次就是在决定录取的名单里的位置",
    "Z13": "“最后录取”确是该名单最后录取的人",
    "Z14": "结果写明了所用的名单",
    "X1": "每一次填报的结论都符合时间段和锁定规则",
    "X2": "每人最后持有的志愿就是最后一次被接受的填报",
    "X3": "名次按总分和同分规则，同分同名次",
    "X4": "名次在计划数以内的录取，与最后一名全部相同的一并录取",
    "X5": "每个招生单位的人数、超计划数、最低分属实",
    "X6": "各时段统计表属实",
    "X7": "结果写明了所用的名单",
    "X8": "录取所依据的志愿与封存时的数据库记录一致",
    "X9": "每个分数段截止时封存的哈希与志愿一致",
    "D1": "名单上每人一次，号码与公开种子一致",
    "D2": "按随机号排序",
    "D6": "学位按次序给，双胞胎按公布的规定",
    "K1": "每个学生都在一个班，班号存在",
    "K2": "报告的项目齐全",
    "K3": "各班人数相差不超过 1",
    "K4": "各班男女人数分别相差不超过 1",
    "K5": "没做到的都说明了，没有多说",
    "K6": "人数、计数、均分和差距与名单一致",
    "K7": "理论下限正确",
    "K8": "随机种子和名单哈希一致",
    "K9": "写明了是抽取还是优化",
    "K10": "抽取在允许的差距以内",
    "K11": "优化结果里任何两人对换都不会更均衡",
}
"""The number of a property (docs/properties) → its words for officials and the public."""


def report_value(report: CheckReport) -> dict[str, Any]:
    """The report as JSON: `properties` with name, title, passed, and the first places where one does not hold."""
    return {
        "properties": [
            {
                "name": one.name,
                "title": f"{number} {TITLES.get(number, one.name)}",
                "passed": one.passed,
                "detail": ";".join(one.details[:5]),
            }
            for one in report.properties
            for number in [one.name.split(" ", maxsplit=1)[0]]
        ]
    }
