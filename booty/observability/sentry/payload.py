"""Sentry's webhook bodies, turned into our own frozen alert: bytes in, a value out.

Beyond this room nobody sees Sentry's JSON: `schema` spells its keys, and accepts what does not fit. Everything an alert
could lack is optional. Only a body that holds no event, or nothing that tells which problem it is, is refused. Whether
it came from Sentry at all was settled by `signature`.
"""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.event_alert import glance_at_event
from booty.observability.sentry.glance import Glance
from booty.observability.sentry.metric_alert import glance_at_metric
from booty.observability.sentry.resources import InvalidPayload, NotHandled, resource_of
from booty.observability.sentry.schema.body import Envelope, SentData
from booty.observability.sentry.schema.reading.fitting import read
from booty.observability.sentry.schema.reading.repair import NotAnObject

FILED_ACTIONS = {"triggered", "created", ""}  # of an event alert, of an error; without one the event still counts
METRIC_SEVERITIES = {"critical": Severity.FATAL, "warning": Severity.WARNING}


def parse(body: bytes, resource: str | None, *, with_locals: bool = False) -> Alert:
    """Return the alert in `body` as a whole; raises as `glance` does."""
    return glance(body, resource, with_locals=with_locals).whole


def glance(body: bytes, resource: str | None, *, with_locals: bool = False, secrets: Sequence[str] = ()) -> Glance:
    """Return the alert in `body`; raise NotHandled or InvalidPayload, nothing else, when there is none to file.

    `resource` is the `Sentry-Hook-Resource` header. The signature does not cover it, so what the body holds decides;
    the header only gives NotHandled its name. `with_locals`: the local variables of the crash are read as well.
    `secrets` are those of which one makes the mark of a test alert.
    """
    envelope = envelope_in(body)
    if (data := envelope.data) is None:
        raise InvalidPayload(("data.event",))
    action, sender = (envelope.action or "").lower(), envelope.installation
    event = data.event or data.error
    if event is not None and action in FILED_ACTIONS:
        return glance_at_event(event, data, body, secrets, sender, with_locals=with_locals)
    if data.metric_alert is not None and action in METRIC_SEVERITIES:
        return glance_at_metric(data.metric_alert, data, body, sender, severity=METRIC_SEVERITIES[action])
    raise _unfiled(data, resource)


def envelope_in(body: bytes) -> Envelope:
    """Return what `body` holds, whatever resource it is of; raise InvalidPayload when it is not a JSON object."""
    try:
        return read(Envelope, body)
    except NotAnObject as error:
        raise InvalidPayload(("json_object",)) from error


def _unfiled(data: SentData, resource: str | None) -> NotHandled | InvalidPayload:
    """Tell another resource's body from one that should have had an event."""
    name = resource_of(data, resource)
    return NotHandled(name) if name else InvalidPayload(("data.event",))
