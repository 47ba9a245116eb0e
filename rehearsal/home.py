"""The entrance of the simulated city: every address to open, the sample families, the officials with their one-time passwords."""

import asyncio
import json
import logging
import os
from html import escape
from pathlib import Path
from typing import Any

from rehearsal.faults import seconds_ahead
from rehearsal.loopback import Answer, Refused, Request, Site, json_answer, settings_of
from rehearsal.officials import machine_time, one_time_password
from rehearsal.pictures import photograph

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>演练城市</title><link rel="icon" href="data:,"><style>
body {{ font: 17px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; color: #222; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; width: 100%; }} td, th {{ border-bottom: 1px solid #ddd; padding: .4rem .6rem; text-align: left; }}
.code {{ font-family: ui-monospace, monospace; font-size: 1.2rem; }} .mark {{ background: #fff3cd; padding: .3rem .8rem; }}
a {{ color: #7d3408; }}
@media (max-width: 30rem) {{
td, th {{ padding: .4rem .2rem; }}
.people tr, .people td {{ display: block; border: 0; padding: 0 .2rem; }} .people th {{ display: none; }}
.people tr {{ border-bottom: 1px solid #ddd; padding: .4rem 0; }}
}}
</style></head><body>
<h1>阳光入学 · 演练城市</h1><p class="mark">这里的人、学校、片区都是虚构的；地址单元和旗区轮廓是真实的。</p>
<h2>打开这些页面</h2><table>{addresses}</table>
<h2>样例家庭（手机号用来登录，验证码在“短信”页；登记时照着填，照片可以存下来上传）</h2>{families}
{exam}
<h2>工作人员（动态口令每 30 秒换一次，刷新本页看新的）</h2>
<p>密码用满 90 天（演练时钟）要换；您自己在工作台改的密码请记住，这里不会显示。</p>
<table class="people"><tr><th>谁</th><th>用户名</th><th>密码</th><th>动态口令</th></tr>{officials}</table>
</body></html>"""


STAGES = {"kindergarten": "幼儿园", "primary": "小学", "junior": "初中"}
HOMES = {"owned": "自有住房", "contract": "购房合同", "rented": "租房", "none": "没有住房"}
RELATIONS = {"father": "父亲", "mother": "母亲", "grandparent": "祖父母", "other": "其他监护人"}
PAPERS = {"household": "户口簿", "property": "不动产权证", "contract": "购房合同", "lease": "租赁合同"}


class Home:
    """The pages of the entrance, read from the city folder at each look."""

    def __init__(self, city: Path, addresses: dict[str, str], clock_url: str, portal: str) -> None:
        self.city = city
        self.addresses = addresses
        self.clock_url = clock_url
        self.portal = portal
        self.site = Site("home")
        self.site.route("GET", "/", self._page)
        self.site.route("GET", "/officials", self._officials)
        self.site.route("GET", "/families/{family}/{name}", self._picture)

    async def _page(self, request: Request) -> Answer:
        families = [_family(story, family, self.portal) for story, family in self._samples()]
        officials = [
            f"<tr><td>{escape(each['name'])}</td><td>{escape(each['login'])}</td><td>{escape(each['password'])}</td>"
            f'<td class="code">{each["now"]}</td></tr>'
            for each in await self._people()
        ]
        addresses = [
            f'<tr><td>{escape(name)}</td><td><a href="{escape(link)}">{escape(link)}</a></td></tr>'
            for name, link in self.addresses.items()
        ]
        page = PAGE.format(
            addresses="".join(addresses), families="".join(families), officials="".join(officials), exam=self._exam()
        )
        return Answer(page.encode(), kind="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})

    def _exam(self) -> str:
        """Sample candidates of the exam, once its season is open."""
        noted = self.city / "exam.json"
        if not noted.exists():
            return ""
        told = json.loads(noted.read_text(encoding="utf-8"))
        rows = [_row(one["name"], one["number"], one["phone"], f"{one['total']:g}") for one in told["samples"]]
        head = "<tr><th>考生</th><th>准考证号</th><th>手机</th><th>总分</th></tr>"
        title = f"{told['year']} 年中考样例考生（在手机页面“中考”里用准考证号登录，验证码在“短信”页）"
        return f"<h2>{escape(title)}</h2><table>{head}{''.join(rows)}</table>"

    def _samples(self) -> list[tuple[str, dict[str, Any]]]:
        """The sample families with their stories: they stand first in the city's list of families."""
        told = json.loads((self.city / "city.json").read_text(encoding="utf-8"))
        stories = {sample["id"]: sample["story"] for sample in told["samples"]}
        found = []
        with (self.city / "families.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                family = json.loads(line)
                if family["id"] in stories:
                    found.append((stories[family["id"]], family))
                if len(found) == len(stories):
                    break
        return found

    async def _picture(self, request: Request, family: str, name: str) -> Answer:
        """A sample photograph to keep and to hand in on the phone page."""
        kind, _, condition = name.removesuffix(".jpg").partition("-")
        says = {told["id"]: told["papers_say"] for _, told in self._samples()}.get(family, {})
        if kind not in says or condition not in {"", "blurred"}:
            raise Refused(404, f"there is no picture {name} of {family}")
        drawn = await asyncio.to_thread(photograph, kind, says[kind], condition or "good")
        return Answer(drawn, kind="image/jpeg")

    async def _officials(self, request: Request) -> Answer:
        return json_answer(await self._people())

    async def _people(self) -> list[dict[str, Any]]:
        path = self.city / "officials.json"
        people = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        ahead = await asyncio.to_thread(seconds_ahead, self.clock_url)
        return [each | {"now": one_time_password(each["totp"], machine_time() + ahead)} for each in people]


def _family(story: str, family: dict[str, Any], portal: str) -> str:
    """What a person needs to play this family: who they are, what they would write."""
    guardian, form = family["guardian"], family["form"]
    home = form.get("home") or {}
    rows = [
        _row("手机", guardian["phone"]),
        f'<tr><td>从公共服务 App（模拟蒙速办）免登录进入</td><td><a href="{escape(portal)}/enter?phone={guardian["phone"]}">打开</a></td></tr>',
        _row("监护人", f"{guardian['name']} {guardian['id_number']} {RELATIONS[family['children'][0]['relation']]}"),
    ]
    rows += [
        _row("孩子", f"{child['name']} {child.get('id_number', '')} {child['ethnicity']} {child['born_on']}")
        for child in family["children"]
    ]
    rows += [
        _row("学段", STAGES[family["stage"]]),
        _row("住址", f"{form['address']}（地址单元 {form['unit_code']}）"),
        _row("户口簿", f"户号 {form.get('household_number') or '无'}，落户日期 {form.get('registered_on') or '无'}"),
        _row("住房", " ".join([HOMES[home.get("kind", "none")], home.get("certificate") or "", home.get("use") or ""])),
        f"<tr><td>样例照片</td><td>{_pictures(family)}</td></tr>",
    ]
    return f"<h3>{escape(guardian['name'])}：{escape(story)}</h3><table>{''.join(rows)}</table>"


def _pictures(family: dict[str, Any]) -> str:
    """Links to the family's sample photographs, with one that is out of focus."""
    names = {kind: PAPERS[kind] for kind in family["papers_say"] if kind in PAPERS} | {
        "household-blurred": "拍糊了的户口簿"
    }
    return "　".join(f'<a href="/families/{family["id"]}/{name}.jpg">{title}</a>' for name, title in names.items())


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def main() -> None:
    """Serve from the environment: PORT, CITY, CLOCK_URL, SUNROLL_PUBLIC_URL, WECHAT_API_URL, SMS_URL, PORTAL_URL."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = settings_of(
        "home", "PORT", "CITY", "CLOCK_URL", "SUNROLL_PUBLIC_URL", "WECHAT_API_URL", "SMS_URL", "PORTAL_URL"
    )
    web = told["SUNROLL_PUBLIC_URL"]
    addresses = {
        "家长：手机页面": f"{web}/phone/",
        "家长：公众号聊天": f"{told['WECHAT_API_URL']}/chat",
        "工作人员：工作台": f"{web}/desk/",
        "所有人：公开页面": f"{web}/",
        "网关：短信": f"{told['SMS_URL']}/phones",
        "网关：微信消息": f"{told['WECHAT_API_URL']}/inbox",
    }
    home = Home(Path(told["CITY"]), addresses, os.environ["CLOCK_URL"], told["PORTAL_URL"])
    asyncio.run(home.site.run(int(told["PORT"])))


if __name__ == "__main__":
    main()
