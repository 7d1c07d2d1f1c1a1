"""`/health`: whether an alert could be stored now, which release answers, what holds deliveries up if anything does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.watch.troubles import detail
from booty.observability.webhook.service import NAME

PATH = "/health"
UNUSABLE = "no alert can be stored: the service's log says why"
LEAVING = "this host was told to stop: it takes alerts for some seconds more"

blueprint = Blueprint(f"{NAME}_health", __name__)


@blueprint.get(PATH, strict_slashes=False)
def health() -> ResponseReturnValue:
    """Answer for the service, unless the host has a `/health` of its own, which then answers."""
    own = hosts_own(current_app)
    if own is not None:
        answer: ResponseReturnValue = current_app.ensure_sync(own)()
        return answer
    service = current_app.extensions[NAME]
    if service.draining is not None and service.draining.is_under_way:
        return jsonify(status="draining", release=service.release, detail=LEAVING), 503
    now = time.time()
    try:
        vitals = service.claims.check(now=now)
    except NotStored:
        return jsonify(status="ledger_unusable", release=service.release, detail=UNUSABLE), 503
    told: dict[str, object] = {"deliveries": vitals.hold_up} if vitals.hold_up else {}
    if vitals.spool is not None and (vitals.spool.is_away or vitals.spool.count):
        told |= {"spooled": vitals.spool.count, **({"ledger": "away"} if vitals.spool.is_away else {})}
    return jsonify(status="ok", release=service.release, detail=detail(vitals, now), **told), 200


def hosts_own(app: Flask) -> Callable[..., Any] | None:
    """Return the view of a `/health` that is not ours, whenever it was added to `app`."""
    ours = f"{blueprint.name}.{health.__name__}"
    rules = (rule for rule in app.url_map.iter_rules() if rule.rule.rstrip("/") == PATH and rule.endpoint != ours)
    return next((app.view_functions[rule.endpoint] for rule in rules if "GET" in (rule.methods or ())), None)
