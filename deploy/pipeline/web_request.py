"""One HTTP request over the standard library alone.

The jobs of the workflow install nothing, so that no package can reach their token or key.
"""

from __future__ import annotations

import http.client
import urllib.request

UNREADABLE = (OSError, ValueError, http.client.HTTPException, RecursionError)
"""No answer; one that is not HTTP, or cut off; one that is not JSON, or nested without end."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to be read: following it would carry the token somewhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""


def send(request: urllib.request.Request | str, *, timeout_seconds: float) -> http.client.HTTPResponse:
    """Return the answer, unread. Raises `HTTPError` for a status outside 200 to 299, or another of `UNREADABLE`."""
    opener = urllib.request.build_opener(NoRedirects)
    response: http.client.HTTPResponse = opener.open(request, timeout=timeout_seconds)
    return response
