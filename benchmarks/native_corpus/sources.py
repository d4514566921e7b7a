"""The source pictures: what sources.tsv lists, and where each was unpacked."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("sources.tsv")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, slots=True)
class Source:
    """One picture of one Debian package. ``split`` is dev (tuned on) or final (looked at once)."""

    split: str
    kind: str  # photo or art
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
        path = work / "src" / self.suite / self.package / self.path
        return path if path.exists() else None


def listed() -> list[Source]:
    rows = (line.rstrip("\n").split("\t") for line in TABLE.open() if line.strip() and line[0] != "#")
    return [Source(*row) for row in rows]


def fetch(work: Path) -> None:
    """Download each package with apt-get and unpack it with dpkg, without installing."""
    for suite in sorted({source.suite for source in listed()}):
        options = suite_options(work / f"apt-{suite}", suite)
        for package in sorted({s.package for s in listed() if s.suite == suite}):
            out = work / "src" / suite / package
            if out.exists():
                continue
            debs = work / "debs" / suite
            debs.mkdir(parents=True, exist_ok=True)
            subprocess.run(["apt-get", *options, "download", "-q", package], cwd=debs, check=True)
            out.mkdir(parents=True)
            deb = next(debs.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg", "-x", str(deb), str(out)], check=True)


def suite_options(state: Path, suite: str) -> list[str]:
    """Options of apt for a suite other than the machine's own, kept apart from the system's state."""
    state = state.resolve()
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
    subprocess.run(["apt-get", *options, "update", "-q"], check=True)
    return options
