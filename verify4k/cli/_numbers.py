"""Numbers of the command line: within their range, and numbers at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from typing import Any


class Amount(click.FloatRange):
    """A range that refuses ``nan``: no comparison with it is true, so every limit would let it through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number. Raises `click.BadParameter` for what is none."""
        if math.isnan(number := super().convert(value, param, ctx)):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number
