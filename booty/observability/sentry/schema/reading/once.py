"""A property that is read once: `functools.cached_property` without its lock.

Up to Python 3.11 all objects of a class share that lock, so that threads which read alerts wait for each other
(https://docs.python.org/3/library/functools.html#functools.cached_property). Read twice at a time, it is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - used like `property`
    """Keeps in the object's `__dict__` what a method returned, where it is found before this descriptor."""

    def __init__(self, read: Callable[[Any], T]) -> None:
        """Take the method."""
        self._read = read
        self.__doc__ = read.__doc__

    @overload
    def __get__(self, holder: None, owner: type) -> Self: ...
    @overload
    def __get__(self, holder: object, owner: type) -> T: ...
    def __get__(self, holder: object | None, owner: type) -> Self | T:
        """Read it."""
        if holder is None:
            return self
        found = holder.__dict__[self._read.__name__] = self._read(holder)
        return found
