"""A real PostgreSQL for tests, from Debian's package: on a unix socket in a folder of its own, started once a run."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")
MISSING = "PostgreSQL is missing: apt-get install postgresql"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # the machine stays up; what is killed is a process
    "max_connections": "200",
    "shared_buffers": "16MB",
    "autovacuum": "off",
}
NUMBERS = count(1)


class Server:
    """A server that was started; each database of it is a store of its own."""

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self.folder = folder
        self._settings = SETTINGS | ({"fsync": "on"} if is_durable else {})
        self.data = folder / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self._pid = os.getpid()

    @classmethod
    def begun(cls, *, is_durable: bool = False) -> Self:
        """Return a new one that runs; `is_durable`: a commit outlives a power cut."""
        folder = Path(tempfile.mkdtemp(prefix="booty-pg-"))
        if (user := _user()) is not None:
            shutil.chown(folder, user, user)
        one = cls(folder, is_durable=is_durable)
        one.make()
        one.start()
        return one

    def end(self) -> None:
        """Stop it, and leave nothing of it; only in the process that started it."""
        if self._pid == os.getpid():
            self.stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    def freeze(self) -> None:
        """Let every process of it stand still."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def kill_a_backend(self) -> None:
        """End the connection of one client, as an administrator may."""
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'booty' LIMIT 1"
        self.execute(end)

    def make(self) -> None:
        """Make the server's files, with a password for whoever is not its owner."""
        self._run("initdb", "--pgdata", str(self.data), "--auth", "trust", "--username", "owner", "--no-sync")
        rules = ("local all owner trust", "local replication owner trust", "local all all scram-sha-256")
        (self.data / "pg_hba.conf").write_text("\n".join(rules) + "\n")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        # whoever kills the tests ends the server as well; so does the end of the thread that starts it
        command = [
            "setpriv",
            "--pdeathsig",
            "QUIT",
            _program("postgres"),
            "-D",
            str(self.data),
            "-k",
            str(self.folder),
            *options,
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, user=_user(), group=_user(), start_new_session=True
            )
        ready = [_program("pg_isready"), "--quiet", "--host", str(self.folder)]
        while subprocess.run(ready, check=False).returncode != 0:
            assert self.process.poll() is None, (self.folder / "log").read_text()

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        if self.process is not None and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    @property
    def socket(self) -> str:
        """Where it listens."""
        return str(self.folder / ".s.PGSQL.5432")

    def standby(self) -> Server:
        """Start a second server that follows this one; a commit here waits for it from now on."""
        other = Server(Path(tempfile.mkdtemp(prefix="booty-pg-")))
        if (user := _user()) is not None:
            shutil.chown(other.folder, user, user)
        other._run("pg_basebackup", "-h", str(self.folder), "-U", "owner", "-D", str(other.data), "-R", "-c", "fast")
        other.start()
        self.execute("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        return other

    def promote(self) -> None:
        """Let the standby take writes."""
        self.execute("SELECT pg_promote()")

    def new_database(self) -> str:
        """Make an empty database; return its name."""
        name = f"ledger_{next(NUMBERS)}_{os.getpid()}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    def url(self, database: str, *, user: str = "owner", password: str = "") -> str:
        """Return the URL of a database."""
        who = quote(user) + (f":{quote(password)}" if password else "")
        return f"postgresql://{who}@/{database}?host={quote(str(self.folder), safe='')}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the server's owner, each for itself."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        parent = self.process.pid
        os.kill(parent, number)
        if number == signal.SIGSTOP:
            os.waitid(os.P_PID, parent, os.WSTOPPED | os.WNOWAIT)  # from now on it starts no more
        for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(each), number)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_program(program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            user=_user(),
            group=_user(),
        )


@cache
def server() -> Server:
    """Return the server of this run, which ends with it."""
    begun = Server.begun()
    atexit.register(begun.end)
    return begun


def _program(name: str) -> str:
    versions = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    assert versions, MISSING
    return str(versions[-1])


def _user() -> str | None:
    """Return Debian's own user for it, where the tests run as root: PostgreSQL refuses that."""
    return "postgres" if os.geteuid() == 0 else None
