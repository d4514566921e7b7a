"""What was spent: summed from the ledger, with everything named that nobody knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from verify4k.__main__ import main
from verify4k.provenance.ledger import NAME, parse
from verify4k.provenance.spending import Sum, sums, total, unreceived

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.provenance.ledger_history import History


def _request(identity: str, **more: Any) -> dict[str, Any]:
    plain = {"target": "a.png", "route": "gw", "model": "gpt-image-2", "kind": "openai-images"}
    return {"event": "request", "id": identity, "time": "2026-11-26T10:00:00Z", **plain, **more}


def _outcome(identity: str, **more: Any) -> dict[str, Any]:
    return {"event": "outcome", "id": identity, "verdict": "accepted", "billed": "yes", **more}


LINES = [
    _request("1"),
    _outcome("1", dollars=0.25),
    _request("2", time="2026-11-27T00:00:00Z", target="b.png"),
    _outcome("2", dollars=0.5, dollars_at_least=True, verdict="rejected"),
    _request("3", route="other", model="seedream"),
    _outcome("3", dollars=None),
    _request("4", target="c.png"),
    _request("5", target="d.png"),
    _outcome("5", verdict="lost", billed="likely", answer="d.unread.answer"),
    _request("6"),
    _outcome("6", verdict="failed", billed="no", dollars=None),
    _request("7", kind="placeholder"),
    _request("8", kind="openai-images", endpoint=""),
    _outcome("9", dollars=1000.0),
]


def _history(*lines: dict[str, Any]) -> History:
    return parse("".join(json.dumps(line) + "\n" for line in lines or LINES).encode())


@pytest.mark.parametrize(
    ("by", "name", "row"),
    [
        ("day", "2026-11-26", Sum("2026-11-26", 7, 2, 0.25, unpriced=1, open=2)),
        ("day", "2026-11-27", Sum("2026-11-27", 1, 0, 0.5, at_least=True)),
        ("route", "other", Sum("other", 1, 1, 0.0, unpriced=1)),
        ("model", "seedream", Sum("seedream", 1, 1, 0.0, unpriced=1)),
        ("target", "b.png", Sum("b.png", 1, 0, 0.5, at_least=True)),
        ("target", "c.png", Sum("c.png", 1, open=1)),
        ("target", "d.png", Sum("d.png", 1, open=1)),
    ],
)
def test_sums(by: str, name: str, row: Sum) -> None:
    assert {one.name: one for one in sums(_history(), by)}[name] == row


def test_the_total_counts_only_what_was_asked_for() -> None:
    assert total(_history()) == Sum("all", 8, 2, 0.75, at_least=True, unpriced=1, open=2)


def test_what_was_sent_and_never_received_is_listed() -> None:
    assert [(one.id, one.answer) for one in unreceived(_history())] == [("4", ""), ("5", "d.unread.answer")]


def test_what_still_waits_is_not_said_to_be_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        _request("1", ticket={"mark": "m", "batch": "batch_9"}),
        _request("2", ticket={"task": "t/1"}),
        _request("3", ticket={"mark": "m"}),
        _request("4"),
    ]
    waits = ["batch batch_9", "task t/1", "batch not known to have begun", ""]
    assert [one.waits for one in unreceived(_history(*lines))] == waits
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {size: 64x36}}\n")
    (tmp_path / NAME).write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert main(["ledger", "-c", str(tmp_path / "verify4k.yaml")]) == 1
    waiting, _, lost = capsys.readouterr().out.partition("sent and never received")
    assert "sent and not received yet" in waiting
    assert "a.png by gw (2, task t/1)" in waiting
    assert "a.png by gw (4)" in lost


@pytest.mark.parametrize("dollars", [-5, 10**400, 1e308, "0.03"])
def test_dollars_that_nobody_pays_are_unknown(dollars: Any) -> None:
    found = total(_history(*(line for n in "12" for line in (_request(n), _outcome(n, dollars=dollars)))))
    assert found == Sum("all", 2, 2, 0.0, unpriced=2)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(_request("1")) + json.dumps(_outcome("1")),
        json.dumps(_outcome("1", dollars=float("nan"))),
        json.dumps(_outcome("1", reason="x" * 70_000)),
        json.dumps({**_request("1"), "id": 5}),
        json.dumps({"event": "note", "id": "1"}),
        json.dumps(_outcome("1"))[:-1] + ', "billed": "no"}',
    ],
)
def test_a_line_that_only_looks_like_a_record_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {size: 64x36}}\n")
    (tmp_path / NAME).write_text(f"{text}\n")
    assert main(["ledger", "-c", str(tmp_path / "verify4k.yaml")]) == 1
    assert "line 1 is no record: it cannot be read as one" in capsys.readouterr().out


def test_a_missing_part_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: {size: 64x36}}\n")
    lines = "".join(json.dumps(line) + "\n" for line in (_request("1"), _outcome("1")))
    (tmp_path / "verify4k.ledger.0002.jsonl").write_text(lines)
    (tmp_path / NAME).write_text("")
    command = ["ledger", "-c", str(tmp_path / "verify4k.yaml")]
    assert main(command) == 1
    told = capsys.readouterr().out
    assert "all: 1 request, 1 accepted" in told
    assert "part verify4k.ledger.0001.jsonl of the ledger is missing" in told
    assert main([*command, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["missing_parts"] == 1


@pytest.mark.parametrize("value", [True, [], {"x": 1}, None])
def test_odd_values_are_unknown(value: Any) -> None:
    odd = _history(_request("1", time=value, route=value, target=value), _outcome("1", dollars=value))
    assert sums(odd, "day") == [Sum("unknown", 1, 1, 0.0, unpriced=1)]
    assert total(odd).dollars == 0.0


def test_the_command_tells_sums_losses_and_lines_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = tmp_path / "verify4k.yaml"
    manifest.write_text("version: 1\nfiles: {a.png: {size: 64x36}}\n")
    assert main(["ledger", "-c", str(manifest)]) == 0
    assert "all: 0 requests" in capsys.readouterr().out
    text = "".join(json.dumps(line) + "\n" for line in LINES)
    (tmp_path / NAME).write_text(text + "<<<<<<< HEAD\n")
    assert main(["ledger", "-c", str(manifest), "--by", "route"]) == 1
    told = capsys.readouterr().out
    assert (
        "all: 8 requests, 2 accepted, at least $0.750, 1 at an unknown price, 2 may have been billed" in told
    )
    assert "by route\n  gw: 7 requests" in told
    assert "by day" not in told
    assert "2026-11-26T10:00:00Z c.png by gw (4)" in told
    assert "d.png by gw (5, kept as d.unread.answer)" in told
    assert f"line {len(LINES) + 1} is no record: a merge conflict" in told
    assert main(["ledger", "-c", str(manifest), "--format", "json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["total"]["dollars"] == 0.75
    assert list(body["by"]) == ["day", "route", "model", "target"]
    assert [one["id"] for one in body["unreceived"]] == ["4", "5"]
