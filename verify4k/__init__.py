"""Verify final image artifacts against what was promised.

>>> import verify4k
>>> verify4k.validate_size("3840x2170").legal
False
>>> report = verify4k.check(verify4k.load_manifest("verify4k.yaml"))  # doctest: +SKIP

Names are loaded when first used, so that ``import verify4k`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.2.0"
REPOSITORY = "https://github.com/OWNER/verify4k"  # scripts/fill_in.py writes who owns it
__all__ = ["Manifest", "Network", "Report", "Settings", "check", "inspect", "load_manifest", "validate_size"]

if TYPE_CHECKING:
    from typing import Any

    from verify4k.api import check, inspect
    from verify4k.checking.plan import Settings
    from verify4k.checking.remote import Network
    from verify4k.contract.validate import validate_size
    from verify4k.manifest.load import load_manifest
    from verify4k.model import Manifest
    from verify4k.report import Report

_HOMES = {
    "Manifest": "verify4k.model",
    "Network": "verify4k.checking.remote",
    "Report": "verify4k.report",
    "Settings": "verify4k.checking.plan",
    "check": "verify4k.api",
    "inspect": "verify4k.api",
    "load_manifest": "verify4k.manifest.load",
    "validate_size": "verify4k.contract.validate",
}


def published(path: str) -> str | None:
    """Return the address of a file of this version; None while nobody has filled in who publishes it."""
    if "/OWNER/" in REPOSITORY:
        return None
    return f"{REPOSITORY}/blob/v{__version__}/{path}" if path else REPOSITORY


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'verify4k' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
