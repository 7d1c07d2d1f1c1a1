"""The proof that Sentry sent a body, not that its content is honest.

Sentry signs the exact bytes of a body with the integration's client secret and sends the lower-case hex digest as
`Sentry-Hook-Signature` (`Sentry-App-Signature` when an alert rule is being saved). Neither the timestamp nor the
resource header is signed. https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence


class InvalidSignature(Exception):
    """The signature is missing, or none of the secrets made it for these bytes."""


def sign(body: bytes, secret: str) -> str:
    """Return the lower-case hex HMAC-SHA256 of `body`, keyed with `secret` as UTF-8.

    An empty secret raises ValueError: everybody could sign with that one.
    """
    if not secret:
        raise ValueError("The webhook secret is empty: set the client secret of the Sentry integration.")
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def verify(body: bytes, signature: str | None, secrets: Sequence[str]) -> None:
    """Return quietly when one of `secrets` made `signature` for `body`; several are in use while one is rotated.

    Every secret is tried, also after a match: the time taken does not tell which one is right. Raises InvalidSignature
    when there is no signature or no secret made it; Sentry's hex is lower case, other spellings are refused. Raises
    ValueError when there is no secret, or an empty one.
    """
    if not secrets:
        raise ValueError("No webhook secret is set: verification cannot be switched off.")
    # Compared as bytes: compare_digest raises a TypeError for text that is not ASCII, and a header can hold any.
    claimed = (signature or "").encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(body, secret).encode(), claimed) for secret in secrets]
    if not any(matches):
        raise InvalidSignature
