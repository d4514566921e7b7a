"""`NamedTuple` as in `typing`, for the hundred classes that every run defines: annotations stay as written.

Until Python 3.14 the standard library compiles the text of each annotation where such a class is defined,
a tenth of what a small check takes, and nobody asks for it. `typing.get_type_hints` still evaluates the text.
Type checkers see the one of `typing`; `tests/test_named_tuple.py` holds what runs equal to it.
"""

from __future__ import annotations

import sys
from collections import namedtuple
from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import NamedTuple  # noqa: TID251
else:

    class _FromBody(type):
        """Makes a tuple of the fields that a class's body annotates, with all else that stands in it."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.pop("__annotations__", {})
            defaults = {field: body.pop(field) for field in fields if field in body}
            if list(defaults) != list(fields)[len(fields) - len(defaults) :]:
                raise TypeError(f"a field without a default follows one that has one in {name}")
            module = body.pop("__module__")
            made = namedtuple(name, fields, defaults=defaults.values(), module=module)
            made.__annotations__ = made.__new__.__annotations__ = fields
            for key, value in body.items():
                setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_FromBody):
        """A tuple whose fields are those of the body of a class: see `typing.NamedTuple`."""
