"""`NamedTuple` as in `typing`, for the hundred classes that every run defines: annotations stay as written.

Until Python 3.14 the standard library compiles the text of each annotation where such a class is defined,
and a constructor for each class: a fifth of what a small check takes. Here nobody compiles annotations
(`typing.get_type_hints` still evaluates the text), and tuples of as many fields share one constructor but for
the names of its arguments. Type checkers see the one of `typing`; `tests/test_named_tuple.py` holds what runs
equal to it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import NamedTuple  # noqa: TID251
else:
    from collections import _tuplegetter
    from functools import cache
    from types import FunctionType

    _GLOBALS = {"_new": tuple.__new__, "__builtins__": {}}  # of every constructor

    @cache
    def _constructor(count):
        names = "".join(f"_{number}, " for number in range(count))
        return eval(f"lambda _cls, {names}: _new(_cls, ({names}))", _GLOBALS).__code__  # noqa: S307 - our text

    def _make(cls, iterable):
        """Make a new object from a sequence or iterable."""
        made = tuple.__new__(cls, iterable)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changed):
        """Return a new object replacing specified fields with new values."""
        made = self._make(map(changed.pop, self._fields, self))
        if changed:
            raise ValueError(f"Got unexpected field names: {list(changed)!r}")
        return made

    def _repr(self):
        said = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
        return f"{self.__class__.__name__}({said})"

    def _asdict(self):
        """Return a new dict which maps field names to their values."""
        return dict(zip(self._fields, self, strict=True))

    def _getnewargs(self):
        return tuple(self)

    _METHODS = {
        "_make": classmethod(_make),
        "_replace": _replace,
        "_asdict": _asdict,
        "__repr__": _repr,
        "__getnewargs__": _getnewargs,  # for copy and pickle
    }
    if sys.version_info >= (3, 13):
        _METHODS["__replace__"] = _replace

    class _FromBody(type):
        """Makes a tuple of the fields that a class's body annotates, with all else that stands in it."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            annotated = body.get("__annotations__", {})
            fields = tuple(annotated)
            defaults = {field: body.pop(field) for field in fields if field in body}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"a field without a default follows one that has one in {name}")
            code = _constructor(len(fields)).replace(co_varnames=("_cls", *fields))
            new = FunctionType(code, _GLOBALS, "__new__", tuple(defaults.values()))
            new.__qualname__ = f"{name}.__new__"
            new.__annotations__ = annotated
            getters = {field: _tuplegetter(at, f"Field {at}") for at, field in enumerate(fields)}
            named = {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            made = {"__doc__": f"{name}({', '.join(fields)})", "__slots__": (), "__new__": new, **named}
            return type(name, (tuple,), {**made, **_METHODS, **getters, **body})

    class NamedTuple(metaclass=_FromBody):
        """A tuple whose fields are those of the body of a class: see `typing.NamedTuple`."""
