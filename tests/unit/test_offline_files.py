"""The files of the offline commands: strict JSON with pointers, CSV cells quoted where needed, whole or not at all."""

import csv
import io
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.strict_json import NotAnInteger, parse_strict, pointer_to, text_fault
from sunroll.files import BadInput, csv_bytes, read_csv, read_json, read_text, write_whole

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(VALUES)
def test_good_json_is_read_as_it_is(value: object) -> None:
    for ascii_only in (True, False):
        assert parse_strict(json.dumps(value, ensure_ascii=ascii_only)) == (value, [])


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ('{"a": 1, "a": 2}', ["/a"]),
        ('[{"b": {"a/b": 1, "a/b": 2}}]', ["/0/b/a~1b"]),
        ('{"a": [1, 1.0, 2e3, -0.5]}', ["/a/1", "/a/2", "/a/3"]),
        ('["\\u0000", "\\\\u0000", "\\ud83d\\ude00", "\\ude00"]', ["/0", "/3"]),
        ('{"\\u0000": 1}', ["/\\u0000"]),
        ("[Infinity, -Infinity, NaN]", ["/0", "/1", "/2"]),
    ],
)
def test_what_no_json_of_ours_may_hold_is_told_with_its_pointer(text: str, pointers: list[str]) -> None:
    _, faults = parse_strict(text)
    assert [pointer for pointer, _ in faults] == pointers


def test_a_fraction_stays_as_it_was_written() -> None:
    value, _ = parse_strict("[1.50]")
    assert isinstance(value[0], NotAnInteger)
    assert value == ["1.50"]


def test_pointers_stay_on_one_line() -> None:
    assert pointer_to("/a", "b/c~d\n\u2028") == "/a/b~1c~0d\\u000a\\u2028"


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert text_fault("😀") is None
    assert text_fault("\ud83d") is not None


def test_read_json_raises_every_fault_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text('{"a": 1.5, "b": "\\u0000"}')
    with pytest.raises(BadInput) as refused:
        read_json(path)
    assert [fault.split(": ")[:2] for fault in refused.value.faults] == [[str(path), "/a"], [str(path), "/b"]]


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1))
def test_csv_that_is_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    data = csv_bytes(["a", "b"], rows)
    assert [tuple(row) for row in csv.reader(io.StringIO(data.decode(), newline=""))][1:] == rows


def test_cells_are_quoted_only_where_needed() -> None:
    data = csv_bytes(["a", "b"], [["x y;z'", 'q"q'], ["c,d", "l\nl"], ["r\rr", None], [7, ""]])
    assert data == b'a,b\nx y;z\',"q""q"\n"c,d","l\nl"\n"r\rr",\n7,\n'


def test_lines_of_quoted_cells_are_counted_from_where_the_row_starts(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'\xef\xbb\xbfno,x\r\n"a\r\nb", 1 \r\n\r\nc,2\r\n')
    header, rows, faults = read_csv(path, ["no"], ["x"])
    assert header == ["no", "x"]
    assert [(row.line, row["no"], row["x"]) for row in rows] == [(2, "a\r\nb", "1"), (5, "c", "2")]
    assert faults.found == []


def test_every_line_with_nul_is_told(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(b"a\0\nb\n\0\0")
    with pytest.raises(BadInput) as refused:
        read_text(path)
    assert refused.value.faults == [f"{path}:1: has a NUL character", f"{path}:3: has a NUL character"]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BadInput, match="cannot be written"):
        write_whole(tmp_path / "out", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    write_whole(tmp_path / "new", b"x")
    assert (tmp_path / "new").read_bytes() == b"x"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    listener = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    listener.start()
    write_whole(pipe, b"all of it")
    listener.join()
    assert heard == [b"all of it"]
    assert pipe.is_fifo()


def test_behind_a_link_the_file_is_replaced(tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(file)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"no\n{'9' * 200_000}\n", encoding="utf-8")
    _, rows, _ = read_csv(path, ["no"])
    assert len(rows[0]["no"]) == 200_000
