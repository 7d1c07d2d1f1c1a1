"""The proof that Sentry sent a body, not that its content is honest.

Sentry signs the exact bytes of a body with the integration's client secret and sends the lower-case hex digest as
`Sentry-Hook-Signature` (`Sentry-App-Signature` when an alert rule is being saved). Neither the timestamp nor the
resource header is signed. https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import lru_cache

from booty.observability.sentry.schema.reading.repair import loads

LONGEST_PARSED = 64 * 1024
"""Bytes: what a stranger sends is parsed only so far, since the values take many times the room of the text."""


class InvalidSignature(Exception):
    """None of the secrets made the signature for these bytes, which are whole."""


class Unsigned(InvalidSignature):
    """There is no signature."""


class Truncated(InvalidSignature):
    """None of the secrets made the signature for these bytes, which are not all that was signed."""


def sign(body: bytes, secret: str) -> str:
    """Return the lower-case hex HMAC-SHA256 of `body`, keyed with `secret` as UTF-8.

    An empty secret raises ValueError: everybody could sign with that one.
    """
    if not secret:
        raise ValueError("The webhook secret is empty: set the client secret of the Sentry integration.")
    signed = _keyed(secret).copy()
    signed.update(body)
    return signed.hexdigest()


@lru_cache(maxsize=16)
def _keyed(secret: str) -> hmac.HMAC:
    """Return what signs by a key: to make one takes as long as to read some kilobytes."""
    return hmac.new(secret.encode(), digestmod="sha256")


def verify(body: bytes, signature: str | None, secrets: Sequence[str]) -> int:
    """Return which of `secrets` made `signature` for `body`; several are in use while one is rotated.

    Every secret is tried, also after a match: the time taken does not tell which one is right. Raises InvalidSignature
    when there is no signature (`Unsigned`) or no secret made it (`Truncated`, when the body is not whole JSON);
    Sentry's hex is lower case, other spellings are refused. Raises ValueError when there is no secret, or an empty one.
    """
    if not secrets:
        raise ValueError("No webhook secret is set: verification cannot be switched off.")
    # Compared as bytes: compare_digest raises a TypeError for text that is not ASCII, and a header can hold any.
    claimed = (signature or "").encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(body, secret).encode(), claimed) for secret in secrets]
    if True not in matches:
        raise _flaw(body, claimed)
    return matches.index(True)


def _flaw(body: bytes, claimed: bytes) -> InvalidSignature:
    if not claimed.strip():
        return Unsigned()
    return InvalidSignature() if _is_whole(body) else Truncated()


def _is_whole(body: bytes) -> bool:
    """Return whether `body` is a whole JSON object; of a long one the end has to do."""
    if not body.rstrip().endswith(b"}"):
        return False
    try:
        return len(body) > LONGEST_PARSED or isinstance(loads(body.decode("utf-8-sig", "replace")), dict)
    except (ValueError, RecursionError):
        return False
