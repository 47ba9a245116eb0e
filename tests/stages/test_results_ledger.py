"""The published ledger (contracts 5): what a season decided, for everybody, for a family, for auditors; A66, D16, P5."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backend.fairness.canonical import canonical_json, sha256_hex
from backend.fairness.merkle import merkle_root
from backend.foundation.audit import AuditRow
from backend.foundation.database import db
from backend.foundation.idempotency import RequestKey
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.rules.roles import Scope
from backend.placement.freeze_placement import freeze_placement
from backend.placement.place_view import place_view
from backend.placement.special_cases import approve, propose
from backend.policy.books_in_force import book_in_force
from backend.publication.ledger_folder import archive, public_folder, sealed_folder
from backend.publication.rows import LedgerEntry, Run
from backend.publication.runs import freeze_run, frozen_input_of
from backend.results.prove_place import prove_place
from backend.results.school_result import ResultNotPublished
from tests.enrolment_builders import KANGBASHI
from tests.families_builders import bearer
from tests.ledger_builders import (
    OTHER_SCHOOL,
    SmallSeason,
    auditor,
    both_checkers,
    entry_hashes,
    parsed,
    small_season,
    written_to,
)

REASON = "孩子的片区登记有误，经核实应在另一所学校"


@pytest.fixture
def season(app: Any) -> SmallSeason:
    """A placement, a special case and class lists, all released."""
    with unit_of_work():
        made = small_season()
        made.published_placement()
        unplaced = next(household for household in made.households if made.school_of(household) is None)
        proposal = propose("special-case", made.officials[0], unplaced.application.id, OTHER_SCHOOL, REASON)
        db.session.flush()
        approve("special-case", made.officials[1], proposal.id)
        made.published_classes()
    return made


def name_of() -> str:
    """The season's name: the year of the book."""
    return str(book_in_force(KANGBASHI).year)


def test_both_checkers_verify_the_public_and_the_sealed_folder(season: SmallSeason, tmp_path: Path) -> None:
    """Rule-book, ceremony, placement, special case, plan, ceremony, classes: seven decisions, the same head on both levels."""
    heads = set()
    for level, folder in (("public", public_folder(name_of())), ("sealed", sealed_folder(name_of()))):
        root = written_to(tmp_path / level, folder)
        for code, told in both_checkers(root):
            assert (code, "verified 7 decisions" in told) == (0, True), told
            heads |= {line for line in told.splitlines() if line.startswith("head ")}
        assert (root / "0003-placement" / "input.json").exists() == (level == "sealed")
    assert heads == {f"head {entry_hashes(public_folder(name_of()))[-1]}"}


@pytest.mark.parametrize("level", ["public", "sealed"])
def test_a_single_changed_byte_is_a_lie(season: SmallSeason, tmp_path: Path, level: str) -> None:
    """Every file of the folder in turn: one digit or letter of it is another one."""
    folder = public_folder(name_of()) if level == "public" else sealed_folder(name_of())
    chosen = sorted(folder) if level == "public" else ["0003-placement/output.json", "0007-classes/salts.json"]
    for number, path in enumerate(chosen):
        data = bytearray(folder[path])
        place = max(at for at, byte in enumerate(data) if chr(byte).isalnum())
        data[place] = ord("1") if data[place] != ord("1") else ord("2")
        root = written_to(tmp_path / str(number), folder | {path: bytes(data)})
        for code, told in both_checkers(root):
            assert code in {1, 2}, (path, told)
            assert "verified" not in told, (path, told)


def test_nothing_in_the_public_folder_recognises_a_child(app: Any, season: SmallSeason) -> None:
    """Canaries (D16): names, numbers, phones, birth dates, addresses, receipts, ids, in files and doors alike."""
    client = app.test_client()
    shown = [data.decode() for data in public_folder(name_of()).values()]
    doors = ("/public/ledger", "/api/ledger", f"/api/ledger/{name_of()}")
    shown += [client.get(door).get_data(as_text=True) for door in doors]
    everything = "\n".join(shown)
    assert "演练派位" in everything
    for household in season.households:
        for kind, secret in household.secrets.items():
            assert secret not in everything, kind
            assert sha256_hex(secret.encode()) not in everything, kind
    assert REASON not in everything
    sealed = b"".join(sealed_folder(name_of()).values()).decode()
    unknown_to_auditors = ("name", "id_number", "guardian_name", "phone", "born_on", "address", "child")
    assert not any(household.secrets[kind] in sealed for household in season.households for kind in unknown_to_auditors)
    assert season.households[0].receipt in sealed, "the search finds what is there"


