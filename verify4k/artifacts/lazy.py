"""`fact`: a property that is computed once, on demand, and fails the same way every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from verify4k.artifacts.fact_cache import ABSENT, KEPT
from verify4k.artifacts.guard import crashed
from verify4k.errors import Verify4kError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class fact(Generic[T]):  # noqa: N801 - used like property
    """Like `functools.cached_property`, but an error is a fact too: raised again, not retried.

    A value lives in the instance's ``__dict__`` under the fact's name, so a second look costs
    nothing; an error lives in ``failures``. What an earlier run has measured of the same bytes comes from
    the holder's ``memory``, where it has one.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, holder: None, owner: type) -> fact[T]: ...
    @overload
    def __get__(self, holder: Any, owner: type) -> T: ...
    def __get__(self, holder: Any, owner: type) -> T | fact[T]:
        if holder is None:
            return self
        failures: dict[str, Verify4kError] = holder.failures
        if self._name in failures:
            raise failures[self._name].with_traceback(None)  # or it would grow with every look
        remembered = holder.cached_facts
        if remembered is not None and self._name in KEPT:
            value = remembered.find(self._name, holder)
            if value is not ABSENT:
                holder.__dict__[self._name] = value
                return cast("T", value)
            remembered.news = True
        try:
            value = self._compute(holder)
        except Verify4kError as error:
            failures[self._name] = error
            raise
        except Exception as error:
            failures[self._name] = told = crashed(error)  # once, too
            raise told from error
        holder.__dict__[self._name] = value
        return value
