"""GitHub's JSON of an App, as far as we read it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from booty.observability.github.schema.fitting import BestEffort, Content
from booty.observability.github.schema.kinds import Moment, Number


class App(Content, frozen=True):
    """The App itself (https://docs.github.com/rest/apps/apps#get-the-authenticated-app)."""

    slug: Annotated[str, Meta(min_length=1, max_length=100)]


class Owner(Content, frozen=True):
    """Whose repositories an installation is for."""

    login: str = ""


class Installation(Content, frozen=True):
    """An installation (https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app)."""

    id: Number
    account: BestEffort[Owner | None] = None
    suspended_at: Moment | None = None
    permissions: BestEffort[dict[str, Any] | None] = None


class InstallationToken(Content, frozen=True):
    """A new token (https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app)."""

    token: Annotated[str, Meta(pattern=r"\A[\x21-\x7e]+\Z")]
    expires_at: Moment

    def __repr__(self) -> str:
        return f"InstallationToken(expires_at={self.expires_at!r})"
