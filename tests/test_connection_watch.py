"""Certificates are checked by the CAs that the machine names now, though their file is not parsed for each call."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from booty.observability.connection_watch import trusting
from booty.observability.exchange import NoAnswer, fetch


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with two CAs, and a certificate of the first for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("authority")
    new = ("req", "-newkey", "rsa:2048", "-nodes")
    for name in ("own", "other"):
        usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
        openssl(folder, *new, "-x509", "-subj", f"/CN={name}", *usage, "-out", f"{name}.crt", "-keyout", f"{name}.key")
    openssl(folder, *new, "-subj", "/CN=server", "-out", "server.csr", "-keyout", "server.key")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=keyid\n")
    signed = ("-CA", "own.crt", "-CAkey", "own.key", "-CAcreateserial", "-extfile", "names")
    openssl(folder, "x509", "-req", "-in", "server.csr", *signed, "-out", "server.crt")
    return folder


@pytest.fixture
def bundle(authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the file of CAs that the machine names; the server's is in it."""
    shutil.copy(authority / "own.crt", tmp_path / "bundle.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "bundle.pem"))
    return tmp_path / "bundle.pem"


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Give every connection to `answer`, in a thread of its own; yield the port."""

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                Thread(target=answer, args=(client,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def port(authority: Path) -> Iterator[int]:
    """Run a server that answers each call over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.crt", authority / "server.key")

    def answer(client: socket.socket) -> None:
        with client, suppress(OSError), context.wrap_socket(client, server_side=True) as safe:
            safe.recv(65536)
            safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with serving(answer) as number:
        yield number


def called(host: str, port: int) -> int:
    return fetch("GET", f"https://{host}:{port}/", token="t").status


@pytest.mark.usefixtures("bundle")
def test_a_ca_that_the_machine_names_is_trusted_call_after_call(port: int) -> None:
    assert [called("127.0.0.1", port) for _ in range(3)] == [200, 200, 200]


def test_a_file_of_cas_is_parsed_once_while_it_stays_the_same(bundle: Path, authority: Path) -> None:
    first = trusting(str(bundle))
    assert trusting(str(bundle)) is first

    shutil.copy(authority / "other.crt", bundle)

    assert trusting(str(bundle)) is not first


def test_a_ca_that_is_taken_away_is_trusted_no_more(bundle: Path, authority: Path, port: int) -> None:
    assert called("127.0.0.1", port) == 200

    shutil.copy(authority / "other.crt", bundle)

    with pytest.raises(NoAnswer, match="unable to get local issuer certificate"):
        called("127.0.0.1", port)


@pytest.mark.usefixtures("bundle")
def test_a_certificate_for_another_host_is_refused(port: int) -> None:
    assert called("127.0.0.1", port) == 200

    with pytest.raises(NoAnswer, match="Hostname mismatch"):
        called("localhost", port)


def test_without_a_file_of_its_own_the_machine_trusts_no_strangers_ca(port: int) -> None:
    with pytest.raises(NoAnswer, match="unable to get local issuer certificate"):
        called("127.0.0.1", port)


def test_a_folder_of_cas_is_taken_as_well(
    authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    shutil.copy(authority / "own.crt", tmp_path)
    openssl(tmp_path, "rehash", ".")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))

    assert called("127.0.0.1", port) == 200


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_without_any_ca_nothing_is_trusted(bundle: Path, port: int, content: str | None) -> None:
    bundle.unlink()
    if content is not None:
        bundle.write_text(content)

    with pytest.raises(NoAnswer):
        called("127.0.0.1", port)


@pytest.mark.usefixtures("bundle")
def test_the_certificate_behind_a_proxy_is_checked_the_same_way(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def tunnel(client: socket.socket) -> None:
        asked.append(client.recv(65536).split()[1])
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=pass_on, args=(server, client))
            back.start()
            pass_on(client, server)
            back.join()

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)

    asked: list[bytes] = []
    with serving(tunnel) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy}")
        assert called("127.0.0.1", port) == 200
        with pytest.raises(NoAnswer, match="Hostname mismatch"):
            called("localhost", port)

    assert asked == [f"{host}:{port}".encode() for host in ("127.0.0.1", "localhost")]
