"""The house has floors: imports point downwards, no circle anywhere, heavy ones stay off the start-up path."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import verify4k

PACKAGE = Path(verify4k.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# lowest first; parts of one floor know nothing of each other. A part is a folder or a module of the root.
FLOORS = (
    ("errors", "named_tuple", "suggest", "text"),
    ("analysis", "documents", "formats", "net"),
    ("files", "options", "pages"),
    ("contract", "model", "report"),
    ("artifacts", "provenance", "reporters"),
    ("routes", "rule", "steps"),
    ("rules",),
    ("checking", "manifest"),
    ("generate", "git"),
    ("api", "importers"),
    ("scopes", "sites"),
    ("cli", "plugins"),
    ("__main__",),
)
LEVEL = {part: level for level, floor in enumerate(FLOORS) for part in floor}
LARGEST_ROOT = 10  # modules, `__init__` and `__main__` counted


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {dotted(path): path for path in MODULES}


def imported(path: Path) -> set[str]:
    """Modules of verify4k that a module imports, inside functions too; type-checking blocks left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        names = []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            known = name
            while known and known not in NAMES:
                known = known.rpartition(".")[0]
            if known:
                found.add(known)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text()))
    return found


GRAPH = {name: imported(path) - {name} for name, path in NAMES.items()}


def part(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def test_every_part_has_a_floor_and_every_floor_its_parts() -> None:
    parts = {part(name) for name in NAMES} - {""}
    assert parts == set(LEVEL)


def test_imports_point_downwards() -> None:
    wrong = [
        f"{name} -> {other}"
        for name, others in GRAPH.items()
        for other in others
        if part(name)
        and part(other)
        and part(name) != part(other)
        and LEVEL[part(name)] <= LEVEL[part(other)]
    ]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_the_root_is_no_corridor() -> None:
    assert len([path for path in MODULES if path.parent == PACKAGE]) <= LARGEST_ROOT


def loaded_after(code: str, cwd: Path) -> set[str]:
    script = f"import sys\nfrom verify4k.__main__ import main\ntry:\n    {code}\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=cwd
    )
    return set(process.stderr.split())


LATE = {"concurrent.futures", "logging", "pickle", "tempfile", "urllib.parse"}  # a tenth of a small check
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
        assert not (HEAVY | NETWORK | LATE) & loaded_after(call, tmp_path)


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


def test_no_two_test_modules_share_a_name() -> None:
    """pytest imports a test module by its file's name alone: a second one of that name is not run but an error."""
    names = Counter(path.name for path in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_importing_the_package_loads_nothing_of_it() -> None:
    script = "import sys, verify4k; print(*[m for m in sys.modules if m.startswith('verify4k')])"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["verify4k"]
