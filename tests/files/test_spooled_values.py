"""What is put aside comes back, wherever there was room for it."""

from __future__ import annotations

import io
import tempfile
from typing import Any

import pytest

from verify4k.files.spool import Spool

VALUES = ["a", {"b": [1, None]}, b"\0" * 70_000, ("c", 2.5), "\udcff"]


class _Full(io.BytesIO):
    """A file on a disk that takes so many bytes; of the record that does not fit it takes a part, or nothing."""

    def __init__(self, room: int, *, part: bool) -> None:
        super().__init__()
        self._room = room
        self._part = part

    def write(self, data: Any) -> int:
        taken = min(len(data), self._room)
        if taken < len(data) and not self._part:
            raise OSError(28, "No space left on device")
        self._room -= taken
        return super().write(data[:taken])


def nowhere(**_: Any) -> Any:
    raise FileNotFoundError("No usable temporary directory found")


@pytest.mark.parametrize("room", [0, 20, 60, 1_000_000])
@pytest.mark.parametrize("part", [True, False])
def test_what_is_put_aside_comes_back(room: int, part: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: _Full(room, part=part))
    spool = Spool()
    places = [spool.put(value) for value in VALUES]
    assert [spool.get(place) for place in reversed(places)] == VALUES[::-1]
    assert spool.get(spool.put("more")) == "more"
    assert len({*places}) == len(VALUES)
    assert min(places) >= 0


def test_without_a_folder_for_files_all_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", nowhere)
    spool = Spool()
    places = [spool.put(value) for value in VALUES]
    assert [spool.get(place) for place in places] == VALUES
