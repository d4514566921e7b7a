"""Facts of very many files are put aside in a file, and told as those of few are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pictures import make

from verify4k.checking import ordered_facts
from verify4k.checking.ordered_facts import OrderedFacts
from verify4k.files.spool import Spool
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
    monkeypatch.setattr(ordered_facts, "MANY", 2)
    spooled: list[Any] = []
    put = Spool.put

    def noted(self: Spool, value: Any) -> int:
        spooled.append(value)
        return put(self, value)

    monkeypatch.setattr(Spool, "put", noted)
    assert run(*argv) == few
    assert (few.code, len(spooled)) == (1, 7)


@pytest.mark.parametrize("many", [4, 40])
def test_facts_come_back_in_the_order_that_was_asked_for(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that never came are left out."""
    monkeypatch.setattr(ordered_facts, "MANY", many)
    found = OrderedFacts(6)
    assert not found
    for number in (4, 0, 3):
        found.put(number, {"number": number})
    assert [each["number"] for each in found] == [0, 3, 4]
    found.put(1, {"number": 1})
    assert [each["number"] for each in found] == [0, 1, 3, 4]
    assert len(found) == 4
    assert {"number": 3} in found
    assert {"number": 2} not in found
