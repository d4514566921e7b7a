"""Web addresses: read strictly, and told apart by where they lead (this machine, private, public).

One reading only: an address that two parsers could understand differently (user names, a
backslash, hosts that standards for other scripts read differently) is refused, because a key
or a picture would go to one of the two.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Resolve = Callable[[str, int], list[str]]

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.?")
_PATH = re.compile(r"[!-~]*")  # printable ASCII without blanks
_KEPT = "%:/?#[]@!$&'()*+,;=|~^`{}\\\"<>-._"  # printable ASCII: sent as written
# what a server may read as another path; %25: where it decodes twice
_AMBIGUOUS = ("%2e", "%2f", "%5c", "%25", "%3b", "\\", "//", ";")
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_WITH_USER = re.compile(r"^(https?:[/\\]*)[^/\\?#]*@", re.IGNORECASE)
_BLANKS = "".join(map(chr, range(33)))  # around a reference
_NO_LETTERS = re.compile("[\t\n\r]")  # within it
_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(https?://)([^/?#@:\\]*)", re.IGNORECASE)
# sharp s, final sigma and joiners: IDNA 2003 and 2008 make different hosts of them
_TWO_READINGS = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
# what browsers encode of that, and nothing else (URL Living Standard, "percent-encode sets")
_ODD_IN_PATH, _ODD_IN_QUERY = re.compile('["<>^`{|}]'), re.compile("[\"<>']")


class Address(NamedTuple):
    """Where an http or https URL points. ``path`` includes the query."""

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""

    @property
    def netloc(self) -> str:
        """Host and, unless it is the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key is bound to."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine by name or number."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_url(text: str, *, allow_user: bool = False, name: str = "") -> Address:
    """Return an absolute http or https URL in its parts. Raises `UsageError`; never echoes a password.

    ``name``: what to call it in messages, where the text itself may be a secret in the wrong place.
    """
    like = "write it like https://api.example.com/v1"
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise UsageError(f"{name or 'this'} is no web address", like) from error
    if parts.scheme not in _PORTS or not host:
        shown = name or ("this" if "@" in text else f"{text[:80]!a}")
        raise UsageError(f"{shown} is no web address", like)
    user, _, _ = parts.netloc.rpartition("@")
    if user and not allow_user:
        said = f"{name} has a" if name else "a web address here has no"
        said += " user name or password in it"
        raise UsageError(said, "use the key's variable")
    if not (is_ip(host) or _HOST.fullmatch(host)) or "\\" in parts.netloc:
        said = f"the host of {name}" if name else f"the host {host[:60]!a}"
        raise UsageError(f"{said} is not written plainly", "ASCII letters, digits, dots and dashes")
    if not _PATH.fullmatch(text):
        said = f"{name or 'the web address'} has blanks or characters beyond ASCII in it"
        raise UsageError(said, "write them percent-encoded, as browsers show them when copied: %20")
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Address(parts.scheme, host.rstrip("."), port or _PORTS[parts.scheme], path + query, user)


def quoted(url: str) -> str:
    """Return a URL without its fragment, blanks and other scripts encoded as browsers do."""
    url = url.partition("#")[0].strip()
    found = _AUTHORITY.match(url)
    if found and not found[2].isascii():
        url = found[1] + _in_ascii(found[2]) + url[found.end() :]
    return quote(url, safe=_KEPT)


def _in_ascii(host: str) -> str:
    """Return a host of other scripts as DNS knows it; as it is, to be refused, where standards differ."""
    if _TWO_READINGS.search(host):
        return host
    try:
        return host.encode("idna").decode()  # IDNA 2003: refuses letters that only later standards know
    except UnicodeError:
        return host


def target_as_sent(target: str) -> str:
    """Return what a browser's request line says for a path and query.

    Caches and signatures may tell `%2f` from `%2F` and `[]` from `%5B%5D`; a lone `%` is refused by some.
    """
    path, mark, query = target.partition("?")
    path = _without_dots(_ODD_IN_PATH.sub(lambda found: quote(found[0]), path.replace("\\", "/")))
    return path + mark + _ODD_IN_QUERY.sub(lambda found: quote(found[0]), query)


