"""The raw body of a request, whole, within its limit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PLAIN_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)
LONGEST_BODY = 2 * 1024 * 1024
"""Bytes. Real events reach 0.5 MB; Sentry itself sets no limit."""


def read_body(environ: WSGIEnvironment) -> bytes:
    """Return the raw body. Raises `BadRequest`, and `RequestEntityTooLarge`: by its announced length, unread."""
    announced = _announced(environ)
    try:
        body = _in_chunks() if announced is None else _of(announced, environ)
    except (OSError, ValueError, ParseException) as error:  # gunicorn's, for chunks that end too soon or are none
        raise BadRequest from error
    if len(body) > LONGEST_BODY:
        raise RequestEntityTooLarge
    if len(body) < (announced or 0):  # gunicorn ends a body where the connection ends
        raise BadRequest
    return body


def _announced(environ: WSGIEnvironment) -> int | None:
    """Return the length as werkzeug reads it, None when none is announced; a usual one in a tenth of the time."""
    if "HTTP_TRANSFER_ENCODING" not in environ and PLAIN_LENGTH.fullmatch(environ.get("CONTENT_LENGTH", "")):
        return int(environ["CONTENT_LENGTH"])
    return request.content_length


def _of(size: int, environ: WSGIEnvironment) -> bytes:
    """Read a body of an announced size from the server itself: werkzeug copies it four times on its way."""
    if size > LONGEST_BODY:
        raise RequestEntityTooLarge
    sent = environ["wsgi.input"]
    body: bytes = sent.read(size)
    while len(body) < size and (more := sent.read(size - len(body))):
        body += more
    return body if len(body) == size else request.get_data(cache=False)  # a host may have read it before


def _in_chunks() -> bytes:
    # One byte more than is allowed: of a body that announces no length, werkzeug would silently drop what is beyond.
    request.max_content_length = LONGEST_BODY + 1
    return request.get_data(cache=False)
