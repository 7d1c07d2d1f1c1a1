"""Where the metrics are served: an address of this machine, or a socket in the file system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

ADDRESS = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<four>[0-9.]+|localhost)):(?P<port>\d{1,5})", re.ASCII)
LONGEST_PATH = 100
"""Bytes; the kernel takes 107, and beside the socket lies a lock with a longer name."""
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Bind:
    """An IP address with a port, or the path of a socket."""

    host: str = ""
    port: int = 0
    path: Path | None = None

    @property
    def is_public(self) -> bool:
        """Other machines may reach it."""
        return self.path is None and not ip_address(self.host).is_loopback

    def __str__(self) -> str:
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_bind(text: str) -> Bind:
    """Read `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464` or `unix:/path`. Raises `ValueError`."""
    if text.startswith("unix:"):
        path = Path(text.removeprefix("unix:"))
        if not path.is_absolute() or len(bytes(path)) > LONGEST_PATH or "\0" in text or not path.name:
            raise ValueError(text)
        return Bind(path=path)
    found = ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found["port"]) <= LAST_PORT:
        raise ValueError(text)
    host = "127.0.0.1" if found["four"] == "localhost" else found["six"] or found["four"]
    return Bind(host=str(ip_address(host)), port=int(found["port"]))
