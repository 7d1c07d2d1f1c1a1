"""A `shelve.Shelf` of JSON values, over the entries that an engine keeps.

Pickle is left out on purpose: a tampered store must not run code, and an older release must be able to read the values.
"""

from __future__ import annotations

import shelve
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from booty.observability.ledger.engines.engine import LAST, Ranges, Read
from booty.observability.ledger.engines.ports.entries import Entries
from booty.observability.ledger.engines.ports.value import read_value

MISSING = b" "
"""Marks a value that is known not to be there, or is to be taken out."""
_written = msgspec.json.Encoder().encode
MOST_READ, MOST_KNOWN = 200, 5_000
"""Values that are remembered as read, one by one or together; who reads the whole journal must not keep it."""


class JsonShelf(shelve.Shelf[Any]):
    """The port's `Shelf`: a `shelve.Shelf` by its interface alone, since each access to a value is overridden.

    Values are JSON. What is set or taken out is kept back until `sync`, or until something needs all of it: each
    statement lets other threads run, or crosses a network.
    """

    dict: Entries

    def __init__(self, entries: Entries) -> None:
        """Put the shelf over an engine's entries."""
        super().__init__(entries)
        self._kept_back: dict[str, bytes] = {}
        self._read: dict[str, bytes] = {}

    def read_ahead(self, keys: Iterable[str], ranges: Ranges = ()) -> None:
        """Read at once what is going to be asked for, until `sync` or `discard`."""
        names = {_name(key): key for key in dict.fromkeys(keys)}
        bounds = [(_name(prefix + since), _name(prefix + until)) for prefix, since, until in ranges]
        found = self.dict.ahead(list(names), bounds) if bounds else self.dict.read(list(names))
        self._read = {key: found.get(name, MISSING) for name, key in names.items()}

    @property
    def is_changed(self) -> bool:
        """Something is kept back."""
        return bool(self._kept_back)

    def sync(self) -> None:
        """Write what was kept back."""
        changes, self._kept_back = self._kept_back, {}
        gone = [_name(key) for key, value in changes.items() if value is MISSING]
        if gone:
            self.dict.delete(gone)
        self.dict.write({_name(key): value for key, value in changes.items() if value is not MISSING})
        self._read |= {key: changes[key] for key in changes.keys() & self._read.keys()}

    def discard(self) -> None:
        """Forget what was kept back, and what was read ahead."""
        self._kept_back.clear()
        self._read.clear()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        value = self.get(key, MISSING)
        if value is MISSING:
            raise KeyError(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        """Return the value, or `default` when it is missing; shelve's own `get` trusts any key that is there."""
        value = stored if (stored := self.stored(key)) is MISSING else _value(stored)
        return default if value is MISSING else value

    def pop(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        """Take the key out and return its value, or `default` when it is missing; the key is gone in any case."""
        value = self.get(key, default)
        self._kept_back[key] = MISSING
        return value

    def drop(self, key: str) -> None:
        """Take the key out, whether it is there or not."""
        self._kept_back[key] = MISSING

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value, as in shelve.Shelf
        self._kept_back[key] = _written(value)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._kept_back[key] = MISSING

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.stored(key) is not MISSING

    def stored(self, key: str) -> bytes:
        """Return the value as it is stored, or `MISSING`; what was read is not read again, unless it is much."""
        if (value := self._kept_back.get(key) or self._read.get(key)) is None:
            value = self.dict.get(_name(key), MISSING)
            if len(self._read) < MOST_READ:
                self._read[key] = value
        return value

    def __iter__(self) -> Iterator[str]:
        self.sync()
        return map(_key, self.dict)

    def many(self, keys: Iterable[str], having: Collection[str] = ("",), read: Read = read_value) -> Mapping[str, Any]:
        """See `Shelf`; where `read` raises ValueError, there is no value."""
        self.sync()
        names = {_name(key): key for key in keys}
        found = self.dict.read(list(names))
        if len(self._read) + len(names) <= MOST_KNOWN:
            self._read |= {key: found.get(at, MISSING) for at, key in names.items()}
        texts = [text.encode(errors="replace") for text in having]
        sought = {at for text in texts for at, json in found.items() if text in json}
        values = ((names[at], _value(json, read)) for at, json in found.items() if at in sought)
        return {key: value for key, value in values if value is not MISSING}

    def under(self, prefix: str, *, since: str = "", until: str = LAST) -> Iterator[str]:
        """Yield the keys that start with `prefix`, in order; the rest of each is from `since` to before `until`."""
        self.sync()
        return map(_key, self.dict.between(_name(prefix + since), _name(prefix + until)))


def _value(stored: bytes, read: Read = read_value) -> Any:  # noqa: ANN401 - any JSON value
    """Return a stored value, `MISSING` when it is no longer JSON."""
    try:
        return read(stored)
    except ValueError:
        return MISSING


def _name(key: str) -> bytes:
    """Return a key as bytes; what was not UTF-8 in the store, as in a damaged file, is written back as it was."""
    return key.encode("utf-8", "surrogateescape")


def _key(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
