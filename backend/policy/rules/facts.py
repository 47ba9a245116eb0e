"""The words a rule-book may speak of: facts that departments or officials have established, and what a family claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Kind = Literal["truth", "text", "date", "number"]
Value = bool | int | str
"""A value of a fact: booleans, whole numbers, texts; dates are texts YYYY-MM-DD."""

KIND_NAMES = {"truth": "是/否", "text": "文字", "date": "日期（YYYY-MM-DD）", "number": "整数"}


@dataclass(frozen=True)
class Fact:
    """One word of the vocabulary.

    `kind` is truth, text, date or number; `source` names the department's item that establishes it (C06a-C06g) or
    the step of ours that does; `values` are the allowed texts with their Chinese names (empty: any text);
    `unless_recorded` is what holds where nobody has recorded anything (only for deeds that are noted when they
    happen, such as false papers), None where silence means "not yet known".
    """

    name: str
    kind: Kind
    source: str
    values: Mapping[str, str] = field(default_factory=dict)
    unless_recorded: Value | None = None


HOME_KINDS = {"owned": "自有产权住房", "contract": "已签购房合同", "rented": "租房居住", "none": "没有住房"}
HOME_USES = {"住宅": "住宅", "公寓": "公寓", "商业": "商业用房"}
OWNER_RELATIONS = {
    "self": "孩子本人",
    "parents": "父母或其他法定监护人",
    "grandparents": "祖父母或外祖父母",
    "other": "其他人",
}
WORK_KINDS = {"insured": "缴纳社会保险", "business": "办有营业执照", "none": "都没有"}
HOUSEHOLD_PLACES = {"here": "在本旗区", "elsewhere": "在外地", "unknown": "不清楚"}
SPECIAL_GROUPS = {"soldier": "军人", "rescue": "消防救援人员", "police": "公安民警", "talent": "高层次人才"}

FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "household.in_banner": Fact("户籍在本旗区", "truth", "police/household"),
        "household.in_area": Fact("户籍在本册的招生范围内", "truth", "police/household"),
        "household.in_zone": Fact("户籍在学校的服务片区内", "truth", "police/household"),
        "household.with_guardian": Fact("孩子与监护人同在一本户口簿", "truth", "police/household_relation"),
        "household.collective": Fact("集体户口", "truth", "police/household"),
        "household.registered_on": Fact("落户日期", "date", "police/household"),
        "home.kind": Fact("住房情况", "text", "land/property", HOME_KINDS),
        "home.use": Fact("房屋用途", "text", "land/property", HOME_USES),
        "home.owner_relation": Fact("房屋所有权人", "text", "land/property", OWNER_RELATIONS),
        "home.share": Fact("家庭产权份额（百分数）", "number", "land/property"),
        "home.registered_on": Fact("不动产登记日期", "date", "land/property"),
        "home.contract_on": Fact("购房合同网签日期", "date", "housing/contract"),
        "home.in_banner": Fact("住房在本旗区", "truth", "land/property"),
        "home.in_area": Fact("住房在本册的招生范围内", "truth", "land/property"),
        "home.in_zone": Fact("住房在学校的服务片区内", "truth", "land/property"),
        "home.lived_in": Fact("实际居住", "truth", "review"),
        "home.handed_over": Fact("新房已经交付", "truth", "housing/contract"),
        "home.none": Fact("家庭名下没有住房", "truth", "land/no_house"),
        "home.seat_used": Fact("这套房的学位仍被占用", "truth", "seats", unless_recorded=False),
        "home.used_by_sibling": Fact("往年占用这套房学位的是本家庭的孩子", "truth", "review"),
        "lease.recorded": Fact("租赁已经备案", "truth", "housing/lease"),
        "lease.began_on": Fact("租住开始日期", "date", "housing/lease"),
        "residence.permit": Fact("居住证有效", "truth", "police/residence"),
        "residence.issued_on": Fact("居住证首次签发日期", "date", "police/residence"),
        "work.kind": Fact("务工经商情况", "text", "labour/social_insurance", WORK_KINDS),
        "work.insured_months": Fact("社会保险累计月数（补缴不计）", "number", "labour/social_insurance"),
        "work.insured_now": Fact("社会保险正在缴纳", "truth", "labour/social_insurance"),
        "work.business_active": Fact("个体工商户登记有效", "truth", "market/business"),
        "work.business_founded_on": Fact("个体工商户登记日期", "date", "market/business"),
        "school.fresh_graduate": Fact("应届小学毕业生", "truth", "roster"),
        "school.feeder_matches": Fact("毕业小学对口本校", "truth", "roster", unless_recorded=False),
        "school.has_record": Fact("已有小学学籍", "truth", "roster"),
        "sibling.at_school": Fact("哥哥或姐姐正在本校就读", "truth", "review", unless_recorded=False),
        "points.total": Fact("积分（百分之一分）", "number", "seats", unless_recorded=0),
        "points.vetoed": Fact("积分被一票否决", "truth", "seats", unless_recorded=False),
        "special.group": Fact("优待类别", "text", "preference", SPECIAL_GROUPS, unless_recorded=""),
        "conduct.false_papers": Fact("经查实提供虚假材料或不实信息", "truth", "review", unless_recorded=False),
        "conduct.absent_last_year": Fact("上一年已登记但未报到或中途离开", "truth", "records", unless_recorded=False),
        "conduct.papers_late": Fact("未按时上传材料或补正", "truth", "enrolment", unless_recorded=False),
        "conduct.formalities_missed": Fact("未按时办理入学手续", "truth", "placement", unless_recorded=False),
    }
)
"""What seat types and order keys may ask: established facts, never the family's word alone (A19)."""

