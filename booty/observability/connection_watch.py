"""The connection of one HTTP call, within reach of whoever must cut it.

What checks certificates is shared by all calls.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from ssl import SSLContext
from threading import Lock

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import ConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

_PARSING = Lock()
_parsed: dict[tuple[str, int, int, int], SSLContext] = {}


@dataclass(slots=True)
class Watch:
    """The connection of one call, for the caller to cut; once it is cut, no other is made."""

    changing: Lock = field(default_factory=Lock)
    handle: socket.socket | None = None
    is_over: bool = False

    def see(self, fresh: socket.socket) -> None:
        """Take note of a connection that was just made, through a handle that TLS does not take over."""
        with self.changing:
            if self.is_over:
                fresh.close()
                raise OSError("the time of this call is over")
            self.handle = fresh.dup()

    def end(self) -> bool:
        """Cut the connection; return whether there is one."""
        with self.changing:
            handle, self.handle, self.is_over = self.handle, None, True
        if handle is None:
            return False
        with handle, suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)
        return True


class WatchedAdapter(HTTPAdapter):
    """Shows every connection to the watch before anything is sent over it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def get_connection_with_tls_context(self, *args: object, **options: object) -> ConnectionPool:
        """See `HTTPAdapter`; its connections are shown to the watch."""
        pool = super().get_connection_with_tls_context(*args, **options)  # type: ignore[arg-type]  # passed on as they are
        pool.ConnectionCls = _watched(pool.ConnectionCls, self._watch)  # type: ignore[attr-defined]  # of HTTP's pools
        return pool

    def cert_verify(self, conn: ConnectionPool, *args: object) -> None:
        """See `HTTPAdapter`; a file of CAs is not parsed for this call alone. TLS to a proxy is left as it is."""
        super().cert_verify(conn, *args)  # type: ignore[no-untyped-call]  # in the stubs of requests
        is_plain_until_there = conn.proxy is None or conn.proxy.scheme == "http"  # type: ignore[attr-defined]  # as above
        if isinstance(conn, HTTPSConnectionPool) and isinstance(conn.ca_certs, str) and is_plain_until_there:
            conn.conn_kw["ssl_context"], conn.ca_certs = trusting(conn.ca_certs), None


def trusting(path: str) -> SSLContext:
    """Return what checks certificates by the CAs in a file. Raises OSError.

    To parse some 140 of them takes ten times as long as the rest of a call. The last file is kept as long as it stays
    the same: `update-ca-certificates` takes effect with the next call.
    """
    about = Path(path).stat()
    key = (path, about.st_ino, about.st_size, about.st_mtime_ns)
    with _PARSING:
        if key not in _parsed:
            context = create_urllib3_context()  # as urllib3 makes its own, for each connection
            context.load_verify_locations(path)
            _parsed.clear()
            _parsed[key] = context
        return _parsed[key]


def _watched(connection: type[HTTPConnection], watch: Watch) -> type[HTTPConnection]:
    class Watched(connection):  # type: ignore[misc, valid-type]  # plain, TLS, or a proxy's: known only here
        def _new_conn(self) -> socket.socket:
            fresh: socket.socket = super()._new_conn()
            watch.see(fresh)
            return fresh

    return Watched
