"""Ctrl-C while servers are silent, slow or busy: nobody waits for them, and what was done is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pictures import gradient, save
from webserver import Reply, WebServer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from webserver import Asked

PNG = save(gradient(64, 36), "a.png")
FOREVER = ["--timeout", "3600"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


class Slow(WebServer):
    """Says of each request that it came, and ends none of them."""

    def __init__(self, how: str) -> None:
        super().__init__(self.answer)
        self.how = how
        self.read, self.write = os.pipe()

    def answer(self, _: Asked) -> Reply:
        os.write(self.write, b".")
        if self.how == "busy":
            return Reply(b"", 429, {"Retry-After": "3000"})
        if self.how == "silent":
            self.over.wait()
        return Reply(headers={"Content-Type": "image/png"}, length=len(PNG), pieces=self.slowly())

    def __enter__(self) -> Slow:
        super().__enter__()
        return self

    def slowly(self) -> Iterable[bytes]:
        yield PNG[:40]
        yield from self.drip(b"")


def interrupted(server: Slow, folder: Path, arguments: list[str], how: signal.Signals) -> tuple[int, bytes]:
    """Exit code and what was printed; raises where it goes on for a minute."""
    command = [sys.executable, "-m", "verify4k", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe) as process:
        try:
            assert os.read(server.read, 1) == b"."
            process.send_signal(how)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert b"interrupted" in err
    if arguments[0] == "inspect":
        targets = [each for each in arguments if each.endswith(".png")]
        assert f"of {len(targets)} targets were not looked at" in err.decode()
    assert b"Traceback" not in out + err
    return process.returncode, out


@pytest.mark.parametrize("how", ["silent", "slow", "busy"])
@pytest.mark.parametrize("depth", ["header", "full"])
def test_a_check_ends_with_its_report(tmp_path: Path, how: str, depth: str) -> None:
    with Slow(how) as server:
        files = {f"{server.url}/{number}.png": "64x36" for number in range(5)}
        (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
        arguments = ["check", "--allow-private", "--depth", depth, "--format", "json", *FOREVER]
        code, out = interrupted(server, tmp_path, arguments, signal.SIGINT)
    report = json.loads(out)
    assert code == report["exit_code"] == 130
    reasons = [each["reason"] for each in report["undecided"]]
    assert reasons == ["not checked: the run was interrupted"] * 5
    assert report["findings"] == []


@pytest.mark.parametrize("depth", ["header", "full"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_inspection_ends(tmp_path: Path, how: signal.Signals, depth: str) -> None:
    with Slow("silent") as server:
        arguments = ["inspect", "--allow-private", "--depth", depth, f"{server.url}/a.png"]
        assert interrupted(server, tmp_path, arguments, how) == (130, b"")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_inspection_prints_what_it_has_read(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    with Slow("silent") as server:
        targets = ["a.png", f"{server.url}/b.png", "a.png"]
        arguments = ["inspect", "--allow-private", "--depth", "header", "--format", "json", *targets]
        code, out = interrupted(server, tmp_path, arguments, how)
    [facts] = map(json.loads, out.splitlines())
    assert (code, facts["target"], facts["displayed"]) == (130, "a.png", [64, 36])
