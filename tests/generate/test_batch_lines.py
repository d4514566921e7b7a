"""What the files of a batch hold: no picture in them is lost, and no silence is called unbilled."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from batched import answer_with, good_line, two

if TYPE_CHECKING:
    from bench import Bench


@pytest.mark.parametrize("status", ["200", 200.0, None, True, "OK", 500, "429"])
def test_a_whole_picture_is_taken_however_its_line_writes_the_status(bench: Bench, status: object) -> None:
    line = good_line(bench)
    line["response"]["status_code"] = status
    answer_with(bench, line)
    done = bench.generate("--resume")
    assert done.code == 0, done.all
    assert bench.ledger[-1]["billed"] == "yes"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "other",
    [
        {"response": None, "error": {"code": "x"}},
        {"response": {"status_code": 400, "body": {"error": {"message": "no"}}}},
        {"response": {"status_code": 200, "body": {"data": []}}},
        {"response": {}},
    ],
)
def test_a_second_line_of_a_request_hides_no_picture(
    bench: Bench, other: dict[str, Any], *, after: bool
) -> None:
    line = good_line(bench)
    both = [line, {**line, **other}]
    answer_with(bench, *(both if after else reversed(both)))
    done = bench.generate("--resume")
    assert done.code == 0, done.all
    assert bench.path("hero.png").exists()


def test_a_second_picture_of_a_request_is_kept_and_the_same_one_is_not(bench: Bench) -> None:
    line, other = good_line(bench), picture(1024, 640, shade=200)
    second = json.loads(json.dumps(line))
    second["response"]["body"] = json.dumps({"data": [{"b64_json": base64.b64encode(other).decode()}]})
    answer_with(bench, line, line, second)
    done = bench.generate("--resume")
    assert done.code == 0, done.all
    assert bench.path("hero.other.png").read_bytes() == other
    assert not bench.path("hero.other-2.png").exists()


def test_what_cannot_be_read_of_two_lines_is_kept_for_it_may_have_been_paid_for(bench: Bench) -> None:
    line = good_line(bench)
    unread = {**line, "response": {"status_code": 200, "body": {"picture": "elsewhere"}}}
    refused = {**line, "response": {"status_code": 400, "body": {"error": {"message": "no"}}}}
    answer_with(bench, refused, unread)
    done = bench.generate("--resume")
    assert done.code == 1
    assert "elsewhere" in bench.path("hero.unread.answer").read_text("utf-8")
    assert bench.ledger[-1]["billed"] == "likely"


def test_a_cut_file_of_results_is_asked_for_again(bench: Bench) -> None:
    line = good_line(bench)
    answer_with(bench, json.dumps(line).encode()[:-100])
    done = bench.generate("--resume")
    assert done.code == 1
    assert "batch batch_1 holds nothing readable of it, and 1 line that cannot be read" in done.out
    answer_with(bench, line)
    assert bench.generate("--resume").code == 0


@pytest.mark.parametrize("indent", [None, 2])
def test_results_in_one_array_are_read_as_lines_are(bench: Bench, indent: int | None) -> None:
    line = good_line(bench)
    answer_with(bench, json.dumps([line], indent=indent).encode())
    done = bench.generate("--resume")
    assert done.code == 0, done.all


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            [{"custom_id": "1", "response": {"status_code": 200, "body": {"data": []}}}],
            "but 1 answer under ids",
        ),
        ([{"custom_id": "1"}, {"custom_id": "2"}], "but 2 answers under ids that nobody asked with"),
        (None, "and names no files"),
    ],
)
def test_a_completed_batch_without_the_picture_may_have_been_billed(
    bench: Bench, lines: list[object] | None, says: str
) -> None:
    good_line(bench)
    if lines is None:
        bench.server.shelf.batches["batch_1"].update(ok=False, bad=False)
    else:
        answer_with(bench, *lines)
    done = bench.generate("--resume")
    assert done.code == 1
    assert f"the batch is completed and holds nothing of it{'' if lines is None else ','} {says}" in done.out
    assert "it may have been billed" in done.out
    assert bench.ledger[-1]["billed"] == "likely"
    seen = len(bench.server.seen)
    assert bench.generate("--resume").code == 1
    assert len(bench.server.seen) == seen
    assert "may have been billed" in bench.run("ledger").out


def test_an_error_of_a_completed_batch_is_unbilled_and_a_line_without_one_is_not(bench: Bench) -> None:
    two(bench)
    bench.generate("--batch")
    lines = [json.loads(text) for text in bench.server.shelf.files["out-batch_1"].splitlines()]
    errors = ({"code": "batch_expired"}, None)
    lines = [{**line, "response": None, "error": error} for line, error in zip(lines, errors, strict=True)]
    answer_with(bench, *lines)
    assert bench.generate("--resume").code == 1
    assert [one["billed"] for one in bench.ledger if one["event"] == "outcome"] == ["no", "likely"]
