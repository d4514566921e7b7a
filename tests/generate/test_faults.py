"""Every misbehaviour, met by the real command against a real server.

Whatever happens: one request unless trying again is provably free, nothing wrong under the
target's name, nothing left lying about, no key anywhere, and the truth about money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from apiserver.faults import Fault, all_faults
from apiserver.server import KEY
from PIL import Image

if TYPE_CHECKING:
    from bench import Bench

FAULTS = all_faults()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_met(fault: Fault, bench: Bench) -> None:
    route = "openai-responses" if fault.responses else "openai-images"
    if fault.stream:
        bench.one("a hill", generate={"route": route}, routes={route: {"kind": route, "stream": 2}})
    else:
        bench.one("a hill", generate={"route": route})
    bench.server.script["a hill"] = list(fault.acts)
    done = bench.generate("--deadline", str(fault.deadline))
    assert done.code == (0 if fault.made else 1), done.all
    assert len(bench.server.seen) == fault.requests, done.all
    assert fault.says in done.out
    assert ("may have been billed" in done.out) is fault.billed, done.out
    assert bench.path("hero.png").exists() is fault.made
    assert bench.path("hero.rejected.png").exists() is fault.kept
    unread = bench.path("hero.unread.answer").exists()
    assert unread is fault.unread or fault.unread is None, done.out
    if fault.unread:
        assert "hero.unread.answer" in done.out
        assert bench.path("hero.unread.answer").stat().st_mode & 0o077 == 0
    assert not list(bench.folder.glob(".hero*"))
    assert "\x1b" not in done.all
    assert "\n::error" not in done.all
    _check_ledger(fault, bench)


def _check_ledger(fault: Fault, bench: Bench) -> None:
    request, outcome = bench.ledger
    assert request["id"] == outcome["id"]
    rejected = fault.name.startswith("picture:")
    assert outcome["verdict"] == ("accepted" if fault.made else "rejected" if rejected else "failed")
    unread = bench.path("hero.unread.answer").exists()
    assert outcome.get("answer", "") == ("hero.unread.answer" if unread else "")
    if fault.kept:
        assert outcome["kept_as"] == "hero.rejected.png"
        reason = bench.path("hero.rejected.png.txt").read_text("utf-8")
        assert KEY not in reason
        assert fault.says in reason
    if fault.made:
        with Image.open(bench.path("hero.png")) as image:
            assert image.size == (1024, 640)


def test_there_are_many_faults() -> None:
    assert len(FAULTS) > 150
