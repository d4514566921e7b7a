"""Real git repositories for tests, away from the settings of whoever runs them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from typing import TYPE_CHECKING

from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

GOOD = save(gradient(64, 36), "x.png")
OTHER = save(gradient(64, 36, 50), "x.png")
SMALL = save(gradient(32, 18), "x.png")


def checked(outcome: Any) -> list[str]:
    """The targets in a JSON report."""
    return [asset["target"] for asset in json.loads(outcome.out)["assets"]]


def clean_environment(home: Path) -> dict[str, str]:
    """The environment without git's own variables and without anybody's configuration."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "VERIFY4K_"))}
    return env | {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "T",
        "GIT_AUTHOR_EMAIL": "t@example.org",
        "GIT_COMMITTER_NAME": "T",
        "GIT_COMMITTER_EMAIL": "t@example.org",
        "GIT_ALLOW_PROTOCOL": "file",
    }


class Repo:
    """A repository with a work tree; every call is the real git."""

    def __init__(self, path: Path, env: dict[str, str]) -> None:
        self.path = path
        self.env = env

    def git(self, *argv: str | bytes, stdin: bytes | None = None) -> str:
        """Run git; return what it prints."""
        done = subprocess.run(
            ["git", *argv], cwd=self.path, env=self.env, input=stdin, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, name: str, data: bytes | str) -> Path:
        """Write a file of the work tree."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def promise(self, *lines: str, head: str = "") -> None:
        """Write the manifest."""
        self.write("verify4k.yaml", f"version: 1\n{head}files:\n" + "".join(f"  {line}\n" for line in lines))

    def commit(self, *names: str) -> str:
        """Stage names (everything by default) and commit; return the commit."""
        self.git("add", "--", *(names or (".",)))
        self.git("commit", "-qm", "x", "--no-verify")
        return self.git("rev-parse", "HEAD")

    def stage_pointer(self, name: str, data: bytes) -> bytes:
        """Put the Git LFS pointer of ``data`` into the index, as the LFS clean filter would."""
        oid = hashlib.sha256(data).hexdigest()
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(data)}\n".encode()
        blob = self.git("hash-object", "-w", "--stdin", stdin=pointer)
        self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
        return pointer


def new_repo(path: Path, env: dict[str, str]) -> Repo:
    """Make an empty repository."""
    path.mkdir(parents=True, exist_ok=True)
    repo = Repo(path, env)
    repo.git("init", "-q", "-b", "main")
    return repo
