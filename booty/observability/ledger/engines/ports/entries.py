"""The table of an engine, as its shelf uses it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, MutableMapping, Sequence


class Entries(MutableMapping[bytes, bytes]):
    """Bytes to bytes in the order of the keys, inside a transaction that the engine began."""

    @abstractmethod
    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of those keys that are there, in as few statements as possible."""

    @abstractmethod
    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Set many values in as few statements as possible."""

    @abstractmethod
    def delete(self, keys: Sequence[bytes]) -> None:
        """Take keys out, whether they are there or not, in as few statements as possible."""

    @abstractmethod
    def between(self, first: bytes, end: bytes) -> Iterator[bytes]:
        """Yield the keys from `first` up to but not including `end`, in order."""

    def ahead(self, keys: Sequence[bytes], ranges: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
        """Return the values as `read` does; the first keys of the ranges may be read with them, and remembered."""
        del ranges
        return self.read(keys)
