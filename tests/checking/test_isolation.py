"""What a file does to its decoder happens to that file alone: crash, loop, hunger, and Ctrl-C on top."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from isolated import NEIGHBOURS, Told, command, environment, run
from pictures import gradient, save
from PIL import Image
from webserver import Asked, Reply, WebServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")
both_kinds = pytest.mark.parametrize("start", ["fork", "spawn"])


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Told]:
    """Check four honest pictures with one that does as it is told between them."""

    def call(word: str, *argv: str, start: str = "fork", alone: bool = False) -> Told:
        (tmp_path / "m.danger").write_text(f"DANGER {word}")
        names = [] if alone else list(NEIGHBOURS)
        for name in names:
            gradient(64, 36).save(tmp_path / name)
        entries = ", ".join(f"{name}: 64x36" for name in sorted([*names, "m.danger"]))
        (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{entries}}}\n")
        return run(command("check", "--format", "json", *argv), tmp_path, start)

    return call


@both_kinds
@pytest.mark.parametrize(
    ("word", "limit", "reason"),
    [
        ("crash", "seconds=100", "the process that checked it crashed (SIGSEGV)"),
        ("abort", "seconds=100", "the process that checked it crashed (SIGABRT)"),
        ("exit", "seconds=100", "the process that checked it ended (exit code 0)"),
        ("loop", "seconds=3", "checking it took longer than 3 s and was stopped"),
        ("killed", "seconds=100", "the process that checked it was killed (SIGKILL)"),
    ],
)
def test_a_file_that_takes_its_process_down_is_undecided_and_its_neighbours_are_judged(
    word: str, limit: str, reason: str, start: str, check: Callable[..., Told]
) -> None:
    told = check(word, "--limit", limit, start=start)
    assert told.code == told.report["exit_code"] == 3
    assert told.verdicts == {**dict.fromkeys(NEIGHBOURS, "passed"), "m.danger": "undecided"}
    assert [target["target"] for target in told.report["assets"]] == sorted([*NEIGHBOURS, "m.danger"])
    [open_] = told.report["undecided"]
    assert (open_["target"], open_["reason"]) == ("m.danger", reason)
    danger = told.report["assets"][2]
    assert "holds" not in danger["rules"].values()
    assert danger["facts"]["error"] == reason
    assert "Traceback" not in told.err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a watch ends it")
@both_kinds
def test_a_file_that_eats_memory_is_undecided_and_its_neighbours_are_judged(
    start: str, check: Callable[..., Told]
) -> None:
    told = check("memory", "--limit", "memory=16MiB", start=start)
    assert told.code == 3
    assert told.verdicts == {**dict.fromkeys(NEIGHBOURS, "passed"), "m.danger": "undecided"}
    [open_] = told.report["undecided"]
    assert open_["reason"] == "checking it needs more memory than there is"


@both_kinds
def test_what_was_downloaded_takes_down_a_process_and_not_the_run(start: str, tmp_path: Path) -> None:
    picture = save(gradient(64, 36), "a.png")
    bodies = {"/a.png": picture, "/m.danger": b"DANGER crash", "/z.png": picture}

    def serving(asked: Asked) -> Reply:
        return Reply(bodies[asked.path]) if asked.path in bodies else Reply(b"", 404)

    with WebServer(serving) as server:
        entries = {f"{server.url}{path}": {"size": "64x36", "same-as-others": "allowed"} for path in bodies}
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": entries}))
        done = {
            what: subprocess.run(
                command(*asked, "--format", "json", "--allow-private"),
                cwd=tmp_path,
                env=environment(start),
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            for what, asked in {"check": ["check"], "inspect": ["inspect", *entries]}.items()
        }
        asked_for = [asked.path for asked in server.seen]
    report = json.loads(done["check"].stdout)
    assert done["check"].returncode == 3
    assert [asset["verdict"] for asset in report["assets"]] == ["passed", "undecided", "passed"]
    assert [open_["reason"] for open_ in report["undecided"]] == [
        "the process that checked it crashed (SIGSEGV)"
    ]
    # what only we can ask, with the connections, was asked and counts
    assert {report["assets"][0]["rules"][name] for name in ("soft-404", "varies-honestly")} == {"holds"}
    assert sum("no-such" in path for path in asked_for) == 1  # of all
    assert sum(path == "/m.danger" for path in asked_for) == 2  # once by each command
    facts = [json.loads(line) for line in done["inspect"].stdout.splitlines()]
    assert [each["integrity"] for each in facts] == ["ok", None, "ok"]
    assert facts[1]["error"] == "the process that checked it crashed (SIGSEGV)"
    assert "Traceback" not in done["check"].stderr + done["inspect"].stderr


@pytest.mark.parametrize("form", ["text", "json", "csv"])
@pytest.mark.parametrize("native", [(), ("--native",)])
def test_inspect_tells_of_a_file_that_crashes_its_decoder_in_every_format(
    form: str, native: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "m.danger").write_text("DANGER crash")
    gradient(64, 36).save(tmp_path / "a.png")
    done = subprocess.run(
        command("inspect", "m.danger", "a.png", "--format", form, *native),
        cwd=tmp_path,
        env=environment("fork"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "the process that checked it crashed (SIGSEGV)" in done.stdout
    if form == "json":
        lost, whole = (json.loads(line) for line in done.stdout.splitlines())
        assert list(lost) == list(whole)


def test_a_single_file_that_crashes_still_gets_its_report(check: Callable[..., Told]) -> None:
    told = check("crash", alone=True)
    assert told.code == 3
    assert told.verdicts == {"m.danger": "undecided"}


def test_what_was_made_from_a_file_that_crashes_is_judged_without_meeting_it_again(
    check: Callable[..., Told], tmp_path: Path
) -> None:
    check("crash")
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\nfiles:\n  m.danger: 64x36\n"
        "  a.png: {size: 32x18, from: m.danger, format: jpeg, same-as-others: forbidden}\n"
        "  plain.png: {from: m.danger, blank: forbidden}\n"  # of which its source is asked for its pixels
        "  z.png: {size: 32x18, same-as-others: forbidden}\n"
    )
    Image.new("RGB", (64, 36), "red").save(tmp_path / "plain.png")
    done = subprocess.run(
        command("check", "--format", "json"),
        cwd=tmp_path,
        env=environment("fork"),
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert {asset["target"]: asset["verdict"] for asset in report["assets"]} == {
        "m.danger": "undecided",
        "a.png": "failed",
        "plain.png": "failed",
        "z.png": "failed",
    }


def test_a_process_that_somebody_else_killed_costs_time_and_no_verdict(
    check: Callable[..., Told], tmp_path: Path
) -> None:
    told = check(f"killed {tmp_path / 'once'}")
    assert told.verdicts == {**dict.fromkeys(NEIGHBOURS, "passed"), "m.danger": "failed"}
    assert ["it was told to killed" in found["message"] for found in told.report["findings"]] == [True]
    assert told.report["undecided"] == []


def test_what_a_library_prints_does_not_get_into_the_report(check: Callable[..., Told]) -> None:
    told = check("print")
    assert "a library talks" in told.err
    assert "a library talks" not in told.out


def test_the_report_is_the_same_whoever_works(check: Callable[..., Told]) -> None:
    """Order, verdicts and words do not depend on how many work, nor on how they were started."""
    outs = {
        check("crash", "-j", jobs, start=start).out
        for jobs, start in (("1", "fork"), ("4", "fork"), ("2", "spawn"))
    }
    assert len(outs) == 1


def test_inspect_goes_on_behind_a_file_that_crashes(check: Callable[..., Told], tmp_path: Path) -> None:
    check("crash")
    done = subprocess.run(
        command("inspect", "--format", "json", "a.png", "m.danger", "z.png"),
        cwd=tmp_path,
        env=environment("fork"),
        capture_output=True,
        text=True,
        check=False,
    )
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["integrity"] for each in facts] == ["ok", None, "ok"]
    assert facts[1]["error"] == "the process that checked it crashed (SIGSEGV)"
    assert done.returncode == 3


def ends(pid: int) -> bool:
    """Whether a process that is not ours ends, now or soon."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return select.select([process], [], [])[0] == [process]
    finally:
        os.close(process)


