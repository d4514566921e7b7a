"""The GitHub Action: installs verify4k into a private environment, runs it once, keeps its exit code.

Inputs come as environment variables, so that no value is ever part of a script. Nothing but the
standard library is used here, and nothing of the checked repository is ever imported (``-I``).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import suppress
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LOCK = HOME / "action" / "requirements.txt"
ERROR = 2
REPORTS = {  # output -> format and file name
    "report-json": ("json", "verify4k.json"),
    "sarif-file": ("sarif", "verify4k.sarif"),
    "attestation-file": ("in-toto", "verify4k.intoto.json"),
    "predicate-file": ("predicate", "verify4k.predicate.json"),
    "checksums-file": ("sha256sums", "SHA256SUMS"),
    "": ("markdown", "summary.md"),
}
ELSEWHERE = {  # what would send pip to another place, or keep it from installing what the lock lists
    *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_DRY_RUN"),
    *("PIP_CONSTRAINT", "PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_GROUP"),
    *("PIP_PLATFORM", "PIP_PYTHON_VERSION", "PIP_IMPLEMENTATION", "PIP_ABI"),
}
FAILED = {"result": "error", "exit-code": str(ERROR), "findings": "0"}
RESULTS = {0: "passed", 1: "failed", 3: "undecided"}


def main() -> int:
    """Install, check, tell; return what the check returned, or 2 where that cannot be told."""
    try:
        return gate()
    except OSError as error:  # a file of the runner's: outputs, summary, temporary folder
        annotate(f"the runner's own files cannot be used: {error}")
        with suppress(OSError):
            write_outputs(FAILED)
        return ERROR


def gate() -> int:
    """Install, check, tell; return what the check returned. Raises `OSError` for what the runner lacks."""
    try:
        base = workplace()
        python = environment(base)
    except (OSError, subprocess.CalledProcessError) as error:
        annotate(f"verify4k could not be installed: {why(error)}")
        write_outputs(FAILED)
        return ERROR
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
    code, said = check(python, base, folder)
    show(said)
    if code in RESULTS and not (folder / REPORTS["report-json"][1]).exists():
        said, code = f"{said}\nno report was written (exit code {code})".strip(), ERROR
    if code not in RESULTS:
        annotate(said or f"verify4k ended with exit code {code}")
    summarize(folder, said, code)
    write_outputs(outputs(folder, code))
    return code


def workplace() -> Path:
    """Return our folder among the runner's temporary files; it is made where it is missing."""
    given = os.environ.get("RUNNER_TEMP", "")
    if not os.path.isabs(given):
        raise FileNotFoundError("RUNNER_TEMP names no folder: the runner sets it")
    base = Path(given) / "verify4k"
    base.mkdir(parents=True, exist_ok=True)
    return base


def why(error: Exception) -> str:
    """Return in words what kept verify4k from being installed."""
    if not isinstance(error, subprocess.CalledProcessError):
        return str(error)
    return f"{error.cmd[3]} ended with exit code {error.returncode}; the log says more"


def environment(base: Path) -> Path:
    """Return the Python of an environment that holds exactly what the lock lists."""
    folder = base / fingerprint()
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / scripts / ("python.exe" if os.name == "nt" else "python")
    ready = folder / "ready"
    if ready.exists():
        return python
    print("::group::verify4k: install", flush=True)
    if pip_reaches_out():
        run(sys.executable, "-I", "-m", "venv", "--clear", "--without-pip", str(folder))
        pip = [sys.executable, "-I", "-m", "pip", "--python", str(python)]
    else:
        run(sys.executable, "-I", "-m", "venv", "--clear", str(folder))
        pip = [str(python), "-I", "-m", "pip"]
    locked = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run(*pip, "install", *quiet, *locked, "-r", str(LOCK))
    library = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    # copied: on the path stands this package alone, not whatever lies beside it in a checkout
    shutil.copytree(
        HOME / "verify4k", Path(library) / "verify4k", ignore=shutil.ignore_patterns("__pycache__")
    )
    try:
        run(str(python), "-I", "-m", "verify4k", "--version")  # a pip.conf can send packages elsewhere
    except subprocess.CalledProcessError as error:
        raise FileNotFoundError(
            "its packages are not where pip was told to put them: see pip.conf"
        ) from error
    ready.touch()
    print("::endgroup::", flush=True)
    return python


