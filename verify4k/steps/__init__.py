"""What is done to a received picture before it is judged: one file a step, found by its file name.

A step's file holds ``step``, a `Step`; its docstring is its page. Steps work on decoded pixels in
memory; they never touch the disk, the network or the clock, and never enlarge.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PIL import Image

    from verify4k.formats.facts import Size
    from verify4k.options.kinds import Options


class Work(NamedTuple):
    """A picture between two steps: pixels (mode L, LA, RGB or RGBA), and how it is to be written."""

    image: Image.Image
    format: str  # "png", "jpeg", "webp"
    quality: int | None = None  # of jpeg and webp
    subsampling: str | None = None  # of jpeg; None: by its quality
    progressive: bool = False  # of jpeg


class Material(NamedTuple):
    """What a step may need besides the picture: the promised size, and the files it names, decoded."""

    size: Size
    files: Mapping[str, Image.Image]


class Step(NamedTuple):
    """One kind of step. Raises `verify4k.errors.CannotRead` where it cannot be done.

    ``owns``: what of the promise it makes, so that the request need not ask for it: "size", "alpha" or
    "format". ``bare``: whether its name alone says everything.
    """

    name: str
    page: str
    options: type[Options]
    owns: str
    run: Callable[[Work, Any, Material], Work]
    bare: bool = False
    files: Callable[[Any], tuple[str, ...]] = lambda _options: ()


class Chosen(NamedTuple):
    """A step as an entry asks for it."""

    name: str
    options: Options

    @property
    def step(self) -> Step:
        """Its kind."""
        return find_step(self.name)

    def words(self) -> str:
        """Return the step as a person would say it."""
        said = self.record()
        own = said.pop(self.name, "")
        more = (name if value is True else f"{name} {value}" for name, value in said.items() if value)
        return " ".join([self.name, str(own), *more]).strip()

    def record(self) -> dict[str, Any]:
        """Return every option that decides what comes out, defaults included, for the ledger."""
        return {name: getattr(self.options, name) for name in self.step.options.declared}


def step_names() -> tuple[str, ...]:
    """Return the names of all steps, sorted, without importing them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def find_step(name: str) -> Step:
    """Import one step."""
    found: Step = importlib.import_module(f"{__name__}.{name}").step
    return found
