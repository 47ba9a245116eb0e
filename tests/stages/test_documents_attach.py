"""A photograph is taken in sealed, looked at, judged, and shown to whom it belongs (A23, promises D12)."""

import io
import os
import uuid
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter
from sqlalchemy import select

from backend.documents.attach_paper import (
    LARGEST,
    PaperKindUnknown,
    PictureEmpty,
    PictureTooBig,
    TooManyPapers,
    attach_paper,
)
from backend.documents.look_at_picture import look_at_picture
from backend.documents.picture_box import PictureBox, SandboxAway
from backend.documents.queries import all_papers_of, how_papers_stand, papers_of
from backend.documents.rows import Paper
from backend.documents.rules.attempts import PAPERS_OF_A_KIND_AT_MOST
from backend.documents.rules.plain_jpeg import is_plain_jpeg
from backend.documents.safe_keeping import folder, take_out
from backend.documents.show_picture import stamped
from backend.documents.sweep_uploads import sweep_uploads
from backend.documents.tell_sender import tell_sender
from backend.documents.views import paper_view
from backend.foundation.crypto import SealBroken
from backend.foundation.database import db
from backend.foundation.tasks import Task
from backend.notices.choose_language import choose_language
from backend.notices.read_notice import facts_of
from backend.notices.rows import Notice
from backend.notices.sentences import say
from jobs.run_tasks import drain
from tests.enrolment_builders import jpeg, page
from tests.families_builders import registered

GOOD = jpeg(page())
BLURRED = jpeg(page().filter(ImageFilter.GaussianBlur(6)))


def attached(data: bytes = GOOD, kind: str = "household", child: Any = None) -> Paper:
    if child is None:
        _, child = registered()
    return attach_paper(child.id, kind, data, child.made_by)


def seen(data: bytes, kind: str = "household", child: Any = None) -> Paper:
    paper = attached(data, kind, child)
    look_at_picture(str(paper.id))
    return paper


def test_a_photograph_waits_with_its_task_and_lies_sealed_on_disk(app) -> None:
    paper = attached()
    assert paper.state == "waiting"
    assert db.session.execute(select(Task.payload).where(Task.kind == "look-at-picture")).scalar_one() == {
        "paper_id": str(paper.id)
    }
    files = [file for file in (folder() / "original").rglob("*") if paper.id.hex in file.name]
    assert len(files) == 1
    assert b"JFIF" not in files[0].read_bytes()
    assert files[0].stat().st_mode & 0o077 == 0
    assert take_out(paper.child_id, paper.id, "original") == GOOD


def test_a_file_swapped_on_disk_is_not_taken_for_the_other(app) -> None:
    """Promises D10: a sealed value is bound to its place."""
    _, child = registered()
    first, second = attached(child=child), attached(BLURRED, "birth", child)
    paths = {paper.id: next((folder() / "original").rglob(f"{paper.id.hex}*")) for paper in (first, second)}
    paths[second.id].write_bytes(paths[first.id].read_bytes())
    with pytest.raises(SealBroken):
        take_out(child.id, second.id, "original")


