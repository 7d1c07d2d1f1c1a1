"""The settings' own secrets, kept out of what is printed: the other side may repeat what was sent."""

from __future__ import annotations

from collections.abc import Mapping

from booty.observability.config.environment import SECRETS, read_secret_files
from booty.observability.config.routes.organizations import signers

HIDDEN = "[secret]"
SHORTEST = 4
"""Characters; anything shorter would hide half of the words."""


def secrets_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secrets that are set, from files too, the longest first."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    read_secret_files(given)
    found = {part.strip() for name in SECRETS for part in given.get(name, "").split(",")}
    found |= {secret for _, secret in signers(tuple(found))}
    return tuple(sorted((each for each in found if len(each) >= SHORTEST), key=len, reverse=True))


def hide(text: str, secrets: tuple[str, ...]) -> str:
    """Return `text` without any of `secrets`."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
