"""The ledger: whole lines from several writers, readable whatever happened to one of them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from verify4k.errors import CannotRead, UsageError
from verify4k.provenance.ledger import NAME, Ledger, history_at, parse

if TYPE_CHECKING:
    from pathlib import Path


def _line(event: str, identity: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "id": identity, **more}


@pytest.mark.parametrize(
    "data",
    [
        b'{"event":"requ',
        b"[]\n",
        b"null\n",
        b'{"event":"other","id":"1"}\n',
        b'{"event":"request"}\n',
        b'{"event":"request","id":7}\n',
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
    ],
)
def test_what_is_no_record_is_counted_not_trusted(data: bytes) -> None:
    history = parse(b'{"event":"request","id":"1"}\n' + data)
    assert list(history.requests) == ["1"]
    assert history.torn == (2,)


def test_an_absent_ledger_is_empty(tmp_path: Path) -> None:
    assert Ledger(tmp_path).read().requests == {}
    assert history_at(str(tmp_path)).outcomes == {}


def test_a_ledger_that_cannot_be_read_is_undecided(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(CannotRead):
        Ledger(tmp_path).read()


@pytest.mark.parametrize("trap", ["folder", "link"])
def test_a_ledger_that_cannot_be_written_says_so(tmp_path: Path, trap: str) -> None:
    if trap == "folder":
        (tmp_path / NAME).mkdir()
    else:
        (tmp_path / "elsewhere").touch()
        (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="cannot be written"):
        Ledger(tmp_path).ready()
    if trap == "link":
        assert (tmp_path / "elsewhere").read_bytes() == b""


def test_pending_requests_are_those_without_an_outcome(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for line in (_line("request", "1"), _line("request", "2"), _line("outcome", "1")):
        ledger.append(line)
    assert [line["id"] for line in ledger.read().pending()] == ["2"]


def test_only_accepted_bytes_are_known(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(_line("request", "1", kind="placeholder"))
    ledger.append(_line("outcome", "1", sha256="aa", verdict="accepted"))
    ledger.append(_line("outcome", "2", sha256="bb", verdict="rejected"))
    history = history_at(str(tmp_path))
    found = history.accepted("aa")
    assert found is not None
    assert history.kind_of(found) == "placeholder"
    assert history.accepted("bb") is None
    ledger.append(_line("outcome", "3", sha256="bb", verdict="accepted"))
    late = history_at(str(tmp_path)).accepted("bb")
    assert late is not None
    assert history.kind_of(late) == ""


def test_a_torn_line_does_not_take_the_next_one_with_it(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'{"event":"request","id":"1"}\n{"event":"outc')
    Ledger(tmp_path).append(_line("request", "2"))
    history = Ledger(tmp_path).read()
    assert list(history.requests) == ["1", "2"]
    assert history.torn == (2,)


def test_foreign_text_stays_on_its_line(tmp_path: Path) -> None:
    Ledger(tmp_path).append(_line("request", "1", target="a\nb\u2028c\udcff"))
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 1
    assert Ledger(tmp_path).read().requests["1"]["target"] == "a\nb\u2028c\udcff"


WRITER = """
import sys
from pathlib import Path
from verify4k.provenance.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(100):
    ledger.append({"event": "request", "id": f"{sys.argv[2]}-{number}", "filler": "x" * (number * 37 % 9000)})
"""


def test_several_processes_append_whole_lines(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "abcd"]
    assert [writer.wait() for writer in writers] == [0] * 4
    lines = (tmp_path / NAME).read_bytes().splitlines()
    assert {json.loads(line)["id"] for line in lines} == {
        f"{name}-{n}" for name in "abcd" for n in range(100)
    }
    assert len(lines) == 400
