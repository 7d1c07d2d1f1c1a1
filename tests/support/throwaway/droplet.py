"""A throw-away droplet as tests see it: boot it, prepare it, deploy to it with the project's own deploy.sh."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.throwaway.box import Box, require_machine
from support.throwaway.repository import Repository
from support.throwaway.wheels import wheels

LOAD = Path(__file__).resolve().parent / "load.py"


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and everything it said."""

    code: int
    output: str


@dataclass
class Load:
    """What callers met while it lasted; filled in at its end."""

    sent: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds
    releases: list[str] = field(default_factory=list)


def until(holds: Callable[[], bool], *, within: float = 15.0) -> None:
    """Wait until `holds`, asking often; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@dataclass
class Droplet(Box):
    """A box, with the keys and the settings of somebody who may deploy to it."""

    keys: Path
    settings: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make of the machine's root what a provider hands out: an ssh host key, a root key, a way to packages."""
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.keys / "deploy")], check=True)
        self.write("/root/.ssh/authorized_keys", (self.keys / "deploy.pub").read_text())
        self.inside(
            "sh", "-c", "rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key"
        )
        self.inside("systemctl", "restart", "ssh.service")
        bundle = subprocess.check_output(["tar", "-c", "-C", str(wheels()), "."])
        self.inside("sh", "-c", "mkdir -p /var/lib/wheels && tar -x -C /var/lib/wheels", stdin=bundle)
        self.write("/etc/pip.conf", "[global]\nno-index = true\nfind-links = /var/lib/wheels\n")
        host_key = self.inside("cat", "/etc/ssh/ssh_host_ed25519_key.pub")
        self.settings = {
            "DEPLOY_HOST": "127.0.0.1",
            "DEPLOY_KNOWN_HOSTS": "127.0.0.1 " + " ".join(host_key.split()[:2]),
            "DEPLOY_SSH_KEY_FILE": str(self.keys / "deploy"),
            "DEPLOY_ACTOR": "octocat",
            "SOAK_SECONDS": "0",
        }

    def command(self, repository: Repository, *words: str, **settings: str) -> list[str]:
        """Return the command line of deploy.sh on the droplet's network, with nothing else in its environment."""
        chosen = {"PATH": os.environ["PATH"], "HOME": str(self.keys), **self.settings, **settings}
        pairs = [f"{name}={value}" for name, value in chosen.items()]
        return self.box("beside", "env", "-i", *pairs, str(repository.folder / "deploy.sh"), *words)

    def deploy_sh(self, repository: Repository, *words: str, **settings: str) -> Outcome:
        """Run deploy.sh to its end."""
        done = subprocess.run(
            self.command(repository, *words, **settings),
            cwd=repository.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=120,
        )
        return Outcome(done.returncode, done.stdout)

    def answers(self) -> str | None:
        """Return the release that answers on the live socket and is healthy."""
        said = self.inside(
            "curl", "-fsS", "--max-time", "3", "--unix-socket", "/run/booty.sock", "http://x/health", check=False
        )
        return str(json.loads(said)["release"]) if said else None

    def ssh_command(self, line: str, *, options: tuple[str, ...] = (), key: str = "deploy") -> list[str]:
        """Return the command line that says `line` to the deploy user with the key of that name, without deploy.sh."""
        known_hosts = self.keys / "known_hosts"
        known_hosts.write_text(self.settings["DEPLOY_KNOWN_HOSTS"] + "\n")
        fixed = ["-F", "none", "-i", str(self.keys / key), "-o", f"UserKnownHostsFile={known_hosts}"]
        quiet = ["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"]
        return self.box("beside", "ssh", *fixed, *quiet, *options, "--", "deploy@127.0.0.1", line)

    def ssh(self, line: str, *, stdin: bytes = b"", options: tuple[str, ...] = (), key: str = "deploy") -> Outcome:
        """Say `line`, with `stdin`, to the deploy user; wait for the end."""
        command = self.ssh_command(line, options=options, key=key)
        done = subprocess.run(
            command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60
        )
        return Outcome(done.returncode, done.stdout.decode(errors="replace"))

    def status(self) -> dict[str, object]:
        """Return what the verb `status --json` says."""
        said: dict[str, object] = json.loads(self.ssh("status --json").output.splitlines()[-1])
        return said

    def current(self) -> str:
        """Return the SHA that `current` names."""
        return self.ssh("current").output.split()[-1]

    def runs(self) -> list[str]:
        """Return the units of ours that run, candidates and those on their way included."""
        states = "--state=active,activating,deactivating,reloading"
        listed = self.inside(
            "systemctl", "list-units", "--plain", "--no-legend", states, "booty@*", "booty-twin@*", "booty-candidate@*"
        )
        return sorted(line.split()[0] for line in listed.splitlines())

    def settled(self, sha: str) -> bool:
        """Return whether that release runs, and nothing else of ours."""
        return self.runs() == [f"booty@{sha}.service"]

    @contextmanager
    def load(self, *pairs: tuple[str, str], origin: str = "inside", **environment: str) -> Iterator[Load]:
        """Keep callers coming while the block lasts; by default on the live socket, from inside it or `beside` it."""
        addresses = [word for pair in pairs or (("unix:/run/booty.sock", "/webhooks/sentry"),) for word in pair]
        settings = [f"{name}={value}" for name, value in environment.items()]
        command = self.box(origin, "env", *settings, "python3", "-c", LOAD.read_text(), *addresses)
        seen = Load()
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as callers:
            try:
                yield seen
            finally:
                said, _ = callers.communicate("")
        for name, value in json.loads(said).items():
            setattr(seen, name, value)

    @contextmanager
    def deploying(
        self, repository: Repository, *words: str, until_said: str, **settings: str
    ) -> Iterator[subprocess.Popen[str]]:
        """Start deploy.sh, run the block once it has said `until_said`, then wait for its end."""
        command = self.command(repository, *words, **settings)
        with subprocess.Popen(
            command, cwd=repository.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:
                if until_said in line:
                    break
            else:
                raise AssertionError(f"it never said {until_said!r}")
            yield running
            running.stdout.read()

    def kill_program(self) -> None:
        """Kill -9 the process that holds the deploy lock, as it says itself."""
        self.inside("kill", "-9", str(json.loads(self.inside("cat", "/srv/booty/lock"))["pid"]))


def made(*, name: str, folder: Path) -> Droplet:
    """Return a droplet as its provider hands it out, booted."""
    require_machine()
    droplet = Droplet(name, folder)
    droplet.boot()
    try:
        droplet.prepare()
    except BaseException:
        droplet.destroy()
        raise
    return droplet


@contextmanager
def undisturbed(droplet: Droplet, old: str) -> Iterator[Load]:
    """Let callers come while the block lasts: `old`, and nobody else, must answer each of them within a second."""
    with droplet.load() as load:
        yield load
    assert load.failed == []
    assert load.releases == [f"booty@{old}"]
    assert load.slowest < 1.0


def the_next_deploy_works(droplet: Droplet, repository: Repository) -> None:
    """Check that the droplet takes a release that works, without cleaning up by hand."""
    fix = repository.commit()
    deployed = droplet.deploy_sh(repository, "deploy")
    assert deployed.code == 0, deployed.output
    assert droplet.answers() == f"booty@{fix}"
    assert droplet.settled(fix)
