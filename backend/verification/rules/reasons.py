"""What a decision may be and why: codes with their words; and which facts no person sets by hand."""

from collections.abc import Mapping

DECISIONS = {"accept": "verified", "return": "returned", "reject": "rejected"}
REASON_CODES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "papers-prove": ("材料能够证明", ("accept",)),
    "record-outdated": ("部门数据未更新,以材料为准", ("accept",)),
    "department-confirmed": ("已与部门人工核实", ("accept",)),
    "photo-unreadable": ("照片看不清,请重拍", ("return",)),
    "paper-missing": ("缺少材料", ("return",)),
    "paper-wrong": ("材料种类不对", ("return",)),
    "field-wrong": ("填写的内容与材料不一致", ("return",)),
    "not-eligible": ("不符合本旗区的登记条件", ("reject",)),
    "registered-elsewhere": ("孩子已在别处入学", ("reject",)),
    "false-papers": ("经查实材料虚假", ("accept", "reject")),
}
"""Reason code → its words, and the decisions it can stand for."""
FALSE_PAPERS = "false-papers"
NOT_BY_HAND = ("seats", "records", "placement", "enrolment", "preference")
"""Steps of ours that alone establish their facts; a department's and a roster's may be put right by a person."""
SHORTEST_REASON = 2
