"""Where the keys and values of a valid TOML text stand, and how values are written."""

from __future__ import annotations

import re

from verify4k.named_tuple import NamedTuple

_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_VALUE = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*\''''
    r"""|\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+""",
    re.DOTALL,
)

_SKIPPED = re.compile(_VALUE.pattern.replace(r"[^\s,\]}#]+", r"[^\s,\[\]{}=#\"']+"), re.DOTALL)

_OURS = ("tool", "verify4k")

Path = tuple[str | int, ...]


class Places(NamedTuple):
    """Offsets by path: of keys and table headers; of values, with their text."""

    keys: dict[Path, int]
    values: dict[Path, tuple[int, str]]


def locate(text: str, deepest: int) -> Places:
    """Return where everything in ``text`` stands; values below ``deepest`` levels are left out."""
    finder = _Finder(text, deepest)
    finder.document()
    return Places(finder.keys, finder.values)


class _Finder:
    """One pass over a text that tomllib has accepted: nothing here needs to be checked again."""

    def __init__(self, text: str, deepest: int) -> None:
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, tuple[int, str]] = {}
        self._text = text
        self._at = 0
        self._deepest = deepest
        self._counts: dict[Path, int] = {}  # of [[tables]]

    def document(self) -> None:
        """Read headers and assignments to the end."""
        table: Path = ()
        while self._sign(_GAP):
            if self._sign(_GAP) == "[":
                table = self._header()
            else:
                self._assignment(table, 0)

    def _header(self) -> Path:
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        path = self._key((), counting=many)
        self._sign(_SPACE)
        self._at += 2 if many else 1
        return path

    def _assignment(self, table: Path, depth: int) -> None:
        path = self._key(table, counting=False)
        self._sign(_SPACE)
        self._at += 1  # the =
        self._value(path, depth)

    def _key(self, path: Path, *, counting: bool) -> Path:
        """Return the path after a dotted key, noting where each part stands first."""
        while True:
            self._sign(_SPACE)
            start = self._at
            part = self._take(_KEY)
            path = (*path, _plain(part))
            self._note(path, start)
            more = self._sign(_SPACE) == "."
            if counting and not more:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
                self._note(path, start)
            if not more:
                return path
            self._at += 1

    def _note(self, path: Path, start: int) -> None:
        """Keep where a key stands; other tools' tables are theirs, however large."""
        if path[:2] == _OURS or len(path) == 1:
            self.keys.setdefault(path, start)

    def _value(self, path: Path, depth: int) -> None:
        sign = self._sign(_GAP)
        if sign not in "[{":
            start = self._at
            text = self._take(_VALUE)
            if path[:2] == _OURS:
                self.values[path] = (start, text)
            return
        if depth < self._deepest:
            self.values[path] = (self._at, sign)
            self._at += 1
            self._inside(path, "]" if sign == "[" else "}", depth + 1)
        else:
            self._skip()

    def _inside(self, path: Path, end: str, depth: int) -> None:
        index = 0
        while (sign := self._sign(_GAP)) != end:
            if sign == ",":
                self._at += 1
            elif end == "]":
                self._value((*path, index), depth)
                index += 1
            else:
                self._assignment(path, depth)
        self._at += 1

    def _skip(self) -> None:
        """Step over a list or inline table without recursion."""
        level = 0
        while True:
            sign = self._sign(_GAP)
            if sign in "[{":
                level += 1
            elif sign in "]}":
                level -= 1
            elif sign not in ",=":
                self._take(_SKIPPED)
                continue
            self._at += 1
            if not level:
                return

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        assert found is not None  # noqa: S101 - tomllib has read the same text
        self._at = found.end()
        return found[0]

    def _sign(self, gap: re.Pattern[str]) -> str:
        """Step over ``gap`` and return the next character, empty at the end."""
        self._take(gap)
        return self._text[self._at : self._at + 1]


def _plain(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] == '"' and "\\" in key:
        import tomllib

        (plain,) = tomllib.loads(f"{key} = 0")
        return plain
    return key.strip('"')
