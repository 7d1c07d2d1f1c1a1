"""Group commit: the work of threads that wait for their turn shares one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from threading import Lock
from typing import Any, Generic

from booty.observability.ledger.engines.engine import About, NotStored, Ranges, Result, Work


def _held() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True)
class Turn(Generic[Result]):
    """One caller's work, waiting for a thread that does it."""

    work: Work[Result]
    reads: tuple[str, ...]
    is_lasting: bool
    about: About = None
    ranges: Ranges = ()
    results: list[Result] = field(default_factory=list)
    error: Exception | None = None
    ends_at: float = inf
    """For how long its caller waits, monotonic seconds."""
    woken: Lock = field(default_factory=_held)
    """Let go of once the turn is over, or is to lead."""

    @property
    def is_over(self) -> bool:
        """The work was done, or failed."""
        return bool(self.results) or self.error is not None


Take = Callable[[], list[Turn[Any]]]


class Turns:
    """The threads of one process that wait for a commit: one leads, which commits for all.

    It wakes those that it served, and names the next leader. If all waited for one lock, those that were served would
    wait for it behind the next commit.
    """

    def __init__(self, commit: Callable[[Take], None]) -> None:
        """Let `commit` do the work of those turns that it takes, all or none of it. It raises `NotStored`.

        It takes them as late as it can: whoever came while another process was at work joins.
        """
        self._commit = commit
        self._waiting: deque[Turn[Any]] = deque()
        self._arriving = Lock()
        self._is_led = False
        self.committing = Lock()
        """Held while one thread commits, or has the engine for itself."""

    def wait(self, turn: Turn[Result]) -> Result:
        """Return what the work returns, once it is committed. Raises `NotStored`, or what any work of it raised."""
        with self._arriving:
            self._waiting.append(turn)
            leads, self._is_led = not self._is_led, True
        if not leads:
            turn.woken.acquire()
        if not turn.is_over:
            self._serve()
        if turn.error is not None:
            raise turn.error
        return turn.results[0]

    def _serve(self) -> None:
        taken: list[Turn[Any]] = []

        def take() -> list[Turn[Any]]:
            taken.extend(self._waiting.popleft() for _ in range(len(self._waiting)))
            return taken

        try:
            with self.committing:
                self._commit(take)
        except NotStored as error:
            for turn in taken or take():
                turn.error = NotStored(*error.args)
        except Exception as error:  # noqa: BLE001 - handed to every caller of this commit, each raises it
            for turn in taken or take():
                turn.error = error
        except BaseException:  # this thread is told to end: the others must not wait for ever
            for turn in taken or take():
                turn.error = NotStored("interrupted")
            raise
        finally:
            self._pass_on(taken)

    def _pass_on(self, served: list[Turn[Any]]) -> None:
        """Name the next leader, then wake those that were served: the disk must not wait for them."""
        with self._arriving:
            leader = self._waiting[0] if self._waiting else None
            self._is_led = leader is not None
        if leader is not None:
            leader.woken.release()
        for turn in served:
            turn.woken.release()
