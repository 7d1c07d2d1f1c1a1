"""The shim: a WSGI application with the webhook, `/health`, and the app it stands beside; it starts everything.

Our two paths are dispatched here and reach Flask unchanged. (werkzeug's DispatcherMiddleware would move the path into
SCRIPT_NAME, and could not leave other paths under `/webhooks` to the app beside.)
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.utils import import_string

from booty.observability import reporting, webhook
from booty.observability.config import Fault, InvalidSettings, Settings
from booty.observability.webhook import PATH, Observability

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EX_CONFIG = 78
"""The exit code for a configuration error, after sysexits.h: systemd need not try again."""
OURS = frozenset({PATH, f"{PATH}/", "/health", "/health/"})
ASGI_REMEDY = (
    "name a WSGI application; an ASGI app such as FastAPI runs on its own socket, and nginx sends it the rest "
    "(docs/deploying.md), or it mounts this service: app.mount('/', WSGIMiddleware(booty.wsgi.create_app()))"
)


@dataclass(frozen=True, slots=True)
class Service:
    """The WSGI application; `start` it in each worker after the fork, `stop` it before the worker ends."""

    webhook: Flask
    beside: WSGIApplication | None
    observability: Observability

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        is_ours = self.beside is None or environ.get("PATH_INFO", "") in OURS
        app = self.webhook if is_ours or self.beside is None else self.beside
        return app(environ, start_response)

    def start(self) -> None:
        """Deliver what an earlier process left."""
        self.observability.start()

    def stop(self) -> None:
        """Finish the delivery in flight."""
        self.observability.stop()


def create_app() -> Service:
    """Build the service from the environment; wrong settings end the process with all of them named."""
    try:
        settings = Settings.load(os.environ)
        beside = _import_beside(settings.app)
    except InvalidSettings as error:
        sys.stderr.write(f"The service cannot start: {error}\n")
        raise SystemExit(EX_CONFIG) from None
    reporting.start(settings)
    app = Flask("booty.observability")
    return Service(app, beside, webhook.init_app(app, settings))


def _import_beside(name: str | None) -> WSGIApplication | None:
    """Import the application that BOOTY_APP names. Raises `InvalidSettings`."""
    if name is None:
        return None
    try:
        app: WSGIApplication = import_string(name)
    except ImportError as error:
        fault = Fault("BOOTY_APP", f"{name!r} cannot be imported: {error}", "use module:attribute, as in shop.wsgi:app")
        raise InvalidSettings((fault,)) from None
    if not callable(app) or _is_asgi(app):
        raise InvalidSettings((Fault("BOOTY_APP", f"{name!r} is no WSGI application", ASGI_REMEDY),))
    return app


def _is_asgi(app: object) -> bool:
    """Tell an ASGI application by its coroutine (https://asgi.readthedocs.io/en/latest/specs/main.html)."""
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None))  # noqa: B004 - the method itself is asked for
