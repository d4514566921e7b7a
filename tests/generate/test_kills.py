"""A killed run loses no received picture, pays for none twice, and leaves a ledger that can be read."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.server import Gate
from kill_points import kill_points

from verify4k.generate.slots import Slot
from verify4k.provenance.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's")

COMMAND = [sys.executable, "-m", "verify4k", "generate", "--yes", "-q", "-j", "3"]
KILLS = 20
CUT = ("art/1.png", "art/4.png", "art/7.png")  # made of larger ones by a step
ORIGINALS = [name.replace(".png", ".original.png") for name in CUT]


def _targets(bench: Bench) -> list[str]:
    names = [f"art/{number}.png" for number in range(10)]
    bench.manifest(
        {
            name: {
                "size": "1200x630" if name in CUT else "1024x640",
                "alpha": "forbidden",
                "generate": {"prompt": f"picture {name}", "then": "crop"},
            }
            for name in names
        },
        routes={"openai-images": {"kind": "openai-images", "concurrency": 3}},
    )
    return names


def _received(folder: Path, names: list[str]) -> set[str]:
    """Prompts whose picture is on the disk in whatever shape."""
    found = set()
    for name in names:
        path = folder / name
        if path.exists():
            found.add(f"picture {name}")
        elif path.parent.exists() and Slot(path).answer_path.exists():
            with Slot(path) as slot:
                spooled = slot.spooled()
            body = spooled.answer.body.rstrip() if spooled is not None and spooled.answer is not None else b""
            if body.endswith((b"}", b"[DONE]")):  # JSON, or the end of a stream
                found.add(f"picture {name}")
    return found


def _killed_after(bench: Bench, answers: int, signs: int) -> None:
    """Run the command, let so many answers out, and kill it after so many requests and answers.

    Where a request is left, one more than the answers comes: so many signs are sure, or the end is.
    """
    assert signs <= 2 * answers + 1
    gate = bench.server.gate = Gate(answers)
    process = subprocess.Popen(
        COMMAND, cwd=bench.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def notice() -> None:
        process.wait()
        gate.end()

    ended = threading.Thread(target=notice)
    ended.start()
    gate.until(signs)
    process.send_signal(signal.SIGKILL)
    ended.join()


def test_ten_pictures_survive_twenty_kills(bench: Bench) -> None:
    names = _targets(bench)
    dice = random.Random(2)
    asked_before: Counter[str] = Counter()
    received: set[str] = set()
    for _ in range(KILLS):
        answers = dice.randint(0, 2)
        _killed_after(bench, answers, dice.randint(1, 2 * answers + 1))
        asked = Counter(str(seen.values["prompt"]) for seen in bench.server.seen)
        again = {prompt for prompt in received if asked[prompt] > asked_before[prompt]}
        assert not again, f"asked again although received: {again}"
        asked_before, received = asked, received | _received(bench.folder, names)
    bench.server.gate = Gate()
    done = subprocess.run(COMMAND, cwd=bench.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = Counter(str(seen.values["prompt"]) for seen in bench.server.seen)
    assert all(asked[prompt] == asked_before[prompt] for prompt in received)
    check = bench.run("check")
    assert check.code == 0, check.all
    _ledger_is_whole(bench, names)
    left = sorted(name.removeprefix("art/") for name in names + ORIGINALS)
    # an answer that a kill cut short is kept, since it may have been paid for, and the ledger names it
    kept = [line["answer"] for line in bench.ledger if line.get("answer")]
    assert sorted(os.listdir(bench.folder / "art")) == sorted([*left, *kept])


def _ledger_is_whole(bench: Bench, names: list[str]) -> None:
    history = Ledger(bench.folder).read()
    assert history.torn == ()
    assert not list(history.pending())
    accepted = Counter(line["target"] for line in history.outcomes.values() if line["verdict"] == "accepted")
    assert accepted == Counter(names)
    assert len(history.requests) >= len(names)


def test_a_second_run_asks_for_nothing(bench: Bench) -> None:
    _targets(bench)
    assert bench.generate().code == 0
    asked = len(bench.server.seen)
    assert bench.generate().code == 0
    assert len(bench.server.seen) == asked == 10


def test_two_runs_at_once_ask_for_each_picture_once(bench: Bench) -> None:
    names = _targets(bench)
    gate = bench.server.gate = Gate(0)
    runs = [
        subprocess.Popen(COMMAND, cwd=bench.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in "ab"
    ]
    gate.until(4)  # each has three at a time on their way: both are at work
    gate.end()
    said = [run.communicate()[0].decode() for run in runs]
    asked = Counter(str(seen.values["prompt"]) for seen in bench.server.seen)
    assert asked == Counter(f"picture {name}" for name in names), said
    _ledger_is_whole(bench, names)


@pytest.mark.parametrize(
    ("entry", "most"),
    [
        ({}, 15),
        ({"size": "1200x630", "generate": {"then": "crop"}}, 20),
        ({"routes": {"openai-images": {"kind": "openai-images", "stream": 1}}}, 15),
    ],
    ids=["plain", "then", "stream"],
)
def test_a_kill_at_any_step_is_mended_by_the_next_run(bench: Bench, entry: dict[str, Any], most: int) -> None:
    bench.one("a hill", **entry)
    with kill_points(bench) as run:
        steps = run.steps()
        assert steps > most
        for step in range(1, steps + 1):
            for name in ("hero.png", "hero.original.png", "verify4k.ledger.jsonl"):
                bench.path(name).unlink(missing_ok=True)
            bench.server.seen.clear()
            assert run.at(step) == -signal.SIGKILL
            received = bench.path("hero.png").exists() or bool(_received(bench.folder, ["hero.png"]))
            received = received or bench.path("hero.original.png").exists()
            before = len(bench.server.seen)
            mended = bench.generate("-q")
            assert mended.code == 0, (step, mended.all)
            assert len(bench.server.seen) == (before if received else before + 1), (step, mended.all)
            assert not list(bench.folder.glob(".hero*")), step
            history = Ledger(bench.folder).read()
            assert not list(history.pending()), step
            assert history.torn == ()
