"""What Sentry's web API answers about a token, an integration, its webhooks, in its own shape."""

from __future__ import annotations

from booty.observability.sentry.schema.reading.by_path import Picked, at
from booty.observability.sentry.schema.reading.typed import Count, Flag, Text, Time


class SentIndex(Picked):
    """The API's root, which says whom it sees."""

    scopes: tuple[str, ...] = at("auth.scopes", default=())


class SentInstallation(Picked):
    """An integration that is installed in an organization."""

    slug: Text = at("app.slug")
    status: Text = None


class SentApp(Picked):
    """An integration as it is set up."""

    name: Text = None
    webhook_url: Text = at("webhookUrl")
    is_alertable: Flag = at("isAlertable")
    events: tuple[str, ...] = ()


class SentRequest(Picked):
    """A webhook that Sentry sent; the code is 0 where no answer came in time."""

    code: Count = at("responseCode")
    sent_at: Time = at("date")
