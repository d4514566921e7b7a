"""Programs that are asked for facts: one ExifTool process for a whole run, started when first asked."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from verify4k.errors import MissingTool
from verify4k.files.programs import find_program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from verify4k.artifacts.exiftool import ExifTool

_COMPUTED = frozenset({"ExifTool", "File", "System", "Composite", "SourceFile"})
_WRITTEN = frozenset({"File:Comment"})  # what stands in a JPEG's or PNM's comment
_HINT = "install it: apt-get install libimage-exiftool-perl, brew install exiftool, or choco install exiftool"


class Tools:
    """Holds the tools of one run; use it as a context manager, it ends what it started."""

    def __init__(self, environ: Mapping[str, str] = os.environ, seconds: float | None = None) -> None:
        self._environ = environ
        self._seconds = seconds
        self._exiftool: ExifTool | None = None
        self._lock = threading.Lock()  # ExifTool answers one question at a time

    def __enter__(self) -> Tools:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what was started; what is asked afterwards starts it again."""
        with self._lock:
            self._let_go()

    def tags(self, data: bytes, form: str) -> tuple[str, ...]:
        """Return ``Group:Tag`` names of a picture in a format of ours. Raises `MissingTool`, `CannotRead`."""
        with self._lock:
            names = self._process().read(data, f".{form}")
        return tuple(name for name in names if name.partition(":")[0] not in _COMPUTED or name in _WRITTEN)

    def _process(self) -> ExifTool:
        if self._exiftool is not None and not self._exiftool.usable:
            self._let_go()
        if self._exiftool is None:
            program = find_program("exiftool", self._environ)
            from verify4k.artifacts.exiftool import SECONDS, ExifTool

            try:
                if program is not None:
                    self._exiftool = ExifTool(program, SECONDS if self._seconds is None else self._seconds)
            except OSError as error:
                raise MissingTool(f"ExifTool cannot be started: {error.strerror}", _HINT) from error
        if self._exiftool is None:
            raise MissingTool("ExifTool is not installed", _HINT)
        return self._exiftool

    def _let_go(self) -> None:
        if self._exiftool is not None:
            self._exiftool.close()
            self._exiftool = None
