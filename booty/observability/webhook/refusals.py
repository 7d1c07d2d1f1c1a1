"""The answers to what is not accepted: an exception's HTTP status."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.sentry.resources import InvalidPayload, NotHandled
from booty.observability.sentry.signature import InvalidSignature, Truncated, Unsigned
from booty.observability.webhook.body import LONGEST_BODY
from booty.observability.webhook.service import NAME

log = logging.getLogger(__name__)

UNSIGNED = "not Sentry's, or something in front drops the Sentry-Hook-Signature header: let it pass all headers"
CUT = "something in front cuts the body: raise its limit for the size of a request to 2 MiB"
ANOTHERS = "compare SENTRY_WEBHOOK_SECRET with the client secret in Sentry; if they agree, a proxy changes the body"
UNVERIFIED: dict[type[InvalidSignature], tuple[str, str]] = {
    Unsigned: ("alert_unsigned", UNSIGNED),
    Truncated: ("alert_cut", CUT),
    InvalidSignature: ("alert_unverified", ANOTHERS),
}
BROKEN_OFF = (
    "the sender or something in front closed the connection early, or fell silent: look at its log and its timeouts"
)


def answer_refusals(blueprint: Blueprint) -> None:
    """Have `blueprint` answer each exception that the walk may raise."""
    blueprint.register_error_handler(NotHandled, _not_handled)
    blueprint.register_error_handler(InvalidSignature, _invalid_signature)
    blueprint.register_error_handler(InvalidPayload, _invalid_payload)
    blueprint.register_error_handler(BadRequest, _broken_body)
    blueprint.register_error_handler(RequestEntityTooLarge, _too_large)
    blueprint.register_error_handler(NotStored, _not_stored)


def _count(reason: str) -> None:
    """Count, for the journal, a request that nothing was decided about."""
    current_app.extensions[NAME].claims.turned_away.count(reason)


def _not_handled(error: NotHandled) -> tuple[Response, int]:
    _count(Verdict.NOT_HANDLED.value)
    log.info("alert_ignored", extra={"resource": error.resource, "reason": Verdict.NOT_HANDLED.value})
    return jsonify(status="ignored", reason=Verdict.NOT_HANDLED.value), 200


def _invalid_signature(error: InvalidSignature) -> tuple[Response, int]:
    event, remedy = UNVERIFIED[type(error)]
    _count(event.removeprefix("alert_"))
    log.warning(event, extra={"remedy": remedy, "announced_bytes": request.content_length})
    return jsonify(error="invalid_signature"), 401


def _invalid_payload(error: InvalidPayload) -> tuple[Response, int]:
    _count("unreadable")
    log.warning("alert_unreadable", extra={"missing": list(error.missing)})
    return jsonify(error="invalid_payload", missing=list(error.missing)), 422


def _broken_body(_: BadRequest) -> tuple[Response, int]:
    _count("broken_body")
    log.warning("body_truncated", extra={"remedy": BROKEN_OFF, "announced_bytes": request.content_length})
    return jsonify(error="broken_body"), 400


def _too_large(_: RequestEntityTooLarge) -> tuple[Response, int]:
    _count("too_large")
    log.warning("alert_too_large", extra={"limit_bytes": LONGEST_BODY})
    return jsonify(error="too_large", limit_bytes=LONGEST_BODY), 413


def _not_stored(_: NotStored) -> tuple[Response, int]:
    _count("not_stored")  # written once there is room again
    return jsonify(error="not_stored"), 503
