"""The resources of Sentry's webhooks: which are not filed, which lack what they should hold."""

from __future__ import annotations

import re

from booty.observability.sentry.schema.body import SentData

FILED_RESOURCES = {"event_alert", "error", "metric_alert"}
RESOURCE = re.compile(r"[a-z_.]{1,40}")


class NotHandled(Exception):
    """A sound body of a resource that is not filed; `resource` names it, in letters that a log can bear."""

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


class InvalidPayload(Exception):
    """A body that no alert can be made of; `missing` says what it lacks: in case of several names, one would do."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def resource_of(data: SentData, resource: str | None) -> str | None:
    """Return the resource's name: the header's, unless it names one that would have been filed, else by its shape."""
    if resource and RESOURCE.fullmatch(resource) and resource not in FILED_RESOURCES:
        return resource
    return next((name for name, value in _shapes(data).items() if value is not None), None)


def _shapes(data: SentData) -> dict[str, object]:
    return {
        "event_alert": data.event,
        "error": data.error,
        "metric_alert": data.metric_alert,
        "activity_alert": data.has_activity or None,
        "comment": data.comment_id,
        "installation": data.has_installation or None,
        "seer": data.run_id,
        "issue": data.issue,
    }
