"""The settings' own secrets, kept out of what is printed: the other side may repeat what was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

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
    found |= set(_of_routes(given["OBSV_ROUTES"])) if "OBSV_ROUTES" in given else set()
    return tuple(sorted((each for each in found if len(each) >= SHORTEST), key=len, reverse=True))


def _of_routes(path: str) -> Iterator[str]:
    """Yield the tokens that a file of routes names, as far as it can be read."""
    from booty.observability.config.routes.document import Malformed, sections  # noqa: PLC0415 - who has none reads none
    from booty.observability.config.routes.token_files import token_in  # noqa: PLC0415 - the same

    with suppress(OSError, ValueError, Malformed):
        for section in sections(Path(path).read_text(encoding="utf-8-sig")):
            named = section.values.get("token_file")
            if isinstance(named, str) and (token := token_in(named)) is not None:
                yield token.reveal()


def hide(text: str, secrets: tuple[str, ...]) -> str:
    """Return `text` without any of `secrets`."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
