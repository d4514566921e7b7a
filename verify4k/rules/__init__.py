"""One file a rule, found by being here; `verify4k.rule` says what a rule is."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from verify4k.rule import registered

if TYPE_CHECKING:
    from verify4k.rule import Rule


def all_rules() -> dict[str, Rule]:
    """Import every file of this folder and return the rules by id, sorted."""
    _import_all()
    return registered()


@cache
def _import_all() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