def test_a_family_takes_its_own_rows_home_with_their_proofs(app: Any, season: SmallSeason, tmp_path: Path) -> None:
    """Own rows of the placement and the class list, nobody else's; the folder is true for both checkers."""
    mine, others = season.households[0], season.households[1:]
    headers = bearer(mine.actor)
    client = app.test_client()
    link = client.get(f"/api/applications/{mine.application.id}/result", headers=headers).get_json()["why"]["proof"][
        "folder"
    ]
    told = client.get(link, headers=headers).get_json()
    proofs = [parsed(text) for path, text in told["files"].items() if "/proofs/" in path]
    numbers = {row["row"].get("id") or row["row"]["no"] for row in proofs}
    assert (len(proofs), numbers) == (4, {mine.receipt})
    assert not any(other.receipt in data for other in others for data in told["files"].values())
    assert told["head"] == entry_hashes(public_folder(name_of()))[-1]
    for code, words in both_checkers(written_to(tmp_path / "family", told["files"])):
        assert (code, "verified 7 decisions" in words) == (0, True), words
    zipped = client.get(f"{link}.zip", headers=headers)
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as opened:
        assert len(opened.namelist()) == len(told["files"])


def test_the_special_case_is_proved_to_its_family_alone(season: SmallSeason) -> None:
    """The child's row with the reason stands in its own folder; the public sees that one was decided."""
    unplaced = next(one for one in season.households if season.school_of(one) == OTHER_SCHOOL)
    _, folder = prove_place(unplaced.actor, unplaced.application.id)
    rows = [parsed(data)["row"] for path, data in folder.items() if path.startswith("0004-statement/proofs/input")]
    assert rows == [{"id": unplaced.receipt, "school": OTHER_SCHOOL, "reason": REASON}]
    assert parsed(public_folder(name_of())["0004-statement/public.json"]) == {"counts": {"people": 1}}
    assert place_view(unplaced.actor, unplaced.application.id)["why"]["proof"]


def test_a_family_cannot_take_anothers_proof(app: Any, season: SmallSeason) -> None:
    """404 for "not yours", as for "not there"; without a login 401; officials have another door."""
    mine, other = season.households[:2]
    client = app.test_client()
    for ending in ("proof", "proof.zip"):
        path = f"/api/applications/{other.application.id}/{ending}"
        assert client.get(path, headers=bearer(mine.actor)).status_code == 404
        assert client.get(path).status_code == 401
        assert client.get(path, headers=bearer(season.officials[0])).status_code == 403
        assert client.get(path, headers=bearer(other.actor)).status_code == 200


def test_before_the_release_nobody_has_a_proof_and_the_ledger_holds_no_result(app: Any) -> None:
    """A frozen, even a checked run is in nobody's folder (P5); only what it is bound to is shown to everybody (D8)."""
    with unit_of_work():
        made = small_season()
        first = made.officials[0]
        run = made.allocated(freeze_placement(KANGBASHI, "primary", "演练派位", first))
    with pytest.raises(ResultNotPublished):
        prove_place(made.households[0].actor, made.households[0].application.id)
    told = app.test_client().get("/api/ledger").get_json()
    titles = [one["title"] for season in told["items"] for one in season["decisions"]]
    assert [title.split()[-1] for title in titles] == ["规则册", "抽签仪式（见证人的承诺）"]
    (frozen,) = told["frozen"]
    assert (frozen["root"], frozen["office_commitment"]) == (run.roster_root, run.office_commitment)
    page = app.test_client().get("/public/ledger").get_data(as_text=True)
    assert run.input_sha256 in page
    assert all(told not in page for told in ((run.ceremony or {})["seed"], run.output_sha256 or "-"))


def test_what_was_committed_to_at_the_freezing_is_what_is_published(season: SmallSeason) -> None:
    """The root and the input's hash on the run's page are those of the ledger; the book is the one with the named hash."""
    run = db.session.execute(select(LedgerEntry).where(LedgerEntry.number == 3)).scalar_one()
    folder = public_folder(name_of())
    commit = parsed(folder["0003-placement/commit.json"])
    frozen = run_of(run)
    assert (commit["root"], commit["input_sha256"]) == (frozen.roster_root, frozen.input_sha256)
    assert commit["leaf"] == "salted-row"
    assert parsed(folder["0003-placement/reveal.json"])["seed"] == (frozen.ceremony or {})["seed"]
    book = parsed(folder["0003-placement/rules.json"])["rule_book_sha256"]
    assert sha256_hex(folder["0001-statement/public.json"]) == book == book_in_force(KANGBASHI).sha256


def run_of(entry: LedgerEntry) -> Any:
    """The run behind an entry."""
    return db.session.get_one(Run, entry.run_id)


def test_a_corrected_release_adds_a_decision_and_changes_none(season: SmallSeason, tmp_path: Path) -> None:
    """The entries before it, and their files, stay byte for byte; the new one names the old one and the reason."""
    before = public_folder(name_of())
    placement = run_of(db.session.execute(select(LedgerEntry).where(LedgerEntry.number == 3)).scalar_one())
    with unit_of_work():
        value = frozen_input_of(placement)
        again = freeze_run(
            "placement",
            placement.scope,
            value,
            placement.book_sha256,
            season.officials[0],
            "学校的计划数登记有误，重新派位",
        )
        season.release(season.allocated(again))
    after = public_folder(name_of())
    assert entry_hashes(after)[:-2] == entry_hashes(before)
    assert all(after[path] == data for path, data in before.items() if path != "manifest.json")
    named = parsed(after["0009-placement/rules.json"])["corrects"]
    assert named == {"hash": entry_hashes(before)[2], "reason": "学校的计划数登记有误，重新派位"}
    for level, folder in (("public", after), ("sealed", sealed_folder(name_of()))):
        for code, told in both_checkers(written_to(tmp_path / level, folder)):
            assert (code, "verified 9 decisions" in told) == (0, True), told


