"""A chain, broken at each of its hops in turn: every format names the hop, and one deviation is told once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from webserver import Reply, WebServer, ranged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Outcome

    Run = Callable[..., Outcome]

SIZE, SMALL = (192, 108), (128, 72)
FILES = ("art/hero.png", "dist/hero.jpg")


class Chain:
    """A project whose source, file and URL have the sizes that a test gives them."""

    def __init__(self, folder: Path, server: WebServer) -> None:
        self.folder = folder
        self.url = f"{server.url}/hero.jpg"
        self.body = b""

    @property
    def hops(self) -> list[str]:
        return [*FILES, self.url]

    def build(self, *sizes: tuple[int, int], **options: Any) -> None:
        """Make the three artifacts and a manifest that promises ``SIZE`` (or ``options``) of each."""
        for name, size in zip((*FILES, "x.jpg"), sizes, strict=True):
            data = save(gradient(*size), name)
            if name == "x.jpg":
                self.body = data
            else:
                (self.folder / name).parent.mkdir(exist_ok=True)
                (self.folder / name).write_bytes(data)
        promise = options or {"size": "x".join(map(str, SIZE))}
        entries: dict[str, Any] = {hop: dict(promise) for hop in self.hops}
        for before, after in zip(self.hops, self.hops[1:], strict=False):
            entries[after]["from"] = before
        self.write(entries)

    def write(self, entries: dict[str, Any]) -> None:
        document = {"version": 1, "rules": {"name-claim": "off"}, "files": entries}
        (self.folder / "verify4k.json").write_text(json.dumps(document))


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made: list[Chain] = []
    with WebServer(
        lambda asked: (
            ranged(asked, made[0].body, **{"Content-Type": "image/jpeg", "Server": "thumbor"})
            if asked.path == "/hero.jpg"
            else Reply(b"<html>", 404)
        )
    ) as server:
        made.append(Chain(tmp_path, server))
        yield made[0]


BROKEN = pytest.mark.parametrize("broken", [0, 1, 2], ids=["the source", "the file", "the URL"])


def sizes(broken: int) -> list[tuple[int, int]]:
    return [SIZE if index < broken else SMALL for index in range(3)]


def report(run: Run, *argv: str) -> Any:
    return json.loads(run("check", "--allow-private", "--format", "json", *argv).out)


@BROKEN
def test_json_tells_one_finding_at_the_hop_that_lost_it(chain: Chain, broken: int, run: Run) -> None:
    chain.build(*sizes(broken))
    told = report(run)
    (finding,) = told["findings"]
    assert (finding["rule"], finding["target"], finding["hop"]) == (
        "exact-size",
        chain.hops[broken],
        chain.hops[broken],
    )
    assert [link["state"] for link in finding["chain"]] == ["ok"] * broken + ["lost"]
    assert finding["also"] == chain.hops[broken + 1 :]
    assert [one["target"] for one in told["inherited"]] == chain.hops[broken + 1 :]
    assert {one["hop"] for one in told["inherited"]} <= {chain.hops[broken]}
    assert [asset["verdict"] for asset in told["assets"]] == ["passed"] * broken + ["failed"] * (3 - broken)
    assert told["exit_code"] == 1


@BROKEN
def test_text_draws_the_chain(chain: Chain, broken: int, run: Run) -> None:
    chain.build(*sizes(broken))
    text = re.sub(r"\s+", " ", run("check", "--allow-private").out)
    word = "so from the start" if broken == 0 else "lost here"
    served = "; served by thumbor" if broken == 2 else ""
    ways = [f"{hop} 192x108 ok" for hop in chain.hops[:broken]]
    ways.append(f"{chain.hops[broken]} 128x72 ({word}: size{served})")
    assert f"chain {' -> '.join(ways)} " in text
    assert text.count("error[") == 1
    if broken < 2:
        assert f"so too {', '.join(chain.hops[broken + 1 :])} " in text


@BROKEN
def test_sarif_has_one_result_and_the_whole_way_beside_it(chain: Chain, broken: int, run: Run) -> None:
    chain.build(*sizes(broken))
    (told,) = json.loads(run("check", "--allow-private", "--format", "sarif").out)["runs"]
    (result,) = told["results"]
    assert result["message"]["text"].startswith(f"{chain.hops[broken]}: ")
    word = "so from the start" if broken == 0 else "lost here"
    assert f"{chain.hops[broken]} 128x72 ({word}: size" in result["message"]["text"]
    related = {
        one["physicalLocation"]["artifactLocation"]["uri"]: one["message"]["text"]
        for one in result["relatedLocations"]
    }
    assert set(related) == set(chain.hops)
    for hop in chain.hops[:broken]:
        assert related[hop].endswith("the promise holds here")


@BROKEN
def test_html_draws_the_chain_with_its_pictures(chain: Chain, broken: int, run: Run) -> None:
    chain.build(*sizes(broken))
    page = run("check", "--allow-private", "--format", "html").out
    drawn = re.findall(r'<ol class="chain".*?</ol>', page)
    assert len(drawn) == 3 - broken, "the finding, and each asset that inherits it"
    links = re.findall(r'<li class="(\w+)">(.*?)</li>', drawn[0])
    assert [state for state, _ in links] == ["ok"] * broken + ["lost"]
    assert all("data:image/webp;base64," in content for _, content in links)
    assert f"<code>{chain.hops[broken]}</code>" in links[-1][1]


@BROKEN
@pytest.mark.parametrize("form", ["junit", "predicate"])
def test_what_inherits_a_fault_is_no_pass_anywhere(chain: Chain, broken: int, form: str, run: Run) -> None:
    chain.build(*sizes(broken))
    told = run("check", "--allow-private", "--format", form).out
    if form == "junit":
        failed = re.findall(r'<testcase classname="([^"]+)" name="exact-size" time="0"><failure', told)
        assert failed == chain.hops[broken:]
    else:
        document = json.loads(told)
        assert document["result"] == "FAILED"
        wanted = [f"{hop}: exact-size" for hop in chain.hops[broken:]]
        assert [test for test in document["failedTests"] if "exact-size" in test] == wanted


def test_a_chain_that_holds_says_nothing(chain: Chain, run: Run) -> None:
    chain.build(SIZE, SIZE, SIZE)
    outcome = run("check", "--allow-private")
    assert outcome.code == 0, outcome
    assert "chain" not in outcome.out


def test_a_second_loss_is_a_second_finding(chain: Chain, run: Run) -> None:
    chain.build(SIZE, SMALL, (64, 36))
    told = report(run)
    assert [(one["hop"], one["actual"]) for one in told["findings"]] == [
        (chain.hops[1], "128x72"),
        (chain.hops[2], "64x36"),
    ]
    assert told["inherited"] == []


def test_another_promise_about_the_same_size_is_not_hidden(chain: Chain, run: Run) -> None:
    chain.build(SIZE, SMALL, SMALL)
    document = json.loads((chain.folder / "verify4k.json").read_text())
    document["files"][chain.url]["size"] = "96x54"
    (chain.folder / "verify4k.json").write_text(json.dumps(document))
    told = report(run)
    assert [(one["target"], one["expected"]) for one in told["findings"]] == [
        (chain.hops[1], "192x108"),
        (chain.url, "96x54"),
    ]


def test_a_hop_that_promises_nothing_is_named_all_the_same(chain: Chain, run: Run) -> None:
    chain.build(SMALL, SMALL, SMALL)
    document = json.loads((chain.folder / "verify4k.json").read_text())
    for hop in FILES:
        del document["files"][hop]["size"]
    (chain.folder / "verify4k.json").write_text(json.dumps(document))
    told = report(run)
    (finding,) = told["findings"]
    assert (finding["target"], finding["hop"]) == (chain.url, "art/hero.png")
    assert [link["state"] for link in finding["chain"]] == ["lost", "same", "same"]


def test_one_target_alone_is_judged_by_the_whole_chain(chain: Chain, run: Run) -> None:
    chain.build(SIZE, SMALL, SMALL)
    told = report(run, chain.url)
    (finding,) = told["findings"]
    assert (finding["target"], finding["hop"]) == (chain.url, "dist/hero.jpg")
    assert [(link["said"], link["state"]) for link in finding["chain"]] == [
        ("192x108", "ok"),
        ("128x72", "lost"),
        ("128x72", "same"),
    ]


def test_a_fault_that_a_baseline_accepts_hides_none_further_on(chain: Chain, run: Run) -> None:
    chain.build(SIZE, SMALL, SMALL)
    assert run("check", "--allow-private", "--write-baseline", "known.json").code == 1
    assert run("check", "--allow-private", "--baseline", "known.json").code == 0
    known = json.loads((chain.folder / "known.json").read_text())
    known["findings"] = [one for one in known["findings"] if one["target"] == "dist/hero.jpg"]
    (chain.folder / "known.json").write_text(json.dumps(known))
    told = report(run, "--baseline", "known.json")
    (finding,) = told["findings"]
    assert (finding["target"], finding["hop"]) == (chain.url, "dist/hero.jpg")
    assert told["exit_code"] == 1


@pytest.mark.parametrize("severity", ["warning", "note"])
def test_a_milder_finding_does_not_swallow_a_worse_one(chain: Chain, severity: str, run: Run) -> None:
    chain.build(SIZE, SMALL, SMALL)
    document = json.loads((chain.folder / "verify4k.json").read_text())
    document["files"]["dist/hero.jpg"]["rules"] = {"exact-size": severity}
    (chain.folder / "verify4k.json").write_text(json.dumps(document))
    told = report(run)
    assert [one["severity"] for one in told["findings"]] == [severity, "error"]
    assert told["exit_code"] == 1


def test_the_ledger_is_the_hop_before_the_first_file(chain: Chain, run: Run) -> None:
    chain.build(SMALL, SMALL, SMALL)
    lines = [
        {"event": "request", "id": "1", "target": "art/hero.png", "size": "192x108", "kind": "openai-images"},
        {"event": "outcome", "id": "1", "target": "art/hero.png", "verdict": "accepted", "size": "128x72"},
    ]
    ledger = chain.folder / "verify4k.ledger.jsonl"
    ledger.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (finding,) = report(run)["findings"]
    assert finding["hop"] == "verify4k.ledger.jsonl"
    assert [(link["said"], link["state"]) for link in finding["chain"]] == [
        ("asked 192x108, the answer was 128x72", "lost"),
        ("128x72", "same"),
    ]
    lines[1]["size"] = "192x108"  # the answer was as asked; something else made the file smaller
    ledger.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (finding,) = report(run)["findings"]
    assert finding["hop"] == "art/hero.png"
    assert [link["state"] for link in finding["chain"]] == ["ok", "lost"]


def test_what_is_gone_at_the_end_was_there_before(chain: Chain, run: Run) -> None:
    chain.build(SIZE, SIZE, SIZE)
    document = json.loads((chain.folder / "verify4k.json").read_text())
    document["files"][f"{chain.url}?gone"] = document["files"].pop(chain.url)
    (chain.folder / "verify4k.json").write_text(json.dumps(document))
    told = report(run)
    (finding,) = told["findings"]
    assert (finding["rule"], finding["hop"]) == ("http-status", f"{chain.url}?gone")
    assert [link["said"] for link in finding["chain"]] == ["192x108", "192x108", ""]
