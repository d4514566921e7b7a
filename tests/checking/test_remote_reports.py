"""URL promises in statements, checksum files, `inspect`, and in runs over what changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from pictures import gradient, save
from repositories import Repo, clean_environment
from webserver import Asked, Reply, WebServer, ranged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Outcome

PNG = save(gradient(64, 36), "a.png")
SHA256 = hashlib.sha256(PNG).hexdigest()


def serving(asked: Asked) -> Reply:
    return ranged(asked, PNG) if asked.path.startswith("/a.png") else Reply(b"no", 404)


def test_a_statement_binds_the_body_and_the_address_it_came_from(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {https://cdn.invalid/a.png: 64x36}\n")
    with WebServer(serving) as server:
        asked = ("check", "--allow-private", "--base-url", server.url)
        statement = json.loads(run(*asked, "--format", "in-toto").out)
        sums = run(*asked, "--format", "sha256sums").out
    assert statement["subject"] == [
        {"name": "https://cdn.invalid/a.png", "uri": f"{server.url}/a.png", "digest": {"sha256": SHA256}}
    ]
    assert statement["predicate"]["result"] == "PASSED"
    (tmp_path / "s.json").write_text(json.dumps(statement))
    again = run("verify-attestation", "s.json", "--against", ".")
    assert (again.code, "verify4k check asks" in again.out) == (3, True), again
    assert sums.splitlines()[1:] == [f"# {SHA256}  https://cdn.invalid/a.png"]


def test_inspect_prints_the_facts_of_a_url(run: Callable[..., Outcome]) -> None:
    with WebServer(serving) as server:
        outcome = run(
            "inspect", "--allow-private", "--format", "json", f"{server.url}/a.png", f"{server.url}/b"
        )
        refused = run("inspect", f"{server.url}/a.png")
        assert len(server.seen) == 2
    facts, gone = map(json.loads, outcome.out.splitlines())
    assert (facts["displayed"], facts["sha256"]) == ([64, 36], SHA256)
    assert (gone["integrity"], gone["error"]) == ("unreadable", "the server answers 404 Not Found")
    assert (outcome.code, refused.code) == (1, 3)
    assert run("inspect", "ftp://a.test/a.png").code == 2


def test_a_url_is_touched_by_its_entry_alone(run: Callable[..., Outcome], tmp_path: Path) -> None:
    repository = Repo(tmp_path, clean_environment(tmp_path))
    repository.git("init", "-q")
    manifest = "version: 1\nfiles:\n  a.png: 64x36\n  https://cdn.invalid/a.png: {}\n"
    repository.write("verify4k.yaml", manifest)
    repository.write("a.png", PNG)
    repository.git("add", "-A")
    repository.git("commit", "-qm", "x")
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36, 7), "a.png"))
    files = run("check", "--changed", "--since", "HEAD")
    assert (files.code, "1 of 2 promises is touched" in files.out) == (0, True), files
    (tmp_path / "verify4k.yaml").write_text(manifest.replace("{}", "{size: 64x36}"))
    urls = run("check", "--changed", "--since", "HEAD", "--offline")
    assert (urls.code, "https://cdn.invalid/a.png" in urls.out) == (3, True), urls
