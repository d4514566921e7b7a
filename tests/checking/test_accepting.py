"""Ignores and ignore comments: bound to content, kept, counted, and told when useless."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from accepted import SHA, promise
from repositories import GOOD, OTHER, SMALL

from verify4k.checking.baseline import KnownFinding, written

if TYPE_CHECKING:
    from pathlib import Path

OTHER_SHA = hashlib.sha256(OTHER).hexdigest()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(SMALL)
    (tmp_path / "b.png").write_bytes(GOOD)
    return tmp_path


def option(sha256: str | None = SHA, rule: str = "exact-size") -> str:
    bound = f", sha256: {sha256}" if sha256 else ""
    return f"a.png: {{size: 64x36, ignore: [{{rule: {rule}, reason: old banner{bound}}}]}}"


# -- what does not accept anything ---------------------------------------------------------------

NOT_ACCEPTED = [
    pytest.param(option(None), "names no content", f"give it sha256: {SHA}", id="an option without content"),
    pytest.param(option("0" * 64), "bound to other content", f"give it sha256: {SHA}", id="other content"),
    pytest.param(option(rule="still"), "unused ignore: still", "remove it", id="another rule"),
    pytest.param(
        "a.png: 64x36  # verify4k: ignore[exact-size] old",
        "names no content",
        f"write ignore[exact-size@{SHA[:32]}]",
        id="a comment without content",
    ),
    pytest.param(
        f"a.png: 64x36  # verify4k: ignore[exact-size@{OTHER_SHA[:32]}] old",
        "bound to other content",
        f"write ignore[exact-size@{SHA[:32]}]",
        id="a comment for other content",
    ),
    pytest.param(
        f"a.png: 64x36  # verify4k: ignore[exact-size@{SHA[:31]}] old",
        "gives 31 digits of at least 32",
        f"write ignore[exact-size@{SHA[:32]}]",
        id="a comment with a digit too few",
    ),
    pytest.param(
        option(SHA[:12]),
        "gives 12 digits of at least 32",
        f"give it sha256: {SHA}",
        id="48 bits, for which two files are made in a minute",
    ),
]


@pytest.mark.parametrize(("line", "words", "way_out"), NOT_ACCEPTED)
@pytest.mark.parametrize("depth", ["full", "header"])
def test_an_exception_that_does_not_fit_accepts_nothing_and_says_why(
    line: str, words: str, way_out: str, depth: str, project: Path, run: Any
) -> None:
    promise(project, line)
    outcome = run("check", "--format", "json", "--depth", depth)
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert report["suppressed"] == []
    notes = [note for note in report["notes"] if "verify4k.yaml:3:" in note]
    assert len(notes) == 1
    assert words in notes[0]
    assert way_out in notes[0]


def test_a_missing_file_cannot_be_accepted(project: Path, run: Any) -> None:
    (project / "a.png").unlink()
    promise(project, option(rule="readable"))
    assert run("check").code == 1
    (project / "base.json").write_bytes(written([KnownFinding("a.png", "readable", "an image file", SHA)]))
    assert run("check", "--baseline", "base.json").code == 1


def test_what_could_not_be_verified_cannot_be_accepted(project: Path, run: Any) -> None:
    data = b"gimp xcf v011" + bytes(64)
    (project / "a.xcf").write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    promise(project, f"a.xcf: {{ignore: [{{rule: readable, reason: x, sha256: {sha256}}}]}}")
    assert run("check").code == 3


def test_an_ignore_of_one_entry_accepts_nothing_of_another(project: Path, run: Any) -> None:
    (project / "b.png").write_bytes(SMALL)
    promise(project, option(), "b.png: {size: 64x36, same-as-others: allowed}")
    report = json.loads(run("check", "--format", "json", "--ignore", "same-picture").out)
    assert [f["target"] for f in report["findings"]] == ["b.png"]
    assert [f["target"] for f in report["suppressed"]] == ["a.png"]


def test_a_changed_file_is_never_covered(project: Path, run: Any) -> None:
    promise(project, option())
    assert run("check").code == 0
    (project / "a.png").write_bytes(SMALL + b"\n")
    assert run("check").code == 1


# -- what does ------------------------------------------------------------------------------------

ACCEPTED = [
    pytest.param(option(), "ignore", id="an option"),
    pytest.param(option(SHA[:32].upper()), "ignore", id="the beginning of a hash"),
    pytest.param(
        f"a.png: 64x36 # verify4k: ignore[exact-size@{SHA[:32]}] old banner", "comment", id="comment"
    ),
    pytest.param(
        f"a.png:\n    size: 64x36  #verify4k:ignore[ exact-size@{SHA} ,still] old banner\n    alpha: forbidden",
        "comment",
        id="a comment on a line of the entry",
    ),
    pytest.param(
        f'"*.png": {{size: 64x36, ignore: {{rule: exact-size, reason: old banner, sha256: {SHA}}}}}',
        "ignore",
        id="one file of a pattern",
    ),
]


@pytest.mark.parametrize(("line", "kind"), ACCEPTED)
@pytest.mark.parametrize("depth", ["full", "header"])
def test_an_exception_bound_to_the_content_accepts_the_finding(
    line: str, kind: str, depth: str, project: Path, run: Any
) -> None:
    promise(project, line)
    outcome = run("check", "--format", "json", "--depth", depth)
    report = json.loads(outcome.out)
    assert outcome.code == 0
    assert report["findings"] == []
    [accepted] = report["suppressed"]
    assert (accepted["target"], accepted["suppressed"]["kind"]) == ("a.png", kind)
    assert accepted["suppressed"]["reason"] == "old banner"
    assert accepted["suppressed"]["line"] in {3, 4}
    told = [note for note in report["notes"] if note.startswith("verify4k.yaml")]
    assert all("unused ignore: still" in note for note in told)


def test_nothing_accepted_counts_at_a_release_gate(project: Path, run: Any) -> None:
    promise(project, option())
    outcome = run("check", "--no-ignores")
    assert outcome.code == 1
    assert "no exception was applied" in outcome.out
    (project / "base.json").write_bytes(written([KnownFinding("a.png", "exact-size", "64x36", SHA)]))
    promise(project, "a.png: 64x36")
    assert run("check", "--baseline", "base.json").code == 0
    assert run("check", "--baseline", "base.json", "--no-ignores").code == 1


def test_an_attestation_of_an_accepted_finding_does_not_say_passed(project: Path, run: Any) -> None:
    promise(project, option())
    assert json.loads(run("check", "--format", "predicate").out)["result"] == "WARNED"


def test_findings_across_files_are_accepted_too(project: Path, run: Any) -> None:
    (project / "b.png").write_bytes(SMALL)
    promise(
        project,
        "a.png: 32x18",
        f"b.png: {{size: 32x18, same-as-others: forbidden}}  # verify4k: ignore[same-picture@{SHA[:32]}] the thumbnail is the banner",
    )
    outcome = run("check", "--format", "json")
    assert outcome.code == 0
    assert [f["rule"] for f in json.loads(outcome.out)["suppressed"]] == ["same-picture"]


@pytest.mark.parametrize(
    "argv",
    [
        ["b.png"],
        ["--select", "readable"],
        ["--ignore", "exact-size"],
        ["--depth", "header", "--select", "still"],
    ],
)
def test_an_exception_is_not_called_unused_when_it_was_not_put_to_the_test(
    argv: list[str], project: Path, run: Any
) -> None:
    (project / "base.json").write_bytes(written([KnownFinding("a.png", "exact-size", "64x36", SHA)]))
    promise(project, option(), "b.png: 64x36")
    outcome = run("check", "--format", "json", "--baseline", "base.json", *argv)
    assert not [note for note in json.loads(outcome.out)["notes"] if "unused" in note or "any more" in note]


def test_an_exception_for_a_rule_that_is_not_asked_is_unused(project: Path, run: Any) -> None:
    promise(project, option(rule="byte-budget"), "b.png: 64x36")
    assert "unused ignore: byte-budget" in run("check", "-v").out
    assert "unused" not in run("check", "--depth", "header").out
    assert "unused" not in run("check", "--select", "exact-size").out
    assert "unused" not in run("check", "--ignore", "byte-budget").out


def test_one_pattern_with_exceptions_for_several_files_has_no_false_notes(project: Path, run: Any) -> None:
    (project / "b.png").write_bytes(OTHER[:-1] + OTHER[-1:])
    (project / "c.png").write_bytes(SMALL)
    (project / "d.png").write_bytes(SMALL + b"\n")
    digest = hashlib.sha256(SMALL + b"\n").hexdigest()
    promise(
        project,
        f'"[a-d].png": {{size: 64x36, same-as-others: allowed, ignore: [{{rule: exact-size, reason: x, sha256: {SHA}}}, '
        f"{{rule: exact-size, reason: y, sha256: {digest}}}, {{rule: no-trailing-data, reason: z, sha256: {digest}}}]}}",
    )
    report = json.loads(run("check", "--format", "json", "--fail-on", "note").out)
    assert report["findings"] == []
    assert [note for note in report["notes"] if "ignore" in note and "no-trailing" not in note] == []
    partial = json.loads(run("check", "--format", "json", "d.png").out)
    assert [note for note in partial["notes"] if note.startswith("verify4k.yaml")] == []


def test_notes_name_the_first_file_and_count_the_rest(project: Path, run: Any) -> None:
    (project / "c.png").write_bytes(SMALL + b"\n")
    promise(project, '"[ac].png": {size: 64x36, ignore: {rule: exact-size, reason: x}}')
    notes = json.loads(run("check", "--format", "json").out)["notes"]
    assert "accept a.png (and 1 more) as it is now" in notes[0]


# -- comments --------------------------------------------------------------------------------------

WRONG = [
    ("a.png: 64x36  # verify4k: ignore", "names no rule"),
    ("a.png: 64x36  # verify4k: ignore[exact-size]", "gives no reason"),
    ("a.png: 64x36  # verify4k: ignore[exact-sise] why", "did you mean exact-size?"),
    ("a.png: 64x36  # verify4k: ignore[] why", "no RULE"),
    ("a.png: 64x36  # verify4k: ignore[exact-size@12] why", "no RULE or RULE@SHA256"),
    ("a.png: 64x36  # verify4k: ignore[exact-size@zzzzzzzzzzzz] why", "no RULE or RULE@SHA256"),
    ("# verify4k: ignore[exact-size] why", "on no entry's line"),
    ("{a.png: 64x36, b.png: 64x36}  # verify4k: ignore[exact-size] why", "several entries"),
]


@pytest.mark.parametrize(("line", "words"), WRONG)
def test_a_comment_that_could_not_work_is_a_mistake_at_its_place(
    line: str, words: str, project: Path, run: Any
) -> None:
    promise(project, line, *(["a.png: 64x36"] if line.startswith("#") else []))
    outcome = run("check")
    assert outcome.code == 2
    assert words in outcome.err
    assert "verify4k.yaml:3:" in outcome.err


TEXTS = [
    '"x # verify4k: ignore[exact-size] y"',
    "|\n        x # verify4k: ignore[exact-size] y",
    "x#verify4k:ignore",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_looks_like_a_comment_stays_text(text: str, project: Path, run: Any) -> None:
    comment = f"# verify4k: ignore[exact-size@{SHA}] old"
    promise(project, f"a.png:  {comment}", "  size: 64x36", f"  generate:\n      prompt: {text}")
    outcome = run("check", "--format", "json")
    assert (outcome.code, len(json.loads(outcome.out)["suppressed"])) == (0, 1)


def test_comments_work_in_toml_and_not_in_json(project: Path, run: Any) -> None:
    (project / "pyproject.toml").write_text(
        f'[tool.verify4k]\nversion = 1\n[tool.verify4k.files]\n"a.png" = "64x36" # verify4k: ignore[exact-size@{SHA}] old\n'
    )
    assert run("check").code == 0
    (project / "m.json").write_text(
        '{"version": 1, "files": {"a.png": "64x36 # verify4k: ignore[exact-size] x"}}'
    )
    outcome = run("check", "-c", "m.json")
    assert (outcome.code, "neither a size" in outcome.err) == (2, True)


def test_a_manifest_in_utf_16_may_have_comments(project: Path, run: Any) -> None:
    text = f"version: 1\nfiles:\n  a.png: 64x36 # verify4k: ignore[exact-size@{SHA}] old\n"
    (project / "verify4k.yaml").write_bytes(text.encode("utf-16"))
    assert run("check").code == 0
