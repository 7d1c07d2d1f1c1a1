"""The port of the ledger's engine: one durable transaction at a time over JSON records by key.

What every engine promises, also under kill -9, over any number of threads, processes and releases; the conformance
suite under tests/ledger/engines holds it to that
- `transact` returns only after its changes are durable, and raises `NotStored` when none of them is, or when nobody
  can know: of a commit that a network swallowed. Killed at any moment, a transaction is there as a whole or not at all.
- Transactions happen one after the other: what one reads, no other changes before it ends. Those that say what they are
  about may happen at once with those about something else.
- Callers that wait share one commit, so that their number does not slow the store down.
- A store that cannot be read is never deleted or overwritten. It is either set aside with a log line of level critical,
  and a new one takes over, or refused with `NotStored`; so is one that asks for a newer reader, whose name is told.
- A failure is over as soon as its cause is: nothing has to be restarted.
- Nothing is opened before the first transaction, and nothing that was opened is used after a fork.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")
Read = Callable[[bytes], Any]
Ranges = tuple[tuple[str, str, str], ...]
"""Each as `Shelf.under` takes it: prefix, since, until."""
About = str | tuple[str, ...] | None
Work = Callable[["Shelf"], Result]
LAST = "\U0010ffff"
"""Sorts behind all that a key holds."""
NUMBERED = "journal/"
"""What keys begin with whose numbers are given out: no two transactions at once write one of them."""


class NotStored(Exception):
    """Nothing was written; says why, for the operator."""


class NoAccess(Exception):
    """The ledger cannot be read: by this user, or by anybody."""


class Damaged(NoAccess):
    """The ledger is there, but it cannot be read as one."""


class Shelf(Protocol):
    """JSON records by key, as one transaction sees them: with what it wrote itself.

    Keys sort as their UTF-8 bytes do. A value that is no longer JSON counts as missing.
    """

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value. Raises `KeyError`."""

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Set the value."""

    def __delitem__(self, key: str) -> None:
        """Take the key out. Raises `KeyError`."""

    def __contains__(self, key: object) -> bool:
        """Return whether the key is there, whatever its value."""

    def __iter__(self) -> Iterator[str]:
        """Yield all keys in order."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value, or `default` when it is missing."""

    def stored(self, key: str) -> bytes:
        """Return the value as it is stored, which is not JSON when it is missing."""

    def drop(self, key: str) -> None:
        """Take the key out, whether it is there or not."""

    def pop(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value
        """Take the key out and return its value, or `default` when it is missing; the key is gone in any case."""

    def update(self, values: Mapping[str, Any], /) -> None:
        """Set many values."""

    def many(self, keys: Iterable[str], *, having: Collection[str] = ..., read: Read = ...) -> Mapping[str, Any]:
        """Return what is at those keys, read together, as `read` makes it of JSON that holds a text of `having`."""

    def under(self, prefix: str, *, since: str = "", until: str = LAST) -> Iterator[str]:
        """Yield the keys that start with `prefix`, in order; the rest of each is from `since` to before `until`."""


class Engine(Protocol):
    """One store of records; any number of threads and processes may use it at once."""

    def transact(
        self,
        work: Work[Result],
        *,
        reads: tuple[str, ...] = (),
        ranges: Ranges = (),
        about: About = None,
        is_lasting: bool = True,
    ) -> Result:
        """Run `work` on the records in one transaction and return what it returns, once that is durable.

        `work` must be quick, must not raise, and may run twice. `reads` are keys that it will ask for, which may be
        read at once for all who share a commit; with them the first keys of `ranges`, where each question crosses a
        network. `about` is the name, or names, that it keeps to: all that it changes has one in its key, or begins with
        `NUMBERED`. Works about different names may run at once; one that changed anything else is undone, and run again
        alone. What is not lasting outlives the process, but a power cut may cost it unless a lasting change followed.
        Raises `NotStored`.
        """

    def peek(self, *keys: str) -> list[Any] | None:
        """Return the records as last committed, None for a missing one, not to be changed; None when that fails."""

    def tidy(self) -> None:
        """Leave nothing on disk of what was deleted, as far as nobody is reading it just now. Raises `NotStored`."""

    def close(self) -> None:
        """Let go of what is open; the next transaction opens it anew."""

    def free_bytes(self) -> int | None:
        """Return the room that is left, None where nothing says. Raises `NotStored`."""


def sortable(seconds: float) -> str:
    """Return a time (unix seconds) as digits that sort as text, in milliseconds."""
    return f"{round(seconds * 1000):015d}"
