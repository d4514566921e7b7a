"""What is published: the archives by the tools that judge them, the placeholders by the script that fills them."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from installed_tools import ROOT, script, tool

import verify4k

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheel and sdist, the wheel built from the sdist, with the build tools that are installed here."""
    for name in ("build", "hatchling", "hatch_fancy_pypi_readme"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    folder: Path = tmp_path_factory.mktemp("dist")
    argv = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_archives_satisfy_the_index_and_hold_nothing_that_is_not_ours(archives: Path) -> None:
    names = [str(path) for path in sorted(archives.iterdir())]
    assert len(names) == 2
    for argv in ([tool("twine"), "check", "--strict", *names], [tool("check-wheel-contents"), names[0]]):
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(names[0]) as wheel:
        assert {name.partition("/")[0] for name in wheel.namelist()} == {
            "verify4k",
            f"verify4k-{verify4k.__version__}.dist-info",
        }


def test_the_source_archive_has_all_that_its_pages_speak_of(archives: Path) -> None:
    [sdist] = archives.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "action/run.sh",
        "action.yml",
        "examples/sample/verify4k.yaml",
        "scripts/test.sh",
        "SECURITY.md",
    ):
        assert name in held
    assert not [name for name in held if "__pycache__" in name or name.startswith((".venv", ".git/"))]


def test_every_link_of_the_index_page_is_whole(archives: Path) -> None:
    [wheel] = archives.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_bytes(archive.read(f"verify4k-{verify4k.__version__}.dist-info/METADATA"))
    page = str(metadata.get_payload())
    links = re.findall(r"\]\(([^)\s]+)\)", page)
    assert links
    assert all(link.startswith(("https://", "#")) for link in links)
    for link in links:
        inside = re.fullmatch(r"https://github\.com/[^/]+/verify4k/(?:raw|blob)/v[^/]+/([^#]+)(?:#.*)?", link)
        assert inside is None or (ROOT / inside[1]).exists(), link
    assert {name.partition(",")[0] for name in metadata.get_all("Project-URL", [])} >= {
        "Homepage",
        "Changelog",
        "Issues",
    }


def test_the_workflows_fit_the_schema_and_name_every_action_by_its_commit() -> None:
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        argv = [tool("check-jsonschema"), "--builtin-schema", schema, *map(str, WORKFLOWS)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    for path in WORKFLOWS:
        for used in re.findall(r"uses: (\S+)", path.read_text("utf-8")):
            assert used == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), used


def test_the_auditor_finds_nothing_in_the_workflows_and_their_updates(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    audit = [tool("zizmor"), "--persona=auditor", "--offline", "--no-progress", str(tmp_path / ".github")]
    done = subprocess.run(audit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    argv = [
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.dependabot",
        str(ROOT / ".github/dependabot.yml"),
    ]
    assert subprocess.run(argv, capture_output=True, check=False).returncode == 0


def test_a_release_holds_no_secret_and_only_its_last_job_may_sign() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    assert "secrets." not in text
    jobs = yaml.safe_load(text)["jobs"]
    assert [name for name, job in jobs.items() if "id-token" in job["permissions"]] == ["publish"]
    assert not [
        step for step in jobs["publish"]["steps"] if "run" in step
    ]  # what may sign runs nothing of ours


def test_what_the_release_installs_is_what_the_tests_use() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    development = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]["dev"]
    wanted = {line.partition(">=")[0] for line in development}
    [line] = re.findall(r"pip install (.+)", text)
    assert {each.partition("==")[0] for each in line.split()} <= wanted


def test_the_inventory_names_every_locked_package(tmp_path: Path) -> None:
    folder = tmp_path / "verify4k.cdx.json"
    argv = [
        tool("cyclonedx-py"),
        "requirements",
        str(ROOT / "action/requirements.txt"),
        "--output-file",
        str(folder),
    ]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = {(each["name"], each["version"]) for each in json.loads(folder.read_text())["components"]}
    lock = (ROOT / "action/requirements.txt").read_text("utf-8")
    locked = {(name, number) for name, number in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE)}
    assert locked == listed


def test_the_templates_fit_the_schemas() -> None:
    folder = ROOT / ".github/ISSUE_TEMPLATE"
    forms = [str(path) for path in sorted(folder.glob("*.yml")) if path.name != "config.yml"]
    for schema, names in (("issue-forms", forms), ("issue-config", [str(folder / "config.yml")])):
        argv = [tool("check-jsonschema"), "--builtin-schema", f"vendor.github-{schema}", *names]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_every_page_names_the_version_that_the_package_states() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = path.read_text("utf-8")
        tags = re.findall(
            r"\brev: v(\d[\d.]+\d)|/verify4k(?:/raw|/blob)/v(\d[\d.]+\d)|(?<=0{40} # v)(\d[\d.]+\d)", text
        )
        assert {tag for found in tags for tag in found if tag} <= {verify4k.__version__}, path
    log = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(verify4k.__version__)} - \d{{4}}-\d\d-\d\d$", log, re.MULTILINE)


# -- what is filled in at a release ---------------------------------------------------------------


