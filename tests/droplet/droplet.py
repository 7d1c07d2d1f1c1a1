"""A throw-away droplet as tests see it: boot it, prepare it, deploy to it with the project's own deploy.sh."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
WHEELS = PROJECT / "var" / "wheels"
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
SHIPPED = ("deploy", "deploy.sh", "requirements.txt")


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


class Repository:
    """A clone as deploy.sh sees it: the project's deploy files, and a service that the test chooses."""

    def __init__(self, folder: Path) -> None:
        """Make it with one commit on main."""
        self.folder = folder
        folder.mkdir()
        for name in SHIPPED:
            source = PROJECT / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
        shutil.copytree(HERE / "standin", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "A Developer")
        self.git("config", "user.email", "developer@example.com")
        self.commit("works")

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
