"""Which key, and which prompt, may go where. A manifest can ask; only the user's surroundings can allow.

A manifest comes with a pull request. So a route may use OPENAI_API_KEY with the official address and
with that of OPENAI_BASE_URL, and what lies below their paths: the tenants of a gateway are paths. Every
other pairing of route, address and variable must be allowed on the command line (``--trust-route``) or
in the user's configuration, outside the repository; a route without a key needs the same consent, for
it sends prompts and pictures.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple
from verify4k.net.addresses import Address, below, parse_url
from verify4k.net.exchange import Secret
from verify4k.routes.protocol.profile import DEFAULT_KEY
from verify4k.routes.protocol.statements import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.routes.protocol.profile import Profile

OFFICIAL = "https://api.openai.com/v1"


class Trust(NamedTuple):
    """The user allows a route to send one key to one address and below. ``port`` None: any port of it."""

    route: str
    host: str
    port: int | None
    variable: str
    path: str = ""

    def covers(self, profile: Profile, address: Address) -> bool:
        """Whether this allows the profile's key, or its prompts where it has none, to go to ``address``."""
        same_place = self.host == address.host and self.port in (None, address.port)
        same_key = profile.auth == "none" or self.variable == profile.key
        return same_place and same_key and self.route == profile.name and below(address.path, self.path)


def parse_trust(text: str) -> Trust:
    """Read ``ROUTE=HOST[:PORT][/PATH][,VARIABLE]``. Raises `UsageError`."""
    route, equals, rest = text.partition("=")
    place, _, variable = rest.partition(",")
    host, slash, path = place.strip().partition("/")
    refusal = UsageError(
        f"{text[:80]!a} is no trusted route",
        "write ROUTE=HOST, ROUTE=HOST:PORT, ROUTE=HOST/PATH or ROUTE=HOST,VARIABLE, without https://",
    )
    if not (route.strip() and equals and host) or "//" in place or "?" in place:
        raise refusal
    try:
        address = parse_url(f"https://{host.lower()}{slash}{path}")
    except UsageError as error:
        raise refusal from error
    has_port = host.rpartition("]")[2].count(":") == 1
    port = address.port if has_port else None
    return Trust(
        route.strip(), address.host, port, variable.strip() or DEFAULT_KEY, f"{slash}{path}".rstrip("/")
    )


def configured_trust(environ: Mapping[str, str]) -> list[Trust]:
    """Read the user's own list: ``trusted-routes``, a line each, in the configuration folder."""
    base = environ.get("XDG_CONFIG_HOME") or environ.get("APPDATA")
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if not base and not home:
        return []
    folder = Path(base) if base else Path(str(home)) / ".config"
    path = folder / "verify4k" / "trusted-routes"
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError:
        return []
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", "save it as UTF-8") from error
    return [
        _configured(line, f"{path}:{number}")
        for number, line in enumerate(map(str.strip, lines), start=1)
        if line and not line.startswith("#")
    ]


def _configured(line: str, place: str) -> Trust:
    try:
        return parse_trust(line)
    except UsageError as error:
        raise UsageError(f"{place}: {error.message}", error.hint) from error


def base_url(profile: Profile, environ: Mapping[str, str]) -> str:
    """Return where a route sends to: its own address, or what the environment names for the vendor's own."""
    from verify4k.routes import find_route

    route = find_route(profile.kind)
    override = environ.get(route.address_variable, "").strip() if route.address_variable else ""
    if override and profile.base_url == route.official.base_url and profile.base_url:
        address = parse_url(override, name=route.address_variable)
        if address.scheme == "http" and not address.loopback:
            raise UsageError(f"{route.address_variable} is not https", "a key may travel by https only")
        path, has_query, _ = address.path.partition("?")
        if has_query:
            said = f"{route.address_variable} has a query, which nothing would be asked with"
            raise UsageError(said, "leave it out; a route in the manifest can have one: query: {NAME: TEXT}")
        path = path.rstrip("/")
        if path.endswith(ENDPOINTS):
            said = f"{route.address_variable} names an endpoint, and the address before it is wanted"
            raise UsageError(said, "write it like https://api.example.com/v1")
        return address.origin + path + route.address_suffix
    return profile.base_url


def find_key(profile: Profile, environ: Mapping[str, str], trusted: Iterable[Trust]) -> Secret | None:
    """Return the key for a route, or None where it uses none. Raises `UsageError`, key unseen."""
    address = parse_url(base_url(profile, environ))
    if not (_bound(profile, address, environ) or any(one.covers(profile, address) for one in trusted)):
        raise _untrusted(profile, address)
    if profile.auth == "none":
        return None
    value = environ.get(profile.key, "").strip()
    if not value:
        raise UsageError(
            f"the route {profile.name!a} needs a key in {profile.key}", f"export {profile.key}=..."
        )
    if not value.isascii() or not value.isprintable() or " " in value:
        raise UsageError(
            f"{profile.key} holds characters that no key has", "set it again, without quotes and blanks"
        )
    return Secret(value, profile.key)


def _bound(profile: Profile, address: Address, environ: Mapping[str, str]) -> bool:
    if profile.key == DEFAULT_KEY or profile.auth == "none":
        allowed, override = [parse_url(OFFICIAL)], environ.get("OPENAI_BASE_URL", "").strip()
        if override:
            allowed.append(parse_url(override, name="OPENAI_BASE_URL"))
        if any(_at_or_below(address, known) for known in allowed):
            return True
    from verify4k.routes import find_route

    own = find_route(profile.kind).official  # a vendor's own key goes to the vendor
    if not own.base_url or profile.key != own.key or profile.auth == "none":
        return False
    vendors = (own.base_url, base_url(own, environ))
    return any(_at_or_below(address, parse_url(known)) for known in vendors)


def _at_or_below(address: Address, known: Address) -> bool:
    return address.origin == known.origin and below(address.path, known.path.partition("?")[0])


def _untrusted(profile: Profile, address: Address) -> UsageError:
    keyless = profile.auth == "none"
    variable = "" if keyless or profile.key == DEFAULT_KEY else f",{profile.key}"
    what = "prompts and pictures" if keyless else profile.key
    place = f"{address.netloc}{address.path.rstrip('/')}"
    return UsageError(
        f"the manifest would send {what} to {place}, which nothing outside it allows",
        f"if that is meant: --trust-route {profile.name}={place}{variable}",
    )
