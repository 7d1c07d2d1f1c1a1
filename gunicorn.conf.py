"""gunicorn's settings for a droplet with one core and 512 MB to 1 GB (https://docs.gunicorn.org/en/stable/settings.html).

`PORT`, `WEB_CONCURRENCY` and `GUNICORN_CMD_ARGS` work as gunicorn documents them; a socket from systemd goes first. So
`bind` is left alone here, unless `PORT` is wrong: then a default stands in, until the application has refused to start
with the list of all settings that are wrong.
"""

from __future__ import annotations

import concurrent.futures.thread  # noqa: F401 - or each worker imports it, which copies a MiB of what they share
import ctypes
import gc
import os
import random
import signal
import socket
import struct
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from gunicorn.glogging import Logger

from booty.observability.ops.logs import configuration, omit_unshown

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

wsgi_app = "booty.wsgi:create_app(has_hooks=True)"


def whole_number(text: str | None) -> int | None:
    """Return the number that `text` is, None when it is none."""
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() else None


# Two processes, so that one that dies or hangs does not stop the webhook; threads, because a request mostly waits for
# the disk. The import happens once, before the fork: the workers share its memory, and READY means that it worked.
workers = whole_number(os.environ.get("WEB_CONCURRENCY")) or 2
if "PORT" in os.environ and not 1 <= (whole_number(os.environ["PORT"]) or 0) <= 65535:  # noqa: PLR2004 - the last port
    bind = "127.0.0.1:8000"
worker_class = "gthread"
threads = 12
http_parser = "python"  # or each worker looks for another one, which is not installed
preload_app = True

timeout = 30
graceful_timeout = 20  # longer than a call to GitHub in flight
keepalive = 15
SILENCE_SECONDS = 15  # that a caller may let pass amid a request; its thread would wait for ever for one that is lost
backlog = 2048
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the heartbeat must not wait for a disk
control_socket_disable = True

accesslog = None  # the service logs one line an alert; nginx has the rest
errorlog = "-"
omit_unshown()
logconfig_dict = configuration(is_terminal=sys.stderr.isatty())


class QuietLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's own, which would make an access line's parts of every request because `logconfig_dict` is set."""

    @property
    def access_log_enabled(self) -> bool:
        """Somebody asked for an access log."""
        return bool(self.cfg.accesslog or self.cfg.syslog)

    def exception(self, msg: object, *args: object, **fields: object) -> None:
        """Log a fault, which a caller that fell silent is not."""
        if not isinstance(sys.exc_info()[1], BlockingIOError):
            super().exception(msg, *args, **fields)


logger_class = QuietLogger


def save_memory() -> Callable[[int], object]:
    """Let all threads share one heap that is given back early: else each one keeps what its largest body needed.

    glibc alone knows it (https://man7.org/linux/man-pages/man3/mallopt.3.html); nothing depends on it. Returns what
    gives back the free pages amid the heap.
    """
    m_trim_threshold, m_arena_max = -1, -8
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(m_arena_max, 1)
        libc.mallopt(m_trim_threshold, 128 * 1024)
        trim: Callable[[int], object] = libc.malloc_trim
    except (OSError, AttributeError):
        return lambda _: None
    return trim


malloc_trim = save_memory()
if not os.environ.get("BOOTY_APP"):  # or else an application beside may need it
    # By it `requests` guesses how texts are encoded that do not say so; ours are JSON. It goes without, with a warning.
    sys.modules.setdefault("charset_normalizer", None)  # type: ignore[arg-type] # how an import is made to fail
    warnings.filterwarnings("ignore", message="Unable to find acceptable character detection dependency")
random.Random(b"")  # noqa: S311 - no secret: so does gunicorn seed each worker, and 3.14 first imports a hash for it
gc.disable()  # until the fork: of what a start makes nearly all stays, so that to look for the rest takes a tenth of it


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Leave what was imported to all workers alike: a collection would write to it, and so copy its memory."""
    del server, worker
    gc.freeze()
    gc.enable()


def when_ready(server: Arbiter) -> None:
    """From now on SIGTERM stops the service only once its balancer, if it has one, could notice.

    Connections over TCP take the limit of silence over from the socket that accepts them; nginx, over the other kind,
    sends a request only when it has all of it.
    """
    stop = server.handle_term
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_SECONDS, 0))

    def drain_first() -> None:
        if seconds := server.app.wsgi().drain():
            signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGTERM))
            signal.setitimer(signal.ITIMER_REAL, seconds)
        else:  # or drained, or asked again
            stop()

    server.handle_term = drain_first


def post_worker_init(worker: Worker) -> None:
    """Start what must not be started before the fork."""
    worker.wsgi.start()
    Thread(target=keep_giving_back, name="memory", daemon=True).start()


def keep_giving_back() -> None:
    """Give the free pages amid the heap back each second, which takes a tenth of a millisecond."""
    while True:
        time.sleep(1.0)
        malloc_trim(0)


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Finish the delivery in flight; a worker that failed to boot has no application."""
    del server
    if getattr(worker, "wsgi", None) is not None:
        worker.wsgi.stop()
