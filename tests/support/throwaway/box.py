"""A machine to throw away: real systemd in namespaces of this machine (box.sh). Knows nothing of deploys."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parents[2] / "deploy" / "droplet"
ROOT = Path(os.environ.get("BOX_ROOT", "/"))  # what it is made of: see box.sh
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
NEEDS_ROOT = """\
the droplet's tests boot a real systemd in namespaces, which needs root or sudo without a password. Either
  run script/test as root, or with sudo that asks for none (as on GitHub's runners), or
  leave them out on this machine, knowing that the deploy path is then untested: script/test --without-droplet"""


def require_machine() -> None:
    """Install what a box is made of; fail, saying how to go on, where there is no root."""
    if subprocess.run([*AS_ROOT, "true"], capture_output=True, check=False).returncode:
        raise AssertionError(NEEDS_ROOT)
    subprocess.run([str(PROGRAMS / "provision.sh")], check=True)


@dataclass
class Box:
    """One machine, by its name."""

    name: str

    def box(self, *words: str) -> list[str]:
        """Return the command line of the box for `words`."""
        return [*AS_ROOT, "env", f"BOX_NAME={self.name}", f"BOX_ROOT={ROOT}", str(PROGRAMS / "box.sh"), *words]

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
