"""A network between us and a database: far, or it swallows packets; connections stay open, nothing comes through."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Self

NUMBER = re.compile(rb"(K\0\0\0\x0c).{4}(?=.{4}Z\0\0\0\x05)", re.DOTALL)
"""In what a server says first: BackendKeyData, before ReadyForQuery."""


class SwallowingProxy:
    """A port of this machine that leads to a unix socket, or to nowhere; use it as a context.

    Each answer comes `seconds` later than it would. `is_pooler`: connections get numbers of its own.
    """

    def __init__(self, target: str, *, seconds: float = 0.0, is_pooler: bool = False) -> None:
        self._target, self._seconds = target, seconds
        self._renumbered = partial(NUMBER.sub, rb"\1\0\0\0\0") if is_pooler else bytes
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._may_pass = Event()
        self._may_pass.set()
        self._is_closing = False
        self._accepting = Thread(target=self._accept, daemon=True)
        self._ends: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    def swallow(self) -> None:
        """Let nothing through from now on, without a word; connections can still be made."""
        self._may_pass.clear()

    def forward(self) -> None:
        """Let everything through again, what was held back too."""
        self._may_pass.set()

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closing = True
        self._may_pass.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # else it would go on accepting, once that number is another's
        self._accepting.join()
        for each in (self._listener, *self._ends):
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                self._ends += [near, far]
                Thread(target=self._open, args=(near, far), daemon=True).start()

    def _open(self, near: socket.socket, far: socket.socket) -> None:
        self._may_pass.wait()
        with suppress(OSError):
            far.connect(self._target)
            Thread(target=self._pass, args=(far, near, self._seconds), daemon=True).start()
            self._pass(near, far, 0.0)

    def _pass(self, source: socket.socket, sink: socket.socket, seconds: float) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                self._may_pass.wait()
                if self._is_closing:
                    break
                Event().wait(seconds)
                sink.sendall(self._renumbered(piece))
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
