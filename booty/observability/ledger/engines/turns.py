"""Group commit: the work of threads that wait for their turn shares one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic

from booty.observability.ledger.engines.engine import NotStored, Result, Work


@dataclass(slots=True)
class Turn(Generic[Result]):
    """One caller's work, waiting for a thread that does it."""

    work: Work[Result]
    reads: tuple[str, ...]
    is_lasting: bool
    about: str | None = None
    results: list[Result] = field(default_factory=list)
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """The work was done, or failed."""
        return bool(self.results) or self.error is not None


Take = Callable[[], list[Turn[Any]]]


class Turns:
    """The threads of one process that wait for a commit; whoever comes first commits for all."""

    def __init__(self, commit: Callable[[Take], None]) -> None:
        """Let `commit` do the work of those turns that it takes, all or none of it. It raises `NotStored`.

        It takes them as late as it can: whoever came while another process was at work joins.
        """
        self._commit = commit
        self._waiting: deque[Turn[Any]] = deque()
        self.committing = Lock()
        """Held while one thread commits, or has the engine for itself."""

    def wait(self, turn: Turn[Result]) -> Result:
        """Return what the work returns, once it is committed. Raises `NotStored`, or what any work of it raised."""
        self._waiting.append(turn)
        with self.committing:
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
            self._commit(take)
        except NotStored as error:
            for turn in taken or take():
                turn.error = NotStored(*error.args)
        except Exception as error:  # noqa: BLE001 - handed to every caller of this commit, each raises it
            for turn in taken:
                turn.error = error
