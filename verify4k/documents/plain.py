"""Outcomes of artifacts as plain JSON and back: nothing in such a file can run anything.

What is plain stays as it is; a tuple, mapping, bytes, text that is no UTF-8 (the name of a file), an array of
numbers, or one of our own named tuples, frozen dataclasses and errors is an object with one key that says so.
Only those classes of this package are ever made from a file.
"""

from __future__ import annotations

import importlib
import math
from functools import cache
from typing import TYPE_CHECKING, Any

from verify4k.errors import UsageError, Verify4kError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE = __name__.partition(".")[0]
_NUMBERS = frozenset("biuf")  # kinds of NumPy's: truths, integers, floats
_PLAIN = frozenset((bool, int, float, str, tuple))
_HELD = frozenset((list, dict))
_NONE = object()  # where there is no default
_NO_NAME = "this is no outcome that verify4k has written"


class Writer:
    """Turns values into plain ones; an error that stands in two places is written once."""

    def __init__(self) -> None:
        self._errors: dict[int, int] = {}

    def plain(self, value: Any) -> Any:
        """Return what JSON holds of a value. Raises `TypeError` for what is none of ours."""
        if value is None or isinstance(value, bool) or type(value) is int:
            return value
        if isinstance(value, str) and hasattr(value, "fix"):
            return {"of": _name(type(value)), "is": [str(value), value.fix]}
        if isinstance(value, str | bytes | float):
            return _scalar(value)
        if isinstance(value, list):
            return [self.plain(each) for each in value]
        if isinstance(value, Verify4kError):
            return self._error(value)
        fields = _fields(type(value))
        if fields is not None:
            return self._ours(value, fields)
        if isinstance(value, tuple):
            return {"tuple": [self.plain(each) for each in value]}
        if isinstance(value, frozenset | set):
            return {"set": sorted((self.plain(each) for each in value), key=str)}
        if hasattr(value, "items"):
            return {"map": [[self.plain(key), self.plain(each)] for key, each in value.items()]}
        if getattr(value, "shape", ()):
            return _array(value)
        if hasattr(value, "item"):  # a number of NumPy's
            return self.plain(value.item())
        raise TypeError(f"{type(value).__name__} is not plain")

    def _ours(self, value: Any, fields: tuple[str, ...]) -> dict[str, Any]:
        """Return what has to be said to make one: in its place, or by name where there is a default."""
        kind = type(value)
        defaults = _defaults(kind)  # type: ignore[arg-type] # a class is a key like any other
        first = next((at for at, field in enumerate(fields) if field in defaults), len(fields))
        said: dict[str, Any] = {
            "of": _name(kind),
            "is": [self.plain(getattr(value, field)) for field in fields[:first]],
        }
        held = {field: getattr(value, field) for field in fields[first:]}
        has = {field: each for field, each in held.items() if not _same(each, defaults.get(field, _NONE))}
        if has:
            said["has"] = {field: self.plain(each) for field, each in has.items()}
        return said

    def _error(self, error: Verify4kError) -> Any:
        if id(error) in self._errors:
            return {"error": self._errors[id(error)]}
        number = self._errors[id(error)] = len(self._errors)
        held = {name: each for name, each in error.__dict__.items() if not name.startswith("__")}
        return {"error": number, "of": _name(type(error)), "held": self.plain(held)}


