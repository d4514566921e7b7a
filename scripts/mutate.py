"""Mutation testing of one wing of the package.

Usage: python scripts/mutate.py WING [COUNT] [SEED]

A developer's tool, never run in CI. Takes COUNT mutants of the wing at random (all without COUNT), runs
the wing's tests on each in a copy of the checkout, and prints the score and every survivor's change.
The tests that name the mutated module run first; only what they let through is asked of all of them.
Left out are mutants of annotations and of `if TYPE_CHECKING`, which nothing reads at run time, and of a
rule's examples: those are tests themselves, and any size does for the picture of one that passes.
"""

from __future__ import annotations

import ast
import filecmp
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "options": "tests/options tests/manifest tests/rules/test_shape_borders.py",
    "manifest": "tests/manifest tests/checking tests/generate/test_planning.py tests/generate/test_schema.py "
    "tests/generate/test_single.py",
    "checking": "tests/checking tests/test_check.py",
    "rules": "tests/rules tests/checking/test_plan.py",
    "report": "tests/test_report.py tests/checking tests/reporters/test_every_reporter.py "
    "tests/reporters/test_report_formats.py tests/reporters/test_report_json.py",
}
SOUND = "sound"  # beside the copy: the package without a fault
CONFIG = """[cosmic-ray]
module-path = [{modules}]
timeout = 1800.0
excluded-modules = []
test-command = "{python} scripts/mutate.py --judge {wing}"
[cosmic-ray.distributor]
name = "local"
"""


def main(wing: str, count: int = 0, seed: int = 1) -> int:
    """Run and report."""
    gone = [each for each in TESTS[wing].split() if not (ROOT / each).exists()]
    if gone:
        sys.exit(f"there is no {', '.join(gone)}: correct TESTS")
    with tempfile.TemporaryDirectory(prefix="verify4k-mutants-") as folder:
        copy = Path(folder) / "copy"
        names = ("verify4k", "tests", "docs", "examples", "scripts", "pyproject.toml", "README.md")
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, copy / name)
        # judged by content: a mutant may be as long as the original, and written in the same second
        options = ("-q", "--invalidation-mode", "checked-hash", "verify4k")
        subprocess.run([sys.executable, "-m", "compileall", *options], cwd=copy, check=True)
        shutil.copytree(copy / "verify4k", Path(folder) / SOUND)
        listed = ", ".join(f'"{each.relative_to(copy)}"' for each in _modules(copy / "verify4k", wing))
        text = CONFIG.format(modules=listed, python=sys.executable, wing=wing)
        (copy / "mutants.toml").write_text(text, encoding="utf-8")
        session = Path(folder) / "session.sqlite"
        _cosmic(copy, "init", "mutants.toml", str(session))
        total, taken = _sample(session, copy, count, seed)
        print(f"{wing}: {taken} of {total} mutants, seed {seed}", flush=True)
        _cosmic(copy, "exec", "mutants.toml", str(session))
        return _report(session)


def judge(wing: str) -> int:
    """Run the tests on the mutant that stands here; not 0: one failed."""
    here, sound = ROOT / "verify4k", ROOT.parent / SOUND
    names: set[str] = set()
    for module in _modules(here, wing):
        if not filecmp.cmp(module, sound / module.relative_to(here), shallow=False):
            names |= {module.stem.strip("_"), module.stem.strip("_").replace("_", "-")}
    tests = [ROOT / each for each in TESTS[wing].split()]
    named = re.compile(rf"\b_?({'|'.join(names)})\b")
    for each in [file for test in tests for file in [test, *test.rglob("test_*.py")] if file.is_file()]:
        names |= {each.stem} if named.search(each.read_text("utf-8")) else set()
    these = " or ".join(sorted(names))
    options = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly")
    for part in (these, f"not ({these})"):
        pytest = [sys.executable, "-m", "pytest", *options, "-k", part, *map(str, tests)]
        status = subprocess.run(pytest, check=False).returncode
        if status not in (0, 5):  # 5: no test is of this part
            return status
    return 0


def _modules(package: Path, wing: str) -> list[Path]:
    path = package / wing
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def _cosmic(copy: Path, *argv: str) -> None:
    program = [sys.executable, "-c", "from cosmic_ray.cli import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([*program, *argv], cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)


def _left_out(path: Path) -> set[tuple[int, int]]:
    """Every place (line, column) of an annotation, of a test for type checking, or of a rule's examples."""
    found: set[tuple[int, int]] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        examples = node.value if isinstance(node, ast.keyword) and node.arg == "examples" else None
        checked = node.test if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) else None
        for each in (getattr(node, "annotation", None), getattr(node, "returns", None), examples, checked):
            if not isinstance(each, ast.expr):
                continue
            end, behind = each.end_lineno or each.lineno, each.end_col_offset or 0
            for line in range(each.lineno, end + 1):
                first, last = each.col_offset if line == each.lineno else 0, behind if line == end else 200
                found |= {(line, column) for column in range(first, last + 1)}
    return found


def _sample(session: Path, copy: Path, count: int, seed: int) -> tuple[int, int]:
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "select job_id, module_path, start_pos_row, start_pos_col from mutation_specs order by "
            "module_path, operator_name, occurrence"
        ).fetchall()
        places = {name: _left_out(copy / name) for name in {row[1] for row in rows}}
        real = [row[0] for row in rows if (row[2], row[3]) not in places[row[1]]]
        dice = random.Random(seed)  # noqa: S311 - a sample, no secret
        taken = set(dice.sample(real, min(count or len(real), len(real))))
        for (job,) in database.execute("select job_id from work_items").fetchall():
            if job not in taken:
                database.execute("delete from mutation_specs where job_id = ?", (job,))
                database.execute("delete from work_items where job_id = ?", (job,))
    return len(real), len(taken)


def _report(session: Path) -> int:
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "select module_path, operator_name, start_pos_row, test_outcome, diff, output "
            "from mutation_specs join work_results using (job_id) order by module_path, start_pos_row"
        ).fetchall()
    late = [row for row in rows if row[5] == "timeout"]  # it may be caught, or its tests were slow
    rows = [row for row in rows if row not in late]
    survivors = [row for row in rows if "SURVIVED" in str(row[3]).upper()]
    for module, operator, line, _, diff, _ in survivors:
        changed = [
            text for text in str(diff).splitlines() if text[:1] in "+-" and text[:3] not in ("+++", "---")
        ]
        print(f"survived: {module}:{line} {operator}", *changed, sep="\n    ")
    for module, operator, line, *_ in late:
        print(f"not judged, its tests took too long: {module}:{line} {operator}")
    print(f"caught {len(rows) - len(survivors)} of {len(rows)}", flush=True)
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--judge":
        sys.exit(judge(sys.argv[2]))
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
