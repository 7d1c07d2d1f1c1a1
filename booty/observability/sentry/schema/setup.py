"""What Sentry's web API answers about a token, an integration, its webhooks, in its own shape."""

from __future__ import annotations

from pydantic import AliasPath, Field

from booty.observability.sentry.schema.lenient import Count, Flag, Lenient, Moment, Several, Text, Word


class SentIndex(Lenient):
    """The API's root, which says whom it sees."""

    scopes: Several[Word] = Field((), validation_alias=AliasPath("auth", "scopes"))


class SentInstallation(Lenient):
    """An integration that is installed in an organization."""

    slug: Text = Field(None, validation_alias=AliasPath("app", "slug"))
    status: Text = None


class SentInstallations(Lenient):
    """All of them."""

    rows: Several[SentInstallation] = ()


class SentApp(Lenient):
    """An integration as it is set up."""

    name: Text = None
    webhook_url: Text = Field(None, validation_alias="webhookUrl")
    is_alertable: Flag = Field(default=False, validation_alias="isAlertable")
    events: Several[Word] = ()


class SentRequest(Lenient):
    """A webhook that Sentry sent; the code is 0 where no answer came in time."""

    code: Count = Field(None, validation_alias="responseCode")
    at: Moment = Field(None, validation_alias="date")


class SentRequests(Lenient):
    """The last ones."""

    rows: Several[SentRequest] = ()
