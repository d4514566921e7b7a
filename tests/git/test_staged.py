"""`check --staged` sees exactly what is about to be committed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from repositories import GOOD, OTHER, SMALL, Repo, checked

# -- the bytes ------------------------------------------------------------------------------


def test_the_index_counts_and_not_the_work_tree(repo: Repo, check: Any) -> None:
    repo.write("a.png", SMALL)
    repo.promise("a.png: 64x36")
    repo.git("add", ".")
    repo.write("a.png", GOOD)  # repaired, but not staged
    assert check("--staged").code == 1
    assert check().code == 0
    repo.git("add", "a.png")
    repo.write("a.png", SMALL)  # broken again after staging
    assert check("--staged").code == 0
    assert check().code == 1


def test_a_promised_file_that_was_not_added_is_missing(repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: 64x36")
    repo.git("add", "verify4k.yaml")
    outcome = check("--staged")
    assert outcome.code == 1
    assert "not in the git index" in outcome.out
    assert "git add it" in outcome.out


def test_a_target_leaves_others_out_and_that_is_said_beside_what_git_leaves_out(
    repo: Repo, check: Any
) -> None:
    repo.write("a.png", GOOD)
    repo.write("b.png", OTHER)
    repo.promise("a.png: 64x36", "b.png: 64x36")
    repo.git("add", ".")
    named = "1 of 2 promises is named on the command line: the others were not checked"
    assert named in check("--staged", "a.png").out
    assert "named on the command line" not in check("--staged").out


def test_the_manifest_is_read_from_the_index_too(repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: 32x18")
    repo.git("add", ".")
    repo.promise("a.png: 64x36")
    assert check("--staged").code == 1
    repo.git("add", ".")
    repo.write("verify4k.yaml", "nonsense: [")
    assert check("--staged").code == 0


@pytest.mark.parametrize("argv", [["--staged"], ["--staged", "-c", "verify4k.yaml"]])
def test_a_manifest_outside_of_the_index_is_a_usage_mistake(argv: list[str], repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: 64x36")
    repo.git("add", "a.png")
    outcome = check(*argv)
    assert outcome.code == 2
    assert "git index" in outcome.err
    assert "git add it" in outcome.err


def test_the_manifest_is_found_upwards_in_the_index(repo: Repo, check: Any) -> None:
    repo.write("sub/deep/a.png", SMALL)
    repo.write("pyproject.toml", '[project]\nname = "x"\n')
    repo.write("sub/pyproject.toml", '[tool.verify4k]\nversion = 1\nfiles = { "deep/a.png" = "64x36" }\n')
    repo.git("add", ".")
    outcome = check("--staged", cwd=repo.path / "sub" / "deep")
    assert outcome.code == 1
    assert "sub/pyproject.toml:3" in outcome.out
    assert check("--staged").code == 2  # nothing of ours at the top


@pytest.mark.parametrize("depth", ["header", "full"])
def test_header_and_full_depth_read_the_same_blob(depth: str, repo: Repo, check: Any) -> None:
    repo.write("a.png", SMALL)
    repo.promise("a.png: 64x36")
    repo.git("add", ".")
    repo.write("a.png", GOOD)
    assert check("--staged", "--depth", depth).code == 1


# -- which promises --------------------------------------------------------------------------


def test_untouched_promises_are_not_checked_and_that_is_said(history: Repo, check: Any) -> None:
    history.write("README", "x")
    history.git("add", ".")
    outcome = check("--staged")
    assert outcome.code == 0
    assert "none of 2 promises is touched by what is staged: nothing was checked" in outcome.out
    assert outcome.err == ""


def test_a_changed_file_is_checked_alone(history: Repo, check: Any) -> None:
    history.write("b.png", OTHER)
    history.git("add", ".")
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (0, ["b.png"])


def test_a_deleted_file_blocks(history: Repo, check: Any) -> None:
    history.git("rm", "-q", "b.png")
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["b.png"])


def test_a_file_deleted_from_the_index_alone_blocks_although_it_is_on_the_disk(
    history: Repo, check: Any
) -> None:
    history.git("rm", "-q", "--cached", "b.png")
    assert check("--staged").code == 1


def test_a_renamed_file_is_missing_under_its_old_name(history: Repo, check: Any) -> None:
    history.git("mv", "b.png", "c.png")
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (1, ["b.png"])
    history.promise("a.png: 64x36", "c.png: 32x18")
    history.git("add", ".")
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (0, ["c.png"])


PROMISES = [
    pytest.param(["a.png: 64x36", "b.png: 32x18"], "", ["b.png"], id="another size"),
    pytest.param(["a.png: 64x36", "b.png: {size: 64x36, alpha: forbidden}"], "", ["b.png"], id="one more"),
    pytest.param(["a.png: 64x36", "b.png: {size: 64x36, rules: {still: off}}"], "", ["b.png"], id="a severity"),
    pytest.param(
        ["a.png: 64x36", "b.png: {size: 64x36, ignore: [{rule: still, reason: x}]}"], "", ["b.png"], id="an ignore"
    ),
    pytest.param(["a.png: 64x36"], "", [], id="a promise less"),
    pytest.param(["b.png: 64x36", "a.png: 64x36"], "", [], id="only the order"),
    pytest.param(["", "a.png: 64x36   # hero", "b.png: 64x36"], "", [], id="only lines and comments"),
    pytest.param(["a.png: 64x36", "b.png: 64x36"], "defaults: {alpha: forbidden}\n", ["a.png", "b.png"], id="defaults"),
    pytest.param(["a.png: 64x36", "b.png: 64x36"], "rules: {still: off}\n", ["a.png", "b.png"], id="severities"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "head", "touched"), PROMISES)
def test_only_the_changed_entries_of_the_manifest_are_checked(
    lines: list[str], head: str, touched: list[str], history: Repo, check: Any
) -> None:
    history.promise(*lines, head=head)
    history.git("add", ".")
    assert checked(check("--staged", "--format", "json")) == touched


def test_everything_is_checked_when_the_old_manifest_was_wrong(history: Repo, check: Any) -> None:
    history.write("verify4k.yaml", "version: 2\n")
    history.commit()
    history.promise("a.png: 64x36", "b.png: 64x36")
    history.git("add", ".")
    assert checked(check("--staged", "--format", "json")) == ["a.png", "b.png"]


def test_the_first_commit_touches_everything(repo: Repo, check: Any) -> None:
    repo.write("a.png", SMALL)
    repo.promise("a.png: 64x36")
    repo.git("add", ".")
    assert check("--staged").code == 1


def test_targets_narrow_what_is_staged(history: Repo, check: Any) -> None:
    for name in ("a.png", "b.png"):
        history.write(name, OTHER + b"x")
    history.git("add", ".")
    assert checked(check("--staged", "--format", "json", "a.png")) == ["a.png"]


def test_an_empty_manifest_is_still_nothing_to_check(repo: Repo, check: Any) -> None:
    repo.promise()
    repo.git("add", ".")
    assert check("--staged").code == 2
    assert check("--staged", "--allow-empty").code == 0


def test_the_base_of_a_double_density_image_touches_it(repo: Repo, check: Any) -> None:
    repo.write("logo.png", SMALL)
    repo.write("logo@2x.png", GOOD)
    repo.promise("logo@2x.png: 64x36")
    repo.commit()
    repo.write("logo.png", GOOD)
    repo.git("add", ".")
    outcome = check("--staged")
    assert outcome.code == 1
    assert "2 times logo.png" in outcome.out


def test_a_stranger_beside_a_promised_file_touches_the_promise_to_have_none(repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: 64x36", head="rules: {unlisted: error}\n")
    repo.commit()
    repo.write("untracked.png", OTHER)  # not part of the commit
    repo.write("readme.txt", "x")
    repo.git("add", "readme.txt")
    assert check("--staged").code == 0
    repo.write("new.png", OTHER)
    repo.git("add", "new.png")
    outcome = check("--staged")
    assert outcome.code == 1
    assert "new.png" in outcome.out
    assert "untracked.png" not in outcome.out


WISHES = [
    ("rules: {unlisted: error}\n", ""),
    ("defaults: {rules: {unlisted: error}}\n", ""),
    ("", ", rules: {unlisted: error}"),
    ("include: [more/verify4k.yaml]\n", ""),
]


@pytest.mark.parametrize(("head", "own"), WISHES)
@pytest.mark.parametrize("scope", ["--staged", "--since=HEAD"])
def test_a_picture_that_is_new_or_promised_no_more_touches_who_is_to_stand_alone(
    scope: str, head: str, own: str, repo: Repo, check: Any
) -> None:
    for name in ("more/a.png", "more/b.png", "c.png"):
        repo.write(name, GOOD if name == "c.png" else OTHER)
    both, one = (
        f"{name}: {{size: 64x36, same-as-others: allowed{own}}}" for name in ("more/b.png", "more/a.png")
    )
    if "include" in head:
        included = "version: 1\nrules: {unlisted: error}\ndefaults: {same-as-others: allowed}\nfiles: "
        repo.write("more/verify4k.yaml", included + "{a.png: 64x36, b.png: 64x36}\n")
        repo.promise("c.png: 64x36", head=head)
    else:
        repo.promise(one, both, head=head)
    repo.commit()
    repo.write("more/new.png", OTHER)
    repo.git("add", ".")
    outcome = check(scope)
    assert (outcome.code, "error[unlisted] more/new.png" in outcome.out) == (1, True)
    repo.git("rm", "-qf", "more/new.png")
    if "include" in head:
        repo.write("more/verify4k.yaml", included + "{a.png: 64x36}\n")
    else:
        repo.promise(one, head=head)
    repo.git("add", ".")
    outcome = check(scope)
    assert (outcome.code, "error[unlisted] more/b.png" in outcome.out) == (1, True)


# -- patterns ------------------------------------------------------------------------------------


def test_patterns_match_the_index(repo: Repo, check: Any) -> None:
    repo.write("img/a.png", GOOD)
    repo.promise('"img/*.png": 64x36')
    repo.git("add", ".")
    repo.write("img/untracked.png", SMALL)
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (0, ["img/a.png"])


def test_a_pattern_that_loses_its_last_match_is_a_mistake(repo: Repo, check: Any) -> None:
    repo.write("img/a.png", GOOD)
    repo.write("keep", "x")
    repo.promise('"img/*.png": 64x36')
    repo.commit()
    repo.git("rm", "-q", "img/a.png")
    outcome = check("--staged")
    assert outcome.code == 2
    assert "matches no file in the git index" in outcome.err


def test_a_pattern_for_files_that_git_does_not_track_waits_for_its_own_change(repo: Repo, check: Any) -> None:
    repo.write("a.png", GOOD)
    repo.write("x", "1")
    repo.write("build/gen.png", GOOD)
    repo.write(".gitignore", "build/\n")
    repo.promise('"build/*.png": 64x36', "a.png: 64x36")
    repo.commit()
    repo.write("a.png", SMALL)
    repo.git("add", ".")
    assert check("--staged").code == 1
    repo.promise('"build/*.png": 32x18', "a.png: 64x36")
    repo.git("add", ".")
    assert check("--staged").code == 2


def test_a_promise_about_a_file_that_git_does_not_track_waits_for_its_own_change(
    repo: Repo, check: Any
) -> None:
    repo.write("a.png", GOOD)
    repo.write(".gitignore", "build/\n")
    repo.promise("build/gen.png: 64x36", "a.png: 64x36")
    repo.commit()
    repo.write("a.png", OTHER)
    repo.git("add", ".")
    outcome = check("--staged", "--format", "json")
    assert (outcome.code, checked(outcome)) == (0, ["a.png"])


# -- baselines ---------------------------------------------------------------------------------------


def test_the_baseline_is_read_from_the_index_too(history: Repo, check: Any) -> None:
    assert check("--write-baseline", "base.json").code == 1
    history.write("c", "x")
    history.git("add", "c")
    outcome = check("--staged", "--baseline", "base.json")
    assert (outcome.code, "cannot be read from the git index" in outcome.err) == (2, True)
    history.commit()
    history.promise("a.png: 64x36", "b.png: {size: 64x36, alpha: forbidden}")
    history.git("add", ".")
    assert check("--staged", "--baseline", "base.json").code == 0
    history.write("base.json", "broken")
    assert check("--staged", "--baseline", "base.json").code == 0


def test_a_baseline_that_changed_touches_every_promise(history: Repo, check: Any) -> None:
    check("--write-baseline", "base.json")
    history.commit()
    text = (history.path / "base.json").read_text()
    history.write("base.json", text.replace('"rule": "exact-size"', '"rule": "still"', 1))
    history.git("add", ".")
    assert check("--staged", "--baseline", "base.json").code == 1
    assert check("--since", "HEAD", "--baseline", "base.json").code == 1


@pytest.mark.parametrize("where", ["", "sub/"])
def test_a_ledger_vouches_only_when_the_commit_holds_it(where: str, repo: Repo, check: Any) -> None:
    repo.write(f"{where}a.png", GOOD)
    repo.promise(f"{where}a.png: {{size: 64x36, provenance: ledger}}")
    repo.git("add", ".")
    digest = hashlib.sha256(GOOD).hexdigest()
    lines = (
        {"event": "request", "id": "1"},
        {"event": "outcome", "id": "1", "verdict": "accepted", "sha256": digest},
    )
    repo.write("verify4k.ledger.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    assert check().code == 0  # of the work tree
    outcome = check("--staged")
    assert (outcome.code, "no recorded request brought these bytes" in outcome.out) == (1, True)
    repo.git("add", ".")
    assert check("--staged").code == 0
    repo.write("verify4k.ledger.jsonl", "")
    assert check("--staged").code == 0


@pytest.mark.parametrize("option", [(), ("--staged",)])
def test_a_later_part_vouches_though_an_earlier_one_is_missing(
    option: tuple[str, ...], repo: Repo, check: Any
) -> None:
    repo.write("a.png", GOOD)
    repo.promise("a.png: {size: 64x36, provenance: ledger}")
    lines = (
        {"event": "request", "id": "1"},
        {"event": "outcome", "id": "1", "verdict": "accepted", "sha256": hashlib.sha256(GOOD).hexdigest()},
    )
    repo.write("verify4k.ledger.0002.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    repo.write("verify4k.ledger.jsonl", "")
    repo.git("add", ".")
    assert check(*option).code == 0
    repo.git("rm", "-f", "verify4k.ledger.jsonl")  # as a kill between two parts leaves it
    assert check(*option).code == 0
    repo.write("verify4k.ledger.0002.jsonl", "")
    repo.git("add", ".")
    outcome = check(*option)
    assert outcome.code == 1
    assert (
        "part verify4k.ledger.0001.jsonl of the ledger is missing: what stood there"
        in outcome.out.replace("\n            ", " ")
    )
