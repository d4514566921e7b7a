"""A run of a part of what is promised says so wherever it says that something holds, and is never PASSED."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from repositories import GOOD

import verify4k

if TYPE_CHECKING:
    from pathlib import Path

    from repositories import Repo

NAMES = ("a.png", "b.png", "c.png", "d.png")
REPORTS = ("--report=in-toto=s.json", "--report=sha256sums=sums", "--report=json=r.json")


@pytest.fixture
def project(repo: Repo, run: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four promised pictures, committed; one has changed since."""
    monkeypatch.chdir(repo.path)
    for number, name in enumerate(NAMES):
        repo.write(name, save(gradient(64, 36, 40 * number), "x.png"))
    repo.write("verify4k.yaml", f"version: 1\nfiles: {{{', '.join(f'{name}: 64x36' for name in NAMES)}}}\n")
    repo.commit()
    repo.write("b.png", save(gradient(64, 36, 200), "x.png"))
    repo.git("add", "b.png")
    return repo.path


def part(project: Path) -> dict[str, Any] | None:
    """What the JSON report says of the part; the other files have to say the same."""
    predicate = json.loads((project / "s.json").read_text())["predicate"]
    found: dict[str, Any] | None = json.loads((project / "r.json").read_text())["part"]
    if found is None:
        assert (predicate["result"], "part" in predicate, "reasons" in predicate) == ("PASSED", False, False)
        assert (project / "sums").read_text().startswith(f"# verify4k {verify4k.__version__}: PASSED\n")
        return None
    chosen_by = " and ".join(found["chosen_by"])
    said = f"a part: {found['checked']} of {found['promised']} promises, chosen by {chosen_by}"
    assert (predicate["result"], predicate["reasons"]) == ("WARNED", [said])
    assert predicate["part"] == {
        "checked": found["checked"],
        "promised": found["promised"],
        "chosenBy": found["chosen_by"],
    }
    assert (project / "sums").read_text().startswith(f"# verify4k {verify4k.__version__}: WARNED: {said}\n")
    return found


PARTS: list[tuple[list[str], int, list[str]]] = [
    (["a.png"], 1, ["TARGET"]),
    (["a.png", "b.png"], 2, ["TARGET"]),
    (["--since", "HEAD"], 1, ["--since HEAD"]),
    (["--staged"], 1, ["--staged"]),
    (["--staged", "b.png"], 1, ["TARGET", "--staged"]),
    (["--shard", "1/2"], 2, ["--shard 1/2"]),
]


@pytest.mark.parametrize(("argv", "checked", "chosen_by"), PARTS, ids=[" ".join(row[0]) for row in PARTS])
def test_a_part_is_called_one_and_is_not_passed(
    argv: list[str], checked: int, chosen_by: list[str], project: Path, run: Any
) -> None:
    outcome = run("check", *argv, *REPORTS)
    assert outcome.code == 0
    assert part(project) == {"checked": checked, "promised": 4, "chosen_by": chosen_by}
    assert f"({4 - checked} of 4 promises left out); what was checked holds" in outcome.out


@pytest.mark.parametrize("argv", [[], ["."], [*NAMES], ["--shard", "1/1"], ["--size", "64x36", "a.png"]])
def test_what_is_all_is_no_part(argv: list[str], project: Path, run: Any) -> None:
    outcome = run("check", *argv, *REPORTS)
    assert (outcome.code, part(project)) == (0, None)
    assert "every promise holds" in outcome.out


def test_all_shards_together_are_no_part(project: Path, run: Any) -> None:
    for number in (1, 2):
        assert run("check", "--shard", f"{number}/2", f"--report=json={number}.json").code == 0
    assert run("merge", "1.json", "2.json", *REPORTS).code == 0
    assert part(project) is None


def test_shards_of_a_part_are_a_part_together(project: Path, run: Any) -> None:
    for number in (1, 2):
        assert (
            run("check", "a.png", "b.png", "--shard", f"{number}/2", f"--report=json={number}.json").code == 0
        )
    assert run("merge", "1.json", "2.json", *REPORTS).code == 0
    assert part(project) == {"checked": 2, "promised": 4, "chosen_by": ["TARGET"]}


def test_parts_of_several_manifests_are_counted_together(
    repo: Repo, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.path)
    for folder in ("one", "two"):
        for number, name in enumerate(NAMES[:2]):
            repo.write(f"{folder}/{name}", save(gradient(64, 36, 40 * number), "x.png"))
        repo.write(f"{folder}/verify4k.yaml", "version: 1\nfiles: {a.png: 64x36, b.png: 64x36}\n")
    repo.commit()
    repo.write("two/b.png", GOOD)
    repo.write(
        "one/verify4k.yaml", "version: 1\ndefaults: {alpha: forbidden}\nfiles: {a.png: 64x36, b.png: 64x36}\n"
    )
    assert run("check", "--all", "--since", "HEAD", *REPORTS).code == 0
    assert part(repo.path) == {"checked": 3, "promised": 4, "chosen_by": ["--since HEAD"]}


def test_a_gate_is_told_that_a_statement_is_of_a_part(project: Path, run: Any) -> None:
    assert run("check", "a.png", *REPORTS).code == 0
    said = "a part: 1 of 4 promises, chosen by TARGET"
    for name in ("s.json", "sums"):
        outcome = run("verify-attestation", name, "--against", ".")
        assert (outcome.code, f"the result was WARNED, not PASSED:\n  {said}\n" in outcome.out) == (1, True)
        accepted = run("verify-attestation", name, "--against", ".", "--allow-warned")
        assert (accepted.code, said in accepted.out) == (0, True)
        answer = json.loads(run("verify-attestation", name, "--against", ".", "--format", "json").out)
        assert (answer["result"], answer["reasons"]) == ("WARNED", [said])


def test_from_python_too_a_part_is_called_one(project: Path) -> None:
    manifest = verify4k.load_manifest(project / "verify4k.yaml")
    report = verify4k.check(manifest, assets=manifest.assets[:1])
    assert (report.part, verify4k.check(manifest).part) == ((1, 4, ("assets",)), None)
