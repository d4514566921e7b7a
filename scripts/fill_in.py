"""Writes who publishes verify4k, and the commit to pin, wherever the repository names them.

Usage: python scripts/fill_in.py --owner NAME [--commit SHA] [--check]. Every tracked text file is looked
at. The version is the one in verify4k/__init__.py, so that a tag on a page is never another one. Run it again
for the next release: it finds what it wrote before. With --check nothing is written, and exit code 1 says
that something would be.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
UNTOUCHED = ("scripts/fill_in.py", "tests/", "CHANGELOG.md")
NOTICE = re.compile(r"<!-- until the first release -->\n.*?<!-- end -->\n", re.DOTALL)


def version(root: Path) -> str:
    """Return the version that the package states."""
    found = re.search(
        r'^__version__ = "([^"]+)"', (root / "verify4k/__init__.py").read_text("utf-8"), re.MULTILINE
    )
    if found is None:
        raise SystemExit("verify4k/__init__.py states no version")
    return found[1]


def owner_now(root: Path) -> str:
    """Return the owner that the package names: OWNER until somebody is filled in."""
    text = (root / "verify4k/__init__.py").read_text("utf-8")
    found = re.search(r'^REPOSITORY = "https://github\.com/([\w.-]+)/verify4k"', text, re.MULTILINE)
    if found is None:
        raise SystemExit("verify4k/__init__.py names no repository")
    return found[1]


def filled(text: str, before: str, owner: str, commit: str | None, release: str) -> str:
    """Return a page with owner, tag and commit as they are to be."""
    text = text.replace(f"{before}/verify4k", f"{owner}/verify4k").replace(
        f"{before}.github.io", f"{owner}.github.io"
    )
    text = re.sub(r"(\brev: )v\d+\.\d+\.\d+\S*", rf"\g<1>v{release}", text)
    text = re.sub(rf"({owner}/verify4k(?:/raw|/blob)/v)\d+\.\d+\.\d+(?=/)", rf"\g<1>{release}", text)
    if commit is not None:  # a pin and the tag beside it change together
        text = re.sub(r"(?<=/verify4k@)[0-9a-f]{40} # v\S+", f"{commit} # v{release}", text)
        text = re.sub(rf"({owner}/verify4k/archive/)[0-9a-f]{{40}}", rf"\g<1>{commit}", text)
    return text if owner == "OWNER" else NOTICE.sub("", text)


def pages(root: Path) -> Iterator[Path]:
    """Yield every tracked file but those that speak of the placeholder itself."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if not name.startswith(UNTOUCHED):
            yield root / name


def main(*argv: str, root: Path = ROOT) -> int:
    """Write the files, or say which are not up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--owner", help="account or organisation on GitHub; by default the one that stands there"
    )
    parser.add_argument("--commit", help="40 hex digits: the commit that a release's tag names")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 if something differs"
    )
    given = parser.parse_args(argv)
    before = owner_now(root)
    owner = given.owner or before
    if not re.fullmatch(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}", owner):
        parser.error(f"{owner!a} is no account on GitHub: letters, digits and single hyphens")
    if given.commit is not None and not re.fullmatch(r"[0-9a-f]{40}", given.commit):
        parser.error("--commit takes 40 hex digits in lower case: git rev-parse v1.2.3^{commit}")
    stale = []
    for path in pages(root):
        try:
            text = path.read_bytes().decode()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        after = filled(text, before, owner, given.commit, version(root))
        if after != text:
            stale.append(path.relative_to(root).as_posix())
            if not given.check:
                path.write_bytes(after.encode())
    print("\n".join(stale) or "everything is filled in already")
    return 1 if given.check and stale else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
