"""The raw body of a request, whole, within its limit."""

from __future__ import annotations

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

LONGEST_BODY = 2 * 1024 * 1024
"""Bytes. Real events reach 0.5 MB; Sentry itself sets no limit."""


def read_body() -> bytes:
    """Return the raw body. Raises `BadRequest`, and `RequestEntityTooLarge`: by its announced length, unread."""
    announced = request.content_length
    try:
        body = _in_chunks() if announced is None else _of(announced)
    except (OSError, ValueError, ParseException) as error:  # gunicorn's, for chunks that end too soon or are none
        raise BadRequest from error
    if len(body) > LONGEST_BODY:
        raise RequestEntityTooLarge
    if len(body) < (announced or 0):  # gunicorn ends a body where the connection ends
        raise BadRequest
    return body


def _of(size: int) -> bytes:
    """Read a body of an announced size from the server itself: werkzeug copies it four times on its way."""
    if size > LONGEST_BODY:
        raise RequestEntityTooLarge
    sent = request.environ["wsgi.input"]
    body: bytes = sent.read(size)
    while len(body) < size and (more := sent.read(size - len(body))):
        body += more
    return body if len(body) == size else request.get_data(cache=False)  # a host may have read it before


def _in_chunks() -> bytes:
    # One byte more than is allowed: of a body that announces no length, werkzeug would silently drop what is beyond.
    request.max_content_length = LONGEST_BODY + 1
    return request.get_data(cache=False)