class Reader:
    """Turns plain values back. Raises `UsageError` for what `Writer` does not write."""

    def __init__(self) -> None:
        self._errors: dict[int, Verify4kError] = {}

    def value(self, plain: Any) -> Any:
        """Return the value."""
        if plain.__class__ is list:  # most of what is in one is plain: a call less for each
            return [self.value(each) if each.__class__ in _HELD else each for each in plain]
        if plain.__class__ is not dict:
            return plain
        try:
            return self._made(plain)
        except (KeyError, TypeError, ValueError, AttributeError, ImportError, RecursionError) as error:
            raise UsageError(_NO_NAME, "write it again with check --shard") from error

    def _made(self, plain: Mapping[str, Any]) -> Any:
        if "is" in plain:
            made, given = _made_of(plain["of"]), self.value(plain["is"])
            if "has" not in plain:
                return made(*given)
            return made(*given, **{name: self.value(each) for name, each in plain["has"].items()})
        if "tuple" in plain:
            return tuple(self.value(plain["tuple"]))
        if "error" in plain:
            return self._error(plain)
        if "map" in plain:
            return {self.value(key): self.value(each) for key, each in plain["map"]}
        if "set" in plain:
            return frozenset(self.value(each) for each in plain["set"])
        if "array" in plain:
            return _array_of(plain)
        if "bytes" in plain:
            return _bytes(plain["bytes"])
        if "text" in plain:
            return _bytes(plain["text"]).decode("utf-8", "surrogatepass")
        return float(plain["float"])

    def _error(self, plain: Mapping[str, Any]) -> Verify4kError:
        number = plain["error"]
        if number not in self._errors:
            kind = _class(plain["of"])
            if not issubclass(kind, Verify4kError):
                raise ValueError(plain["of"])
            error = kind.__new__(kind)
            held = self.value(plain["held"])
            error.__dict__.update(held)
            error.args = (held.get("message", ""),)
            self._errors[number] = error
        return self._errors[number]


def _scalar(value: str | bytes | float) -> Any:
    if isinstance(value, bytes):
        return {"bytes": _base64(value)}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": str(value)}
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a pair: a byte of a name that is no UTF-8
        return {"text": _base64(value.encode("utf-8", "surrogatepass"))}
    return value


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def _bytes(encoded: str) -> bytes:
    import base64

    return base64.b64decode(encoded, validate=True)


def _array(array: Any) -> dict[str, Any]:
    """Return an array of numbers, of the smallest byte first whatever machine this is."""
    if array.dtype.kind not in _NUMBERS:
        raise TypeError(f"an array of {array.dtype} is not plain")
    ordered = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return {
        "array": ordered.dtype.str,
        "shape": list(array.shape),
        "bytes": _base64(ordered.tobytes()),
    }


def _array_of(plain: Mapping[str, Any]) -> Any:
    import numpy as np

    kind = np.dtype(plain["array"])
    if kind.kind not in _NUMBERS:
        raise ValueError(plain["array"])
    flat = np.frombuffer(bytearray(_bytes(plain["bytes"])), kind)
    return flat.astype(kind.newbyteorder("="), copy=False).reshape(plain["shape"])


def _fields(kind: type) -> tuple[str, ...] | None:
    """Return the fields of a named tuple or a frozen dataclass, in the order of making one; None: neither."""
    if issubclass(kind, tuple):
        named: tuple[str, ...] | None = getattr(kind, "_fields", None)
        return named
    frozen = getattr(getattr(kind, "__dataclass_params__", None), "frozen", False)
    return tuple(kind.__dataclass_fields__) if frozen else None  # type: ignore[attr-defined]


@cache
def _defaults(kind: type) -> Mapping[str, Any]:
    """Return what making one gives a field that is left out."""
    if issubclass(kind, tuple):
        named: dict[str, Any] = kind._field_defaults  # type: ignore[attr-defined]
        return named
    from dataclasses import MISSING  # whoever has made such a class has it

    fields = kind.__dataclass_fields__.values()  # type: ignore[attr-defined]
    return {each.name: each.default for each in fields if each.default is not MISSING}


def _same(value: Any, default: Any) -> bool:
    """Whether both are one plain value; an array has no such answer, and 1 is not True."""
    return value is default or (type(value) is type(default) in _PLAIN and bool(value == default))


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


@cache
def _made_of(name: str) -> type:
    kind = _class(name)
    if _fields(kind) is None and not issubclass(kind, str):  # a sentence with its fix
        raise ValueError(name)
    return kind


@cache
def _class(name: str) -> type:
    module, _, attribute = name.partition(":")
    if module.partition(".")[0] != _PACKAGE or not attribute.isidentifier():
        raise ValueError(name)
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, type) or found.__module__ != module:
        raise ValueError(name)
    return found
