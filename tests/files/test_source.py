"""Where bytes come from: windows over files, one read for everything, and the traps of a disk."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify4k.errors import CannotRead, LimitHit, Missing
from verify4k.files.source import BytesSource, FileSource, Source

if TYPE_CHECKING:
    from pathlib import Path

DATA = bytes(range(256)) * 700


@settings(max_examples=60)
@given(reads=st.lists(st.tuples(st.integers(0, len(DATA) + 5), st.integers(0, 100_000)), max_size=8))
def test_a_file_reads_like_its_bytes(
    reads: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "data.bin"
    path.write_bytes(DATA)
    file, data = FileSource(path).open(), BytesSource(DATA).open()
    try:
        assert file.size == data.size == len(DATA)
        for offset, length in reads:
            assert file.read(offset, length) == data.read(offset, length)
    finally:
        file.close()
        data.close()


def test_all_bytes_come_from_one_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    assert FileSource(tmp_path / "a").read_all() == DATA == BytesSource(DATA).read_all()


def test_a_neighbour_is_found_beside_a_file_and_not_beside_bytes(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"b")
    beside = FileSource(tmp_path / "a").beside("b")
    assert beside.read_all() == b"b"
    bytes_source: Source = BytesSource(b"")
    assert bytes_source.beside("b") is None


def test_a_file_beyond_the_limit_is_undecided(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    with pytest.raises(LimitHit, match="the limit is 1000"):
        FileSource(tmp_path / "a", 1000).read_all()
    assert FileSource(tmp_path / "a", len(DATA)).read_all() == DATA


def test_the_limit_is_a_gibibyte_and_not_a_byte_more(tmp_path: Path) -> None:
    with open(tmp_path / "huge", "wb") as file:
        file.truncate((1 << 30) + 1)  # a hole: nothing is written, and nothing may be read
    with pytest.raises(LimitHit, match="the file has 1073741825 bytes; the limit is 1073741824"):
        FileSource(tmp_path / "huge").read_all()
    (tmp_path / "a").write_bytes(DATA)
    with pytest.raises(LimitHit):
        FileSource(tmp_path / "a", len(DATA) - 1).read_all()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nul\0name", "can have this name"),
        ("x" * 300, "name"),
        ("file/below", "directory"),
        ("gone", "does not exist"),
    ],
)
def test_names_that_lead_nowhere_are_missing(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    source = FileSource(os.path.join(tmp_path, name))
    with pytest.raises(Missing, match=words):
        source.open()
    with pytest.raises(Missing, match=words):
        source.read_all()


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="POSIX devices")
def test_a_device_is_no_regular_file() -> None:
    with pytest.raises(Missing, match="a device"):
        FileSource("/dev/null").open()


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="Linux")
def test_an_error_while_reading_is_undecided() -> None:
    with pytest.raises(CannotRead, match="reading failed"):
        FileSource("/proc/self/mem").read_all()


def test_where_positions_cannot_be_given_the_file_is_seeked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(DATA)
    monkeypatch.delattr(os, "pread")
    reader: Any = FileSource(tmp_path / "a").open()
    assert reader.read(70_000, 3) == DATA[70_000:70_003]
    reader.close()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets with a name here")
def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as served:
        served.bind("a.png")
        with pytest.raises(Missing):
            FileSource("a.png").open()
