"""Which installation of the integration sends the webhooks, as the last one that was verified said.

Key: `installation`.
"""

from __future__ import annotations

import re
from contextlib import suppress

from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf

KEY = "installation"
UUID = re.compile(r"[0-9a-fA-F-]{32,36}", re.ASCII)


class Installation:
    """The installation's name, for all processes."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine
        self._heard: str | None = None

    def hear(self, name: str | None) -> None:
        """Remember the name in a webhook; best effort, and a write only when it is another than before."""
        if name is None or name == self._heard or not UUID.fullmatch(name):
            return
        with suppress(NotStored):  # the alert says so itself
            self._engine.transact(lambda shelf: _remember(shelf, name))
            self._heard = name

    def name(self) -> str | None:
        """Return it, None before the first webhook. Raises `NotStored`."""
        found = self._engine.transact(lambda shelf: shelf.get(KEY))
        return found if isinstance(found, str) else None


def _remember(shelf: Shelf, name: str) -> None:
    if shelf.get(KEY) != name:
        shelf[KEY] = name
