"""The action, run by the real nektos act on this host: jobs green and red, reports, hostile values."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from installed_tools import tool
from repositories import GOOD, SMALL, Repo, new_repo

CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683"  # act brings its own
TRAP = "import os\nopen(os.environ['OUT'] + '/PWNED', 'w')\n"
HEAD = f"""
on: push
permissions: {{}}
jobs:
  JOB:
    runs-on: ubuntu-latest
    steps:
      - uses: {CHECKOUT}
        with: {{persist-credentials: false}}
"""
TAIL = """
      - if: always()
        env: {GIVEN: "${{ toJSON(steps) }}"}
        run: |
          printf '%s' "$GIVEN" > "$OUT/JOB.json"
          mkdir "$OUT/JOB"
          cp -r "$RUNNER_TEMP"/verify4k/run-* ./*.html ./*.xml "$OUT/JOB/" || true
"""
GOOD_JOB = """
      - id: first
        uses: ./
        with: {manifest: good/verify4k.yaml}
      - id: second
        uses: ./
        with: {manifest: good/verify4k.yaml, paths: "good/a.png", depth: header}
"""
BAD_JOB = """
      - id: bad
        uses: ./
        with:
          manifest: bad/verify4k.yaml
          reports: |
            html=bad.html
            junit=two words.xml
"""
ODD_JOB = """
      - {id: undecided, uses: ./, continue-on-error: true, with: {manifest: odd/undecided.yaml}}
      - {id: mistake, uses: ./, continue-on-error: true, with: {manifest: odd/mistake.yaml}}
      - {id: missing, uses: ./, continue-on-error: true, with: {manifest: "gone.yaml; touch $OUT/PWNED"}}
      - {id: paths, uses: ./, continue-on-error: true, with: {manifest: good/verify4k.yaml, paths: "$(touch $OUT/PWNED)"}}
      - {id: option, uses: ./, continue-on-error: true, with: {manifest: good/verify4k.yaml, paths: "--allow-empty"}}
      - {id: level, uses: ./, continue-on-error: true, with: {manifest: good/verify4k.yaml, fail-on: "error\\n::error::injected"}}
      - {id: python, uses: ./, continue-on-error: true, with: {python: "python3; touch $OUT/PWNED"}}
      - {id: report, uses: ./, continue-on-error: true, with: {manifest: good/verify4k.yaml, reports: "json=/no/such/x"}}
      - {id: names, uses: ./, continue-on-error: true, with: {manifest: odd/names.yaml}}
      - {id: accepted, uses: ./, continue-on-error: true, with: {manifest: bad/verify4k.yaml, baseline: bad/base.json}}
      - {id: strict, uses: ./, continue-on-error: true, with: {manifest: bad/verify4k.yaml, baseline: bad/base.json, no-ignores: true}}
      - {id: since, uses: ./, continue-on-error: true, with: {manifest: bad/verify4k.yaml, since: HEAD}}
      - {id: trapped, uses: ./, env: {PYTHONPATH: ".", PYTHONSTARTUP: yaml.py}, with: {manifest: good/verify4k.yaml}}
"""


ATTEMPTS = 3


class Ran(NamedTuple):
    """What act did: every line of its log, and the outputs of each job's steps."""

    events: list[dict[str, Any]]
    steps: dict[str, dict[str, Any]]
    out: Path

    def outputs(self, step: str) -> dict[str, str]:
        found: dict[str, str] = next(job[step]["outputs"] for job in self.steps.values() if step in job)
        return found

    def job(self, name: str) -> str:
        return next(str(e["jobResult"]) for e in self.events if e.get("jobID") == name and "jobResult" in e)

    def commands(self, step: str, command: str) -> list[dict[str, Any]]:
        """What the runner took for a command in the output of one step."""
        return [e for e in self.events if e.get("command") == command and step in e.get("stepID", ())]

    def swallowed(self) -> bool:
        """Whether a step that ended with an error said nothing.

        On a busy machine act's pseudo-terminal loses what comes with the end of a process.
        """
        silent = [step for step, _, code in CODES if code == "2" and not self.commands(step, "error")]
        return any(self.outputs(step)["exit-code"] == "2" for step in silent)

    def report(self, step: str, output: str) -> str:
        """Text of a report that a step wrote."""
        path = Path(self.outputs(step)[output])
        [copy] = self.out.glob(f"*/{path.parent.name}/{path.name}")
        return copy.read_text("utf-8")

    def summary(self, step: str) -> str:
        return next(
            str(e["content"]) for e in self.events if e.get("command") == "summary" and step in e["stepID"]
        )


