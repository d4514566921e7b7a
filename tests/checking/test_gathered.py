"""Facts of very many files are put aside in a file, and told as those of few are."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from pictures import make

from verify4k.checking import gathered
from verify4k.checking.gathered import Gathered
from verify4k.rule import Picture

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("form", ["text", "json", "csv"])
@pytest.mark.parametrize("depth", ["header", "full"])
def test_very_many_files_are_inspected_as_few_are(
    form: str, depth: str, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make(Picture(16 + number, 9, name=f"{number}.png", kind="other"), tmp_path)
    make(Picture(name="cut.jpg", kind="truncated"), tmp_path)
    argv = ("inspect", "--format", form, "--depth", depth, ".", "gone.png")
    few = run(*argv)
    monkeypatch.setattr(gathered, "MANY", 2)
    put: list[int] = []
    monkeypatch.setattr(Gathered, "_put_aside", _counted(Gathered._put_aside, put))
    assert run(*argv) == few
    assert (few.code, len(put)) == (1, 7)


def _counted(put_aside: Any, put: list[int]) -> Any:
    def counting(self: Gathered, facts: Any) -> int:
        put.append(1)
        return int(put_aside(self, facts))

    return counting


@pytest.mark.parametrize("room", [True, False])
def test_facts_come_back_in_the_order_that_was_asked_for(room: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that never came are left out; without a place for files all stay in memory."""
    monkeypatch.setattr(gathered, "MANY", 4)
    if not room:
        monkeypatch.setattr(tempfile, "TemporaryFile", _no_room)
    found = Gathered(6)
    for number in (4, 0, 3):
        found.put(number, {"number": number})
    assert [each["number"] for each in found] == [0, 3, 4]
    found.put(1, {"number": 1})
    assert [each["number"] for each in found[1:]] == [1, 3, 4]
    assert len(found) == 4
    with pytest.raises(IndexError):
        found[4]


def _no_room(**_options: Any) -> None:
    raise OSError("no folder for temporary files")