def fingerprint() -> str:
    """Return what an environment depends on: this Python, the lock and verify4k itself."""
    digest = hashlib.sha256(f"{sys.version}\0{sys.prefix}\0".encode())
    digest.update(LOCK.read_bytes())
    for path in sorted((HOME / "verify4k").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"\0{path.relative_to(HOME)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def pip_reaches_out() -> bool:
    """Whether this Python's pip can install into another environment (22.3 or newer)."""
    asked = [sys.executable, "-I", "-m", "pip", "--python", sys.executable, "--version"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def run(*argv: str) -> None:
    """Run a command; what it prints belongs into the log. No setting sends pip to another place."""
    env = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, env=env)


def check(python: Path, base: Path, folder: Path) -> tuple[int, str]:
    """Run verify4k once for all reports; return its exit code and what it said besides."""
    argv = [
        str(python),
        "-I",
        "-X",
        "utf8",
        "-X",
        f"pycache_prefix={base / 'pycache'}",
        "-m",
        "verify4k",
        "check",
    ]
    argv.append("--format=github")
    argv += [f"--report={form}={folder / name}" for form, name in REPORTS.values()]
    argv += [f"--report={line}" for line in lines("V4K_REPORTS")]
    options = {
        "config": "MANIFEST",
        "fail-on": "FAIL_ON",
        "depth": "DEPTH",
        "since": "SINCE",
        "baseline": "BASELINE",
    }
    for option, name in options.items():
        value = os.environ.get(f"V4K_{name}", "")
        if value:
            argv.append(f"--{option}={value}")
    if os.environ.get("V4K_NO_IGNORES", "").strip().lower() not in {"", "false"}:
        argv.append("--no-ignores")
    argv += ["--", *lines("V4K_PATHS")]
    # what the check is asked stands in the inputs: no variable of the job selects, ignores or accepts
    env = {name: value for name, value in os.environ.items() if not name.upper().startswith("VERIFY4K_")}
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
    return done.returncode, done.stderr.decode("utf-8", "backslashreplace").strip()


def lines(name: str) -> list[str]:
    """Return the lines of an input that are not empty; spaces belong to file names."""
    return [line for line in os.environ.get(name, "").replace("\r\n", "\n").split("\n") if line.strip()]


def show(text: str) -> None:
    """Print text in which nothing is a command to the runner."""
    if text:
        token = secrets.token_hex(16)
        print(f"::stop-commands::{token}\n{text}\n::{token}::", flush=True)


def annotate(text: str) -> None:
    """Make an annotation of what kept verify4k from checking."""
    # some runners look for the last "::" of a line
    data = text[:4000].replace("::", r":\x3a").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::error title=verify4k::{data}", flush=True)


def summarize(folder: Path, said: str, code: int) -> None:
    """Append the tables to the step's summary, or the reason why there are none."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    tables = folder / "summary.md"
    if tables.exists():
        text = tables.read_text("utf-8")
    else:
        quoted = "".join(f"    {line}\n" for line in said[:4000].splitlines())
        text = f"## verify4k: ❌ nothing was checked (exit code {code})\n\n{quoted}"
    with open(path, "a", encoding="utf-8") as summary:
        summary.write(text + "\n")


def outputs(folder: Path, code: int) -> dict[str, str]:
    """Return the outputs; paths only of reports that were written."""
    found = {"result": RESULTS.get(code, "error"), "exit-code": str(code), "findings": "0"}
    for output, (_, name) in REPORTS.items():
        if output and (folder / name).exists():
            found[output] = str(folder / name)
    if "report-json" in found:
        report = json.loads(Path(found["report-json"]).read_text("utf-8"))
        found["findings"] = str(report["summary"]["findings"])
    return found


def write_outputs(found: dict[str, str]) -> None:
    """Append to GITHUB_OUTPUT; a delimiter that nobody can guess keeps values values."""
    path = os.environ.get("GITHUB_OUTPUT")
    if not path:
        return
    with open(path, "a", encoding="utf-8") as file:
        for name, value in found.items():
            mark = secrets.token_hex(16)
            file.write(f"{name}<<{mark}\n{value}\n{mark}\n")


if __name__ == "__main__":
    sys.exit(main())
