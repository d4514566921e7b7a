"""The one place that prints a command's answer: encoding, colour and readers that leave.

An answer goes to stdout. When the reader has left (``| head``) or stdout was closed from the
start, the rest is dropped in silence and the exit code stays what the command found.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from verify4k.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

LIMIT_HELP = "Bound what one file may cost: pixels=500M, frames=100, memory=4GiB; repeatable."


def emit(text: str, stream: TextIO | None = None) -> None:
    """Print ``text`` and a newline; characters that the terminal cannot show are escaped."""
    target = sys.stdout if stream is None else stream
    if target is None or target.closed:
        return
    try:
        _write(target, text + "\n")
    except BrokenPipeError:
        _drop_the_rest(target)
    except OSError as error:
        _drop_the_rest(target)
        raise UsageError(f"the output cannot be written: {error.strerror}") from error


def tell(text: str) -> None:
    """Print what is not the answer, to stderr; to nobody where that was closed from the start."""
    if sys.stderr is not None:
        emit(text, sys.stderr)


def _write(target: TextIO, text: str) -> None:
    try:
        target.write(text)
    except UnicodeEncodeError:
        encoding = target.encoding or "ascii"
        target.write(text.encode(encoding, "backslashreplace").decode(encoding))
    target.flush()


def _drop_the_rest(target: TextIO) -> None:
    """Point the stream at nothing, so that the flush at exit has somewhere to go."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, target.fileno())
    os.close(null)


def colour_wanted(stream: TextIO | None, environ: Mapping[str, str]) -> bool:
    """Whether to colour: on terminals, unless the environment says otherwise.

    NO_COLOR (https://no-color.org) wins over FORCE_COLOR (https://force-color.org) and
    CLICOLOR_FORCE, and those over the terminal.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    if environ.get("TERM") == "dumb" or environ.get("CLICOLOR") == "0":
        return False
    return stream is not None and not stream.closed and stream.isatty()


def styled(text: str, *styles: str, colour: bool) -> str:
    """Return ``text`` in the given styles when colour is wanted, else as it is."""
    if not (colour and styles):
        return text
    return f"\033[{';'.join(_CODES[style] for style in styles)}m{text}\033[0m"