def _without_dots(path: str) -> str:
    """Return a path without `.` and `..`, however they are written (URL Living Standard, "path state")."""
    if "." not in path and "%2e" not in path.lower():
        return path
    kept: list[str] = []
    names = path.split("/")[1:]
    for place, name in enumerate(names, 1):
        plain = name.lower().replace("%2e", ".")
        if plain == "..":
            del kept[-1:]
        if plain not in (".", ".."):
            kept.append(name)
        elif place == len(names):
            kept.append("")
    return "/" + "/".join(kept)


def joined(base: str, reference: str) -> str:
    """Return where a reference leads from the http URL ``base``, as browsers join them. Raises `ValueError`.

    Two slashes and more, either way round, begin a host; `http:a.png` is a name beside the base.
    """
    text = _NO_LETTERS.sub("", reference.strip(_BLANKS))
    scheme, rest = "", text
    if found := _SCHEME.match(text):
        scheme, rest = found[0].lower(), text[found.end() :]
        if scheme not in ("http:", "https:"):
            return text
    path, mark, behind = _parted(rest)
    path = path.replace("\\", "/")
    if path.startswith("//") or (scheme and not base.lower().startswith(f"{scheme}//")):
        path = f"{scheme}//{path.lstrip('/')}"
    return urljoin(base, path + mark + behind)


def _parted(text: str) -> tuple[str, str, str]:
    """Return a reference up to its query or fragment, and the rest of it."""
    at = min((place for place in map(text.find, "?#") if place >= 0), default=len(text))
    return text[:at], text[at : at + 1], text[at + 1 :]


def query_in(reference: str, encoding: str) -> str:
    """Return a reference of a page with its query in the page's encoding, as browsers send it."""
    path, mark, query = reference.partition("#")[0].partition("?")
    if query.isascii() or encoding.startswith("utf"):
        return reference
    return path + mark + "".join(_letter_in(letter, encoding) for letter in query)


def _letter_in(letter: str, encoding: str) -> str:
    try:
        return quote(letter.encode(encoding), safe=_KEPT)
    except UnicodeEncodeError:
        return f"%26%23{ord(letter)}%3B"


def without_user(url: str) -> str:
    """Return a URL without the user name and password that it should not have."""
    return _WITH_USER.sub(r"\1", url)


def rebased(url: str, base: str) -> str:
    """Return a URL asked at another place: ``base`` stands for its scheme, host and port."""
    return base.rstrip("/") + parse_url(url).path


def below(path: str, allowed: str) -> bool:
    """Whether a URL's path is ``allowed`` or lies below it, however a server reads it."""
    path = path.partition("?")[0]
    if any(word in path.lower() for word in _AMBIGUOUS) or {".", ".."} & set(path.split("/")):
        return False
    wanted = allowed.rstrip("/")
    return path.rstrip("/") == wanted or path.startswith(f"{wanted}/")


def is_ip(host: str) -> bool:
    """Whether a host is written as an IPv4 or IPv6 number."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host name, as the system knows them."""
    import socket

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")  # the only IPv6 range that is given out (RFC 4291, 2.4)
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: what stands before the IPv4 number


def is_public(ip: str) -> bool:
    """Whether an address is in the open internet: not private, link-local, loopback or reserved.

    An IPv6 number that carries an IPv4 one (mapped, 6to4, Teredo, NAT64, ISATAP) is as public as that.
    """
    address = ipaddress.ip_address(ip)
    inner = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = _carried(address)
        if inner is None and address not in _UNICAST:
            return False
    if inner is not None and (address.ipv4_mapped or address in _NAT64):  # type: ignore[union-attr]
        return is_public(str(inner))
    return address.is_global and not address.is_multicast and (inner is None or is_public(str(inner)))


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    found = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    low = int(address) & 0xFFFFFFFFFFFFFFFF
    if not found and (address in _NAT64 or low >> 32 in _ISATAP):
        found = ipaddress.IPv4Address(low & 0xFFFFFFFF)
    return found or None
