"""What nobody but the service may know."""

from __future__ import annotations

import re
from typing import Annotated

from booty.observability.config_errors import Unusable
from booty.observability.text.sealed import Secret

SHORTEST_SECRET = 16
"""Characters of a webhook secret: Sentry's own have 64, and a short one can be guessed from one signed body."""
SHORTEST_PASSWORD = 8
"""Characters; the page limits the tries besides."""
TOKEN = re.compile(r"[\x21-\x7e]+")
"""What an HTTP header can hold."""
UNPRINTABLE = "holds a line break, or another character that is not shown"


def _webhook_secrets(text: str) -> tuple[Secret, ...]:
    secrets = tuple(part.strip() for part in text.split(",") if part.strip())
    if not secrets:
        raise Unusable("is empty")
    if any(not secret.isprintable() for secret in secrets):
        raise Unusable(UNPRINTABLE)
    if any(len(secret) < SHORTEST_SECRET for secret in secrets):
        raise Unusable(f"{'one is ' if len(secrets) > 1 else ''}shorter than {SHORTEST_SECRET} characters")
    return tuple(map(Secret, secrets))


def _token(text: str) -> Secret:
    if not TOKEN.fullmatch(text):
        raise Unusable("holds characters that an HTTP header cannot" if text else "is empty")
    return Secret(text)


def _password(text: str) -> Secret:
    if not text.isprintable():
        raise Unusable(UNPRINTABLE)
    if len(text) < SHORTEST_PASSWORD:
        raise Unusable(f"is shorter than {SHORTEST_PASSWORD} characters")
    return Secret(text)


def _dsn(text: str) -> Secret:
    from sentry_sdk.utils import Dsn  # noqa: PLC0415 - takes a tenth of a second, which no command has to wait for

    try:
        Dsn(text)
    except ValueError:
        raise Unusable("is not a DSN") from None
    return Secret(text)


WebhookSecrets = Annotated[tuple[Secret, ...], _webhook_secrets]
Token = Annotated[Secret, _token]
PagePassword = Annotated[Secret, _password]
SentryDsn = Annotated[Secret, _dsn]
