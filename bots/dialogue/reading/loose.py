"""What people mean when they do not say the very word: commands in their own words, and matters by how they are asked for.

A command in other words must be all that is said; a matter is found anywhere in a sentence, by the first pattern that
holds. Everything that cannot be taken back asks once more before it is done, so a wrong guess costs one answer.
"""

from __future__ import annotations

import re

_COMMANDS = (
    ("back", r"(我|好像|刚才|刚刚|刚|上面|前面|上一?个|那个)*(填|写|选|按|点|弄|打|输)错(一个|了|啦|呀|啊)*"),
    ("back", r"(改|回)(上|前)一?个|退?回去|返回去"),
    ("restart", r"(从头|重新|再)再?来(一遍|一次|过|吧)*"),
    ("human", r"(我|请|帮我|给我|能不能|可以|想|要)*(找|转接?|叫|跟|和|换|有没有)个?(真人|人工|活人|工作人员|客服|人)(说话|说说|说|聊聊|聊|服务|帮忙|帮我|来|接|吧|吗|一下)*"),
    ("human", r"(给我)?(打个?)?(咨询)?电话(号码)?(是)?(给我|多少|问问|说吧?|吧)+"),
    ("help", r"(我|还是|都|也|真|有点|老人)*(不会|不懂|不明白|看不懂|看不明白|弄不明白|搞不懂|不知道怎么|不知道咋)(怎么|咋)?(弄|用|填|写|办|操作|回|选)?(手机|微信|这个|这些|呀|啊|了|呢)*"),
    ("help", r"(这个|这|该|那|我)*(怎么|咋|咋么)(弄|办|整|填|写|操作|用|回|选)(呀|啊|呢|嘛|了)*|帮帮我|帮一?下我"),
)  # fmt: skip
_MATTERS = (
    ("tipoff", r"举报|投诉|乱收费|走后门|有人?.{0,4}收(了)?.{0,4}(钱|红包|赞助费)"),
    ("intent", r"先登记|先报名|先报上|意向登记|报名意向|来不及"),
    ("standing_order", r"托管|自动(改|换|填|报)|(睡觉|夜里|晚上).{0,6}(改|换)志愿"),
    ("line", r"候补"),
    ("exam_choose", r"志愿.{0,4}(填|改|报|换)|(改|换|填|报|选|中考|高中).{0,4}志愿|填报|选.{0,4}高中"),
    ("rank", r"名次|排名|位次|第几名|排(在|到)?(了)?(第几|多少名|几名)|能不?能进.{0,4}(中|高中)$"),
    ("admission", r"通知书|(考上|录取?到?|录进|上)(了)?(的)?(是)?哪.{0,2}高中|(中考|高中).{0,2}录取"),
    ("objection", r"异议|复核|不服|有意见|不公平|(派|分|录)错|(结果|名单).{0,4}(不对|有错|有问题)"),
    ("dispute", r"申诉|(公安|社保|人社|房产|不动产|自然资源|市场监管|部门|核对|核验).{0,6}(不对|错|搞错)"),
    ("deferral", r"缓学|晚一年|明年再上|推迟(一年)?(入学|上学)"),
    ("transfer", r"转学|转(到|去|进).{0,8}(学校|小学|初中|中学|幼儿园|校区)|转(一?个|一?所)?学校"),
    ("leave_list", r"退出名单"),
    ("preference", r"优待"),
    ("private", r"民办|摇号"),
    ("why", r"为什么|为啥|凭什么|凭啥|(怎么|咋).{0,4}(不|没|就).{0,4}(分|录|派|进)"),
    ("helper", r"代办|代理人|(让|请|找|叫|托).{1,6}(帮|替|代).{0,4}(办|报|弄|填)|帮我家办"),
    ("phone", r"绑定?手机|(换|改|变)了?(个|手机|电话)*号|(手机|电话)号码?.{0,3}(换|变|改)了?"),
    ("withdraw", r"撤(回|销)|(取消|退掉?).{0,3}(报名|登记|申请)|不报名?了|我?想取消$"),
    ("decline", r"放弃|不(想|打算|愿意)?(去|上|要)(了|这|那|$)|不(想|打算|愿意)去"),
    ("result", r"结果|录(取|上)|分(到|在|给|的)?了?哪|分了?哪|派到|派位|上的(是)?哪"),
    ("diary", r"进度|审(核|批|查|到|过|完)|核验|办(到|得|的)(哪|怎|咋)|查到哪|到哪一?步|(没|有)(有)?消息|(啥|什么)情况|通?过了(吗|没|么)"),
    ("confirm", r"确认(入学|学位|就读|去|上)|同意(去|上|入学)|(就|我们|愿意|要)(去|上)(这|那|了$)|接受(这个)?(学位|学校)?$"),
    ("guide", r"(几号|哪天|哪一天|什么时候|啥时候|多会儿?|几月).{0,6}(报|登记|开始|上学|入学|截止)|报名.{0,3}(时间|几号|哪天|什么时候|啥时候|截止)"),
    ("guide", r"(什么|啥|哪些|哪几样|几样).{0,2}(材料|证件|手续|东西|证)|准备(些)?(什么|啥|哪些)"),
    ("guide", r"(哪|啥).{0,4}(学校|小学|初中|中学|幼儿园|上学|念书|读书)|去哪(里|儿)?(上|念|读)|归哪|划片|片区|学区|条件|政策"),
    ("guide", r"够不够|年龄|岁数|差.{0,3}天|能不能上|能上(吗|么|不|学)|有(什么|哪些|啥).{0,2}(小学|学校|幼儿园|初中)"),
    ("score", r"成绩|分数|查分|中考|考(了)?(多少|几|咋样|怎么样)|多少分"),
    ("report_in", r"报到"),
    ("choose", r"(选|挑|改|换).{0,3}学校|^(我|要|想)*(改报|改成|换成|改|换|选)(第|市|旗|区)?[一二三四五六七八九十\d].{0,3}(中|中学|小)$"),
    ("papers", r"材料|照片|拍照|补交|(再|重新|又)(发|传|拍)|上传"),
    ("enrol", r"报.{0,3}名|(也|再|给.{1,8})报(一个|上|了|$)|登记|补正|入学|入园|注册"),
    ("guide", r"(要|该|快|能|想|得)上(小学|学|一年级|幼儿园|初中|初一|中学|小班)"),
    ("confirm", r"确认"),
)  # fmt: skip
COMMANDS = tuple((command, re.compile(pattern)) for command, pattern in _COMMANDS)
MATTERS = tuple((matter, re.compile(pattern)) for matter, pattern in _MATTERS)


def loose_command(said: str) -> str | None:
    """The command that the whole of `said` (bare) means in other words."""
    return next((command for command, pattern in COMMANDS if pattern.fullmatch(said)), None)


def loose_matter(said: str) -> str | None:
    """The matter that `said` (bare) asks for somewhere."""
    return next((matter for matter, pattern in MATTERS if pattern.search(said)), None)
