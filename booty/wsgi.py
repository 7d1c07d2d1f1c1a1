"""gunicorn's door: a WSGI application that answers on our own paths, beside another application.

Our paths are dispatched here and reach Flask unchanged. (werkzeug's DispatcherMiddleware would move the path into
SCRIPT_NAME, and could not leave other paths under `/webhooks` to the app beside.)
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Flask

from booty.observability import wiring
from booty.observability.config import Settings
from booty.observability.config_errors import Fault, InvalidSettings
from booty.observability.ops import error_reports
from booty.observability.ops.announcement import tell_start
from booty.observability.webhook.routes import PATH
from booty.observability.webhook.service import Observability

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EX_CONFIG = 78
"""The exit code for a configuration error, after sysexits.h: systemd need not try again."""
OURS = frozenset({PATH, f"{PATH}/", "/health", "/health/"})
PAGE = frozenset({"/observability", "/observability/"})
"""Ours where it is switched on."""
IMPORT_REMEDY = "name an importable WSGI application as module:attribute, such as shop.wsgi:app"
FACTORY_REMEDY = "name the application itself: put app = create_app(), or the like, into a module of yours"
ASGI_REMEDY = (
    "name a WSGI application; an ASGI app such as FastAPI runs on its own socket, and nginx sends it the rest "
    "(docs/hosting.md), or it mounts this service: app.mount('/', a2wsgi.WSGIMiddleware(booty.wsgi.create_app()))"
)


@dataclass(frozen=True, slots=True)
class Service:
    """The WSGI application; `start` it in each worker after the fork, `stop` it before the worker ends."""

    webhook: Flask
    beside: WSGIApplication | None
    observability: Observability
    ours: frozenset[str] = OURS

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if self.beside is not None and _path(environ) not in self.ours:
            return self.beside(environ, start_response)
        return self.webhook(environ, start_response)

    def start(self) -> None:
        """Deliver what an earlier process left."""
        self.observability.start()

    def drain(self) -> float:
        """Be about to stop; return for how many seconds to go on all the same, so that a balancer notices: 0 mostly."""
        draining = self.observability.draining
        return draining.begin() if draining is not None else 0.0

    def stop(self) -> None:
        """Finish the delivery in flight."""
        self.observability.stop()


def _path(environ: WSGIEnvironment) -> str:
    """Return the path as Flask reads it."""
    return "/" + str(environ.get("PATH_INFO", "")).lstrip("/")


def create_app(*, has_hooks: bool = False) -> Service:
    """Build the service from the environment; wrong settings end the process with all of them named.

    `has_hooks`: the server's hooks start and stop it, as our `gunicorn.conf.py` does. Without them it starts by itself,
    and shows its lines itself, as in any host.
    """
    try:
        settings, beside = _configured(os.environ)
        return _service(settings, beside, has_hooks=has_hooks)
    except InvalidSettings as error:
        sys.stderr.write(f"The service cannot start: {error}\n")
        raise SystemExit(EX_CONFIG) from None


def _service(settings: Settings, beside: WSGIApplication | None, *, has_hooks: bool) -> Service:
    """Return the service, not started. Raises `InvalidSettings`: of the ledger's database."""
    error_reports.start(settings)
    app = Flask("booty.observability")
    ours = OURS | PAGE if settings.page_password is not None else OURS
    if not has_hooks:
        return Service(app, beside, wiring.init_app(app, settings), ours)
    tell_start(settings)
    return Service(app, beside, wiring.mount(app, settings), ours)


def _configured(environ: Mapping[str, str]) -> tuple[Settings, WSGIApplication | None]:
    """Return the settings and the app beside. Raises `InvalidSettings` with the faults of both."""
    try:
        settings = Settings.load(environ)
    except InvalidSettings as error:
        named = environ.get("BOOTY_APP", "").strip()
        is_known = not named or any(fault.name == "BOOTY_APP" for fault in error.faults)
        beside = None if is_known else _import_beside(named)
        also = (beside,) if isinstance(beside, Fault) else ()
        raise InvalidSettings((*error.faults, *also), error.unknown) from None
    app = _import_beside(settings.app) if settings.app else None
    if isinstance(app, Fault):
        raise InvalidSettings((app,))
    return settings, app


def _import_beside(name: str) -> WSGIApplication | Fault:
    """Import the application that BOOTY_APP names, or say what is wrong with it; what else it raises is its own bug."""
    module, _, attribute = name.partition(":")
    try:
        app: Any = reduce(getattr, attribute.split("."), import_module(module))
    except (ImportError, AttributeError) as error:
        return Fault("BOOTY_APP", f"{name!r} cannot be imported: {type(error).__name__}: {error}", IMPORT_REMEDY)
    if _is_asgi(app):
        return Fault("BOOTY_APP", f"{name!r} is an ASGI application, not a WSGI one", ASGI_REMEDY)
    if not callable(app):
        return Fault("BOOTY_APP", f"{name!r} is not an application: it cannot be called", IMPORT_REMEDY)
    if not _takes_requests(app):
        return Fault("BOOTY_APP", f"{name!r} is not an application, but may make one", FACTORY_REMEDY)
    beside: WSGIApplication = app
    return beside


def _takes_requests(app: Callable[..., object]) -> bool:
    """Return whether `app` can be called as PEP 3333 requires, as far as its signature shows."""
    try:
        inspect.signature(app).bind({}, None)
    except TypeError:
        return False
    except ValueError:  # it is not written in Python
        return True
    return True


def _is_asgi(app: object) -> bool:
    """Tell an ASGI application by its coroutine (https://asgi.readthedocs.io/en/latest/specs/main.html)."""
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None))  # noqa: B004 - the method itself is asked for
