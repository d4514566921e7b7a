"""Small files that go to a process together, and files that are remembered: each answers for itself alone."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from isolated import NEIGHBOURS, command, run
from pictures import gradient

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.mark.parametrize(
    ("word", "limit", "reason"),
    [
        ("crash", "seconds=100", "the process that checked it crashed (SIGSEGV)"),
        ("loop", "seconds=1", "checking it took longer than 1 s and was stopped"),
        ("killed", "seconds=100", "the process that checked it was killed (SIGKILL)"),
    ],
)
def test_small_files_that_went_to_a_process_together_are_judged_without_the_one_that_ended_it(
    word: str, limit: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "m.danger").write_text(f"DANGER {word}")
    names = [f"{number:02}.png" for number in range(31)]
    for number, name in enumerate(names):
        gradient(64, 36 + number).save(tmp_path / name)
    (tmp_path / "verify4k.yaml").write_text('version: 1\nfiles: {"*.png": "64x*", m.danger: 64x36}\n')
    told = run(
        command("check", "--format", "json", "-j", "1", "--limit", limit), tmp_path
    )  # batches of eight
    assert told.code == 3
    assert told.verdicts == {**dict.fromkeys(names, "passed"), "m.danger": "undecided"}
    [open_] = told.report["undecided"]
    assert (open_["target"], open_["reason"]) == ("m.danger", reason)


def test_a_file_that_nobody_remembers_whole_meets_no_decoder_in_the_runs_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its path is known, and it is asked something new: by now it takes down whoever decodes it."""
    monkeypatch.setenv("VERIFY4K_CACHE_DIR", str(tmp_path / "cache"))
    harmless = tmp_path / "harmless"
    harmless.touch()
    for name in NEIGHBOURS:
        gradient(64, 36).save(tmp_path / name)
    (tmp_path / "m.danger").write_text(f"DANGER crash-without {harmless}")
    written = "".join(f"  {name}: 64x36\n" for name in (*NEIGHBOURS, "m.danger"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n{written}")
    settled = "import sys, verify4k.artifacts.fact_cache as m; m._SETTLED = -(10**15)"
    program = f"{settled}; from verify4k.__main__ import main; sys.argv[0] = 'verify4k'; main()"

    def checked() -> dict[str, str]:
        told = run([sys.executable, "-c", program, "check", "--format", "json"], tmp_path)
        assert "Traceback" not in told.err
        return told.verdicts

    asks = "m.danger: {size: 64x36, corners: square}"
    broken = {**dict.fromkeys(NEIGHBOURS, "passed"), "m.danger": "failed"}  # it says what it was told to
    assert checked() == checked() == broken
    harmless.unlink()
    assert checked() == broken  # remembered, and not decoded
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n{written}".replace("m.danger: 64x36", asks))
    assert checked() == {**broken, "m.danger": "undecided"}
