"""The tokens of a GitHub App: GitHub makes them for whoever signs with its key, each valid for an hour.

Nothing of what is asked for here counts as part of the call that a token is for: when it fails, that call was not sent.
Several threads may have a token made at once; any of them is good.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from booty.observability.github.access.remedies import INSTALLATION, OF_APP, Remedies
from booty.observability.github.access.signature import ID_REMEDY, Signature, asked_as_app
from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema import app as schema
from booty.observability.issues.outcomes import Refused

ASKED_SECONDS = 5.0
"""For each of the two calls that a token takes: with the call that it is for, they are shorter than a lease."""
EARLY_SECONDS = 60.0
"""A token that ends sooner is not used any more."""
INSTALL_REMEDY = f"install the App on {{repository}}: its public page > Install, or {INSTALLATION}"


class App:
    """An App by its id (or client id) and private key (PEM); `clock` gives unix seconds. Nothing is sent yet."""

    def __init__(
        self, app_id: str, key: str, *, api_url: str, version: str, clock: Callable[[], float] = time.time
    ) -> None:
        """Take what `GitHub` takes."""
        self._clock = clock
        signature = Signature(app_id, key, clock)
        self._github = GitHub(api_url=api_url, token=signature, version=version, call_seconds=ASKED_SECONDS)
        self._slug: str | None = None
        self._installations: dict[str, int] = {}
        self._tokens: dict[int, schema.InstallationToken] = {}

    def slug(self) -> str:
        """Return the App's name as its login has it. Raises `Refused`, `Postponed`."""
        if self._slug is None:
            with asked_as_app(ID_REMEDY):
                self._slug = read(schema.App, self._github.get("/app")).slug
        return self._slug

    def installation(self, repository: str) -> schema.Installation:
        """Return the installation on `repository` (owner/name), suspended or not. Raises `Refused`, `Postponed`."""
        with asked_as_app(INSTALL_REMEDY.format(repository=repository)):
            return read(schema.Installation, self._github.get(f"/repos/{repository}/installation"))

    def token(self, repository: str, *, but: str | None = None) -> str:
        """Return a token for `repository` (owner/name), another one than `but`. Raises `Refused`, `Postponed`."""
        kept = self._tokens.get(self._installations.get(repository, 0))
        if kept is None or not self._is_good(kept, but):
            kept = self._renewed(repository, but)
        return kept.token

    def _is_good(self, kept: schema.InstallationToken, but: str | None) -> bool:
        return kept.token != but and self._clock() < kept.expires_at.timestamp() - EARLY_SECONDS

    def _renewed(self, repository: str, but: str | None) -> schema.InstallationToken:
        """Return the token of the installation as it is now: it may have been removed and made anew."""
        found = self.installation(repository)
        if found.suspended_at is not None:
            raise Refused(f"the App's installation on {repository} is suspended", remedy=OF_APP.suspended)
        self._installations[repository] = found.id
        kept = self._tokens.get(found.id)
        if kept is None or not self._is_good(kept, but):
            with asked_as_app(INSTALL_REMEDY.format(repository=repository)):
                made = self._github.post(f"/app/installations/{found.id}/access_tokens", {})
                kept = read(schema.InstallationToken, made)
            self._tokens[found.id] = kept
        return kept


@dataclass(frozen=True, slots=True)
class AppCredential:
    """The App, for one repository (owner/name)."""

    app: App
    repository: str

    @property
    def remedies(self) -> Remedies:
        """See `Credential.remedies`."""
        return OF_APP

    def token(self) -> str:
        """See `Credential.token`."""
        return self.app.token(self.repository)

    def after(self, refused: str) -> str | None:
        """See `Credential.after`: a token can end early."""
        return self.app.token(self.repository, but=refused)

    def login(self) -> str | None:
        """See `Credential.login`."""
        return f"{self.app.slug()}[bot]"
