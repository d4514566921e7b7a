"""What the HTTP library raises, as a `TransportError` that says what happened and whether it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.net.exchange import TransportError

if TYPE_CHECKING:
    from verify4k.net.exchange import Head


def failure(error: Exception, *, head: Head | None, sent: bool, seconds: float) -> TransportError:
    """Return (not raise) what ``error`` means. ``seconds``: the deadline that was set."""
    from urllib3 import exceptions as of

    kind, said = "dropped", "the connection broke before the answer was whole"
    hint, unreadable = "", _unreadable(error)
    if isinstance(error, of.NewConnectionError) and isinstance(error.__cause__, ConnectionRefusedError):
        kind, said = "refused", "the connection was refused"
    elif isinstance(error, of.ProxyError) and " 407 " in f" {error.original_error} ":
        kind, said = "unreachable", "the proxy refuses its user or password, or wants them (407)"
        hint = (
            "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, with what is not a letter or digit percent-encoded"
        )
    elif isinstance(error, of.NewConnectionError | of.ConnectTimeoutError | of.ProxyError):
        kind, said = "unreachable", f"the server cannot be reached ({type(error).__name__})"
    elif isinstance(error, of.SSLError):
        kind, said = "tls", f"the secure connection failed: {error.args[0] if error.args else error}"
        hint = "SSL_CERT_FILE or REQUESTS_CA_BUNDLE names the certificates to trust"
    elif isinstance(error, of.ReadTimeoutError):
        kind, said = "timeout", f"no whole answer within {seconds:.3g} s"
    elif head is not None and unreadable:
        kind, said = "cut", f"the body cannot be read to its end: {unreadable}"
    elif unreadable:
        kind, said = "garbled", f"the answer cannot be read: {unreadable}"
        hint = "see with curl -v who writes it: the server, or a proxy before it"
    elif head is not None and _cleanly_ended(error):
        kind, said = "cut", f"{said}: the body is cut off, {_missing(error)}"
    elif head is None and isinstance(error, ValueError):
        kind, said = "garbled", f"the exchange failed: {type(error).__name__}"
    return TransportError(said, kind=kind, sent=sent, head=head, hint=hint)


def _unreadable(error: Exception) -> str:
    """Return why an answer is none, where that is so."""
    from verify4k.net.heads import UnreadableAnswer

    return next((str(each) for each in error.args if isinstance(each, UnreadableAnswer)), "")


def _cleanly_ended(error: Exception) -> bool:
    """Whether the server closed before the end that it had announced, as opposed to a lost connection."""
    from urllib3 import exceptions as of

    if not isinstance(error, of.ProtocolError):
        return False
    cause = error.args[1] if len(error.args) > 1 else None
    return cause is None or isinstance(cause, of.IncompleteRead) or not isinstance(cause, OSError)


def _missing(error: Exception) -> str:
    cause = error.args[1] if len(error.args) > 1 else None
    got, expected = getattr(cause, "partial", None), getattr(cause, "expected", None)
    if isinstance(got, int) and isinstance(expected, int):
        return f"{got} of {got + expected} bytes arrived"
    return "its last chunk is missing"
