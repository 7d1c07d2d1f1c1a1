"""The two gates of a repository: its own, where it may be stopped, then that of its token, for the pace.

For the repository of the settings both are one, `gate`. Another one has `gate@owner:name`; another token `gate/<name>`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import GATE, STOP, shaped
from booty.observability.ledger.repositories.names import AT, mark_of

GATE_KEY = "gate"
DAY_SECONDS = 24 * 3600.0
TOKENS = f"{GATE_KEY}/"
"""What the keys of the gates of other tokens than that of the settings begin with."""


@dataclass(frozen=True, slots=True)
class Gates:
    """The keys of both gates; `token` marks the token that calls are made with.

    `repositories` are those that are reached with it, where it is not that of the settings: `owner/name`, lower case.
    """

    own: str = GATE_KEY
    shared: str = GATE_KEY
    token: str = ""
    repositories: tuple[str, ...] = ()


HOME = Gates()
GatesOf = Callable[[str | None], Gates]
"""Returns the gates of a repository, `owner/name`; None is that of the settings."""


def one_token(token: str) -> GatesOf:
    """Return the gates where all repositories are reached with one token, of that mark."""
    return lambda repository: Gates(own_gate(repository), token=token)


ONE_TOKEN = one_token("")


def own_gate(repository: str | None) -> str:
    """Return the key of a repository's own gate."""
    return GATE_KEY if repository is None else f"{GATE_KEY}{mark_of(repository)}"


def sweep(shelf: Shelf, now: float) -> None:
    """Forget the gates of others than the settings' repository and token that nobody went through for a day."""
    for key in [*shelf.under(f"{GATE_KEY}{AT}"), *shelf.under(TOKENS)]:
        gate = shaped(shelf.get(key), GATE)
        moments = [gate.get(name, 0.0) for name in ("at", "succeeded_at", "paused_until")]
        moments.append(shaped(gate.get("stopped"), STOP).get("next_at", 0.0))
        if max(moments) < now - DAY_SECONDS:
            shelf.pop(key, None)


def gates_in(shelf: Shelf, repository: str | None) -> Gates:
    """Return the gates of a repository as far as the ledger tells, for whoever does not know the settings' tokens."""
    shared = (key for key in shelf.under(TOKENS) if repository in shaped(shelf.get(key), GATE).get("repositories", ()))
    return Gates(own_gate(repository), GATE_KEY if repository is None else next(shared, GATE_KEY))
