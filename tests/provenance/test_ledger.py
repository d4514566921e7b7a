"""The ledger: whole lines from several writers, readable whatever happened to one of them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from verify4k.errors import CannotRead, UsageError
from verify4k.generate.records import Outcome
from verify4k.provenance.ledger import NAME, Ledger, history_at, parse

if TYPE_CHECKING:
    from pathlib import Path

GOOD, BAD, UNASKED = "a" * 64, "b" * 64, "c" * 64


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
    ledger.append(_line("outcome", "1", sha256=GOOD, verdict="accepted"))
    ledger.append(_line("outcome", "2", sha256=BAD, verdict="rejected"))
    history = history_at(str(tmp_path))
    found = history.accepted(GOOD)
    assert found is not None
    assert history.kind_of(found) == "placeholder"
    assert history.accepted(BAD) is None
    assert history.accepted(UNASKED) is None
    ledger.append(_line("outcome", "3", sha256=UNASKED, verdict="accepted"))
    assert history_at(str(tmp_path)).accepted(UNASKED) is None, "no request of that id was ever sent"
    ledger.append(_line("request", "3"))
    assert history_at(str(tmp_path)).accepted(UNASKED) is not None
    ledger.append(_line("outcome", "3", sha256=UNASKED, verdict="rejected"))
    assert history_at(str(tmp_path)).accepted(UNASKED) is None, "the last word counts"


def test_a_torn_line_does_not_take_the_next_one_with_it(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'{"event":"request","id":"1"}\n{"event":"outc')
    Ledger(tmp_path).append(_line("request", "2"))
    history = Ledger(tmp_path).read()
    assert list(history.requests) == ["1", "2"]
    assert history.torn == (2,)


@pytest.mark.parametrize("reason", ["x" * 70_000, "a, " * 5000, "\U0001f600" * 9000])
def test_a_long_reason_makes_no_line_that_cannot_be_read_again(tmp_path: Path, reason: str) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(_line("request", "1"))
    ledger.append(Outcome("rejected", reason).line("1", "2026-11-28T00:00:00Z", "a.png"))
    assert list(ledger.read().pending()) == []


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


CONFLICT = b"""{"event":"request","id":"1"}
<<<<<<< HEAD
{"event":"outcome","id":"1"}
=======
{"event":"outcome","id":"2"}
>>>>>>> branch

{"event":"outc
"""


def test_conflict_markers_and_torn_lines_are_told_by_their_number() -> None:
    found = [(odd.line, odd.what) for odd in parse(CONFLICT).bad_lines()]
    assert found == [
        (2, "a merge conflict"),
        (4, "a merge conflict"),
        (6, "a merge conflict"),
        (8, "a line that was cut off"),
    ]
    assert list(parse(b'{"event":"request"}\r\n \n{}\n').bad_lines()) == []


def test_a_digest_is_found_however_the_line_is_spaced() -> None:
    spaced = (
        f'{{"id": "1", "event": "request"}}\n{{"event": "outcome", "sha256" : "{GOOD}", "id": "1",'
        ' "verdict": "accepted"}'
    )
    assert parse(spaced.encode()).accepted(GOOD) is not None


def test_a_digest_in_another_field_vouches_for_nothing() -> None:
    inside = json.dumps(
        {"event": "outcome", "id": "1", "verdict": "accepted", "reason": f'"sha256":"{GOOD}"'}
    )
    source = json.dumps({"event": "request", "id": "1", "sources": [{"sha256": GOOD}]})
    assert parse(f"{source}\n{inside}".encode()).accepted(GOOD) is None
    nested = json.dumps({"event": "outcome", "id": "1", "verdict": "accepted", "x": {"sha256": GOOD}})
    assert parse(f"{source}\n{nested}".encode()).accepted(GOOD) is None


def test_a_full_part_stays_part_of_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify4k.provenance.ledger.PART_BYTES", 300)
    ledger = Ledger(tmp_path)
    for number in range(12):
        ledger.append(_line("request", str(number), filler="x" * 80))
    ledger.append(_line("outcome", "0", sha256=GOOD, verdict="accepted"))
    parts = sorted(path.name for path in tmp_path.glob("*.jsonl"))
    assert parts[:2] == ["verify4k.ledger.0001.jsonl", "verify4k.ledger.0002.jsonl"]
    assert NAME in parts
    assert len(ledger.read().requests) == 12
    assert history_at(str(tmp_path)).accepted(GOOD) is not None, "its request is in the first part"


def test_a_missing_part_hides_no_later_one_and_its_number_stays_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify4k.provenance.ledger.PART_BYTES", 300)
    ledger = Ledger(tmp_path)
    for number in range(10):
        ledger.append(_line("request", str(number), filler="x" * 80))
    assert ledger.read().gap is None
    (tmp_path / "verify4k.ledger.0001.jsonl").unlink()
    (tmp_path / "verify4k.ledger.0000.jsonl").write_text("of somebody else")
    history = ledger.read()
    assert list(history.requests) == [str(number) for number in range(3, 10)]
    assert str(history.gap) == "part verify4k.ledger.0001.jsonl of the ledger is missing"
    for number in range(10, 13):
        ledger.append(_line("request", str(number), filler="x" * 80))
    parts = sorted(path.name for path in tmp_path.glob("*.0*.jsonl"))
    assert [name[-10:-6] for name in parts] == ["0000", "0002", "0003", "0004"]
    (tmp_path / "verify4k.ledger.0002.jsonl").unlink()
    said = "2 parts of the ledger are missing, the first is verify4k.ledger.0001.jsonl"
    assert str(ledger.read().gap) == said


def test_a_check_parses_the_lines_it_needs_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        _line(event, str(n), sha256=f"{n:064x}", verdict="accepted")
        for n in range(500)
        for event in ("request", "outcome")
    ]
    history = parse("".join(json.dumps(line) + "\n" for line in lines).encode())
    read: list[bytes] = []

    def counting(text: bytes) -> Any:
        read.append(text)
        return json.loads(text)

    monkeypatch.setattr("verify4k.provenance.ledger_history.record", counting)
    assert history.accepted(f"{7:064x}") is not None
    assert len(read) <= 4
    for number in range(100):  # by an index now, with the same answers
        assert (history.accepted(f"{number:064x}") or {})["id"] == str(number)
    assert len(read) <= 400
    assert list(history.about("nothing").requests) == []


def test_one_target_is_looked_up_without_the_others() -> None:
    lines = [_line("request", str(n), target=f"{n}.png") for n in range(20)]
    history = parse("".join(json.dumps(line) + "\n" for line in lines).encode())
    assert list(history.about("7.png").requests) == ["7"]


def test_a_target_is_found_in_a_ledger_that_another_tool_has_rewritten() -> None:
    lines = [_line("request", "1", target="é.png"), _line("request", "2", target="a.png")]
    lines += [_line("request", "3", target="é.png"), _line("request", "4", target="é.png")]
    texts = [json.dumps(line, ensure_ascii=number == 0) for number, line in enumerate(lines)]
    history = parse("".join(f"{text}\n" for text in texts).encode())
    assert list(history.about("é.png").requests) == ["1", "3", "4"]
    assert list(history.about("\udcff.png").requests) == []


def test_a_byte_order_mark_and_line_ends_of_an_editor_are_no_blemish(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'\xef\xbb\xbf{"event":"request","id":"1"}\r\n')
    history = Ledger(tmp_path).read()
    assert list(history.requests) == ["1"]
    assert list(history.bad_lines()) == []


def test_a_ledger_that_is_a_link_is_called_that(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="cannot be written: it is a symbolic link"):
        Ledger(tmp_path).ready()