def test_a_clear_photograph_is_good_and_its_clean_picture_carries_nothing_else(app) -> None:
    with_place = jpeg(page(), exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00", comment=b"taken at home")
    paper = seen(with_place)
    clean = take_out(paper.child_id, paper.id, "clean")
    assert (paper.state, paper.reasons) == ("good", [])
    assert is_plain_jpeg(clean, paper.width, paper.height)
    assert b"taken at home" not in clean
    assert b"Exif" not in clean


def test_the_worker_looks_when_the_bell_rings(app) -> None:
    paper = attached()
    assert drain("pictures") == 1
    db.session.refresh(paper)
    assert paper.state == "good"


def test_looking_twice_changes_nothing(app) -> None:
    """Promises part 1: a task may run twice."""
    paper = seen(BLURRED)
    before = (paper.state, paper.looked_at)
    look_at_picture(str(paper.id))
    assert (paper.state, paper.looked_at) == before


def test_two_retakes_at_most_then_a_human_looks(app) -> None:
    """Wishes 10 (Onfido's rule)."""
    _, child = registered()
    states = [seen(BLURRED, child=child).state for _ in range(3)]
    assert states == ["retake", "retake", "human"]
    assert how_papers_stand(child.id, ["household", "birth"]) == {"household": "present", "birth": "missing"}
    codes = db.session.execute(select(Notice.code).order_by(Notice.made_at)).scalars().all()
    assert codes == ["paper-retake", "paper-retake", "paper-with-staff"]


def test_what_is_wrong_with_a_photograph_is_told_in_the_language_of_its_sender(app) -> None:
    """Wishes 10, 20: in the message, and where the family looks at its papers."""
    _, child = registered()
    choose_language(child.made_by, "mn-Mong")
    paper = attached(child=child)
    paper.state, paper.reasons = "retake", ["picture-blurred"]
    tell_sender(paper)
    told = [one["text"] for one in paper_view(paper, child.made_by)["reasons"]]
    assert told[0] == say(f"photo.{paper.reasons[0]}", lang="mn-Mong") != say(f"photo.{paper.reasons[0]}")
    assert facts_of(db.session.execute(select(Notice)).scalar_one())["reason"] == told[0]


def test_a_retaken_photograph_no_longer_stands_but_is_kept(app) -> None:
    _, child = registered()
    seen(BLURRED, child=child)
    assert how_papers_stand(child.id, ["household"]) == {"household": "retake"}
    good = seen(GOOD, child=child)
    assert [paper.id for paper in papers_of(child.id)] == [good.id]
    assert len(all_papers_of(child.id)) == 2
    assert [paper.attempt for paper in all_papers_of(child.id)] == [1, 2]


def test_two_good_pages_of_one_paper_both_stand(app) -> None:
    _, child = registered()
    pages = [seen(GOOD, child=child).id for _ in range(2)]
    assert [paper.id for paper in papers_of(child.id)] == pages


def test_kinds_are_counted_apart(app) -> None:
    _, child = registered()
    for _ in range(2):
        seen(BLURRED, child=child)
    assert seen(BLURRED, "birth", child).state == "retake"


def test_what_is_too_much_or_nothing_or_unknown_is_refused(app) -> None:
    _, child = registered()
    with pytest.raises(PictureTooBig):
        attached(b"x" * (LARGEST + 1), child=child)
    with pytest.raises(PictureEmpty):
        attached(b"", child=child)
    with pytest.raises(PaperKindUnknown):
        attached(GOOD, "passport", child)
    for _ in range(PAPERS_OF_A_KIND_AT_MOST):
        attached(child=child)
    with pytest.raises(TooManyPapers):
        attached(child=child)


def test_a_stamp_lies_over_the_whole_picture_and_leaves_it_legible(app) -> None:
    """GB/T 45574: staff see pictures with their own login across."""
    clean = jpeg(page())
    before = np.asarray(Image.open(io.BytesIO(clean)).convert("L"), dtype=int)
    after = np.asarray(Image.open(io.BytesIO(stamped(clean, "official-7 2026-05-01 10:00"))).convert("L"), dtype=int)
    changed = np.abs(before - after) > 25
    rows, columns = before.shape[0] // 4, before.shape[1] // 4
    blocks = changed[: rows * 4, : columns * 4].reshape(4, rows, 4, columns).any(axis=(1, 3))
    assert blocks.all()
    assert changed.mean() < 0.2


def test_a_picture_that_was_never_looked_at_for_a_fault_of_ours_is_tried_again(app, monkeypatch) -> None:
    """The sandbox away says nothing about the picture."""

    def away(_box: PictureBox, _data: bytes) -> None:
        raise SandboxAway

    paper = attached()
    monkeypatch.setattr(PictureBox, "look_at", away)
    assert drain("pictures", most=1) == 0
    db.session.refresh(paper)
    assert paper.state == "waiting"
    task = db.session.execute(select(Task).where(Task.kind == "look-at-picture")).scalar_one()
    assert task.last_fault.startswith("SandboxAway")
    assert task.due_at > task.put_at + timedelta(seconds=1)


def test_a_worker_killed_after_the_clean_file_and_before_the_row_loses_nothing(app, monkeypatch) -> None:
    """Killing anything loses nothing: the row still waits, and the next worker replaces the file whole."""
    paper = attached()

    def killed(*_told: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr("backend.documents.look_at_picture.standing_after", killed)
        with pytest.raises(SystemExit), db.session.begin_nested():
            look_at_picture(str(paper.id))
    db.session.refresh(paper)
    assert paper.state == "waiting"
    look_at_picture(str(paper.id))
    assert paper.state == "good"
    assert is_plain_jpeg(take_out(paper.child_id, paper.id, "clean"), paper.width, paper.height)


def test_files_that_no_paper_names_are_swept_after_an_hour_and_others_never(app) -> None:
    kept = seen(GOOD)
    lost, young = [folder() / "original" / "ab" / f"{uuid.uuid4().hex}.sealed" for _ in range(2)]
    for path in (lost, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sealed")
    unfinished = lost.with_suffix(".0.part")
    unfinished.write_bytes(b"half")
    for path in (lost, unfinished, *folder().rglob(f"{kept.id.hex}*")):
        os.utime(path, (1, 1))
    sweep_uploads("2026-05-01")
    assert not lost.exists()
    assert not unfinished.exists()
    assert young.exists()
    assert take_out(kept.child_id, kept.id, "original") == GOOD
