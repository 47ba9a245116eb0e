"""The files that a rehearsal leaves: figures.json, report.html and the public ledger, from its journal and its city."""

import shutil
from pathlib import Path
from typing import Any

from backend.fairness.canonical import canonical_json
from backend.policy.rules.facts import EXCHANGE_ITEMS
from rehearsal import land
from rehearsal.areas import area_of
from rehearsal.figures import figures_of
from rehearsal.played import Seen
from rehearsal.schools import schools_of
from rehearsal.season import Season
from rehearsal.season_figures import season_of
from rehearsal.season_report import STAGES, report_page
from rehearsal.zone_map import Zone


def write_report(season: Season, report: Path) -> dict[str, Any]:
    """Write figures.json, report.html and ledger/<season> into the folder `report`; the figures."""
    report.mkdir(parents=True, exist_ok=True)
    seen = Seen(
        lines=season.journal.by_kind(),
        city=season.told,
        families=season.families,
        items={name: item for item, (name, _) in EXCHANGE_ITEMS.items()},
    )
    told = season_of(seen)
    figures = figures_of(told)
    (report / "figures.json").write_bytes(canonical_json(figures))
    banners = [banner["code"] for banner in season.told["banners"]]
    outlines = {code: land.outlines()[code] for code in banners}
    shutil.copytree(season.folder / "ledger" / "public", report / "ledger", dirs_exist_ok=True)
    page = report_page(told, figures, outlines, zones_of(banners))
    (report / "report.html").write_text(page, encoding="utf-8")
    return figures


def zones_of(banners: list[str]) -> dict[str, list[Zone]]:
    """Stage → the zones of all schools of these banners, with the points of their units."""
    points = land.points()
    found: dict[str, list[Zone]] = {stage: [] for stage in STAGES}
    for banner in banners:
        area = area_of(banner)
        for school in schools_of(banner, area.units(banner), area.stages):
            units = tuple(points[code] for code in school.units)
            found[school.stage].append(Zone(school.code, school.name, school.point, units))
    return found
