"""A throw-away droplet as tests see it: boot it, prepare it, deploy to it with the project's own deploy.sh."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
HERE = PROJECT / "tests" / "droplet"
WHEELS = PROJECT / "var" / "wheels"
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
NEEDS_ROOT = """\
the droplet's tests boot a real systemd in namespaces, which needs root or sudo without a password. Either
  run script/test as root, or with sudo that asks for none (as on GitHub's runners), or
  leave them out on this machine, knowing that the deploy path is then untested: script/test --without-droplet"""
SHIPPED = ("deploy", "deploy.sh", "requirements.txt", ".env.example")


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and everything it said."""

    code: int
    output: str


def wheels() -> Path:
    """Return a folder with every wheel of requirements.txt for the system's Python, fetched once."""
    lockfile = PROJECT / "requirements.txt"
    version = subprocess.check_output(
        ["/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
    )
    folder = WHEELS / f"{hashlib.sha256(lockfile.read_bytes()).hexdigest()}-{version.strip()}"
    if not folder.exists():
        fresh = folder.with_suffix(".partial")
        shutil.rmtree(fresh, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--require-hashes"]
        which = [
            "--only-binary=:all:",
            f"--python-version={version.strip()}",
            "--dest",
            str(fresh),
            "-r",
            str(lockfile),
        ]
        subprocess.run([*pip, *which], check=True)
        fresh.rename(folder)
    return folder


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


class Repository:
    """A clone as deploy.sh sees it: the project's deploy files, and a service that the test chooses."""

    def __init__(self, folder: Path, *, real: bool = False) -> None:
        """Make it with one commit on main: the stand-in, or with `real` the project as it stands here."""
        self.folder = folder
        folder.mkdir()
        self._copy_the_project() if real else self._copy_the_stand_in()
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "A Developer")
        self.git("config", "user.email", "developer@example.com")
        self.commit("works")

    def _copy_the_project(self) -> None:
        listed = subprocess.check_output(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, text=True
        )
        for name in filter(None, listed.split("\0")):
            if (PROJECT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, self.folder / name)

    def _copy_the_stand_in(self) -> None:
        folder = self.folder
        for name in SHIPPED:
            source = PROJECT / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
        shutil.copy2(HERE / "standin" / "settings.py", folder / "gunicorn.conf.py")
        shutil.copy2(HERE / "standin" / "standin.py", folder)

    def git(self, *words: str) -> str:
        """Run git in it; return what it printed."""
        return subprocess.check_output(["git", *words], cwd=self.folder, text=True).strip()

    def commit(self, behaviour: str = "works", *, files: dict[str, str] | None = None) -> str:
        """Commit a service that behaves so, with those files changed; return the SHA."""
        (self.folder / "behaviour").write_text(behaviour)
        for name, content in (files or {}).items():
            (self.folder / name).write_text(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", f"A service that {behaviour}")
        return self.git("rev-parse", "HEAD")


@dataclass
class Droplet:
    """One box, with the keys and the settings of somebody who may deploy to it."""

    name: str
    keys: Path
    settings: dict[str, str] = field(default_factory=dict)

    def box(self, *words: str) -> list[str]:
        """Return the command line of the box for `words`."""
        return [*AS_ROOT, "env", f"BOX_NAME={self.name}", str(HERE / "box.sh"), *words]

    def boot(self) -> None:
        """Start it; after `crash`, with the disk as it was left."""
        subprocess.run(self.box("boot"), check=True)

    def crash(self) -> None:
        """Cut its power."""
        subprocess.run(self.box("crash"), check=True)

    def destroy(self) -> None:
        """Leave nothing of it."""
        subprocess.run(self.box("destroy"), check=True)

    def inside(self, *words: str, stdin: str | bytes = b"", check: bool = True) -> str:
        """Run a command in it as root; return what it printed."""
        fed = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(self.box("inside", *words), input=fed, capture_output=True, check=False)
        if check and done.returncode:
            raise AssertionError(f"{words}: exit {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode()

    def write(self, path: str, content: str) -> None:
        """Put a file into it."""
        self.inside("sh", "-c", f"mkdir -p $(dirname {path}) && cat >{path}", stdin=content)

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
        """Return the release that answers on the live socket in good health."""
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
            "systemctl", "list-units", "--plain", "--no-legend", states, "booty@*", "booty-candidate@*"
        )
        return sorted(line.split()[0] for line in listed.splitlines())

    def settled(self, sha: str) -> bool:
        """Say whether that release runs, and nothing else of ours."""
        return self.runs() == [f"booty@{sha}.service"]

    @contextmanager
    def load(self, *pairs: tuple[str, str], **environment: str) -> Iterator[Load]:
        """Keep callers coming while the block lasts; by default on the live socket."""
        addresses = [word for pair in pairs or (("unix:/run/booty.sock", "/webhooks/sentry"),) for word in pair]
        settings = [f"{name}={value}" for name, value in environment.items()]
        command = self.box("inside", "env", *settings, "python3", "-c", (HERE / "load.py").read_text(), *addresses)
        seen = Load()
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as callers:
            try:
                yield seen
            finally:
                said, _ = callers.communicate("")
        for name, value in json.loads(said).items():
            setattr(seen, name, value)

    @contextmanager
    def deploying(self, repository: Repository, *words: str, until_said: str) -> Iterator[subprocess.Popen[str]]:
        """Start deploy.sh, run the block once it has said `until_said`, then wait for its end."""
        command = self.command(repository, *words)
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
    reachable = subprocess.run([*AS_ROOT, "true"], capture_output=True, check=False).returncode == 0
    if not reachable:
        raise AssertionError(NEEDS_ROOT)
    subprocess.run([*AS_ROOT, str(HERE / "provision.sh")], check=True)
    droplet = Droplet(name, folder)
    droplet.boot()
    try:
        droplet.prepare()
    except BaseException:
        droplet.destroy()
        raise
    return droplet