@pytest.mark.skipif(sys.platform != "linux", reason="pidfd_open")
@pytest.mark.parametrize("neighbours", [NEIGHBOURS, ()])
def test_ctrl_c_reports_what_was_done_and_leaves_no_process_behind(
    neighbours: tuple[str, ...], tmp_path: Path
) -> None:
    for name in neighbours:
        gradient(64, 36).save(tmp_path / name)
    os.mkfifo(tmp_path / "pids")
    (tmp_path / "m.danger").write_text(f"DANGER wait {tmp_path / 'pids'}")
    names = ", ".join(f"{name}: 64x36" for name in (*neighbours, "m.danger"))
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{names}}}\n")
    process = subprocess.Popen(
        command("check", "--format", "json", "-j", "1"),
        cwd=tmp_path,
        env=environment("fork"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    worker, helper = map(int, (tmp_path / "pids").read_text().split())
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    report = json.loads(out)
    assert process.returncode == report["exit_code"] == 130
    assert b"Traceback" not in out + err
    assert b"interrupted: this is the report of what was done" in err
    found = {asset["target"]: asset["verdict"] for asset in report["assets"]}
    assert found == {**dict.fromkeys(neighbours, "passed"), "m.danger": "undecided"}
    assert [one["reason"] for one in report["undecided"]] == ["not checked: the run was interrupted"]
    total = len(neighbours) + 1
    assert f"interrupted: 1 of {total} assets were not checked" in report["notes"]
    assert ends(worker)
    assert ends(helper)
