"""The door of the page: HTTP Basic, whose user name may be anything."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address

from werkzeug.wrappers import Request

from booty.observability.ops.page.tries import Tries


class NoPassword(Exception):
    """The caller gave no password, or a wrong one."""


class TooManyTries(Exception):
    """The caller has to wait for `seconds`."""

    def __init__(self, seconds: float) -> None:
        """Say how long."""
        super().__init__(seconds)
        self.seconds = seconds


class Door:
    """Opens for whoever knows the password."""

    def __init__(self, password: str) -> None:
        """Keep no more than a digest: all of them have the same length, which a comparison would tell."""
        self._digest = _digest(password)
        self._tries = Tries()

    def admit(self, request: Request, *, now: float) -> None:
        """Return for the right password; `now` is a steady clock's. Raises `NoPassword`, `TooManyTries`."""
        given = request.authorization.password if request.authorization else None
        if given is None:
            raise NoPassword
        is_right = compare_digest(_digest(given), self._digest)
        if (seconds := self._tries.check(caller_of(request), is_right=is_right, now=now)) > 0:
            raise TooManyTries(seconds)
        if not is_right:
            raise NoPassword


def caller_of(request: Request) -> str:
    """Return the address that a request came from: behind a server of this machine, the one that it names."""
    peer = request.remote_addr or ""
    return request.headers.get("X-Real-IP", peer) if _is_here(peer) else peer


def _is_here(peer: str) -> bool:
    """Return whether a peer is on this machine; one that called through a unix socket has no address."""
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return True


def _digest(password: str) -> bytes:
    return sha256(password.encode(errors="replace")).digest()