CLAIMS: Mapping[str, Fact] = MappingProxyType(
    {
        "claim.household": Fact("户籍所在地", "text", "family", HOUSEHOLD_PLACES),
        "claim.home": Fact("住房情况", "text", "family", HOME_KINDS),
        "claim.owner_relation": Fact("房屋所有权人", "text", "family", OWNER_RELATIONS),
        "claim.work": Fact("务工经商情况", "text", "family", WORK_KINDS),
        "claim.on_guardians_book": Fact("孩子在监护人的户口簿上", "truth", "family", unless_recorded=True),
        "claim.sibling": Fact("哥哥或姐姐在读", "truth", "family", unless_recorded=False),
        "claim.twins": Fact("双胞胎或多胞胎", "truth", "family", unless_recorded=False),
    }
)
"""What papers and department checks may ask: what the family itself says on the form or in the chat."""

PAPER_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "household": "户口簿",
        "property": "不动产权证",
        "contract": "购房合同",
        "lease": "租赁合同或租赁备案证明",
        "residence": "居住证",
        "birth": "出生医学证明",
        "insurance": "社会保险缴费证明",
        "licence": "营业执照",
        "other": "其他材料",
    }
)

STAGES: Mapping[str, str] = MappingProxyType({"kindergarten": "幼儿园", "primary": "小学", "junior": "初中"})
STAGE_LETTERS: Mapping[str, str] = MappingProxyType({"K": "kindergarten", "P": "primary", "J": "junior"})

EXCHANGE_ITEMS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "police/population": ("人口信息", ("name", "sex", "ethnicity", "born_on", "status")),
        "police/household": (
            "户籍信息",
            ("household_number", "address", "unit_code", "kind", "moved_in_on", "moved_in_reason"),
        ),
        "police/household_relation": ("户籍关系", ("same_household", "relation_to_head", "relation")),
        "police/residence": ("居住证信息", ("permit", "address", "unit_code", "issued_on", "valid_until")),
        "police/household_moves": ("户口迁移记录", ("moves",)),
        "land/property": (
            "不动产权信息",
            ("certificate", "property_unit", "address", "unit_code", "use", "share", "registered_on", "owners"),
        ),
        "land/no_house": ("无房证明", ("none", "homes")),
        "land/homestead": ("宅基地信息", ("plot", "address", "unit_code", "registered_on", "owners")),
        "housing/contract": (
            "商品房网签合同",
            ("contract", "address", "unit_code", "signed_on", "handed_over", "buyers"),
        ),
        "housing/lease": (
            "房屋租赁备案",
            ("record_number", "address", "unit_code", "began_on", "ends_on", "tenants"),
        ),
        "housing/public_rental": ("公租房信息", ("address", "unit_code", "began_on", "tenants")),
        "labour/social_insurance": ("社保证明", ("months", "first_month", "last_month", "status", "back_paid")),
        "labour/employment": ("就业登记", ("employer", "began_on", "state")),
        "labour/talent": ("人才认定", ("grade", "valid_until")),
        "market/business": ("个体工商户登记信息", ("credit_code", "name", "address", "founded_on", "state")),
        "market/company": ("企业法人登记信息", ("credit_code", "name", "address", "founded_on", "state")),
        "welfare/birth": ("出生医学证明信息", ("birth_certificate", "born_on", "parents")),
        "welfare/status": ("民政优抚残疾信息", ("kinds", "valid_until")),
    }
)
"""Department/item → its name and the fields of its record (C03, C06a-C06g): eighteen items of six departments.

Seven are named in the published text, the others are those of domain 2.11; birth and civil status reach us through
one department, 卫健民政. The book may ask and compare these and no others.
"""
