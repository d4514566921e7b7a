"""Programs that are asked for facts: one ExifTool process for a whole run, started when first asked."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead, MissingTool
from verify4k.files.source import FileSource

if TYPE_CHECKING:
    from types import TracebackType

    from verify4k.files.source import Source

_COMPUTED = frozenset({"ExifTool", "File", "System", "Composite", "SourceFile"})
_HINT = "install it: apt-get install libimage-exiftool-perl, brew install exiftool, or choco install exiftool"


class Tools:
    """Holds the tools of one run; use it as a context manager, it ends what it started."""

    def __init__(self) -> None:
        self._exiftool: Any = None
        self._lock = threading.Lock()  # ExifTool answers one question at a time

    def __enter__(self) -> Tools:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._exiftool is None:
            return
        import warnings

        with warnings.catch_warnings():
            # the thread that started ExifTool has ended by now, and Linux may have told it to end too:
            # then pyexiftool warns, and drops the process with its pipes open
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("ignore", ResourceWarning)
            self._exiftool.terminate()
        self._exiftool = None

    def tags(self, source: Source) -> tuple[str, ...]:
        """Return ``Group:Tag`` names of a file. Raises `MissingTool`, `CannotRead`."""
        if isinstance(source, FileSource):
            return self._tags(source.path)
        import tempfile

        with tempfile.NamedTemporaryFile(prefix="verify4k-") as copy:
            copy.write(source.read_all())
            copy.flush()
            return self._tags(copy.name)

    def _tags(self, path: str) -> tuple[str, ...]:
        from exiftool.exceptions import ExifToolException

        path = os.path.abspath(path)
        if "\n" in path or "\r" in path:
            raise CannotRead("ExifTool cannot be given a file name with a line break")
        with self._lock:
            try:
                found = self._process().execute_json("-G0", path)
            except ExifToolException as error:
                raise CannotRead(f"ExifTool failed: {ascii(str(error))[1:-1][:200]}") from error
            except (OSError, ValueError) as error:
                raise CannotRead(f"ExifTool gave no answer: {ascii(str(error))[1:-1][:200]}") from error
        names = found[0] if found else {}
        return tuple(name for name in names if name.partition(":")[0] not in _COMPUTED)

    def _process(self) -> Any:
        if self._exiftool is None:
            from exiftool import ExifTool
            from exiftool.exceptions import ExifToolException

            try:
                process = ExifTool(encoding="utf-8")
                process.run()
            except (FileNotFoundError, ExifToolException) as error:
                raise MissingTool("ExifTool is not installed", _HINT) from error
            self._exiftool = process
        return self._exiftool
