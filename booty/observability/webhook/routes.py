"""The blueprint: the walk from a request to an answer, with every HTTP status.

Sentry waits one second and never asks again, so nothing here calls the network: an alert is verified, parsed, decided
about and stored; the courier does the rest. The answers are never 3xx, which Sentry would count as delivered.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from booty.observability.alerts.alert import Occurrence
from booty.observability.alerts.filters import History, Verdict, decide
from booty.observability.alerts.status_change import StatusChange
from booty.observability.config.settings import Settings
from booty.observability.hosting import START_SECONDS, Hosted
from booty.observability.ledger.engines.sqlite import NotStored
from booty.observability.ops import error_reports, logs
from booty.observability.ops.announcement import tell_start
from booty.observability.ops.logs import about
from booty.observability.sentry.payload import InvalidPayload, NotHandled, glance
from booty.observability.sentry.signature import InvalidSignature, Truncated, Unsigned, verify
from booty.observability.sentry.status_changes import parse_status_change
from booty.observability.webhook.health import NAME, hosts_own
from booty.observability.webhook.health import blueprint as health_blueprint
from booty.observability.webhook.reasons import why
from booty.observability.wiring import Observability, build

log = logging.getLogger(__name__)

LONGEST_BODY = 2 * 1024 * 1024
"""Bytes. Real events reach 0.5 MB; Sentry itself sets no limit."""
PATH = "/webhooks/sentry"
SIGNATURES = ("Sentry-Hook-Signature", "Sentry-App-Signature")
"""The second is for an alert rule that is being saved. Either proves that Sentry sent the body, whatever it holds."""
NO_ALERT = frozenset({("json_object",), ("data.event",), ("data.issue",)})
"""What a body lacks that holds neither an alert nor news."""
UNSIGNED = "not Sentry's, or something in front drops the Sentry-Hook-Signature header: let it pass all headers"
CUT = "something in front cuts the body: raise its limit for the size of a request to 2 MiB"
ANOTHERS = "compare SENTRY_WEBHOOK_SECRET with the client secret in Sentry; if they agree, a proxy changes the body"
UNVERIFIED: dict[type[InvalidSignature], tuple[str, str]] = {
    Unsigned: ("alert_unsigned", UNSIGNED),
    Truncated: ("alert_cut", CUT),
    InvalidSignature: ("alert_unverified", ANOTHERS),
}
BROKEN_OFF = "the sender or something in front closed the connection early: look at its log and its timeouts"

HOSTED, INHERITED = f"{NAME}.hosted", f"{NAME}.inherited"

blueprint = Blueprint(NAME, __name__)


def init_app(app: Flask, settings: Settings, *, health: bool = True) -> Observability:
    """Mount the webhook in any Flask app, with `/health` unless told otherwise; deliveries start by themselves.

    What changes in the app: it has our two routes, and `app.extensions["observability"]` is what is returned; it stops
    redirecting doubled slashes, everywhere (Sentry would count that redirect as a delivery). A `/health` of the app's
    own answers instead of ours, whenever it is added.
    What changes in the process: the logger `booty` is set to INFO unless it has a level, and shows its lines on stderr
    as long as neither it nor the root has a handler. What sentry-sdk reports of our code is tagged and redacted, so
    that it never becomes an alert to itself. Some seconds later, in this process or in those that it forks meanwhile,
    the courier's thread opens the ledger and delivers what an earlier process left; at the process's end it finishes
    what is under way.
    """
    observability = mount(app, settings, health=health)
    logs.show_in_a_host()
    error_reports.mark_in_a_host()
    tell_start(settings)

    def start() -> None:
        if health and hosts_own(app) is not None:
            log.info("health_left_to_host", extra={"reason": "the application has a /health of its own"})
        app.extensions[NAME].start()

    def stop() -> None:
        app.extensions[NAME].stop()

    def renew() -> None:
        app.extensions[INHERITED].append(app.extensions[NAME])  # to close its files would drop our own locks on them
        app.extensions[NAME] = build(settings)

    app.extensions[INHERITED] = []
    app.extensions[HOSTED] = Hosted(start=start, stop=stop, renew=renew, seconds=START_SECONDS)
    return observability


def mount(app: Flask, settings: Settings, *, health: bool = True) -> Observability:
    """Mount the routes and no more: nothing is opened or started before the first accepted alert, or `start`."""
    app.extensions[NAME] = observability = build(settings)
    app.url_map.merge_slashes = False  # it would answer a doubled slash with 308
    app.register_blueprint(blueprint)
    if health:
        app.register_blueprint(health_blueprint)
    return observability


def _observability() -> Observability:
    observability: Observability = current_app.extensions[NAME]
    return observability


@blueprint.post(PATH, strict_slashes=False)
def receive() -> tuple[Response, int]:
    """Handle one webhook from Sentry; the answers are listed in the README."""
    service, body = _observability(), _body()
    is_rule = _verify(body, service)
    try:
        return _decide(body, request.headers.get("Sentry-Hook-Resource"), service)
    except (NotHandled, InvalidPayload) as error:
        if not is_rule or (isinstance(error, InvalidPayload) and error.missing not in NO_ALERT):
            raise
        return jsonify(status="ok"), 200  # an alert rule is being saved; anything from 400 would refuse it


def _verify(body: bytes, service: Observability) -> bool:
    """Return whether it was signed as an alert rule that is being saved is. Raises `InvalidSignature`."""
    hook, app = (request.headers.get(name) for name in SIGNATURES)
    try:
        verify(body, hook, service.secrets)
    except InvalidSignature:
        if not app:
            raise
        verify(body, app, service.secrets)
        return True
    return False


def _decide(body: bytes, resource: str | None, service: Observability) -> tuple[Response, int]:
    """Decide about the alert in a body, or the news. Raises `NotHandled`, `InvalidPayload`."""
    try:
        return _take(glance(body, resource, with_locals=service.has_locals), service)
    except NotHandled:
        if not service.is_following:
            raise
        return _record_status_change(parse_status_change(body, resource), service)


def _take(alert: Occurrence, service: Observability) -> tuple[Response, int]:
    """Decide about an alert, and store what follows from that."""
    now = time.time()
    with about(service.pages.link(alert.sentry_url) if alert.sentry_url else None):
        if (verdict := decide(alert, service.policy, None, now)) is not Verdict.ACCEPTED:
            return _ignore(verdict, alert.fingerprint, why(verdict, alert, service.policy, None))
        seen: list[History | None] = [None]

        def judge(history: History | None) -> Verdict:
            seen.append(history)
            return decide(alert, service.policy, history, now)

        if not (verdict := service.ledger.claim(alert, judge, now=now)).is_accepted:
            return _ignore(verdict, alert.fingerprint, why(verdict, alert, service.policy, seen[-1]))
        service.start()
        log.info("alert_accepted", extra={"fingerprint": alert.fingerprint, "severity": alert.severity.value})
        return jsonify(status="accepted", fingerprint=alert.fingerprint), 202


def _record_status_change(news: StatusChange, service: Observability) -> tuple[Response, int]:
    """Store news of a problem that has an issue; of any other they are ignored."""
    with about(service.pages.link(news.sentry_url) if news.sentry_url else None):
        if not service.ledger.record_status_change(news, now=time.time()):
            return _ignore(Verdict.NOT_HANDLED, news.fingerprint, {"change": news.change})
        service.start()
        log.info("news_accepted", extra={"fingerprint": news.fingerprint, "change": news.change})
        return jsonify(status="accepted", fingerprint=news.fingerprint), 202


def _body() -> bytes:
    """Return the raw body. Raises `BadRequest`, and `RequestEntityTooLarge`: by its announced length, unread."""
    # One byte more than is allowed: of a body that announces no length, werkzeug would silently drop what is beyond.
    request.max_content_length = LONGEST_BODY + 1
    try:
        body = request.get_data(cache=False)
    except (OSError, ParseException) as error:  # gunicorn's, for chunks that end too soon or are none
        raise BadRequest from error
    if len(body) > LONGEST_BODY:
        raise RequestEntityTooLarge
    if len(body) < (request.content_length or 0):  # gunicorn ends a body where the connection ends
        raise BadRequest
    return body


def _ignore(verdict: Verdict, fingerprint: str, reasons: Mapping[str, object]) -> tuple[Response, int]:
    log.info("alert_ignored", extra={"fingerprint": fingerprint, "reason": verdict.value, **reasons})
    return jsonify(status="ignored", reason=verdict.reason), 200


@blueprint.errorhandler(NotHandled)
def _answer_not_handled(error: NotHandled) -> tuple[Response, int]:
    log.info("alert_ignored", extra={"resource": error.resource, "reason": Verdict.NOT_HANDLED.value})
    return jsonify(status="ignored", reason=Verdict.NOT_HANDLED.value), 200


@blueprint.errorhandler(InvalidSignature)
def _answer_invalid_signature(error: InvalidSignature) -> tuple[Response, int]:
    event, remedy = UNVERIFIED[type(error)]
    log.warning(event, extra={"remedy": remedy, "announced_bytes": request.content_length})
    return jsonify(error="invalid_signature"), 401


@blueprint.errorhandler(InvalidPayload)
def _answer_invalid_payload(error: InvalidPayload) -> tuple[Response, int]:
    log.warning("alert_unreadable", extra={"missing": list(error.missing)})
    return jsonify(error="invalid_payload", missing=list(error.missing)), 422


@blueprint.errorhandler(BadRequest)
def _answer_broken_body(_: BadRequest) -> tuple[Response, int]:
    log.warning("body_truncated", extra={"remedy": BROKEN_OFF, "announced_bytes": request.content_length})
    return jsonify(error="broken_body"), 400


@blueprint.errorhandler(RequestEntityTooLarge)
def _answer_too_large(_: RequestEntityTooLarge) -> tuple[Response, int]:
    log.warning("alert_too_large", extra={"limit_bytes": LONGEST_BODY})
    return jsonify(error="too_large", limit_bytes=LONGEST_BODY), 413


@blueprint.errorhandler(NotStored)
def _answer_not_stored(_: NotStored) -> tuple[Response, int]:
    return jsonify(error="not_stored"), 503
