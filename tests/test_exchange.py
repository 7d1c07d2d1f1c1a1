"""One call within one deadline: against sockets that send whatever keeps a client waiting."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from booty.observability.exchange import MOST_CALLS, NoAnswer, fetch

SECONDS = 0.6
DRIPS: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "status line": (b"HTTP/1.1 502 Bad\r\nX-", b"a"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b"x"),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "chunk extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "empty blocks": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 900000\r\n\r\n", b"\x1f"),
    "until it closes": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
}


@contextmanager
def dripping(first: bytes, then: bytes) -> Iterator[str]:
    """Serve on loopback: `first`, then `then` ten times a second until the client is gone; yield the address."""
    is_over = threading.Event()

    def serve(client: socket.socket) -> None:
        with client, suppress(OSError):
            client.recv(65536)
            client.sendall(first)
            while not is_over.wait(0.1):
                client.sendall(then)

    def accept(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        is_over.set()
        listener.shutdown(socket.SHUT_RDWR)


def calls_under_way() -> int:
    return sum(thread.name == "call" for thread in threading.enumerate())


def ends(is_so: Callable[[], bool]) -> bool:
    """Wait until `is_so`, at most five seconds."""
    ends_at = time.monotonic() + 5
    while not is_so() and time.monotonic() < ends_at:
        threading.Event().wait(0.02)
    return is_so()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("drip", DRIPS)
def test_a_call_ends_at_its_deadline_whatever_drips_and_leaves_no_thread(drip: str, scheme: str) -> None:
    with dripping(*DRIPS[drip]) as address:
        began_at = time.monotonic()
        with pytest.raises(NoAnswer) as caught:
            fetch("POST", f"{scheme}://{address}/", token="t", seconds=SECONDS, json={"title": "x"})

        assert time.monotonic() - began_at < SECONDS + 0.5
        assert caught.value.is_sent
        assert ends(lambda: calls_under_way() == 0)


def test_a_name_that_is_looked_up_for_ever_holds_a_bounded_number_of_threads_and_sends_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_known = threading.Event()
    real = socket.getaddrinfo

    def slowly(*args: object, **options: object) -> object:
        is_known.wait(10)
        return real(*args, **options)  # type: ignore[arg-type]  # passed on as they are

    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(socket, "getaddrinfo", slowly)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for _ in range(MOST_CALLS + 3):
            with pytest.raises(NoAnswer) as caught:
                fetch("POST", address, token="t", seconds=0.02, json={})
            assert not caught.value.is_sent
        assert calls_under_way() == MOST_CALLS

        is_known.set()
        assert ends(lambda: calls_under_way() == 0)
        listener.settimeout(0.1)
        with suppress(TimeoutError):
            while True:
                client, _ = listener.accept()
                with client:
                    assert client.recv(10) == b""


def test_a_call_without_time_is_not_sent() -> None:
    with pytest.raises(NoAnswer, match="too late") as caught:
        fetch("GET", "http://127.0.0.1:1/", token="t", seconds=-1)
    assert not caught.value.is_sent


def test_says_why_a_certificate_was_refused_and_that_nothing_was_sent(tmp_path: Path) -> None:
    wanted = "req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -out"
    subprocess.run(
        ["openssl", *wanted.split(), tmp_path / "own.crt", "-keyout", tmp_path / "own.key"],
        capture_output=True,
        check=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.crt", tmp_path / "own.key")
    with socket.create_server(("127.0.0.1", 0)) as plain, context.wrap_socket(plain, server_side=True) as listener:

        def answer() -> None:
            with suppress(OSError):
                listener.accept()

        threading.Thread(target=answer, daemon=True).start()

        with pytest.raises(NoAnswer, match="SSLError: self-signed certificate") as caught:
            fetch("GET", f"https://127.0.0.1:{listener.getsockname()[1]}/", token="t")
    assert not caught.value.is_sent
