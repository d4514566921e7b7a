"""`verify4k check` as its users see it: exit codes, streams, selection, bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pictures import gradient, save

from verify4k.__main__ import main
from verify4k.rule import Rule

GOOD = save(gradient(64, 36), "x.png")
SMALL = save(gradient(32, 18), "x.png")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "good.png").write_bytes(GOOD)
    (tmp_path / "small.png").write_bytes(SMALL)
    return tmp_path


def promise(folder: Path, *lines: str) -> None:
    (folder / "verify4k.yaml").write_text("version: 1\nfiles:\n" + "".join(f"  {line}\n" for line in lines))


@pytest.mark.parametrize(
    "text", ["version: 1\n", "version: 1\nfiles:\n", "version: 1\ndefaults: {alpha: any}\n"]
)
def test_a_manifest_that_promises_nothing_passes_only_where_that_is_allowed(
    text: str, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "verify4k.yaml").write_text(text)
    outcome = run("check")
    assert outcome.code == 2
    assert outcome.err.splitlines() == [
        "error: nothing to check: the manifest promises no file",
        "  add files: {PATH: SIZE, ...}, or let it be: --allow-empty",
    ]
    assert run("check", "--allow-empty").code == 0


# -- exit codes -----------------------------------------------------------------------------

CODES = [
    pytest.param(["good.png: 64x36"], [], 0, id="every promise holds"),
    pytest.param(["small.png: 64x36"], [], 1, id="a finding"),
    pytest.param(["gone.png: 64x36"], [], 1, id="a missing file"),
    pytest.param(["good.png: 64x36x1"], [], 2, id="a manifest mistake"),
    pytest.param([], [], 2, id="nothing to check"),
    pytest.param([], ["--allow-empty"], 0, id="nothing to check, allowed"),
    pytest.param(["good.png: 64x36"], ["--select", "byte-budget"], 2, id="no selected rule applies"),
    pytest.param(["good.png: 64x36", "small.png: 64x36"], ["good.png"], 0, id="only one target"),
    pytest.param(["good.png: 64x36"], ["nope.png"], 2, id="a target that nothing promises"),
    pytest.param(["good.png: 64x36"], ["--select", "exact-sise"], 2, id="an unknown rule"),
    pytest.param(["good.png: 64x36"], ["--format", "pdf"], 2, id="an unknown format"),
    pytest.param(["good.png: 64x36"], ["--report", "json"], 2, id="a report without a path"),
    pytest.param(
        ["good.png: 64x36"], ["--report", "json=no/such/folder/x"], 2, id="a report that cannot be written"
    ),
    pytest.param(["good.png: 64x36"], ["--nonsense"], 2, id="an unknown option"),
    pytest.param(["good.png: 64x36"], ["-c", "gone.yaml"], 2, id="a manifest that is not there"),
    pytest.param(["small.png: 64x36"], ["--ignore", "exact-size"], 0, id="the failing rule is left out"),
    pytest.param(
        ["gone.png: 64x36"], ["--ignore", "readable"], 3, id="without the gate a missing file is undecided"
    ),
    pytest.param(["good.png: {alpha: opaque, size: 64x36}"], ["--depth", "header"], 0, id="headers suffice"),
    pytest.param(["odd.xcf: 64x36"], [], 3, id="a format that cannot be read"),
    pytest.param(["odd.xcf: 64x36", "small.png: 64x36"], [], 1, id="a finding weighs more than undecided"),
]


@pytest.mark.parametrize(("lines", "argv", "code"), CODES)
def test_the_exit_code_tells_the_verdict(
    lines: list[str], argv: list[str], code: int, project: Path, run: Any
) -> None:
    (project / "odd.xcf").write_bytes(b"gimp xcf v011" + bytes(64))
    promise(project, *lines)
    outcome = run("check", *argv)
    assert outcome.code == code
    assert "Traceback" not in outcome.err
    if code == 2:
        assert "error:" in outcome.err or "verify4k.yaml:" in outcome.err


@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl", "github", "sarif", "junit"])
def test_the_format_never_changes_the_exit_code(form: str, project: Path, run: Any) -> None:
    for line, code in (("good.png: 64x36", 0), ("small.png: 64x36", 1)):
        promise(project, line)
        assert run("check", "--format", form, "--report", f"{form}=out.txt").code == code
        assert (project / "out.txt").stat().st_size >= 0


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_fail_on_sets_how_bad_is_too_bad(fail_on: str, code: int, project: Path, run: Any) -> None:
    (project / "good.png").write_bytes(GOOD + b"\n")
    promise(project, "good.png: 64x36")
    assert run("check", "--fail-on", fail_on).code == code


def test_alpha_that_only_pixels_can_tell_is_undecided_at_header_depth(project: Path, run: Any) -> None:
    image = gradient(64, 36).convert("RGBA")
    (project / "good.png").write_bytes(save(image, "x.png"))
    promise(project, "good.png: {alpha: opaque}")
    assert run("check").code == 0
    outcome = run("check", "--depth", "header")
    assert outcome.code == 3
    assert "no-stray-alpha" in outcome.out


def test_a_rule_that_crashes_is_undecided_and_the_others_go_on(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k import rule as registry

    def broken(_artifact: Any) -> Any:
        raise ZeroDivisionError("a bug")

    still = registry.registered()["still"]
    monkeypatch.setitem(registry._REGISTRY, "still", still._replace(check=broken))
    promise(project, "good.png: 64x36", "small.png: 64x36")
    outcome = run("check", "--format", "json")
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert {u["rule"] for u in report["undecided"]} == {"still"}
    assert {f["rule"] for f in report["findings"]} == {"exact-size"}


def test_a_crash_of_the_program_is_70_not_1(
    project: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.checking import engine

    monkeypatch.chdir(project)
    promise(project, "good.png: 64x36")
    monkeypatch.setattr(engine, "check", lambda *_a, **_k: 1 / 0)
    assert main(["check"]) == 70
    captured = capsys.readouterr()
    assert "verify4k crashed: ZeroDivisionError" in captured.err
    assert "Traceback" not in captured.err
    assert main(["check", "-v"]) == 70
    assert "Traceback" in capsys.readouterr().err


# -- what is said ----------------------------------------------------------------------------


def test_a_finding_names_promise_place_and_fix(project: Path, run: Any) -> None:
    promise(project, "small.png: {size: 4k-portrait}")
    out = run("check").out
    for words in (
        "small.png",
        "exact-size",
        "2160x3840",
        "32x18",
        "verify4k.yaml:3:15",
        "preset 4k-portrait",
        "fix",
    ):
        assert words in out


def test_findings_go_to_stdout_and_nothing_else_does(project: Path, run: Any) -> None:
    promise(project, "small.png: 64x36")
    outcome = run("check", "--format", "json")
    json.loads(outcome.out)
    assert outcome.err == ""


def test_quiet_prints_findings_only(project: Path, run: Any) -> None:
    promise(project, "good.png: 64x36")
    assert run("check", "-q").out == ""


def test_two_runs_print_the_same_bytes(project: Path, run: Any) -> None:
    promise(project, "good.png: 64x36", "small.png: 64x36", "gone.png: 1x1")
    first = run("check", "--format", "json", "-j", "4").out
    assert all(run("check", "--format", "json", "-j", jobs).out == first for jobs in ("1", "2", "4"))


def test_variables_of_the_environment_mirror_the_options(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(project, "small.png: 64x36")
    monkeypatch.setenv("VERIFY4K_FORMAT", "json")
    monkeypatch.setenv("VERIFY4K_IGNORE", "exact-size")
    outcome = run("check")
    assert outcome.code == 0
    assert json.loads(outcome.out)["summary"]["passed"] == 1


def test_targets_may_be_paths_folders_or_as_the_manifest_says(project: Path, run: Any) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "a.png").write_bytes(SMALL)
    promise(project, "good.png: 64x36", "sub/a.png: 64x36")
    for target in ("sub/a.png", "./sub/a.png", "sub", "sub/", str(project / "sub" / "a.png")):
        report = json.loads(run("check", "--format", "json", target).out)
        assert [asset["target"] for asset in report["assets"]] == ["sub/a.png"]


def test_severities_can_be_set_for_all_and_for_one(project: Path, run: Any) -> None:
    (project / "verify4k.yaml").write_text(
        "version: 1\nrules: {exact-size: warning}\nfiles:\n"
        "  small.png: {size: 64x36}\n  good.png: {size: 1x1, rules: {exact-size: off}}\n"
    )
    report = json.loads(run("check", "--format", "json").out)
    assert [(f["target"], f["severity"]) for f in report["findings"]] == [("small.png", "warning")]
    assert report["exit_code"] == 0


def test_a_rule_that_is_off_runs_when_selected(project: Path, run: Any) -> None:
    promise(project, "good.png: 64x36")
    assert run("check").code == 0
    outcome = run("check", "--select", "unlisted")
    assert outcome.code == 1
    assert "small.png" in outcome.out


# -- the surroundings --------------------------------------------------------------------------


def command(*argv: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "verify4k", *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def test_a_reader_that_leaves_gets_no_traceback_and_the_verdict_stays(project: Path) -> None:
    promise(project, *[f'"small{i}.png": 64x36' for i in range(3000)])
    with command("check", cwd=project) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_a_closed_stdout_leaves_the_verdict(project: Path) -> None:
    promise(project, "small.png: 64x36")
    shell = subprocess.run(  # noqa: S602 - a shell is what closes it
        f"'{sys.executable}' -m verify4k check >&-", shell=True, cwd=project, capture_output=True, check=False
    )
    assert (shell.returncode, shell.stderr) == (1, b"")


def test_options_that_leave_every_rule_out_are_told_from_an_empty_manifest(project: Path, run: Any) -> None:
    promise(project, "good.png: 64x36")
    for argv in (("--select", "exact-size", "--ignore", "exact-size"), ("--select", "metadata")):
        outcome = run("check", *argv)
        assert outcome.code == 2
        assert "the options leave out every rule that could be asked" in outcome.err
        assert "promises no file" not in outcome.err


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interruption_while_headers_are_read_ends_with_130_and_tells_what_was_done(
    name: str, project: Path
) -> None:
    how = signal.Signals[name]
    for number in range(40):
        (project / f"{number}.png").write_bytes(GOOD)
    promise(project, '"[0-9]*.png": 64x36')
    arguments = [".png", "check", "--depth", "header", "--format", "json"]
    stopping = [sys.executable, str(Path(__file__).with_name("stopping.py")), *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(stopping, cwd=project, stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"opened\n"
    process.send_signal(how)  # while the first file is held open and 39 wait
    out, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in out + err
    assert b"interrupted" in err
    report = json.loads(out)
    assert {asset["verdict"] for asset in report["assets"]} == {"undecided"}
    assert len(report["assets"]) == len(report["undecided"]) == 40


def test_an_init_whose_check_was_interrupted_writes_no_manifest(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.checking import engine

    (tmp_path / "a.png").write_bytes(GOOD)
    whole = engine.check

    def cut(*given: Any) -> Any:
        return whole(*given)._replace(exit_code=130)  # as a run ends that Ctrl-C stopped at a bad moment

    monkeypatch.setattr(engine, "check", cut)
    assert run("init").code == 130
    assert not (tmp_path / "verify4k.yaml").exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_read_only_folder_is_checked_like_any_other(project: Path, run: Any) -> None:
    promise(project, "good.png: 64x36")
    project.chmod(0o555)
    try:
        assert run("check").code == 0
    finally:
        project.chmod(0o755)


def test_a_file_that_vanishes_during_the_run_is_missing_not_a_crash(project: Path, run: Any) -> None:
    from verify4k import load_manifest
    from verify4k.checking.engine import check
    from verify4k.checking.scope import Scope
    from verify4k.files.source import FileSource

    promise(project, "good.png: 64x36", "small.png: 32x18")
    manifest = load_manifest(project / "verify4k.yaml")

    def vanishing(asset: Any) -> FileSource:
        Path(asset.path).unlink() if asset.target == "small.png" else None
        return FileSource(asset.path)

    report = check(Scope(manifest, manifest.assets, vanishing))
    assert [(f.rule, f.target) for f in report.findings] == [("readable", "small.png")]


def test_no_manifest_says_how_to_get_one(tmp_path: Path, run: Any) -> None:
    (tmp_path / ".git").mkdir()
    outcome = run("check")
    assert outcome.code == 2
    assert "verify4k init" in outcome.err


def test_every_rule_is_in_the_report_with_its_answer(project: Path, run: Any) -> None:
    from verify4k.rules import all_rules

    promise(project, "good.png: 64x36")
    [asset] = json.loads(run("check", "--format", "json").out)["assets"]
    assert set(asset["rules"]) == set(all_rules())
    assert asset["rules"]["exact-size"] == "holds"
    assert asset["rules"]["byte-budget"] == "not-asked"
    assert isinstance(all_rules()["still"], Rule)


def test_a_fallback_that_the_manifest_allows_is_a_warning_until_the_real_size_is_there(
    project: Path, run: Any
) -> None:
    (project / "art.png").write_bytes(save(gradient(1024, 1024), "x.png"))
    wish = 'generate: {prompt: "x", critical: false, fallback: [1024x1024]}'
    promise(project, f"art.png: {{size: 2048x2048, {wish}}}")
    report = json.loads(run("check", "--format", "json").out)
    assert [(f["rule"], f["severity"]) for f in report["findings"]] == [("exact-size", "warning")]
    assert report["exit_code"] == 0
    promise(project, 'art.png: {size: 2048x2048, generate: {prompt: "x"}}')
    assert run("check").code == 1
