"""Say what is installed here, what each missing part switches off, and how to install it here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from verify4k.cli import Command
from verify4k.cli._output import colour_wanted, emit, styled
from verify4k.named_tuple import NamedTuple
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "Set up"


class Part(NamedTuple):
    """One thing that verify4k may use. ``found``: its version; empty: it is missing."""

    group: str
    name: str
    found: str
    without: str  # what its absence switches off
    install: str
    needed: bool = False


_PACKAGES = (  # distribution, module, extra, what is off without it
    ("numpy", "numpy", "", "nothing can be decoded"),
    ("pillow", "PIL", "", "nothing but JPEG and PNG can be decoded"),
    ("pyyaml", "yaml", "", "manifests in YAML cannot be read"),
    ("simplejpeg", "simplejpeg", "", "JPEG pixels cannot be decoded"),
    ("pyspng", "pyspng", "", "16-bit PNG pixels stay undecided (no wheel for Intel Macs and Windows on ARM)"),
    ("pillow-heif", "pillow_heif", "heic", "HEIC pixels stay undecided; headers are read all the same"),
    (
        "pillow-jxl-plugin",
        "pillow_jxl",
        "jxl",
        "JPEG XL pixels stay undecided; headers are read all the same",
    ),
    ("brotli", "brotli", "jxl", "packed metadata of JPEG XL stays undecided"),
    ("openexr", "OpenEXR", "exr", "OpenEXR pixels stay undecided; headers are read all the same"),
    ("c2pa-python", "c2pa", "c2pa", "rule provenance finds Content Credentials and cannot validate them"),
    ("s3fs", "s3fs", "s3", "promises of s3:// stay undecided"),
    ("gcsfs", "gcsfs", "gs", "promises of gs:// stay undecided"),
    ("watchfiles", "watchfiles", "watch", "verify4k watch"),
)
_OPTIONAL = frozenset({"pyspng"})
_CODECS = (("webp", "WebP"), ("avif", "AVIF"), ("libtiff", "compressed TIFF"), ("jpg_2000", "JPEG 2000"))
_PROGRAMS = (
    (
        "exiftool",
        "-ver",
        "rule metadata is undecided wherever it is asked",
        "libimage-exiftool-perl",
        "exiftool",
    ),
    ("git", "--version", "check --staged, --changed and what rules know of LFS", "git", "git"),
    ("git-lfs", "--version", "LFS files stay pointers, which check names as such", "git-lfs", "git-lfs"),
)
_SETTINGS = (
    "HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "SOURCE_DATE_EPOCH",
)  # fmt: skip


@click.command(cls=Command)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> int:
    """Say what is installed here, and what each missing part would switch off.

    Nothing is asked of the network. Exit codes: 0 whatever is missing is an extra, 3 something that
    checks cannot do without is missing.
    """
    parts = [*_runtime(), *_packages(), *_codecs(), *_programs(), *_surroundings()]
    if form == "json":
        import json

        emit(json.dumps([part._asdict() for part in parts], indent=2))
    else:
        emit("\n".join(_lines(parts, colour=colour_wanted(sys.stdout, os.environ))))
    return 3 if any(part.needed and not part.found for part in parts) else 0


def _lines(parts: list[Part], *, colour: bool) -> Iterator[str]:
    wide = max(len(part.name) for part in parts)
    for group in dict.fromkeys(part.group for part in parts):
        yield styled(group, "bold", colour=colour)
        for part in (each for each in parts if each.group == group):
            name = f"  {part.name:<{wide}}  "
            if part.found:
                ok = styled("ok", "green", colour=colour) + "  " if part.without else ""
                yield name + ok + printable(part.found)
                continue
            yield name + styled("missing", "red" if part.needed else "yellow", colour=colour)
            yield f"    off without it: {part.without}"
            yield f"    to install it:  {part.install}"
    missing = [part for part in parts if not part.found]
    needed = [part.name for part in missing if part.needed]
    yield (
        f"needed and missing: {', '.join(needed)}" if needed else "nothing that every check needs is missing"
    )


def _runtime() -> Iterator[Part]:
    import platform

    from verify4k import __version__

    yield Part(
        "verify4k", "verify4k", f"{__version__} in {os.path.dirname(os.path.dirname(__file__))}", "", ""
    )
    yield Part("verify4k", "python", f"{platform.python_version()} on {platform.platform()}", "", "")


def _packages() -> Iterator[Part]:
    for name, module, extra, without in _PACKAGES:
        group = "extras" if extra else "libraries"
        install = _install(name, extra)
        yield Part(group, name, _version(name, module), without, install, not extra and name not in _OPTIONAL)


def _version(name: str, module: str) -> str:
    """Return the version of a package that can be imported; a broken one counts as missing."""
    from importlib import import_module, metadata

    try:
        import_module(module)
        return metadata.version(name)
    except (ImportError, OSError, metadata.PackageNotFoundError):
        return ""


def _install(name: str, extra: str = "") -> str:
    """Return the command that installs a package beside this verify4k, by how that was installed."""
    if os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")):
        return f"pipx inject verify4k {name}"
    if os.path.exists(os.path.join(sys.prefix, "uv-receipt.toml")):
        return f"uv tool install --with {name} verify4k"
    requirement = f"'verify4k[{extra}]'" if extra else name
    return f"{printable(sys.executable)} -m pip install {requirement}"


def _codecs() -> Iterator[Part]:
    try:
        from PIL import features
    except ImportError:
        return
    for feature, said in _CODECS:
        supported = bool(features.check(feature))
        found = (features.version(feature) or "built in") if supported else ""
        yield Part(
            "codecs of Pillow", said, found, f"{said} cannot be decoded", _install("pillow"), needed=False
        )


def _programs() -> Iterator[Part]:
    from verify4k.files.programs import find_program

    for name, question, without, package, brewed in _PROGRAMS:
        path = find_program(name, os.environ)
        found = "" if path is None else f"{_answer(path, question)} ({path})"
        yield Part("programs", name, found, without, _system_install(package, brewed))


def _answer(path: str, question: str) -> str:
    """Return the first line that a program says of its version; no configuration file is run."""
    import subprocess

    config = ["-config", ""] if question == "-ver" else []
    try:
        done = subprocess.run([path, *config, question], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return f"does not start: {error}"
    return done.stdout.decode("utf-8", "replace").partition("\n")[0].strip() or f"exit code {done.returncode}"


def _system_install(package: str, brewed: str) -> str:
    from verify4k.files.programs import find_program

    for manager, line in (
        ("apt-get", f"apt-get install {package}"),
        ("dnf", f"dnf install {'perl-Image-ExifTool' if brewed == 'exiftool' else brewed}"),
        ("apk", f"apk add {brewed}"),
        ("brew", f"brew install {brewed}"),
        ("winget", f"winget install {brewed}"),
        ("choco", f"choco install {brewed}"),
    ):
        if find_program(manager, os.environ):
            return line
    return f"from your system's packages: {brewed}"


def _surroundings() -> Iterator[Part]:
    """Yield what is set here that changes a run; values that may hold a login are not told."""
    from verify4k.artifacts.fact_cache import facts_folder
    from verify4k.errors import UsageError
    from verify4k.files.http_cache import http_cache_folder
    from verify4k.manifest.discovery import discover

    try:
        manifest = discover(os.getcwd())
    except UsageError:
        manifest = "none from here upwards: verify4k init writes one, verify4k check --all looks below"
    yield Part("here", "manifest", manifest, "", "")
    names = [name for name in _SETTINGS if os.environ.get(name)]
    yield Part(
        "here",
        "network",
        f"set: {', '.join(names)}" if names else "no proxy, the system's certificates",
        "",
        "",
    )
    ours = sorted(name for name in os.environ if name.startswith("VERIFY4K_"))
    yield Part("here", "environment", f"set: {', '.join(ours)}" if ours else "no VERIFY4K_* is set", "", "")
    facts, bodies = facts_folder(os.environ), http_cache_folder(os.environ)
    kept = f"facts of files in {facts}, bodies of URLs in {bodies}" if facts else "nothing is kept: no HOME"
    yield Part("here", "cache", kept, "", "")
