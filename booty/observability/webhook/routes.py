"""The walk from a request to an answer.

Sentry waits one second and never asks again, so nothing here calls the network: an alert is verified, parsed, decided
about and stored; the courier does the rest. The answers are never 3xx, which Sentry would count as delivered.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from flask import Blueprint, Response, after_this_request, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue

from booty.observability.alerts.filters import History, Verdict, decide
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.routing.way import Way
from booty.observability.alerts.status_change import StatusChange
from booty.observability.log_context import about
from booty.observability.sentry.payload import envelope_in, glance
from booty.observability.sentry.resources import InvalidPayload, NotHandled
from booty.observability.sentry.signature import InvalidSignature, verify
from booty.observability.sentry.status_changes import parse_status_change
from booty.observability.webhook.body import read_body
from booty.observability.webhook.log_fields import why
from booty.observability.webhook.noting import note
from booty.observability.webhook.refusals import answer_refusals
from booty.observability.webhook.service import NAME, Observability

log = logging.getLogger(__name__)

PATH = "/webhooks/sentry"
SIGNATURE, RULE_SIGNATURE = "HTTP_SENTRY_HOOK_SIGNATURE", "HTTP_SENTRY_APP_SIGNATURE"
"""Headers, as WSGI names them: the second is for an alert rule that is being saved.

Either proves that Sentry sent the body, whatever it holds.
"""
RESOURCE = "HTTP_SENTRY_HOOK_RESOURCE"
NO_ALERT = frozenset({("json_object",), ("data.event",), ("data.issue",)})
"""What a body lacks that holds neither an alert nor a status change."""
IGNORED = {verdict: f'{{"reason":"{verdict.reason}","status":"ignored"}}\n'.encode() for verdict in Verdict}
ACCEPTED = b'{"fingerprint":"%b","status":"accepted"}\n'
"""What `jsonify` would make anew of each alert, in five times as long; a fingerprint needs no quoting."""
JSON = "application/json"
blueprint = Blueprint(NAME, __name__)
answer_refusals(blueprint)


@blueprint.post(PATH, strict_slashes=False)
def receive() -> ResponseReturnValue:
    """Handle one webhook from Sentry; the responses are listed in docs/operating.md."""
    service: Observability = current_app.extensions[NAME]
    if service.notes is not None:
        after_this_request(note)
    environ = request.environ
    body = read_body(environ)
    is_rule, organization = _verify(body, environ, service)
    try:
        return _decide(body, environ.get(RESOURCE), service, organization)
    except (NotHandled, InvalidPayload) as error:
        if not is_rule or (isinstance(error, InvalidPayload) and error.missing not in NO_ALERT):
            raise
        return jsonify(status="ok"), 200  # an alert rule is being saved; anything from 400 would refuse it


def _verify(body: bytes, environ: Mapping[str, str], service: Observability) -> tuple[bool, str | None]:
    """Return whether it was signed as an alert rule that is being saved is, and by whose secret.

    Raises `InvalidSignature`.
    """
    try:
        return False, service.organizations[verify(body, environ.get(SIGNATURE), service.secrets)]
    except InvalidSignature:
        app = environ.get(RULE_SIGNATURE)
        if not app:
            raise
        return True, service.organizations[verify(body, app, service.secrets)]


def _decide(body: bytes, resource: str | None, service: Observability, organization: str | None) -> ResponseReturnValue:
    """Decide about the alert or the status change in a body. Raises `NotHandled`, `InvalidPayload`."""
    try:
        alert = glance(body, resource, with_locals=service.has_locals, secrets=service.secrets)
    except NotHandled:
        if service.installation is not None:
            service.installation.hear(envelope_in(body).installation)
        if not service.is_following:
            raise
        return _record_status_change(parse_status_change(body, resource), service)
    if service.installation is not None:
        service.installation.hear(alert.installation)
    if alert.is_test:
        g.is_test_alert = True
    return _take(alert, service.routing.way_of(alert, organization=organization), service)


def _take(alert: Occurrence, way: Way, service: Observability) -> ResponseReturnValue:
    """Decide about an alert, and store what follows from that."""
    now = time.time()
    with about(service.pages.link(alert.sentry_url) if alert.sentry_url else None):
        verdict = Verdict.NO_ROUTE if way.is_dropped else decide(alert, way.policy, None, now)
        if verdict is not Verdict.ACCEPTED:
            threshold = way.policy.least(alert).value if verdict is Verdict.BELOW_SEVERITY else ""
            service.claims.note(alert, verdict, destination=way.destination, threshold=threshold, now=now)
            return _ignore(verdict, alert.fingerprint, why(verdict, alert, way.policy, None))
        seen: list[History | None] = [None]

        def judge(history: History | None) -> Verdict:
            seen.append(history)
            return decide(alert, way.policy, history, now)

        verdict = service.claims.claim(alert, judge, destination=way.destination, now=now)
        if not verdict.is_accepted:
            return _ignore(verdict, alert.fingerprint, why(verdict, alert, way.policy, seen[-1]))
        service.start()
        log.info("alert_accepted", extra={"fingerprint": alert.fingerprint, "severity": alert.severity.value})
        return _accept(alert.fingerprint)


def _record_status_change(change: StatusChange, service: Observability) -> ResponseReturnValue:
    """Store a status change of a problem that has an issue; any other is ignored."""
    with about(service.pages.link(change.sentry_url) if change.sentry_url else None):
        if not service.claims.record_status_change(change, now=time.time()):
            return _ignore(Verdict.NOT_HANDLED, change.fingerprint, {"change": change.change})
        service.start()
        log.info("news_accepted", extra={"fingerprint": change.fingerprint, "change": change.change})
        return _accept(change.fingerprint)


def _accept(fingerprint: str) -> Response:
    return Response(ACCEPTED % fingerprint.encode(), "202 ACCEPTED", content_type=JSON)


def _ignore(verdict: Verdict, fingerprint: str, reasons: Mapping[str, object]) -> Response:
    log.info("alert_ignored", extra={"fingerprint": fingerprint, "reason": verdict.value, **reasons})
    return Response(IGNORED[verdict], "200 OK", content_type=JSON)
