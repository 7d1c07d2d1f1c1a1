"""What may be changed of an issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["open", "completed", "not_planned"]
Absence = Literal["deleted", "missing"]
"""How an issue is not there: the tracker says that it was deleted, or shows none, which may pass."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of an issue; None leaves a part as it is, and a label that is not named stays what it is.

    A label in both is taken off and put on again, so that whoever waits for it hears of it once more.
    """

    body: str | None = None
    title: str | None = None
    state: State | None = None
    remove_labels: tuple[str, ...] = ()
    add_labels: tuple[str, ...] = ()
