"""What a promise goes by besides its own file and entry touches it: links, attributes, ledger, twins, limits."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from repositories import GOOD, OTHER, SMALL, Repo, checked

SCOPES = ("--staged", "--since=HEAD")
LEDGER = "verify4k.ledger.jsonl"
VOUCHED = "".join(
    json.dumps(line) + "\n"
    for line in (
        {"event": "request", "id": "1"},
        {"event": "outcome", "id": "1", "verdict": "accepted", "sha256": hashlib.sha256(GOOD).hexdigest()},
    )
)


def asked(check: Any, scope: str) -> list[str]:
    return checked(check(scope, "--format", "json"))


@pytest.fixture
def promised(repo: Repo) -> Repo:
    """Two committed pictures; one is to be in the ledger, and is."""
    repo.write("art/a.png", GOOD)
    repo.write("b.png", OTHER)
    repo.write(LEDGER, VOUCHED)
    repo.promise("art/a.png: {size: 64x36, provenance: [ledger]}", "b.png: 64x36")
    repo.commit()
    return repo


@pytest.mark.parametrize("scope", SCOPES)
def test_what_adds_to_the_ledger_takes_nothing_from_a_promise(scope: str, promised: Repo, check: Any) -> None:
    promised.write(LEDGER, VOUCHED + '{"event": "request", "id": "2"}\n')
    promised.git("add", ".")
    assert asked(check, scope) == []
    promised.git("mv", LEDGER, "verify4k.ledger.0001.jsonl")  # a full part
    promised.write(LEDGER, '{"event": "request", "id": "3"}\n')
    promised.git("add", ".")
    assert asked(check, scope) == []


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("left", [None, "", VOUCHED.splitlines()[0]])
def test_a_ledger_that_loses_a_line_touches_who_promises_to_be_in_it(
    scope: str, left: str | None, promised: Repo, check: Any
) -> None:
    if left is None:
        promised.git("rm", "-q", LEDGER)
    else:
        promised.write(LEDGER, left)
        promised.git("add", ".")
    outcome = check(scope, "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["art/a.png"])


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    ("where", "touched"), [("", ["art/a.png", "b.png"]), ("art/", ["art/a.png"]), ("other/", [])]
)
def test_attributes_touch_what_they_may_speak_of(
    scope: str, where: str, touched: list[str], promised: Repo, check: Any
) -> None:
    promised.write(f"{where}.gitattributes", "*.png text\n")
    promised.git("add", f"{where}.gitattributes")  # the pictures stay as they are
    outcome = check(scope, "--format", "json")
    assert (outcome.code, checked(outcome)) == (int(bool(touched)), touched)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_name_that_is_another_one_on_windows_touches_it(scope: str, promised: Repo, check: Any) -> None:
    promised.write("Art/A.png", OTHER)
    promised.git("add", ".")
    outcome = check(scope, "--fail-on", "warning", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["art/a.png"])


@pytest.mark.parametrize("scope", SCOPES)
def test_limits_touch_every_promise(scope: str, promised: Repo, check: Any) -> None:
    promised.promise("art/a.png: 64x36", "b.png: 64x36", head="limits: {pixels: 1000}\n")
    promised.git("add", ".")
    outcome = check(scope, "--format", "json")
    assert (outcome.code, checked(outcome)) == (3, ["art/a.png", "b.png"])


@pytest.mark.parametrize("scope", SCOPES)
def test_a_size_that_would_do_and_does_no_more_touches_its_promise(
    scope: str, repo: Repo, check: Any
) -> None:
    entry = "a.png: {{size: 64x36, generate: {{prompt: A hill, critical: false, fallback: [{}]}}}}"
    repo.write("a.png", SMALL)
    repo.promise(entry.format("32x18"))
    repo.commit()
    assert check().code == 0
    repo.promise(entry.format("48x27"))
    repo.git("add", ".")
    outcome = check(scope, "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["a.png"])


# -- links on the way to what the manifest reads -----------------------------------------------------------


@pytest.fixture
def linked(repo: Repo) -> Repo:
    """Lists of two releases, of which a link says which counts; it is committed with the first."""
    repo.write("a.png", GOOD)
    repo.write("b.png", OTHER)
    repo.write("v1/list.csv", "file,size\na.png,64x36\nb.png,64x36\n")
    repo.write("v2/list.csv", "file,size\na.png,64x36\nb.png,32x18\n")
    (repo.path / "current").symlink_to("v1")
    repo.write("verify4k.yaml", "version: 1\nfiles_from: current/list.csv\n")
    repo.commit()
    return repo


@pytest.mark.parametrize("scope", SCOPES)
def test_a_folder_that_leads_elsewhere_changes_what_is_promised(scope: str, linked: Repo, check: Any) -> None:
    assert asked(check, scope) == []
    (linked.path / "current").unlink()
    (linked.path / "current").symlink_to("v2")
    linked.git("add", ".")
    assert check(scope).code == 1


@pytest.mark.parametrize("scope", SCOPES)
def test_a_list_behind_a_link_touches_the_rows_that_changed(scope: str, linked: Repo, check: Any) -> None:
    linked.write("v1/list.csv", "file,size\na.png,64x36\nb.png,32x18\n")
    linked.git("add", ".")
    outcome = check(scope, "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["b.png"])


def test_a_pattern_of_an_included_manifest_has_to_match_once_it_is_written(repo: Repo, check: Any) -> None:
    repo.write("sub/a.png", GOOD)
    repo.write(".gitignore", "build/\n")
    repo.write("sub/more.yaml", "version: 1\nfiles: {a.png: 64x36}\n")
    repo.write("verify4k.yaml", 'version: 1\ninclude: [sub/more.yaml]\nfiles: {"build/*.png": 64x36}\n')
    repo.commit()
    repo.write("sub/more.yaml", 'version: 1\nfiles: {a.png: 64x36, "*.webp": 64x36}\n')
    repo.git("add", ".")
    outcome = check("--staged")
    assert (outcome.code, "sub/more.yaml:2:23: the pattern" in outcome.err) == (2, True)
    repo.commit()
    repo.write("sub/a.png", OTHER)
    repo.git("add", ".")
    assert check("--staged").code == 0  # of what git may not track, as the manifest's own pattern
