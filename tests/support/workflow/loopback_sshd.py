"""A real sshd on loopback whose key runs one program, as on the droplet; that program only records what it was told.

The droplet itself, with its real program, has tests of its own. Here the way from the workflow through ./deploy.sh
and ssh is what counts: host key, deploy key, arguments, exit codes.
"""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SSHD = "/usr/sbin/sshd"
LIMIT_SECONDS = 10
NO_SSHD = f"{SSHD} is missing: apt-get install openssh-server"
CONFIG = """Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin forced-commands-only
"""
PROGRAM = """#!/usr/bin/env bash
# Takes the place of booty-release: answers the verbs that ./deploy.sh says, and writes them down.
set -euo pipefail
cd {folder}
printf '%s\\n' "$SSH_ORIGINAL_COMMAND" >>told
read -ra words <<<"$SSH_ORIGINAL_COMMAND"
case ${{words[0]}} in
  current) cat current ;;
  accepts) echo "objects soak seen" ;;
  deploy)
    gzip --decompress >shipped
    echo "ok   upload: $(wc -c <shipped) bytes"
    [[ ! -e refuse ]] || {{ cat refuse; exit 77; }}
    printf '%s' "${{words[1]}}" | tee current >{served}
    ;;
  rollback) printf '%s' "${{words[1]}}" | tee current >{served} ;;
  *) exit 64 ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Droplet:
    """The stand-in droplet: where it listens, the key that opens it, what it was told."""

    folder: Path
    port: int

    @property
    def key(self) -> str:
        """The deploy user's private key."""
        return (self.folder / "deploy").read_text()

    @property
    def known_hosts(self) -> str:
        """The line that pins the host's key."""
        return self._pin("host.pub")

    @property
    def wrong_known_hosts(self) -> str:
        """A line that pins a key that the host has not."""
        return self._pin("other.pub")

    def _pin(self, name: str) -> str:
        return f"[127.0.0.1]:{self.port} {' '.join((self.folder / name).read_text().split()[:2])}"

    def write(self, name: str, text: str) -> None:
        """Write one of the files that the program looks at: current, refuse."""
        (self.folder / name).write_text(text)

    def told(self) -> list[str]:
        """List the commands that came over ssh."""
        told = self.folder / "told"
        return told.read_text().splitlines() if told.exists() else []


@contextmanager
def loopback_droplet(folder: Path, *, served: Path) -> Iterator[Droplet]:
    """Serve ssh on a free port of loopback; a deploy writes `served`. Raises FileNotFoundError without sshd."""
    if not Path(SSHD).exists():
        raise FileNotFoundError(NO_SSHD)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd refuses to start as root without it
    folder.mkdir()
    droplet = Droplet(folder, _free_port())
    for name in ("host", "other", "deploy"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    program = folder / "program"
    program.write_text(PROGRAM.format(folder=folder, served=served))
    program.chmod(0o755)
    (folder / "authorized").write_text(f'restrict,command="{program}" {(folder / "deploy.pub").read_text()}')
    (folder / "config").write_text(CONFIG.format(folder=folder, port=droplet.port))
    with (folder / "log").open("w") as log:
        daemon = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "config"], stderr=log)
    try:
        _wait_for(droplet.port, daemon, folder / "log")
        yield droplet
    finally:
        daemon.terminate()
        daemon.wait(timeout=LIMIT_SECONDS)


def account() -> str:
    """Return the account that the key logs in to: this one."""
    return getpass.getuser()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for(port: int, daemon: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while daemon.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            continue
        return
    raise RuntimeError(f"sshd does not listen: {log.read_text()}")
