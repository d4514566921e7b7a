"""Which machines may be asked: names are looked up once, checked, and the checked number is connected to.

A manifest may come from a stranger's pull request. Unless the command line allows it, no URL and no
redirect leads to this machine, its network or a cloud's metadata service.
"""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from typing import TYPE_CHECKING

from verify4k.net.addresses import is_ip, is_public
from verify4k.net.exchange import TransportError

if TYPE_CHECKING:
    from verify4k.net.addresses import Address, Resolve
    from verify4k.net.deadlines import Deadline


class Resolver:
    """Finds the IP addresses of a host that may be asked; remembers them for the run."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._known: dict[tuple[str, int], list[str]] = {}
        self._locks: defaultdict[tuple[str, int], threading.Lock] = defaultdict(threading.Lock)

    def find(self, address: Address, deadline: Deadline, *, proxied: bool = False) -> list[str]:
        """Return the numbers to connect to, best first.

        Args:
            address: whose host is looked up.
            deadline: how long a name server may take.
            proxied: a proxy will look the name up, so that it need not be known here.

        Raises:
            TransportError: "unreachable" for a name that is not known, "private" for one that leads
                inwards, in whatever spelling.
        """
        key = (address.host, address.port)
        with self._locks[key]:
            if key not in self._known:
                self._known[key] = self._look_up(address, deadline)
        found = self._known[key]
        inward = [ip for ip in found if not is_public(ip)]
        if inward and not self._allow_private:
            where = address.host if address.host == inward[0] else f"{address.host} ({inward[0]})"
            raise TransportError(
                f"{where} is a private address, which is not asked",
                kind="private",
                sent=False,
                hint="--allow-private on the command line allows it",
            )
        if not found and not proxied:
            hint = "correct the host, or ask again later"
            raise TransportError(
                "the host name is not known (DNS)", kind="unreachable", sent=False, hint=hint
            )
        return found

    def promote(self, address: Address, ip: str) -> None:
        """Remember which of a host's numbers answered, to ask it first."""
        found = self._known.get((address.host, address.port), [])
        if found and found[0] != ip and ip in found:
            self._known[address.host, address.port] = [ip, *(each for each in found if each != ip)]

    def _look_up(self, address: Address, deadline: Deadline) -> list[str]:
        if is_ip(address.host):
            return [address.host]
        with contextlib.suppress(TimeoutError):  # a name server may be silent for longer than anyone waits
            return deadline.awaited(lambda: self._resolve(address.host, address.port))
        return []
