"""A stand-in for servers that Debian no longer has: it speaks PostgreSQL's protocol as far as a connection goes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

SSL_REQUEST = struct.pack("!II", 8, 80877103)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


@contextmanager
def old_server(version: str, *, tls: bytes = b"N", refusal: str = "") -> Iterator[int]:
    """Let a server of that version answer on a port of this machine; return the port. `tls`: S says that it has it.

    `refusal` is what it says to whoever connects, instead of letting them in.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    greeting = _message(b"R", struct.pack("!I", 0)) + _message(b"S", f"server_version\0{version}\0".encode())

    if refusal:
        greeting = _message(b"E", f"SFATAL\0C28000\0M{refusal}\0\0".encode())

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    if connection.recv(8) == SSL_REQUEST:
                        connection.sendall(tls)
                    connection.recv(4096)
                    connection.sendall(greeting + _message(b"Z", b"I"))
                    connection.recv(4096)

    Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()
