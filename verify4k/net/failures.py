"""What the HTTP library raises, as a `TransportError` that says what happened and whether it was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.net.exchange import TransportError

if TYPE_CHECKING:
    from verify4k.net.exchange import Head

PROXY_LOGIN = "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, with what is not a letter or digit percent-encoded"
_CONNECT = re.compile(r"Tunnel connection failed: (\d{3}[^\n]{0,60})")
_OF_OPENSSL = re.compile(r"\[SSL[^\]]*\]|\(_ssl\.c:\d+\)")  # names and lines of its source
_PAST = "NO_PROXY goes past it"
_TRUST = "SSL_CERT_FILE or REQUESTS_CA_BUNDLE names the certificates to trust"
_TLS_STEP = "see with openssl s_client -connect HOST:PORT what the server speaks"
_TLS_STEPS = (
    ("expired", "renew the server's certificate; its clock or this one may be wrong as well"),
    ("not yet valid", "look at the server's certificate; its clock or this one may be wrong as well"),
    ("match", "use a name that the certificate holds, or let it hold this one"),
    ("issuer", f"let the server send its whole chain; {_TRUST}"),
    ("certificate verify", _TRUST),
    ("protocol version", "let the server speak TLS 1.2 or newer, as browsers want it"),
    ("certificate required", "the server wants a certificate of its visitors, and verify4k has none"),
    ("unrecognized name", "tell the server this host name (SNI), or correct the name"),
)  # by words of OpenSSL's, the first that is found


def failure(error: Exception, *, head: Head | None, sent: bool, seconds: float) -> TransportError:
    """Return (not raise) what ``error`` means. ``seconds``: the deadline that was set."""
    from urllib3 import exceptions as of

    kind, said = "dropped", "the connection broke before the answer was whole"
    hint, unreadable = "", _unreadable(error)
    if isinstance(error, of.NewConnectionError) and isinstance(error.__cause__, ConnectionRefusedError):
        kind, said = "refused", "the connection was refused"
    elif isinstance(error, of.ProxyError):
        kind = "unreachable"
        said, hint = _of_proxy(str(error.original_error))
    elif isinstance(error, of.NewConnectionError | of.ConnectTimeoutError):
        kind, said = "unreachable", f"the server cannot be reached ({type(error).__name__})"
    elif isinstance(error, of.SSLError):
        kind = "tls"
        said, hint = _of_tls(str(error.args[0] if error.args else error))
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


def _of_proxy(said: str) -> tuple[str, str]:
    """Return what a proxy did, and the next step."""
    answered = _CONNECT.search(said)
    if answered is None:
        return (
            "the proxy does not answer",
            "HTTPS_PROXY, http_proxy and ALL_PROXY name it; NO_PROXY goes past it",
        )
    if answered[1].startswith("407"):
        return "the proxy refuses its user or password, or wants them (407)", PROXY_LOGIN
    return (
        f"the proxy does not lead to the host: it answers {answered[1]!a}",
        f"let it through there; {_PAST}",
    )


def _of_tls(said: str) -> tuple[str, str]:
    """Return why there is no secure connection, and the next step."""
    said = _OF_OPENSSL.sub("", said).strip()
    hint = next((hint for word, hint in _TLS_STEPS if word in said.lower()), _TLS_STEP)
    return f"the secure connection failed: {said}", hint


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
