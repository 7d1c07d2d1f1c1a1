"""A steady load of new connections, run inside the droplet; ends when its stdin does, then prints what it saw as JSON.

Arguments: one address after the other, each `unix:/path` or `http://host:port`, each followed by the path to ask for.
With ALERT (a webhook's JSON) and SECRET in the environment, each request is that alert, about an issue of its own; with
METHOD, such as GET, it is not a POST; with HOST it asks for that host.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import os
import socket
import sys
import threading
import time

PAUSE = float(os.environ.get("PAUSE", "0.02"))  # seconds between two requests of one caller
CALLERS = 2  # for each address
METHOD = os.environ.get("METHOD", "POST")


class Address(http.client.HTTPConnection):
    """A new connection to a unix socket or a TCP port; ten seconds and it counts as failed."""

    def __init__(self, address: str) -> None:
        """Take `unix:/path` or `http://host:port`."""
        super().__init__(address.removeprefix("http://") if address.startswith("http") else "localhost", timeout=10)
        self.path = address.removeprefix("unix:") if address.startswith("unix:") else None

    def connect(self) -> None:
        """Open the socket."""
        if self.path is None:
            return super().connect()
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(10)
        self.sock.connect(self.path)
        return None


NUMBERS = itertools.count(1_000_000)


def alert() -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of one request."""
    headers = {"Host": os.environ.get("HOST", "localhost")}
    if "ALERT" not in os.environ:
        return b'{"an":"alert"}', headers
    document = json.loads(os.environ["ALERT"])
    document["data"]["event"]["issue_id"] = str(next(NUMBERS))
    body = json.dumps(document).encode()
    signature = hmac.new(os.environ["SECRET"].encode(), body, hashlib.sha256).hexdigest()
    signed = {"Sentry-Hook-Resource": "event_alert", "Sentry-Hook-Signature": signature}
    return body, {**headers, "Content-Type": "application/json", **signed}


def call(address: str, path: str) -> tuple[bool, str, float]:
    """Ask once on a new connection; return whether it was answered 200 or 202, by whom or why not, and the seconds."""
    body, headers = alert()
    begun = time.monotonic()
    connection = Address(address)
    try:
        connection.request(METHOD, path, body=body, headers=headers)
        response = connection.getresponse()
        said = response.read()
        good = response.status in (http.HTTPStatus.OK, http.HTTPStatus.ACCEPTED)
        document = json.loads(said) if good else {}
        who = str(document.get("release") or document["status"]) if good else f"status {response.status}"
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        good, who = False, type(error).__name__
    finally:
        connection.close()
    return good, who, time.monotonic() - begun


def main() -> None:
    """Call every address until stdin ends."""
    over = threading.Event()
    seen: list[tuple[str, bool, str, float]] = []

    def keep_calling(address: str, path: str) -> None:
        while not over.wait(PAUSE):
            seen.append((address, *call(address, path)))

    pairs = list(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    threads = [threading.Thread(target=keep_calling, args=pair) for pair in pairs * CALLERS]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    report = {
        "sent": len(seen),
        "failed": [who for _, good, who, _ in seen if not good],
        "slowest": max(seconds for *_, seconds in seen),
        "releases": sorted({who for _, good, who, _ in seen if good}),
    }
    sys.stdout.write(json.dumps(report))


main()
