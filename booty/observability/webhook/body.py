"""The raw body of a request, whole, within its limit."""

from __future__ import annotations

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

LONGEST_BODY = 2 * 1024 * 1024
"""Bytes. Real events reach 0.5 MB; Sentry itself sets no limit."""


def read_body() -> bytes:
    """Return the raw body. Raises `BadRequest`, and `RequestEntityTooLarge`: by its announced length, unread."""
    # One byte more than is allowed: of a body that announces no length, werkzeug would silently drop what is beyond.
    request.max_content_length = LONGEST_BODY + 1
    try:
        body = request.get_data(cache=False)
    except (OSError, ParseException) as error:  # gunicorn's, for chunks that end too soon or are none
        raise BadRequest from error
    if len(body) > LONGEST_BODY:
        raise RequestEntityTooLarge
    is_as_announced = request.environ.get("CONTENT_LENGTH") == str(len(body))  # spares the reading of it, nearly always
    if not is_as_announced and len(body) < (request.content_length or 0):
        raise BadRequest  # gunicorn ends a body where the connection ends
    return body