def user_project(repo: Repo) -> None:
    """Write a repository that is the action itself, with good, bad and odd promises."""
    repo.write("good/a.png", GOOD)
    repo.write("good/verify4k.yaml", "version: 1\nfiles: {a.png: 64x36}\n")
    for number in range(12):
        repo.write(f"bad/{number}.png", SMALL + (b"\n" if number == 1 else b"x" * number))
    repo.write("bad/verify4k.yaml", 'version: 1\nfiles:\n  "*.png": {size: 64x36, same-as-others: allowed}\n')
    repo.write("odd/undecided.xcf", b"gimp xcf v011" + bytes(64))
    repo.write("odd/undecided.yaml", "version: 1\nfiles: {undecided.xcf: {}}\n")
    repo.write("odd/mistake.yaml", "version: 1\nfiles: {a.png: 64x}\n")
    names = [
        "::error::injected.png",
        "a\n::error::injected.png",
        "##[error]x.png",
        "$(touch PWNED)`id`.png",
        "%0A::x.png",
    ]
    for name in names:
        repo.write(f"odd/{name}", SMALL)
    repo.write("odd/names.yaml", 'version: 1\nfiles: {"*.png": {size: 64x36, same-as-others: allowed}}\n')
    for module in ("click", "yaml", "json", "sitecustomize", "usercustomize", "pillow_heif", "hashlib"):
        repo.write(f"{module}.py", TRAP)
    for name, body in (("good", GOOD_JOB), ("bad", BAD_JOB), ("odd", ODD_JOB)):
        repo.write(
            f".github/workflows/{name}.yml",
            (HEAD + body.lstrip("\n") + TAIL.lstrip("\n")).replace("JOB", name),
        )


@pytest.fixture(scope="session")
def ran(shipped: Repo, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run all workflows once."""
    act = tool("act")
    folder = tmp_path_factory.mktemp("act")
    repo = new_repo(folder / "project", environment)
    repo.git("pull", "-q", str(shipped.path), "HEAD")
    user_project(repo)
    repo.commit()
    out = folder / "out"
    env = environment | {"XDG_CACHE_HOME": str(folder / "cache"), "OUT": str(out)}
    subprocess.run(
        ["verify4k", "check", "-q", "-c", "bad/verify4k.yaml", "--write-baseline", "bad/base.json"],
        cwd=repo.path, env=env, check=False, capture_output=True,
    )  # fmt: skip
    repo.commit()
    argv = [act, "push", "--json", "-P", "ubuntu-latest=-self-hosted", "--env", f"OUT={out}"]
    for _ in range(ATTEMPTS):
        found = once(argv, repo, env, out)
        if not found.swallowed():
            break
    return found


def once(argv: list[str], repo: Repo, env: dict[str, str], out: Path) -> Ran:
    """Run all workflows; what an earlier attempt has left is gone."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    done = subprocess.run(
        argv, cwd=repo.path, env=env, capture_output=True, text=True, errors="replace", check=False
    )
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    steps = {path.stem: json.loads(path.read_text()) for path in out.glob("*.json")}
    assert steps.keys() == {"good", "bad", "odd"}, done.stdout[-3000:] + done.stderr[-3000:]
    return Ran(events, steps, out)


