"""GitHub's JSON of an App, as far as we read it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field, TypeAdapter


class App(BaseModel):
    """The App itself (https://docs.github.com/rest/apps/apps#get-the-authenticated-app)."""

    slug: str = Field(min_length=1, max_length=100)


class Owner(BaseModel):
    """Whose repositories an installation is for."""

    login: str = ""


class Installation(BaseModel):
    """An installation (https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app)."""

    id: int
    account: Owner | None = None
    suspended_at: datetime | None = None
    permissions: dict[str, str] = {}


class InstallationToken(BaseModel):
    """A new token (https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app)."""

    token: str = Field(min_length=1, pattern=r"^[\x21-\x7e]+$", repr=False)
    expires_at: datetime


APP = TypeAdapter(App)
INSTALLATION = TypeAdapter(Installation)
TOKEN = TypeAdapter(InstallationToken)