def test_an_entry_is_never_changed_nor_taken_back(season: SmallSeason) -> None:
    """The database itself refuses it."""
    for statement in ("UPDATE ledger_entry SET hash = 'x'", "DELETE FROM ledger_entry"):
        with pytest.raises(DBAPIError, match="never changed"), db.session.begin_nested():
            db.session.execute(text(statement))


def test_an_auditor_takes_the_sealed_folder_and_every_export_is_written_down(
    app: Any, season: SmallSeason, tmp_path: Path
) -> None:
    """Role, reason, audit row; the answer is kept nowhere, also not under a request key."""
    by = auditor()
    body = {"season": name_of(), "reason": "2026年招生专项审计"}
    headers = bearer(by)
    answer = app.test_client().post("/api/desk/ledger/sealed", json=body, headers=headers)
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        opened.extractall(tmp_path)
    for code, told in both_checkers(tmp_path / f"sunroll-ledger-{name_of()}"):
        assert (code, "verified 7 decisions" in told) == (0, True), told
    row = db.session.execute(select(AuditRow).where(AuditRow.action == "ledger.exported")).scalar_one()
    assert (row.object_id, row.reason) == (name_of(), body["reason"])
    assert row.principal.endswith(str(by.account_id))
    assert row.facts["archive_sha256"] == sha256_hex(answer.data)
    kept = db.session.execute(select(RequestKey)).scalars().all()
    assert kept == []


def test_the_sealed_folder_is_for_auditors_of_the_prefecture_who_say_why(app: Any, season: SmallSeason) -> None:
    """Officials, guardians and auditors of one banner are refused; so is an export without a reason."""
    client = app.test_client()
    body = {"season": name_of(), "reason": "2026年招生专项审计"}

    def status(actor: Any, told: dict[str, str]) -> int:
        return int(client.post("/api/desk/ledger/sealed", json=told, headers=bearer(actor)).status_code)

    assert status(season.officials[0], body) == 403
    assert status(season.households[0].actor, body) == 403
    assert status(auditor(Scope("banner", KANGBASHI)), body) == 403
    assert status(auditor(), body | {"reason": ""}) == 422
    assert status(auditor(), body | {"season": "1999"}) == 404
    assert db.session.execute(select(AuditRow).where(AuditRow.action == "ledger.exported")).first() is None


def test_the_public_page_shows_the_head_and_the_folder_can_be_taken_home(
    app: Any, season: SmallSeason, tmp_path: Path
) -> None:
    """Anybody, without login: the page, the list, the archive, the JSON; the same folder has the same bytes."""
    client, year = app.test_client(), name_of()
    head = entry_hashes(public_folder(year))[-1]
    page = client.get("/public/ledger").get_data(as_text=True)
    assert head in page
    assert all(word in page for word in ("派位", "分班", "特殊情况", "规则册", f"/public/ledger/{year}.zip"))
    listed = client.get("/api/ledger").get_json()["items"]
    assert [(one["season"], one["head"], len(one["decisions"])) for one in listed] == [(year, head, 7)]
    zipped = client.get(f"/public/ledger/{year}.zip").data
    assert zipped == archive(year, public_folder(year))
    told = client.get(f"/api/ledger/{year}").get_json()
    assert {path: text.encode() for path, text in told["files"].items()} == public_folder(year)
    assert client.get("/api/ledger/1999").status_code == 404
    with zipfile.ZipFile(io.BytesIO(zipped)) as opened:
        opened.extractall(tmp_path)
    assert both_checkers(tmp_path / f"sunroll-ledger-{year}")[0][0] == 0


def test_equal_rows_have_different_leaves_in_every_run(season: SmallSeason) -> None:
    """The key of the salts is drawn anew for every run and stands, sealed, on it alone."""
    entries = db.session.execute(select(LedgerEntry).where(LedgerEntry.run_id.is_not(None))).scalars().all()
    runs = [run_of(entry) for entry in entries]
    keys = {json.loads(sealed_folder(name_of())[f"{entry.entry['path']}/salts.json"])["key"] for entry in entries}
    assert len(keys) == len(runs) == 2
    assert not any(
        key in str(bytes(run.salt_sealed)) or bytes.fromhex(key) in run.salt_sealed for key in keys for run in runs
    )
    (placed,) = (run for run in runs if run.kind == "placement")
    plain = [canonical_json(row) for row in frozen_input_of(placed)["applicants"]]
    assert merkle_root(plain).hex() != placed.roster_root
