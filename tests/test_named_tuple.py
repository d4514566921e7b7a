"""Our `NamedTuple` is the one of `typing`, as far as anybody can see who does not ask for compiled annotations."""

from __future__ import annotations

import inspect
import pickle
import typing
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Ours(NamedTuple):
    """Says something."""

    width: int
    height: int | None = None
    names: tuple[str, ...] = ("a",)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def turned(self) -> Ours:
        """The other way round."""
        return Ours(self.height or 0, self.width)

    @classmethod
    def square(cls, edge: int) -> Ours:
        return cls(edge, edge)


class Theirs(typing.NamedTuple):
    """Says something."""

    width: int
    height: int | None = None
    names: tuple[str, ...] = ("a",)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def turned(self) -> Theirs:
        """The other way round."""
        return Theirs(self.height or 0, self.width)

    @classmethod
    def square(cls, edge: int) -> Theirs:
        return cls(edge, edge)


class Plain(NamedTuple):
    only: Path  # exists for type checkers alone


@pytest.mark.parametrize(
    "look",
    [
        lambda kind: kind._fields,
        lambda kind: kind._field_defaults,
        lambda kind: list(kind.__annotations__),
        lambda kind: list(kind.__new__.__annotations__),
        get_type_hints,
        lambda kind: kind.__doc__,
        lambda kind: kind.__module__,
        lambda kind: kind.__mro__[1:],
        lambda kind: kind.__match_args__,
        lambda kind: kind.turned.__doc__,
        lambda kind: [parameter.default for parameter in inspect.signature(kind).parameters.values()],
        lambda kind: list(inspect.signature(kind).parameters),
        lambda kind: str(kind(3)),
        lambda kind: repr(kind(3)).partition("(")[2],
        lambda kind: kind(3, 2).turned,
        lambda kind: kind.square(4),
        lambda kind: kind(3)._replace(names=()),
        lambda kind: kind._make([1, 2, ()]),
        lambda kind: kind(width=3, height=2)._asdict(),
        lambda kind: hash(kind(3)),
        lambda kind: pickle.loads(pickle.dumps(kind(3))),  # noqa: S301 - our own
        lambda kind: sorted(set(dir(kind)) - {"__orig_bases__"}),  # Python 3.12 and later
    ],
)
def test_a_class_is_what_typing_makes_of_the_same_body(look: Any) -> None:
    assert look(Ours) == look(Theirs)


def test_what_travels_comes_back_as_the_same_class() -> None:
    assert type(pickle.loads(pickle.dumps(Ours(3)))) is Ours  # noqa: S301 - our own
    assert type(Ours(3)._replace(width=4)) is Ours


def test_the_name_is_that_of_the_class_and_of_the_place() -> None:
    class Inner(NamedTuple):
        only: int

    assert (Inner.__name__, Inner.__qualname__.rpartition("<locals>.")[2]) == ("Inner", "Inner")
    assert Inner.__qualname__.startswith("test_the_name")


def test_annotations_stay_as_written() -> None:
    assert Plain.__annotations__ == {"only": "Path"}


@pytest.mark.parametrize("values", [(), (1, 2, 3, 4)])
def test_too_few_and_too_many_values_are_refused(values: tuple[int, ...]) -> None:
    with pytest.raises(TypeError):
        Ours(*values)  # type: ignore[arg-type]


def test_a_field_without_a_default_behind_one_with_a_default_is_refused() -> None:
    for kind in (NamedTuple, typing.NamedTuple):
        body = "class Wrong(kind):\n    first: int = 1\n    second: int"
        with pytest.raises(TypeError, match="default"):
            exec(body, {"kind": kind, "__name__": __name__})  # noqa: S102
