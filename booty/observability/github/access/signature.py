"""How a GitHub App signs for itself, with what helps when GitHub does not take it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import jwt

from booty.observability.github.access.remedies import OF_APP
from booty.observability.github.answers import BadToken
from booty.observability.issues.outcomes import Gone, Postponed, Refused, Unknown

SKEW_SECONDS, LIFE_SECONDS = 60, 540
"""Our clock may be ahead by the one; GitHub accepts no signature that is valid for more than ten minutes."""
CLOCK = re.compile(r"\bexp\b|\biat\b|expir|issued at|in the future", re.IGNORECASE)
CLOCK_REMEDY = "set this machine's clock: sudo timedatectl set-ntp true"
KEY_REMEDY = "make a new private key in the App's settings, name its file in GITHUB_APP_PRIVATE_KEY_FILE, restart"
ID_REMEDY = "set GITHUB_APP_ID to the App ID or client ID that its settings show; its key must be of the same App"
OTHER_REMEDY = "see what GitHub says of the App: booty doctor"


class Signature:
    """What the App's own calls are authorised by: signed anew each time, since it is valid for minutes only."""

    remedies = replace(OF_APP, unauthorized=KEY_REMEDY)

    def __init__(self, app_id: str, key: str, clock: Callable[[], float]) -> None:
        self._app_id, self._key, self._clock = app_id, key, clock

    def token(self) -> str:
        """See `Credential.token`."""
        now = int(self._clock())
        claims = {"iat": now - SKEW_SECONDS, "exp": now + LIFE_SECONDS, "iss": self._app_id}
        return jwt.encode(claims, self._key, algorithm="RS256")

    def after(self, refused: str) -> None:
        """See `Credential.after`: another signature would be no better."""

    def login(self) -> None:
        """See `Credential.login`."""


@contextmanager
def asked_as_app(absent: str) -> Iterator[None]:
    """Around what is asked as the App; `absent` helps where GitHub answers 404."""
    try:
        yield
    except Unknown as doubt:
        raise Postponed(f"asked as the App: {doubt}") from None
    except Refused as refusal:
        raise Refused(f"asked as the App: {refusal}", remedy=_remedy(refusal, absent)) from None


def _remedy(refusal: Refused, absent: str) -> str:
    words = str(refusal)
    if isinstance(refusal, BadToken) and CLOCK.search(words):
        return CLOCK_REMEDY
    if isinstance(refusal, Gone):
        return ID_REMEDY if "integration not found" in words.lower() else absent
    return refusal.remedy or OTHER_REMEDY
