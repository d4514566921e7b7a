"""The house has one way through it: imports point along it, heavy ones stay off the start-up path."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import verify4k

PACKAGE = Path(verify4k.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# what a part of the house must not know; everything else it may
FORBIDDEN = {
    "formats": ("rules", "engine", "judging", "report", "reporters", "cli", "manifest", "model", "artifact", "analysis", "generate", "routes"),
    "analysis": ("formats", "rules", "engine", "judging", "report", "reporters", "cli", "manifest", "artifact", "source"),
    "rules": ("engine", "judging", "plan", "reporters", "reporting", "cli", "manifest", "generate", "routes", "transport", "source"),
    "reporters": ("engine", "judging", "plan", "rules", "cli", "manifest", "artifact", "source", "formats", "analysis", "generate", "routes", "transport"),
    "git": ("engine", "judging", "rules", "reporters", "reporting", "cli", "generate", "routes", "transport"),
    "engine.py": ("reporters", "reporting", "cli", "generate", "routes", "transport"),
    "judging.py": ("engine", "reporters", "reporting", "cli", "generate", "routes", "transport"),
    "artifact.py": ("engine", "judging", "plan", "rules", "reporters", "reporting", "cli", "manifest", "generate", "routes"),
    "manifest.py": ("engine", "judging", "artifact", "reporters", "reporting", "cli", "formats", "analysis"),
    "model.py": ("engine", "manifest", "artifact", "rules", "reporters", "cli", "source"),
    "report.py": ("engine", "manifest", "artifact", "rules", "reporters", "cli", "source", "model"),
    "source.py": ("engine", "manifest", "artifact", "rules", "reporters", "cli", "model"),
}  # fmt: skip


def runtime_imports(path: Path) -> set[str]:
    """Parts of verify4k that a module imports, type-checking blocks left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found.update(name.split(".")[1] for name in names if name.startswith("verify4k."))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text()))
    return found


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_point_one_way(part: str) -> None:
    modules = [PACKAGE / part] if part.endswith(".py") else sorted((PACKAGE / part).rglob("*.py"))
    assert modules
    for module in modules:
        wrong = runtime_imports(module) & set(FORBIDDEN[part])
        assert not wrong, f"{module.relative_to(PACKAGE)} imports {sorted(wrong)}"


def loaded_after(code: str, cwd: Path) -> set[str]:
    script = f"import sys\nfrom verify4k.__main__ import main\ntry:\n    {code}\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=cwd
    )
    return set(process.stderr.split())


HEAVY = {"PIL", "numpy", "exiftool", "simplejpeg", "pyspng"}
NETWORK = {"http.client", "urllib.request", "urllib3", "httpx", "ssl", "socket"}


@pytest.mark.parametrize(
    "call",
    [
        "main(['--help'])",
        "main(['size', '3840x2160'])",
        "main(['rules'])",
        "main(['check', '-c', 'bad.yaml'])",
    ],
)
def test_help_size_and_manifest_mistakes_load_nothing_heavy(call: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("version: 1\nfiles: {a.png: 0x0}\n")
    assert not (HEAVY | NETWORK) & loaded_after(call, tmp_path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif"])
def test_a_run_at_header_depth_decodes_nothing(suffix: str, tmp_path: Path) -> None:
    from pictures import gradient, save  # large enough for the analyses to be asked

    (tmp_path / f"a.{suffix}").write_bytes(save(gradient(2048, 1152), f"a.{suffix}"))
    (tmp_path / "verify4k.yaml").write_text(
        f"version: 1\nfiles: {{a.{suffix}: {{size: 2048x1152, alpha: forbidden}}}}\n"
    )
    for call in (
        "main(['check', '--depth', 'header'])",
        f"main(['inspect', '--depth', 'header', 'a.{suffix}'])",
    ):
        assert not (HEAVY | NETWORK) & loaded_after(call, tmp_path)


def test_a_full_check_of_a_small_png_needs_neither_pillow_nor_numpy(tmp_path: Path) -> None:
    from pictures import gradient, save

    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36}\n")
    assert not (HEAVY | NETWORK) & loaded_after("main(['check'])", tmp_path)


def test_checking_what_can_be_generated_imports_no_network_code(tmp_path: Path) -> None:
    from pictures import gradient, save

    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "a.png"))
    (tmp_path / "verify4k.yaml").write_text(
        "version: 1\ngenerate: {route: placeholder}\nfiles: {a.png: {size: 64x36, generate: {prompt: x}}}\n"
    )
    assert not NETWORK & loaded_after("main(['check'])", tmp_path)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_its_job_and_stays_small(module: Path) -> None:
    text = module.read_text()
    assert ast.get_docstring(ast.parse(text)), "the first line of a module is its job"
    assert text.count("\n") <= 300
    assert module.stem not in {"utils", "helpers", "common", "misc", "base", "manager"}


def test_importing_the_package_loads_nothing_of_it() -> None:
    script = "import sys, verify4k; print(*[m for m in sys.modules if m.startswith('verify4k')])"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["verify4k"]