def _script() -> Any:
    return script("scripts/fill_in.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the package's first lines and a page, before anything is published."""
    (tmp_path / "verify4k").mkdir()
    (tmp_path / "verify4k/__init__.py").write_text(
        '__version__ = "1.2.0"\nREPOSITORY = "https://github.com/OWNER/verify4k"\n'
    )
    (tmp_path / "page.md").write_text(
        "<!-- until the first release -->\nNot yet.\n<!-- end -->\n"
        "rev: v1.1.0\nuses: OWNER/verify4k@"
        + "0" * 40
        + " # v1.1.0\nOWNER/verify4k/archive/"
        + "0" * 40
        + ".tar.gz\n"
        "https://github.com/OWNER/verify4k/raw/v1.1.0/x.json https://OWNER.github.io/verify4k the OWNER of it\n"
    )
    (tmp_path / "picture.png").write_bytes(b"\x89PNG OWNER/verify4k")
    for argv in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *argv], cwd=tmp_path, check=True)
    return tmp_path


def test_one_command_writes_owner_tag_and_schema_address_and_later_the_commit(checkout: Path) -> None:
    main = _script().main
    assert main("--owner", "acme", root=checkout) == 0
    page = (checkout / "page.md").read_text()
    assert page == (
        "rev: v1.2.0\nuses: acme/verify4k@"
        + "0" * 40
        + " # v1.1.0\nacme/verify4k/archive/"
        + "0" * 40
        + ".tar.gz\n"
        "https://github.com/acme/verify4k/raw/v1.2.0/x.json https://acme.github.io/verify4k the OWNER of it\n"
    )
    assert '"https://github.com/acme/verify4k"' in (checkout / "verify4k/__init__.py").read_text()
    assert (checkout / "picture.png").read_bytes() == b"\x89PNG OWNER/verify4k"
    assert main("--check", "--owner", "acme", root=checkout) == 0
    assert main("--commit", COMMIT, root=checkout) == 0
    page = (checkout / "page.md").read_text()
    assert f"acme/verify4k@{COMMIT} # v1.2.0" in page
    assert f"acme/verify4k/archive/{COMMIT}.tar.gz" in page


def test_the_next_release_moves_what_the_first_one_wrote(checkout: Path) -> None:
    main = _script().main
    main("--owner", "acme", "--commit", COMMIT, root=checkout)
    package = checkout / "verify4k/__init__.py"
    package.write_text(package.read_text().replace("1.2.0", "1.3.0"))
    assert main("--check", root=checkout) == 1
    assert main("--owner", "other", "--commit", COMMIT[::-1], root=checkout) == 0
    page = (checkout / "page.md").read_text()
    assert "acme" not in page
    assert page.startswith(f"rev: v1.3.0\nuses: other/verify4k@{COMMIT[::-1]} # v1.3.0\n")


@pytest.mark.parametrize(
    "argv", [("--owner", "a/b"), ("--owner", "-x"), ("--commit", "main"), ("--commit", COMMIT[:12])]
)
def test_what_is_no_account_and_no_commit_is_refused(argv: tuple[str, ...], checkout: Path) -> None:
    before = (checkout / "page.md").read_text()
    with pytest.raises(SystemExit):
        _script().main(*argv, root=checkout)
    assert (checkout / "page.md").read_text() == before


def test_everything_that_this_repository_names_is_found_by_the_script() -> None:
    fill = _script()
    left = []
    for path in fill.pages(ROOT):
        try:
            text = path.read_bytes().decode()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        after = fill.filled(text, fill.owner_now(ROOT), "acme", COMMIT, "9.9.9")
        if "OWNER/" in after or "until the first release -->" in after:
            left.append(path.name)
    assert [name for name in left if name not in ("__init__.py", "CONTRIBUTING.md")] == []


def test_reports_link_to_a_rules_page_once_there_is_one(
    monkeypatch: pytest.MonkeyPatch, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    argv = (
        "check",
        "--report",
        "sarif=s",
        "--report",
        "rdjson=r",
        "--report",
        "html=h",
        "--format",
        "github",
    )
    page = "/verify4k/blob/v" + verify4k.__version__ + "/docs/rules/readable.md"
    monkeypatch.setattr(verify4k, "REPOSITORY", "https://github.com/OWNER/verify4k")
    assert "page: " not in run(*argv).out
    assert not any("blob/v" in (tmp_path / name).read_text() for name in "srh")
    monkeypatch.setattr(verify4k, "REPOSITORY", "https://github.com/acme/verify4k")
    assert f"%0Apage: https://github.com/acme{page}" in run(*argv).out
    driver = json.loads((tmp_path / "s").read_text())["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == "https://github.com/acme/verify4k"
    assert f"https://github.com/acme{page}" in [rule["helpUri"] for rule in driver["rules"]]
    [told, *_] = json.loads((tmp_path / "r").read_text())["diagnostics"]
    assert told["code"]["url"].endswith(f"/docs/rules/{told['code']['value']}.md")
    assert f'href="https://github.com/acme{page}"' in (tmp_path / "h").read_text()