def test_a_good_project_makes_the_job_green_and_fills_the_outputs(ran: Ran) -> None:
    assert ran.job("good") == "success"
    outputs = ran.outputs("first")
    assert (outputs["result"], outputs["exit-code"], outputs["findings"]) == ("passed", "0", "0")
    assert json.loads(ran.report("first", "report-json"))["assets"][0]["target"] == "a.png"
    assert json.loads(ran.report("first", "sarif-file"))["runs"][0]["results"] == []
    statement = json.loads(ran.report("first", "attestation-file"))
    assert statement["predicate"] == json.loads(ran.report("first", "predicate-file"))
    assert statement["predicate"]["result"] == "PASSED"
    digest = statement["subject"][0]["digest"]["sha256"]
    assert f"{digest}  good/a.png" in ran.report("first", "checksums-file")
    assert "Every promise holds" in ran.summary("first")
    assert not ran.commands("first", "error")


def test_a_second_step_of_a_job_installs_nothing(ran: Ran) -> None:
    assert ran.commands("first", "group")
    assert not ran.commands("second", "group")
    assert json.loads(ran.report("second", "report-json"))["assets"][0]["depth"] == "header"


def test_a_bad_project_makes_the_job_red_after_every_report_is_written(ran: Ran) -> None:
    assert ran.job("bad") == "failure"
    outputs = ran.outputs("bad")
    assert (outputs["result"], outputs["exit-code"], outputs["findings"]) == ("failed", "1", "23")
    assert json.loads(ran.report("bad", "attestation-file"))["predicate"]["result"] == "FAILED"
    assert len(json.loads(ran.report("bad", "sarif-file"))["runs"][0]["results"]) == 23
    assert "Promises are broken" in ran.summary("bad")
    assert "bad/11.png" in ran.summary("bad")
    assert {path.name for path in (ran.out / "bad").glob("*.*ml")} == {"bad.html", "two words.xml"}


def test_annotations_stand_on_the_manifests_line_and_are_ten_a_level(ran: Ran) -> None:
    errors = ran.commands("bad", "error")
    assert len(errors) == 10
    assert errors[0]["kvPairs"] == {
        "title": "verify4k (exact-size)", "file": "bad/verify4k.yaml", "line": "3", "col": "13",
    }  # fmt: skip
    assert "13 more errors" in errors[-1]["arg"]
    assert len(ran.commands("bad", "warning")) == 1


CODES = [
    ("undecided", "undecided", "3"),
    ("mistake", "error", "2"),
    ("missing", "error", "2"),
    ("paths", "error", "2"),
    ("option", "error", "2"),
    ("level", "error", "2"),
    ("python", "error", "2"),
    ("report", "error", "2"),
    ("names", "failed", "1"),
    ("accepted", "passed", "0"),
    ("strict", "failed", "1"),
    ("since", "passed", "0"),
    ("trapped", "passed", "0"),
]


@pytest.mark.parametrize(("step", "result", "code"), CODES)
def test_the_exit_code_is_kept_and_named(step: str, result: str, code: str, ran: Ran) -> None:
    outputs = ran.outputs(step)
    assert (outputs["result"], outputs["exit-code"]) == (result, code)
    assert ran.steps["odd"][step]["outcome"] == ("success" if code == "0" else "failure")


@pytest.mark.parametrize("step", [step for step, _, code in CODES if code == "2"])
def test_what_kept_it_from_checking_is_one_annotation_and_nothing_else(step: str, ran: Ran) -> None:
    [error] = ran.commands(step, "error")
    assert error["kvPairs"] == {"title": "verify4k"}
    assert error["arg"].strip()


def test_no_value_and_no_file_name_becomes_a_command_or_code(ran: Ran) -> None:
    assert not (ran.out / "PWNED").exists()
    errors = ran.commands("names", "error")
    assert len(errors) == 5
    assert {e["kvPairs"]["title"] for e in errors} == {"verify4k (exact-size)"}
    assert len(json.loads(ran.report("names", "report-json"))["assets"]) == 5
