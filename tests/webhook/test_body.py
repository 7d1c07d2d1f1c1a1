"""A body is read whole, up to a limit, or refused."""

from __future__ import annotations

import io
from typing import Any

from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidChunkSize
from support.webhook import SECRET, alert_body, answer, post

from booty.observability.sentry.signature import sign
from booty.observability.webhook.body import LONGEST_BODY
from booty.observability.webhook.routes import PATH


def test_a_body_as_long_as_allowed_is_read_whole(client: FlaskClient) -> None:
    short = alert_body(message="")
    body = alert_body(message="x" * (LONGEST_BODY - len(short)))

    response = post(client, body)

    assert len(body) == LONGEST_BODY
    assert response.status_code == 202


def test_a_body_that_is_too_long_is_refused_signed_or_not(client: FlaskClient) -> None:
    body = b" " * (LONGEST_BODY + 1)

    signed, unsigned = post(client, body), post(client, body, Sentry_Hook_Signature=None)

    assert answer(signed) == (413, {"error": "too_large", "limit_bytes": LONGEST_BODY})
    assert unsigned.status_code == 413


class Body(io.RawIOBase):
    """A body of spaces, as long as anybody wants to read; it counts what was read."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self.was_read = 0

    def readable(self) -> bool:
        """See `io.IOBase`."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """See `io.RawIOBase`."""
        count: int = min(len(buffer), self.length - self.was_read)
        buffer[:count] = b" " * count
        self.was_read += count
        return count


def test_a_body_is_refused_by_its_announced_length_before_any_of_it_is_read(client: FlaskClient) -> None:
    body = Body(1 << 30)

    response = client.post(PATH, environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(1 << 30)})

    assert response.status_code == 413
    assert body.was_read == 0


def test_a_body_without_an_announced_length_is_read_only_so_far(client: FlaskClient) -> None:
    body = Body(1 << 30)

    response = client.post(PATH, environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True})

    assert response.status_code == 413
    assert body.was_read <= LONGEST_BODY + 64 * 1024


class BrokenBody(Body):
    """A body whose chunks are none; gunicorn raises an error of its own."""

    def readinto(self, buffer: object) -> int:
        """See `io.RawIOBase`."""
        del buffer
        raise InvalidChunkSize(b"zz")


def test_a_body_that_breaks_off_is_the_callers_fault(client: FlaskClient) -> None:
    response = client.post(PATH, environ_overrides={"wsgi.input": BrokenBody(9), "wsgi.input_terminated": True})

    assert answer(response) == (400, {"error": "broken_body"})


def test_a_request_without_a_body_is_unverified(client: FlaskClient) -> None:
    assert client.post(PATH).status_code == 401


class InPieces(io.BytesIO):
    """A body of which a server hands out little at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        """See `io.BytesIO`."""
        return super().read(min(100, size or 0))


def test_a_body_that_comes_in_pieces_is_read_whole(client: FlaskClient) -> None:
    body = alert_body(message="x" * 1_000)
    headers = {"Sentry-Hook-Signature": sign(body, SECRET)}
    sent = {"wsgi.input": InPieces(body), "CONTENT_LENGTH": str(len(body))}

    assert client.post(PATH, headers=headers, environ_overrides=sent).status_code == 202


def test_a_body_that_is_shorter_than_announced_is_the_callers_fault(client: FlaskClient) -> None:
    body = alert_body()
    sent = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body) + 1)}

    response = client.post(PATH, headers={"Sentry-Hook-Signature": sign(body, SECRET)}, environ_overrides=sent)

    assert answer(response) == (400, {"error": "broken_body"})
