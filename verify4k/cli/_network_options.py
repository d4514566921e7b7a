"""The options of `check` that say how URLs are asked. Nothing of this can come from a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from verify4k.cli._numbers import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from verify4k.checking.remote import Network
    from verify4k.model import Manifest
    from verify4k.net.fetcher import SecretHeader

_OPTIONS = (
    click.option("--offline", is_flag=True, help="Ask no URL; what is promised of URLs stays undecided."),
    click.option("--base-url", metavar="URL", help="Ask for every URL here instead: a preview."),
    click.option(
        "--allow-private", is_flag=True, help="Also ask this machine and private networks; never the default."
    ),
    click.option(
        "--header",
        "headers",
        multiple=True,
        metavar="[ORIGIN ]NAME=VARIABLE",
        help="Send a header whose value is in an environment variable; repeatable.",
    ),
    click.option(
        "--timeout",
        type=Amount(0.1, 3600),
        default=60,
        show_default=True,
        help="Seconds for all that one URL needs.",
    ),
    click.option(
        "--per-host",
        type=click.IntRange(1, 64),
        default=6,
        show_default=True,
        help="Requests to one host at once.",
    ),
    click.option(
        "--interval",
        type=Amount(0, 60),
        default=0.02,
        show_default=True,
        help="Seconds between two requests to one host; none to this machine.",
    ),
    click.option("--no-cache", is_flag=True, help="Measure and download everything anew, keep nothing."),
)
STATEMENTS = frozenset({"in-toto", "predicate", "sha256sums"})  # formats that rest on no earlier run
_NAMES = ("offline", "base_url", "allow_private", "headers", "timeout", "per_host", "interval", "no_cache")


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options about URLs to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class NetworkOptions:
    """What the command line says about URLs, before it is known which are promised."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Take the options of `network_options` out of a command's ``given``."""
        self._given = {name: given.pop(name) for name in _NAMES}
        # `merge` may write a statement of what shards find; and no variable says what a gate remembers
        if given.get("shard") is not None or given.get("no_ignores"):
            self._given["no_cache"] = True

    @classmethod
    def without_asking(cls, base_url: str | None) -> NetworkOptions:
        """Return what a run needs that asks nobody: how its URLs are called."""
        wish = cls.__new__(cls)
        wish._given = {
            "offline": True, "base_url": base_url, "allow_private": False, "headers": (),
            "timeout": 60, "per_host": 1, "interval": 0, "no_cache": True,
        }  # fmt: skip
        return wish

    @property
    def base_url(self) -> str | None:
        """What is asked instead of every URL's host."""
        found: str | None = self._given["base_url"]
        return found

    def cached(self, formats: Iterable[str]) -> bool:
        """Whether anything of earlier runs may be used; a statement binds what was read for it."""
        return not self._given["no_cache"] and STATEMENTS.isdisjoint(formats)

    def network(self, manifest: Manifest, environ: Mapping[str, str], formats: Iterable[str]) -> Network:
        """Return how this manifest's URLs are asked. Raises `UsageError`; loads the network only for URLs.

        ``formats``: of all reports that are wanted; a statement binds what was downloaded for it.
        """
        from verify4k.checking.remote import Network

        if all(asset.url is None for asset in manifest.assets):
            self._understood(environ)
            return Network(offline=True)
        from verify4k.files.http_cache import http_cache_folder

        urls = [asset.url for asset in manifest.assets if asset.url is not None and asset.delivered]
        given = self._given
        base = self._base()
        return Network(
            base_url=base,
            allow_private=given["allow_private"],
            offline=given["offline"],
            headers=tuple(self._headers([base] if base else urls, environ)),
            seconds=given["timeout"],
            at_once=given["per_host"],
            interval=given["interval"],
            bodies=http_cache_folder(environ) if self.cached(formats) else "",
        )

    def _understood(self, environ: Mapping[str, str]) -> None:
        """Refuse what is wrong also where no URL is promised today. Raises `UsageError`."""
        if self._given["base_url"] or self._given["headers"]:
            base = self._base()
            tuple(self._headers([base] if base else [], environ))

    def _base(self) -> str:
        from verify4k.errors import UsageError
        from verify4k.net.addresses import parse_url

        base: str = self._given["base_url"] or ""
        if base:
            try:
                parse_url(base)
            except UsageError as error:
                raise UsageError(
                    f"--base-url: {error.message}", "write it like https://preview.example.com"
                ) from error
            if "?" in base or "#" in base:
                raise UsageError("--base-url has no query", "write it like https://preview.example.com")
        return base

    def _headers(self, urls: list[str], environ: Mapping[str, str]) -> Iterable[SecretHeader]:
        from verify4k.errors import UsageError
        from verify4k.net.addresses import parse_url, quoted
        from verify4k.net.exchange import Secret
        from verify4k.net.fetcher import SecretHeader

        known: set[tuple[str, str]] = set()
        for text in self._given["headers"]:
            where, _, rest = text.rpartition(" ")
            name, equals, variable = rest.partition("=")
            if not (
                equals and variable and name.replace("-", "").replace("_", "").isalnum() and name.isascii()
            ):
                hint = "write --header NAME=VARIABLE: the value stays in the environment"
                raise UsageError(f"--header {_shown(text)} is not understood", hint)
            value = environ.get(variable, "")
            if not value or not value.isprintable() or not value.isascii():
                what = "is not set" if not value else "has characters that no header may have"
                raise UsageError(
                    f"the environment variable {_shown(variable)} {what}", "set it, or drop --header"
                )
            origins = {parse_url(quoted(url)).origin for url in ([where] if where else urls)}
            if len(origins) > 1:
                said = f"--header {name}=... could go to {len(origins)} hosts"
                raise UsageError(said, f"name its host: --header 'https://HOST {name}={variable}'")
            if not origins:
                continue  # there is nothing that it could be sent to
            (origin,) = origins
            address = parse_url(origin)
            if address.scheme == "http" and not address.loopback:
                said = f"--header {name}=... would go over http, which everyone on the way can read"
                raise UsageError(said, "ask for it over https")
            if (origin, name.lower()) in known:
                raise UsageError(f"--header {name}=... is given twice for {origin}", "keep one of them")
            known.add((origin, name.lower()))
            yield SecretHeader(origin, name, Secret(value, variable))


def _shown(text: str) -> str:
    return ascii(text[:60])
