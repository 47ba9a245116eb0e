"""A letter that was kept is found again after its process died; one whose effect stands is not; the disk may fill up."""

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.mailbox import DONE, KEPT, Mailbox, MailboxUnwritable, _record, undone


def left_in(folder: Path) -> list[bytes]:
    found = []
    for letters, abandoned in Mailbox(folder).left_behind():
        found += letters
        os.close(abandoned.handle)
    return sorted(found)


def _keep_and_die(folder: Path, letters: list[bytes], settled: int) -> None:
    mailbox = Mailbox(folder)
    for letter in letters:
        number = mailbox.keep(letter)[0]
        if number <= settled:
            mailbox.done(number)
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_process_had_kept_is_found_by_the_next(tmp_path) -> None:
    letters = [f"letter {number}".encode() for number in range(20)]
    process = multiprocessing.get_context("fork").Process(target=_keep_and_die, args=(tmp_path, letters, 8))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert left_in(tmp_path) == sorted(letters[8:])


def test_letters_of_a_living_process_are_left_alone(tmp_path) -> None:
    mailbox = Mailbox(tmp_path)
    mailbox.keep(b"mine")
    assert left_in(tmp_path) == []
    mailbox.close()
    assert left_in(tmp_path) == [b"mine"]


def test_many_threads_keep_many_letters_each_under_its_own_number(tmp_path) -> None:
    mailbox = Mailbox(tmp_path, largest_file=2_000)
    letters = [f"letter {number}".encode() * 3 for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda letter: mailbox.keep(letter)[0], letters))
    assert len(set(numbers)) == len(letters)
    assert mailbox.waiting() == len(letters)
    for number in numbers[50:]:
        mailbox.done(number)
    mailbox.close()
    assert left_in(tmp_path) == sorted(letters[:50])


def test_files_without_waiting_letters_disappear(tmp_path) -> None:
    mailbox = Mailbox(tmp_path, largest_file=100)
    for _ in range(30):
        mailbox.done(mailbox.keep(b"x" * 60)[0])
    assert len(list(tmp_path.iterdir())) == 1
    mailbox.close()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_kept(tmp_path) -> None:
    """Never acknowledged what is not safe."""
    nowhere = tmp_path / "file"
    nowhere.write_text("in the way")
    with pytest.raises(MailboxUnwritable):
        Mailbox(nowhere / "letters").keep(b"x")


def test_a_full_disk_loses_no_earlier_letter_and_takes_later_ones(tmp_path, monkeypatch) -> None:
    mailbox = Mailbox(tmp_path)
    mailbox.keep(b"before")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(MailboxUnwritable):
            mailbox.keep(b"lost")
    mailbox.keep(b"after")
    mailbox.close()
    assert left_in(tmp_path) == [b"after", b"before"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=40), st.booleans()), max_size=12), st.data())
def test_a_file_cut_anywhere_gives_back_every_letter_that_stands_whole(told, data) -> None:
    """A power cut tears the end, which was never acknowledged; nothing before it is lost and nothing is made up."""
    records, ends = b"", []
    for number, (body, is_done) in enumerate(told, start=1):
        records += _record(KEPT, number, body)
        ends.append(len(records))
        records += _record(DONE, number, b"") if is_done else b""
    cut = data.draw(st.integers(0, len(records)))
    found = undone(records[:cut])
    whole = [body for (body, _), end in zip(told, ends, strict=True) if end <= cut]
    waiting = [body for (body, is_done), end in zip(told, ends, strict=True) if end <= cut and not is_done]
    assert all(body in whole for body in found)
    assert all(found.count(body) >= waiting.count(body) for body in waiting)
