"""Objects of stores (``s3://``, ``gs://``) through fsspec: ranges for a header, one download for everything.

Credentials, region and endpoint are those of the environment, as the store's own tools take them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from verify4k.errors import CannotRead, LimitHit, Missing, MissingTool
from verify4k.files.ranges import FIRST, Ranged
from verify4k.net.fetcher import CAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify4k.files.source import OpenReader

T = TypeVar("T")
_EXTRAS = {"s3": "s3", "gs": "gs"}


class _Access(Ranged):
    """Ranges of one object; nothing is held open."""

    def close(self) -> None:
        """Nothing to let go."""


class ObjectSource:
    """One object. What it tells is its bytes; HTTP's own rules are not asked of it."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds

    def open(self) -> OpenReader:
        """Return random access; fsspec's own reader would fetch blocks of 5 MiB."""
        store = self._store()
        size = self._asked(lambda: int(store.info(self._url)["size"]))
        beginning = self._piece(store, 0, min(FIRST, size) - 1)
        return _Access(partial(self._piece, store), size, beginning)

    def read_all(self) -> bytes:
        """Return the whole object."""
        store = self._store()
        size = self._asked(lambda: int(store.info(self._url)["size"]))
        if size > CAP:
            raise LimitHit(f"the object has {size} bytes; the limit is {CAP}")
        return self._asked(lambda: bytes(store.cat_file(self._url)))

    def beside(self, name: str) -> None:
        """Return None: nobody promised what may lie beside an object."""

    def _piece(self, store: Any, first: int, last: int) -> bytes:
        if last < first:
            return b""
        return self._asked(lambda: bytes(store.cat_file(self._url, start=first, end=last + 1)))

    def _store(self) -> Any:
        scheme = self._url.partition(":")[0].lower()
        try:
            import fsspec

            if scheme == "gs":
                return _google(self._seconds)
            timeouts = {"config_kwargs": {"read_timeout": self._seconds}}
            return fsspec.filesystem(scheme, use_listings_cache=False, **timeouts)
        except ImportError as error:
            hint = f"pip install 'verify4k[{_EXTRAS.get(scheme, scheme)}]'"
            raise MissingTool(f"{scheme}:// needs a package that is not installed", hint) from error

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except FileNotFoundError as error:
            raise Missing("the object does not exist", "upload it, or correct its address") from error
        except Exception as error:  # each store's library has a family of errors of its own
            if _denied(error):
                raise CannotRead(
                    f"the store denies access: {_said(error)}", "give this run credentials"
                ) from error
            raise CannotRead(f"the store could not be asked: {_said(error)}", "ask again later") from error


def _denied(error: Exception) -> bool:
    """Whether a store's library says 401 or 403: s3fs as the system does, gcsfs by number or in words."""
    refused = str(getattr(error, "code", "")) in ("401", "403")
    return isinstance(error, PermissionError) or refused or str(error).startswith("Forbidden: ")


def _google(seconds: float) -> Any:
    """Return the store by its JSON interface: what gcsfs registers asks gRPC for a bucket's kind first.

    Its log would print stack traces beside the report; what went wrong is in the error as well.
    """
    import logging

    from gcsfs.core import GCSFileSystem

    logging.getLogger("gcsfs").addHandler(logging.NullHandler())
    return GCSFileSystem(use_listings_cache=False, requests_timeout=seconds)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {ascii(str(error))[1:-1][:200]}"
