"""Where the bytes of URL promises come from. The network is imported when the first of them is asked."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from verify4k.files.source import FileSource
from verify4k.files.urls import is_url
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from verify4k.checking.scope import Scope
    from verify4k.files.http_cache import HttpCache
    from verify4k.files.probes import Probes
    from verify4k.files.source import Source
    from verify4k.model import Asset
    from verify4k.net.fetcher import Fetcher, SecretHeader


class Network(NamedTuple):
    """How URLs are asked, as the command line says; nothing of this can come from a manifest.

    Args:
        base_url: asked instead of scheme, host and port of every URL: a preview.
        allow_private: whether this machine and private networks may be asked.
        offline: ask nothing; the promises of URLs stay undecided.
        headers: secret headers, each for one origin.
        seconds: for all that one artifact needs.
        at_once: requests to one host at once.
        interval: seconds between two requests to one host, other than this machine.
        bodies: the folder of bodies that earlier runs downloaded; empty: none are kept or used.
    """

    base_url: str = ""
    allow_private: bool = False
    offline: bool = False
    headers: tuple[SecretHeader, ...] = ()
    seconds: float = 60.0
    at_once: int = 6
    interval: float = 0.02
    bodies: str = ""


class Remote:
    """Gives URL assets their sources; a context manager that closes the connections."""

    def __init__(self, network: Network, environ: Mapping[str, str] | None = None) -> None:
        self._network = network
        self._environ = os.environ if environ is None else environ
        self._fetcher: Fetcher | None = None
        self._probes: Probes | None = None
        self._bodies: HttpCache | None = None
        self._lock = threading.Lock()

    def over(self, scope: Scope) -> Scope:
        """Return a scope whose URL assets are asked for; files come from where they came from."""
        below = scope.source_of
        if self._network.base_url:
            scope = self._rebased(scope)
        return scope._replace(
            source_of=lambda asset: below(asset) if asset.url is None else self.source(asset),
            notes=(*scope.notes, *self._unnamed(scope)),
            hang_up=self.close,
        )

    def _rebased(self, scope: Scope) -> Scope:
        from verify4k.net.addresses import quoted, rebased

        def moved(asset: Asset) -> Asset:
            if asset.url is None or not asset.delivered:
                return asset
            return asset.moved(rebased(quoted(asset.url), self._network.base_url))

        assets = tuple(map(moved, scope.manifest.assets))
        by_target = {asset.target: asset for asset in assets}
        chosen = tuple(by_target[asset.target] for asset in scope.assets)
        return scope._replace(manifest=scope.manifest._replace(assets=assets), assets=chosen)

    def _unnamed(self, scope: Scope) -> Iterator[str]:
        """Say what was sent where nobody said it: CDNs answer differently to different Accept headers."""
        from verify4k.rules.negotiated import AcceptOptions

        left = sum(asset.delivered and asset[AcceptOptions].accept is None for asset in scope.assets)
        if left and not self._network.offline:
            what = "1 URL names" if left == 1 else f"{left} URLs name"
            yield f"{what} no Accept, so */* was sent; accept: or variants: name what browsers send"

    def source(self, asset: Asset) -> Source:
        """Return what asks for a URL asset."""
        from verify4k.files.delivered import UnaskedUrl, UrlSource
        from verify4k.net.addresses import quoted
        from verify4k.rules.negotiated import AcceptOptions

        if self._network.offline:
            return UnaskedUrl("not asked: --offline", "run without --offline where there is a network")
        if not asset.delivered:
            from verify4k.files.objects import ObjectSource

            return ObjectSource(asset.url or "", self._network.seconds)
        accept = asset[AcceptOptions].accept
        headers = () if accept is None else (("Accept", accept),)
        fetcher, probes = self._connected()
        return UrlSource(fetcher, quoted(asset.url or ""), headers, probes, self._bodies)

    def named(self, target: str) -> Source:
        """Return what a name outside any manifest means: a file's bytes, or a URL's."""
        if not is_url(target):
            return FileSource(target)
        from verify4k.documents.nodes import Place
        from verify4k.files.urls import check_url
        from verify4k.model import Asset

        check_url(target)
        return self.source(Asset(target, target, Place("", 0, 0), url=target))

    @property
    def fetcher(self) -> Fetcher:
        """What asks, with the connections of this run."""
        return self._connected()[0]

    def _connected(self) -> tuple[Fetcher, Probes]:
        with self._lock:
            if self._fetcher is None or self._probes is None:
                from verify4k.files.http_cache import HttpCache
                from verify4k.files.probes import Probes
                from verify4k.net.fetcher import Fetcher
                from verify4k.net.throttling import Politeness

                network = self._network
                self._fetcher = Fetcher(
                    self._environ,
                    allow_private=network.allow_private,
                    politeness=Politeness(network.at_once, network.interval),
                    secrets=network.headers,
                    seconds=network.seconds,
                )
                self._probes = Probes(self._fetcher)
                if network.bodies and not network.headers:  # what a secret lets in is not kept on a disk
                    self._bodies = HttpCache(network.bodies)
            return self._fetcher, self._probes

    def close(self) -> None:
        """End what is going on, and ask nothing any more."""
        if self._fetcher is not None:
            self._fetcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
