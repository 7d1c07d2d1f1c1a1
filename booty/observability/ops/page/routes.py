"""The route of the page: it shows, it changes nothing."""

from __future__ import annotations

import time
from threading import Lock

from flask import Blueprint, Response, request

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config import Settings
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ops.page.door import Door, NoPassword, TooManyTries
from booty.observability.ops.page.style import STYLE_HASH

PATH = "/observability/"
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
CHALLENGE = {"WWW-Authenticate": 'Basic realm="booty", charset="UTF-8"'}


def blueprint_for(settings: Settings, store: Store, password: str) -> Blueprint:
    """Return the page for whoever knows the password."""
    blueprint, door, turn, pages = (
        Blueprint("observability_page", __name__),
        Door(password),
        Lock(),
        SentryPages(settings.sentry_url),
    )

    def page() -> Response:
        door.admit(request, now=time.monotonic())
        from booty.observability.ops.page.rendering import render  # noqa: PLC0415 - 3 MiB, for who looks
        from booty.observability.ops.page.view import look  # noqa: PLC0415 - the same

        with turn:  # one at a time: to read the journal takes a moment of the processor that alerts need too
            view = look(settings, store, request.args.get("q", ""), now=time.time())
        text = render(view, pages, repository_url=settings.web_url)
        return Response(text, content_type="text/html; charset=utf-8")

    blueprint.add_url_rule(PATH, view_func=page, methods=["GET"], strict_slashes=False, provide_automatic_options=False)
    blueprint.after_request(_sealed)
    blueprint.register_error_handler(NoPassword, _no_password)
    blueprint.register_error_handler(TooManyTries, _too_many_tries)
    return blueprint


def _sealed(response: Response) -> Response:
    """Let nothing in that is not the page's own, whatever stands in it; keep it out of every cache."""
    response.headers.update(HEADERS)
    return response


def _no_password(_: NoPassword) -> Response:
    return Response(
        "The password of this page is OBSV_PAGE_PASSWORD; any user name will do.\n",
        401,
        CHALLENGE,
        content_type="text/plain",
    )


def _too_many_tries(error: TooManyTries) -> Response:
    seconds = int(error.seconds) + 1
    words = f"Too many wrong passwords; try again in {seconds} seconds.\n"
    return Response(words, 429, {"Retry-After": str(seconds)}, content_type="text/plain")
