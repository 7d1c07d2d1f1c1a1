"""The other yardstick: the best that somebody would write by hand in an afternoon.

Flask, the signature, `json`, one row in SQLite with a cooldown, in one durable commit; the body is stored as it came,
and nothing is ever filed. It runs under the project's own gunicorn.conf.py.
"""

from __future__ import annotations

import hmac
import json
import os
import sqlite3
import threading
import time
from contextlib import nullcontext
from pathlib import Path

from flask import Flask, Response, jsonify, request
from noop import NoOp

COOLDOWN_SECONDS = 6 * 3600.0
UPSERT = """
    INSERT INTO alerts (fingerprint, claimed_at, times, body) VALUES (?, ?, 1, ?)
    ON CONFLICT (fingerprint) DO UPDATE
    SET times = CASE WHEN excluded.claimed_at - claimed_at < ? THEN times + 1 ELSE 1 END RETURNING times
"""
TABLE = "CREATE TABLE IF NOT EXISTS alerts (fingerprint TEXT PRIMARY KEY, claimed_at REAL, times INTEGER, body BLOB)"
app: Flask = NoOp(__name__)
open_in = threading.local()
LOCK = threading.Lock() if os.environ.get("BY_HAND") == "locked" else nullcontext()
"""Who knows how SQLite waits adds one: it asks again after pauses that grow, so that some of many threads wait long."""


def connection() -> sqlite3.Connection:
    """Return this thread's connection."""
    if not hasattr(open_in, "connection"):
        file = Path(os.environ["BOOTY_STATE_DIR"]) / "by-hand.sqlite3"
        file.parent.mkdir(parents=True, exist_ok=True)
        open_in.connection = sqlite3.connect(file, timeout=10, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            TABLE,
        ):
            open_in.connection.execute(statement)
    found: sqlite3.Connection = open_in.connection
    return found


@app.post("/webhooks/sentry")
def receive() -> tuple[Response, int]:
    """Verify, parse, store."""
    body = request.get_data(cache=False)
    signature = hmac.new(os.environ["SENTRY_WEBHOOK_SECRET"].encode(), body, "sha256").hexdigest()
    if not hmac.compare_digest(signature, request.headers.get("Sentry-Hook-Signature", "")):
        return jsonify(error="invalid_signature"), 401
    event = json.loads(body)["data"]["event"]
    fingerprint = f"{event['project']}:{event['issue_id']}"
    with LOCK:
        (times,) = connection().execute(UPSERT, (fingerprint, time.time(), body, COOLDOWN_SECONDS)).fetchone()
    if times > 1:
        return jsonify(status="ignored", reason="cooldown"), 200
    return jsonify(status="accepted", fingerprint=fingerprint), 202


@app.get("/health")
def health() -> Response:
    """Answer that it runs."""
    return jsonify(status="ok")
