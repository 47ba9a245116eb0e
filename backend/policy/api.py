"""HTTP: banners, disclosure pages, address look-up, the guide, schools; and for officials books, pages and sheets."""

import datetime as dt
from typing import Any, Literal

from apiflask import APIBlueprint
from flask import current_app, request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.foundation.doors import arrived_at, keyless
from backend.foundation.problems import Malformed, Refusal
from backend.identity.actors import PUBLIC, actor, official_who_may, policy
from backend.policy.answer_guide import answer_guide
from backend.policy.books_in_force import book_in_force, books_in_force
from backend.policy.disclosures import standing_page
from backend.policy.import_sheet import import_sheet
from backend.policy.places import plan_of, schools_of, units_found, units_of
from backend.policy.publish_disclosure import publish_disclosure
from backend.policy.publish_rulebook import publish_rulebook
from backend.policy.views import banner_view, guide_view, imported_view, places_view, rulebook_view

api = APIBlueprint("policy", __name__, url_prefix="/api", tag="policy")

BANNER = r"^[0-9]{6}$"
Stage = Literal["kindergarten", "primary", "junior"]


class DisclosureNotPublished(Refusal):
    """The banner's disclosure page does not stand (not yet, or it is stale)."""

    code = "disclosure-not-published"
    status = 404


class UnitsQuery(BaseModel):
    """What somebody typed for an address."""

    q: str = Field(max_length=60)
    banner: str | None = Field(default=None, pattern=BANNER)


class SchoolsQuery(BaseModel):
    """Which schools."""

    banner: str = Field(pattern=BANNER)
    stage: Stage | None = None


class GuideBody(BaseModel):
    """What a family asks the guide; only banner, stage and address are needed."""

    model_config = ConfigDict(extra="forbid")

    banner: str = Field(pattern=BANNER)
    stage: Stage
    unit_code: str = Field(pattern=r"^[0-9]{12}$")
    household: Literal["here", "elsewhere", "unknown"] | None = None
    home: Literal["owned", "contract", "rented", "none"] | None = None
    owner_relation: Literal["self", "parents", "grandparents", "other"] | None = None
    work: Literal["insured", "business", "none"] | None = None
    on_guardians_book: bool | None = None
    sibling: bool | None = None
    twins: bool | None = None
    born_on: dt.date | None = None


class RulebookBody(BaseModel):
    """A rule-book as the text of `book.toml` (with `estates.csv` where there is one) or as its content."""

    model_config = ConfigDict(extra="forbid")

    toml: str | None = Field(default=None, max_length=500_000)
    estates_csv: str | None = Field(default=None, max_length=5_000_000)
    content: dict[str, Any] | None = None
    reason: str = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def one_way(self) -> "RulebookBody":
        """Either the text or the content, not both."""
        if (self.toml is None) == (self.content is None):
            raise ValueError("give either toml or content")
        return self


class ImportQuery(BaseModel):
    """Which kind of sheet; `dry_run` tells the faults and changes nothing."""

    kind: str = Field(max_length=20)
    dry_run: bool = False


@api.get("/banners")
@policy(PUBLIC)
def banners() -> dict[str, Any]:
    """The banners that published a rule-book, with the state of their windows."""
    return {"items": [banner_view(book, arrived_at()) for book in books_in_force()]}


@api.get("/banners/<banner>/disclosure")
@policy(PUBLIC)
def disclosure_page(banner: str) -> dict[str, Any]:
    """The disclosure page as it was published (D12a-D12f)."""
    page = standing_page(book_in_force(banner))
    if page is None:
        raise DisclosureNotPublished
    return page.value | {"value_sha256": page.value_sha256, "published_at": page.published_at.isoformat()}


@api.get("/banners/<banner>/places")
@policy(PUBLIC)
def places(banner: str) -> dict[str, Any]:
    """Where units and schools lie, for maps. `fictional` in a rehearsal, whose positions are made up."""
    book_in_force(banner)
    fictional = bool(current_app.config["REHEARSAL"])
    return {"banner": banner, "fictional": fictional} | places_view(units_of(banner), schools_of(banner))


@api.get("/units")
@policy(PUBLIC)
@api.input(UnitsQuery, location="query", arg_name="query")
def units(query: UnitsQuery) -> dict[str, Any]:
    """At most 20 address units for a name of a 小区, community, village or town."""
    books = books_in_force()
    names = {book.banner: book.banner_name for book in books}
    return {
        "items": [
            {
                "code": unit.code,
                "name": shown,
                "town": unit.town,
                "banner": unit.banner,
                "banner_name": names.get(unit.banner, unit.banner),
            }
            for unit, shown in units_found(query.q, books, query.banner)
        ]
    }


@api.post("/guide")
@policy(PUBLIC)
@keyless
@api.input(GuideBody, arg_name="body")
def ask_guide(body: GuideBody) -> dict[str, Any]:
    """Which school, which papers, does my child qualify: answered without login, and nothing is kept."""
    said = body.model_dump(exclude={"banner", "stage", "unit_code", "born_on"})
    return guide_view(answer_guide(body.banner, body.stage, body.unit_code, said, body.born_on))


@api.get("/schools")
@policy(PUBLIC)
@api.input(SchoolsQuery, location="query", arg_name="query")
def schools(query: SchoolsQuery) -> dict[str, Any]:
    """The schools of a banner with the seats of the published plan."""
    stages = [query.stage] if query.stage else list(book_in_force(query.banner).stages)
    seats = {school: number for stage in stages for school, number in plan_of(query.banner, stage).items()}
    return {
        "items": [
            {
                "code": school.code,
                "name": school.name,
                "stage": school.stage,
                "banner": query.banner,
                "seats": seats.get(school.code),
                "address": school.address,
            }
            for stage in stages
            for school in schools_of(query.banner, stage)
        ]
    }


@api.post("/desk/banners/<banner>/book")
@policy(official_who_may("book.publish"))
@api.input(RulebookBody, arg_name="body")
def new_rulebook(banner: str, body: RulebookBody) -> tuple[dict[str, Any], int]:
    """Publish the next version of the banner's rule-book."""
    written = body.toml if body.toml is not None else body.content or {}
    return rulebook_view(publish_rulebook(actor(), banner, written, body.reason, body.estates_csv)), 201


@api.post("/desk/banners/<banner>/disclosure")
@policy(official_who_may("disclosure.publish"))
def new_disclosure(banner: str) -> tuple[dict[str, Any], int]:
    """Publish the banner's disclosure page as the data of this moment make it."""
    page = publish_disclosure(actor(), banner)
    return page.value | {"value_sha256": page.value_sha256, "published_at": page.published_at.isoformat()}, 201


@api.post("/desk/banners/<banner>/imports")
@policy(official_who_may("sheet.import"))
@api.input(ImportQuery, location="query", arg_name="query")
def new_import(banner: str, query: ImportQuery) -> dict[str, Any]:
    """Import a sheet (multipart field `file`, .xlsx or .csv), or try it dry."""
    file = request.files.get("file")
    if file is None:
        raise Malformed([{"pointer": "/file", "code": "missing", "detail": "请选择要导入的文件。"}])
    imported = import_sheet(actor(), banner, query.kind, file.filename or "", file.read(), dry_run=query.dry_run)
    return imported_view(imported)
