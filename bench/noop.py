"""The yardstick: a Flask view that reads the body, does nothing with it, answers 202.

It runs under the project's own gunicorn.conf.py, so what differs from the service is only what the service does.
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, request


class NoOp(Flask):
    """A Flask app with the two hooks that gunicorn.conf.py calls."""

    def start(self) -> None:
        """Start nothing."""

    def stop(self) -> None:
        """Stop nothing."""


app = NoOp(__name__)


@app.post("/webhooks/sentry")
def receive() -> tuple[Response, int]:
    """Read the body, as whoever verifies it must."""
    request.get_data(cache=False)
    return jsonify(status="accepted"), 202


@app.get("/health")
def health() -> Response:
    """Answer that it runs."""
    return jsonify(status="ok")
