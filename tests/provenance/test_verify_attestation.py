"""`verify4k verify-attestation`: the files of a release are still the ones that passed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from permissions import permissions_hold
from repositories import GOOD, OTHER, SMALL

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ["in-toto", "sha256sums"]


@pytest.fixture
def release(tmp_path: Path, run: Any) -> Path:
    (tmp_path / "a.png").write_bytes(GOOD)
    (tmp_path / "b.png").write_bytes(OTHER)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36, b.png: 64x36}\n")
    reports = [f"--report={form}={form}" for form in FORMS]
    assert run("check", *reports).code == 0
    return tmp_path


@pytest.mark.parametrize("form", FORMS)
def test_what_changed_since_is_named(form: str, release: Path, run: Any) -> None:
    assert run("verify-attestation", form, "--against", ".").code == 0
    (release / "a.png").write_bytes(SMALL)
    outcome = run("verify-attestation", form, "--against", ".")
    assert outcome.code == 1
    assert "changed a.png" in outcome.out
    assert f"was  {hashlib.sha256(GOOD).hexdigest()}" in outcome.out
    assert f"now  {hashlib.sha256(SMALL).hexdigest()}" in outcome.out
    (release / "b.png").unlink()
    outcome = run("verify-attestation", form, "--against", ".")
    assert (outcome.code, "missing b.png" in outcome.out) == (1, True)
    assert "2 files: 0 same, 1 changed, 1 missing" in outcome.out


def test_a_file_that_cannot_be_read_is_undecided(release: Path, run: Any) -> None:
    (release / "a.png").chmod(0)
    with permissions_hold():
        assert run("verify-attestation", "in-toto", "--against", ".").code == 3


def test_a_result_that_is_not_passed_does_not_verify(release: Path, run: Any) -> None:
    (release / "a.png").write_bytes(SMALL)
    sha256 = hashlib.sha256(SMALL).hexdigest()
    run("check", "--report", "in-toto=failed")
    outcome = run("verify-attestation", "failed", "--against", ".")
    assert (outcome.code, "the result was FAILED, not PASSED" in outcome.out) == (1, True)
    (release / "verify4k.yaml").write_text(
        f"version: 1\nfiles:\n  a.png: 64x36  # verify4k: ignore[exact-size@{sha256}] x\n  b.png: 64x36\n"
    )
    assert run("check", "--report", "in-toto=warned", "--report", "sha256sums=warned.sums").code == 0
    for name in ("warned", "warned.sums"):
        assert run("verify-attestation", name, "--against", ".").code == 1
        assert run("verify-attestation", name, "--against", ".", "--allow-warned").code == 0
    assert run("verify-attestation", "failed", "--against", ".", "--allow-warned").code == 1


def test_a_manifest_that_changed_since_is_a_note(release: Path, run: Any) -> None:
    (release / "verify4k.yaml").write_text("version: 1\nfiles: {}\n")
    outcome = run("verify-attestation", "in-toto", "--against", ".")
    assert (outcome.code, "the manifest verify4k.yaml changed since" in outcome.out) == (0, True)
    (release / "verify4k.yaml").unlink()
    assert "manifest" not in run("verify-attestation", "in-toto", "--against", ".").out


def test_the_answer_is_json_on_request(release: Path, run: Any) -> None:
    (release / "a.png").write_bytes(SMALL)
    answer = json.loads(run("verify-attestation", "in-toto", "--against", ".", "--format", "json").out)
    assert (answer["schema"], answer["exit_code"], answer["result"]) == (1, 1, "PASSED")
    assert [(file["name"], file["state"]) for file in answer["files"]] == [
        ("a.png", "changed"),
        ("b.png", "same"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")
def test_checksum_files_of_sha256sum_itself_are_read(tmp_path: Path, run: Any) -> None:
    names = ["a b.png", "new\nline.png", "back\\slash.png", " leading.png"]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    sums = subprocess.run(["sha256sum", "--", *names], cwd=tmp_path, capture_output=True, check=True).stdout
    (tmp_path / "sums").write_bytes(sums)
    assert run("verify-attestation", "sums", "--against", ".").code == 2
    outcome = run("verify-attestation", "sums", "--against", ".", "--hashes-only")
    assert outcome.code == 0
    assert "note: only hashes were compared" in outcome.out
    assert "4 files: 4 same" in outcome.out
    (tmp_path / "new\nline.png").write_bytes(b"x")
    again = run("verify-attestation", "sums", "--against", ".", "--hashes-only")
    assert r"changed new\x0aline.png" in again.out


H = "a" * 64
STATEMENT = {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "a", "digest": {"sha256": H}}]}
RESULT = {"predicateType": "https://in-toto.io/attestation/test-result/v0.1"}
REFUSED = [
    ("", "names no file"),
    ("# verify4k 0.1.0: FAILED: 1 failed\n", "its result is FAILED"),
    ("nonsense", ":1 is no line of a checksum file"),
    (f"{H}  a\n{'b' * 64}  a\n", "two hashes for 'a'"),
    (f"{H}  a\n{H}  a\n", "names 'a' twice"),
    (f"{H}  a\n{'b' * 64}  ./a\n", "two hashes for './a'"),
    (f"{H}  a\n", "no result of a check"),
    (f"# verify4k 0.1.0: FAILED\n# verify4k 0.1.0: PASSED\n{H}  a\n", "gives 2 results"),
    ("{", "it is not JSON"),
    ("{" * 5000, "it is not JSON"),
    ('{"_type": 1, "_type": 2}', "gives the key '_type' twice"),
    ('{"a": NaN}', "NaN is no JSON"),
    ("{}", "no in-toto statement"),
    ('{"dsseEnvelope": {}}', "no in-toto statement"),
    (STATEMENT | {"_type": "x"}, "no in-toto statement"),
    (
        STATEMENT | {"_type": "https://in-toto.io/Statement/v0.1"},
        "its _type is 'https://in-toto.io/Statement/v0.1'",
    ),
    (STATEMENT | {"subject": {}}, "no list of subjects"),
    (STATEMENT | RESULT | {"subject": [], "predicate": {"result": "PASSED"}}, "names no file"),
    (STATEMENT | {"subject": [1]}, "without a name"),
    (STATEMENT | {"subject": [{"name": "a", "digest": {"sha1": "b"}}]}, "without a SHA-256"),
    (STATEMENT | {"subject": [{"name": "a", "digest": {"sha256": "b"}}]}, "'b' is no SHA-256"),
    (STATEMENT, "it has no predicateType"),
    (STATEMENT | {"predicateType": RESULT["predicateType"] + "/"}, "no test result of"),
    (STATEMENT | {"predicateType": RESULT["predicateType"].replace("0.1", "0.2")}, "v0.2'"),
    (STATEMENT | RESULT, "no result that verify4k knows"),
    (STATEMENT | RESULT | {"predicate": {"result": "PASSED", "failedTests": ["a: x"]}}, "lists failedTests"),
    (STATEMENT | RESULT | {"predicate": {"result": "PASSED", "warnedTests": ["a: x"]}}, "lists warnedTests"),
    (STATEMENT | RESULT | {"predicate": {"result": "PASSED", "reasons": ["1 failed"]}}, "lists reasons"),
    (STATEMENT | RESULT | {"predicate": {"result": "PASSED", "part": {"checked": 1}}}, "lists part"),
    (STATEMENT | RESULT | {"predicate": {"result": "WARNED", "reasons": "x"}}, "no list of texts"),
    (STATEMENT | RESULT | {"predicate": {"result": "WARNED", "reasons": [1]}}, "no list of texts"),
    (STATEMENT | RESULT | {"predicate": {"result": "PASSED", "failedTests": None}}, "lists failedTests"),
    (f"# verify4k 0.1.0: PASSED: 1 failed\n{H}  a\n", ":1 contradicts itself"),
    (STATEMENT | RESULT | {"predicate": {"result": "WARNED", "failedTests": ["a: x"]}}, "lists failedTests"),
    (STATEMENT | RESULT | {"predicate": {"result": "MAYBE"}}, "no result that verify4k knows"),
    (STATEMENT | RESULT | {"predicate": {"result": "PASSED", "configuration": 1}}, "no list of subjects"),
]


@pytest.mark.parametrize(("content", "words"), REFUSED)
def test_what_is_no_attestation_is_a_usage_mistake(
    content: Any, words: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "file").write_text(content if isinstance(content, str) else json.dumps(content))
    outcome = run("verify-attestation", "file", "--against", ".")
    assert (outcome.code, words in outcome.err) == (2, True), outcome.err


def test_a_missing_file_or_folder_is_a_usage_mistake(release: Path, run: Any) -> None:
    assert run("verify-attestation", "gone", "--against", ".").code == 2
    assert run("verify-attestation", "in-toto", "--against", "gone").code == 2
    assert run("verify-attestation", "in-toto").code == 2


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "link", "folder/.."])
def test_a_name_that_leaves_the_folder_is_not_read(name: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    folder = tmp_path / "dir"
    folder.mkdir()
    (folder / "link").symlink_to("../secret")
    digest = hashlib.sha256(b"x").hexdigest()
    (tmp_path / "sums").write_text(f"# verify4k 0.1.0: PASSED\n{digest}  {name}\n")
    outcome = run("verify-attestation", "sums", "--against", "dir")
    assert (outcome.code, "unreadable" in outcome.out) == (3, True)


def test_a_statement_of_another_kind_is_compared_only_by_hashes_and_only_on_request(
    tmp_path: Path, run: Any
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    subject = {"name": "a", "digest": {"sha256": hashlib.sha256(b"x").hexdigest().upper()}}
    statement = STATEMENT | {"subject": [subject], "predicateType": "https://slsa.dev/provenance/v1"}
    (tmp_path / "file").write_text(json.dumps(statement))
    assert run("verify-attestation", "file", "--against", ".").code == 2
    outcome = run("verify-attestation", "file", "--against", ".", "--hashes-only")
    assert (outcome.code, "only hashes" in outcome.out) == (0, True)
    (tmp_path / "a").write_bytes(b"y")
    assert run("verify-attestation", "file", "--against", ".", "--hashes-only").code == 1
