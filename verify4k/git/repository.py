"""The one door to git: plumbing commands, bytes in and bytes out, nothing quoted, nothing asked.

Git sets GIT_DIR and GIT_INDEX_FILE while a hook runs (``git commit -a`` commits an index of its
own), so they are obeyed; what would change the output of a command (pagers, prompts, literal
path specs) is set here.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.files.programs import find_program
from verify4k.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")
_HERE = (*_PLACES, "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
_OURS = {
    "GIT_OPTIONAL_LOCKS": "0",  # a reader never writes the index back
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",  # a file called ":(top)x" is a file
    "LC_ALL": "C",
}
_OVERRIDING = ("GIT_EXTERNAL_DIFF", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS")
_KNOWN = (  # what people run into, by git's words (LC_ALL is C): what is wrong, and what to do
    (
        "not a git repository",
        "is not in a git repository",
        "start verify4k inside one; without git, check everything: leave --staged and --changed out",
    ),
    (
        "must be run in a work tree",
        "has no work tree: it is a bare repository, or inside .git",
        "start verify4k in a checkout",
    ),
    (
        "dubious ownership",
        "belongs to somebody else, so git does not read it",
        "say that this is meant: git config --global --add safe.directory FOLDER",
    ),
)


class GitError(UsageError):
    """A git command failed."""


class Repository:
    """A work tree and its index, as git sees them from ``top``."""

    def __init__(self, top: str, environ: Mapping[str, str]) -> None:
        self.top = top
        self._environ = environ

    def run(self, *argv: str) -> bytes:
        """Return what a git command prints. Raises `GitError` with git's own words."""
        return _git(argv, self.top, self._environ)

    def popen(self, *argv: str) -> subprocess.Popen[bytes]:
        """Start a git command that answers questions."""
        return subprocess.Popen(
            [_program(self._environ), *argv],
            cwd=self.top,
            env=dict(self._environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def submodule(self, folder: str) -> Repository | None:
        """Return the repository in a folder of this one; None when nothing is checked out there."""
        path = os.path.join(self.top, folder)
        if not os.path.isdir(path):
            return None
        return Repository(path, {key: value for key, value in self._environ.items() if key not in _HERE})

    def commit(self, name: str) -> str | None:
        """Return the id of the commit that ``name`` means; None when there is none."""
        if name.startswith("-"):  # no ref does, and old versions of git have no --end-of-options
            return None
        try:
            found = self.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitError:
            return None
        return found.decode("ascii").strip()

    def relative(self, path: str) -> str:
        """Return an absolute path as the index names it. Raises `UsageError` for one outside.

        Links on the way are left in it, for `verify4k.git.index.Index.find`: they change as files do.
        """
        top = os.path.realpath(self.top)
        before, above, behind = path.rpartition(f"{os.sep}{os.pardir}{os.sep}")
        written = os.path.join(os.path.realpath(before + above), behind) if above else path
        folder = os.path.realpath(os.path.dirname(path))  # a link itself is what the index holds
        for whole in (written, os.path.join(folder, os.path.basename(path))):
            try:
                inside = os.path.relpath(whole, top)
            except ValueError:  # another drive
                continue
            if inside.split(os.sep)[0] != os.pardir:
                return inside.replace(os.sep, "/")
        raise UsageError(f"{path} is not in the git work tree {self.top}", "start verify4k in its repository")


def find_repository(here: str, environ: Mapping[str, str]) -> Repository:
    """Find the repository around ``here``. Raises `GitError` when there is none, or no git."""
    env = {**environ, **_OURS}
    for name in _OVERRIDING:
        env.pop(name, None)
    if env.get("GIT_DIR") and not env.get("GIT_WORK_TREE"):
        # In a linked work tree git tells hooks GIT_DIR alone. That means "the work tree is where
        # you stand", which is wrong once a hook has changed into a subfolder.
        around = {name: value for name, value in env.items() if name not in _PLACES}
        with suppress(GitError):
            top = _top(here, around)
            if os.path.realpath(os.path.join(top, env["GIT_DIR"])) == _git_dir(here, around):
                return Repository(top, around)
    return Repository(_top(here, env), env)


def _top(here: str, env: Mapping[str, str]) -> str:
    return _path(_git(("rev-parse", "--show-toplevel"), here, env))


def _git_dir(here: str, env: Mapping[str, str]) -> str:
    return os.path.realpath(_path(_git(("rev-parse", "--absolute-git-dir"), here, env)))


def _path(line: bytes) -> str:
    return os.path.normpath(os.fsdecode(line.removesuffix(b"\n").removesuffix(b"\r")))


def _program(env: Mapping[str, str]) -> str:
    found = find_program("git", env)
    if found is None:
        hint = "install it: --staged, --changed and --since ask it, a plain check does not"
        raise GitError("git is not installed", hint)
    return found


def _git(argv: tuple[str, ...], cwd: str, env: Mapping[str, str]) -> bytes:
    try:
        done = subprocess.run(
            [_program(env), *argv],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise GitError(f"git cannot be started: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "backslashreplace").strip().partition("\n")[0]
        for sign, what, hint in _KNOWN:
            if sign in said:
                raise GitError(f"{printable(cwd)} {what}", hint)
        raise GitError(f"git {argv[0]} failed: {printable(said) or f'exit code {done.returncode}'}")
    return done.stdout
