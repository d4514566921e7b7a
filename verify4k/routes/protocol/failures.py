"""Why no picture came, whose turn it is, and whether it may have cost money.

A retry can buy a picture twice, so a failure is retried only when it proves that none was made.
The names are those of the API's error codes (openai/openai-openapi, ``ErrorResponse``) as met in
practice; what is not understood is never retried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from verify4k.errors import Verify4kError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from verify4k.net.exchange import Head, TransportError

REQUEST_ID_HEADERS = (
    "x-request-id",
    "apim-request-id",
    "x-litellm-call-id",
    "x-oneapi-request-id",
    "x-new-api-request-id",
    "cf-ray",
)
_GONE, _NOT_FOUND = 410, 404
Billed = Literal["no", "unknown", "likely"]


class Failure(NamedTuple):
    """One reason. ``stop``: the account is meant, so no other request would do better."""

    kind: str
    message: str
    billed: Billed = "no"
    retry: bool = False
    wait: float | None = None  # seconds the server asked for
    stop: bool = False
    request_id: str = ""
    status: int = 0  # of the answer that said so

    def gone(self, *, old: bool) -> bool:
        """Whether what was asked for is not kept any more: 410 says so, 404 only of what is ``old``.

        A server may know a new task a little later, and a wrong address can be mended.
        """
        return self.status == _GONE or (old and self.status == _NOT_FOUND)

    @property
    def until_gone(self) -> str:
        """What is added while it is too early to call a thing gone."""
        return "; a day after it was begun it will be given up" if self.status == _NOT_FOUND else ""

    @property
    def sentence(self) -> str:
        """The message, with what is true about money."""
        if self.billed == "no":
            return self.message
        which = f"request id {self.request_id}" if self.request_id else "no request id was given"
        return f"{self.message}; it may have been billed ({which})"


class NotMade(Verify4kError):
    """No picture, for the reason in ``failure``. ``data``: bytes that came all the same.

    ``kept_as``: the file beside the target that keeps what was paid for.
    """

    def __init__(self, failure: Failure, data: bytes = b"") -> None:
        super().__init__(failure.sentence)
        self.failure = failure
        self.data = data
        self.kept_as = ""


def request_id(head: Head | None) -> str:
    """Return the server's id of a request, cut to a sane length."""
    headers = head.headers if head else {}
    for name in REQUEST_ID_HEADERS:
        if headers.get(name):
            return headers[name][:128]
    return ""


def from_transport(error: TransportError) -> Failure:
    """Turn a broken exchange into a failure: free only if the request cannot have been read."""
    known = request_id(error.head)
    if not error.sent:
        hint = f" ({error.hint})" if error.hint else ""
        return Failure(error.kind, f"{error.message}: nothing was sent{hint}", retry=error.kind == "refused")
    return Failure(error.kind, error.message, billed="likely", request_id=known)
