"""The service's own errors, reported to Sentry without personal data, traces, bodies.

What the alert path itself reports carries the tag `booty.path=alert`. When Sentry sends it back as an alert, `payload`
knows it by that tag, and it never becomes an issue: the path cannot feed itself.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from booty.observability.config import Settings
from booty.observability.sentry.marks import OWN_TAG
from booty.observability.text.personal_data import mask
from booty.observability.text.redaction import redact_value

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

PACKAGE = "booty.observability"
IDENTIFIERS = frozenset(
    {"release", "modules", "sdk", "version", "filename", "abs_path", "module", "package", "event_id", "environment"}
)
"""No personal data is looked for below these."""


def start(settings: Settings) -> None:
    """Initialise sentry-sdk; without a DSN nothing is ever sent."""
    if settings.sentry_dsn is None:
        return
    import sentry_sdk  # noqa: PLC0415 - a service without a DSN is smaller without

    sentry_sdk.init(
        dsn=settings.sentry_dsn.reveal(),
        release=settings.sentry_release or "",  # None would let the SDK guess one from the working directory
        environment=settings.sentry_environment,
        sample_rate=settings.sentry_sample_rate,
        send_default_pii=False,
        traces_sample_rate=None,
        auto_session_tracking=False,  # errors alone: no count of every request, no thread that sends it
        include_local_variables=False,
        max_request_body_size="never",
        before_send=partial(before_send, is_masked=settings.personal_data == "masked"),
        **(_errors_alone() if settings.app is None else {}),
    )


def _errors_alone() -> dict[str, Any]:
    """Return what makes the SDK look at errors alone; an application beside is watched by all that it brings.

    To follow each request and log line takes a fifth of the acknowledgements and 9 MiB; our reports have no request,
    and Flask logs what a view raises.
    """
    from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415 - as above
    from sentry_sdk.integrations.dedupe import DedupeIntegration  # noqa: PLC0415 - as above
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration  # noqa: PLC0415 - as above
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415 - as above
    from sentry_sdk.integrations.modules import ModulesIntegration  # noqa: PLC0415 - as above
    from sentry_sdk.integrations.threading import ThreadingIntegration  # noqa: PLC0415 - as above

    return {
        "default_integrations": False,
        "auto_enabling_integrations": False,
        "integrations": [
            LoggingIntegration(level=None, sentry_logs_level=None),  # lines stand in the journal; errors are reported
            ThreadingIntegration(propagate_scope=False),
            ExcepthookIntegration(),
            AtexitIntegration(),
            DedupeIntegration(),
            ModulesIntegration(),
        ],
    }


def before_send(event: Event, hint: Hint, *, is_masked: bool = True) -> Event:
    """Tag what comes from the alert path, drop its request, redact every text; `is_masked`: no personal data."""
    del hint
    fields: dict[str, Any] = dict(event)
    if _is_own(fields):
        tags = fields.get("tags") or {}
        fields["tags"] = {**(tags if isinstance(tags, dict) else dict(tags)), OWN_TAG[0]: OWN_TAG[1]}
        fields.pop("request", None)  # its headers hold the signature
    cleaned: Event = _redacted(fields, is_masked=is_masked)
    return cleaned


def mark_in_a_host() -> None:
    """Tag and clean what the alert path causes in the reports of its host, however the host has set up its SDK."""
    import sentry_sdk  # noqa: PLC0415 - the service alone does not need it

    sentry_sdk.get_global_scope().add_event_processor(_mark)


def _mark(event: Event, hint: Hint) -> Event:
    return before_send(event, hint) if _is_own(dict(event)) else event


def _is_own(event: dict[str, Any]) -> bool:
    """Return whether the alert path logged the event, or an exception passed through its code."""
    if str(event.get("logger", "")).startswith(PACKAGE):
        return True
    frames = [
        frame
        for raised in (event.get("exception") or {}).get("values") or ()
        for frame in (raised.get("stacktrace") or {}).get("frames") or ()
    ]
    return any(str(frame.get("module", "")).startswith(PACKAGE) for frame in frames)


def _redacted(content: Any, name: str = "", *, is_masked: bool) -> Any:  # noqa: ANN401 - any JSON value
    """Redact a text, or all of `content`; `name` may be that of a secret: `X-Hub-Signature-256`, `api_token`."""
    is_masked = is_masked and name not in IDENTIFIERS
    if isinstance(content, str):
        safe = redact_value(name, content)
        return mask(safe) if is_masked else safe
    if isinstance(content, dict):
        return {key: _redacted(value, str(key), is_masked=is_masked) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_redacted(item, is_masked=is_masked) for item in content]
    return content
