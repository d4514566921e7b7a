"""A route that was changed since: what the earlier one brought is read as that one does, and not bought again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from apiserver.drawing import picture
from killed import body_with, leave
from test_tasks import done, states, tasks

if TYPE_CHECKING:
    from bench import Bench

GOOD = picture(1024, 640, shade=1)
COUNTED = json.dumps(
    json.loads(body_with(GOOD)) | {"usage": {"input_tokens": 12, "output_tokens": 1000}}
).encode()


def priced_as_asked(line: dict[str, Any]) -> bool:
    """Whether a picture has the price of the Image API; Responses has a text model's on top."""
    return line["dollars"] == 0.03006 and "dollars_at_least" not in line


@pytest.mark.parametrize("settled", [False, True], ids=["spool", "kept answer"])
def test_another_routes_answer_is_read_as_that_route_does(bench: Bench, *, settled: bool) -> None:
    leave(bench, COUNTED)
    if settled:  # it is kept beside a picture that goes again
        bench.path("hero.png").write_bytes(picture(1024, 640, shade=2))
        bench.generate()
        bench.path("hero.png").unlink()
    found = bench.generate("--route", "openai-responses")
    assert found.code == 0, found.all
    assert bench.server.seen == []
    assert bench.path("hero.png").read_bytes() == GOOD
    assert priced_as_asked(bench.ledger[-1])
    assert not list(bench.folder.glob("*.answer"))


def test_another_routes_answer_to_another_prompt_is_kept(bench: Bench) -> None:
    leave(bench, COUNTED)
    bench.one("a valley")
    found = bench.generate("--route", "openai-responses")
    assert found.code == 0, found.all
    assert "older version of the request and is kept as hero.rejected.png" in found.out
    assert bench.path("hero.rejected.png").read_bytes() == GOOD
    assert priced_as_asked(bench.ledger[1])


def test_a_placeholder_does_not_use_up_an_answer(bench: Bench) -> None:
    leave(bench, body_with(GOOD))
    assert bench.generate("--route", "placeholder").code == 0
    assert bench.path("hero.png").read_bytes() != GOOD
    assert bench.generate("--failed").code == 0
    assert bench.server.seen == []
    assert bench.path("hero.png").read_bytes() == GOOD


def test_a_task_is_asked_for_by_the_route_that_began_it(bench: Bench) -> None:
    tasks(bench)
    states(bench, {"data": {"state": "running"}})
    bench.generate("--deadline", "1")
    bench.server.seen.clear()
    other = bench.generate("--route", "openai-images")
    assert other.code == 1
    assert "task t/1 was begun by the route own, which can be asked for it with --route" in other.out
    assert bench.server.seen == []
    states(bench, done())
    assert bench.generate("--route", "own").code == 0


def test_a_task_whose_route_is_no_more_may_have_been_billed(bench: Bench) -> None:
    tasks(bench)
    states(bench, {"data": {"state": "running"}})
    bench.generate("--deadline", "1")
    bench.manifest({"hero.png": {"size": "1024x640", "generate": {"prompt": "x"}}})
    bench.server.script.clear()
    found = bench.generate()
    assert found.code == 0, found.all
    assert "was begun by another route: it may have been billed" in found.out


@pytest.mark.parametrize("way", ["task", "batch"])
def test_a_placeholder_stands_in_for_what_is_on_its_way(bench: Bench, way: str) -> None:
    if way == "task":
        tasks(bench)
        states(bench, {"data": {"state": "running"}})
        bench.generate("--deadline", "1")
    else:
        bench.one("a hill")
        bench.generate("--batch")
    drawn = bench.generate("--route", "placeholder")
    assert drawn.code == 0, drawn.all
    bench.server.seen.clear()
    states(bench, done())
    found = bench.generate("--failed", *(["--resume"] if way == "batch" else []))
    assert found.code == 0, found.all
    assert not [seen for seen in bench.server.seen if seen.path.endswith("/generations")]
    assert bench.run("check").code == 0
