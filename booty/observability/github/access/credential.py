"""What authorises the calls to GitHub: a token that stays, unless an App makes new ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from booty.observability.github.access.remedies import OF_SETTING, Remedies


class Credential(Protocol):
    """Gives the token for each call."""

    @property
    def remedies(self) -> Remedies:
        """What helps when GitHub refuses it."""

    def token(self) -> str:
        """Return the token for the next call. Raises `Refused`, `Postponed`; nothing was sent then."""

    def after(self, refused: str) -> str | None:
        """Return another token, now that GitHub answered 401 to `refused`; None when there is no other.

        Raises as `token` does.
        """

    def login(self) -> str | None:
        """Return the name of the account that it stands for, None where GitHub is to be asked. Raises as `token`."""


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token that somebody made, and that only somebody replaces; "" is nobody's."""

    value: str = field(repr=False)
    remedies: Remedies = OF_SETTING

    def token(self) -> str:
        """See `Credential.token`."""
        return self.value

    def after(self, refused: str) -> None:
        """See `Credential.after`."""

    def login(self) -> None:
        """See `Credential.login`."""
