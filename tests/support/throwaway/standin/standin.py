"""A service of one file with the outside of the real one: says which release it is, can be told to misbehave.

What it should do wrong is the word in the file `behaviour` beside it: each test commits the one it is about. The
setting MISBEHAVE goes first, for what is wrong with the settings and not with the commit.
"""

import itertools
import os
import pathlib
import signal
import time
from collections.abc import Callable, Iterable
from typing import Any

BEHAVIOUR = os.environ.get("MISBEHAVE") or (pathlib.Path(__file__).parent / "behaviour").read_text().strip()
CANDIDATE = os.environ.get("BOOTY_CANDIDATE") == "1"
RELEASE = os.environ["SENTRY_RELEASE"]

if BEHAVIOUR == "takes its time":
    time.sleep(2.0)
if BEHAVIOUR == "does not import":
    raise ImportError("a module that is not there")
if BEHAVIOUR == "does not import when live" and not CANDIDATE:
    raise ImportError("a module that is only missing in production")
if BEHAVIOUR == "names another release":
    RELEASE = "booty@" + "0" * 40


ANSWERED = itertools.count()
FIRST_ANSWERS = 30
"""Of each worker: more than a deploy asks for before it watches the release."""


def take(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer an alert as the service does."""
    environ["wsgi.input"].read()
    is_taken = BEHAVIOUR != "fails every alert"
    start_response("202 Accepted" if is_taken else "500 Internal Server Error", [("Content-Type", "application/json")])
    return [f'{{"status":"accepted","release":"{RELEASE}"}}'.encode() if is_taken else b"{}"]


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer /health as the service does; any other path with where it would keep its state."""
    status = "200 OK"
    if BEHAVIOUR == "is not healthy" or (BEHAVIOUR == "is not healthy when live" and not CANDIDATE):
        status = "503 Service Unavailable"
    if (
        BEHAVIOUR == "is not healthy once current"
        and pathlib.Path("/srv/booty/current").resolve() == pathlib.Path.cwd()
    ):
        status = "503 Service Unavailable"
    if BEHAVIOUR == "breaks when told" and pathlib.Path(os.environ.get("STATE_DIRECTORY", "/"), "broken").exists():
        status = "503 Service Unavailable"
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1.0)
    if environ["PATH_INFO"] == "/webhooks/sentry" and status == "200 OK":
        return take(environ, start_response)
    if BEHAVIOUR == "loses its workers" and not CANDIDATE and next(ANSWERED) > FIRST_ANSWERS:
        os.kill(os.getpid(), signal.SIGKILL)
    environ["wsgi.input"].read()
    start_response(status, [("Content-Type", "application/json")])
    return [f'{{"status":"ok","release":"{RELEASE}"}}'.encode()]
