"""Run ./deploy.sh with the deploy key.

The key is in a file that only this user can read, which is removed when the script ends, however it ends.
"""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.release import NAME, name_of

SECRETS = ("DEPLOY_SSH_KEY", "SENTRY_AUTH_TOKEN", "GITHUB_TOKEN")
"""Not handed on to ./deploy.sh, which reads the key from a file."""
NOT_IN_AN_ACTOR = re.compile(r"[^A-Za-z0-9._@\[\]-]")
ACTOR_LIMIT = 64
"""What the droplet accepts as an account; an unusual name is no reason not to deploy."""
SHORTEST_SECRET = 8
"""Characters; shorter lines of a key are its frame or its end, and hide nothing."""
LIVE = re.compile(rf"live: {NAME.pattern}")
"""What the droplet prints once a release has taken over."""
PUBLIC = "public: {url} shows {name}"
"""What ./deploy.sh prints once the public address shows the release; after a rollback it does not ask."""


def redact(line: str, secrets: list[str]) -> str:
    """Replace what is secret in a line. GitHub masks its log; the job summary is ours to keep clean."""
    for secret in secrets:
        line = line.replace(secret, "***")
    return line


def secret_lines(environment: Mapping[str, str]) -> list[str]:
    """List every line of every secret that is long enough to be one."""
    lines = [line.strip() for name in SECRETS for line in environment.get(name, "").splitlines()]
    return [line for line in lines if len(line) >= SHORTEST_SECRET and not line.startswith("-----")]


@contextmanager
def _interruption_held_back() -> Iterator[Callable[[], None]]:
    """Keep SIGINT and SIGTERM back until the function that is yielded is called, which raises KeyboardInterrupt then.

    A process that is being started is nobody's yet: an interruption in between would leave it running.
    """
    came: list[int] = []
    before = {number: signal.signal(number, lambda *_: came.append(1)) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def let_through() -> None:
        restore()
        if came:
            raise KeyboardInterrupt

    try:
        yield let_through
    finally:
        restore()


def run_deploy(arguments: list[str], environment: Mapping[str, str], *, say: Callable[[str], None]) -> int:
    """Run ./deploy.sh, hand each line of its output to `say`, return its exit code, `INTERRUPTED` when it was ended."""
    with tempfile.TemporaryDirectory(dir=environment.get("RUNNER_TEMP")) as folder:
        key = Path(folder) / "key"
        key.touch(mode=0o600)
        key.write_text(environment["DEPLOY_SSH_KEY"].rstrip("\n") + "\n", encoding="utf-8")
        handed_on = {name: value for name, value in environment.items() if name not in SECRETS}
        actor = NOT_IN_AN_ACTOR.sub("-", environment.get("DEPLOY_ACTOR", ""))[:ACTOR_LIMIT]
        with _interruption_held_back() as let_through:
            process = subprocess.Popen(  # noqa: S603 - no shell; the arguments are a verb and a checked SHA
                ["./deploy.sh", *arguments],
                env={**handed_on, "DEPLOY_SSH_KEY_FILE": str(key), "DEPLOY_ACTOR": actor},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
            with process:
                try:
                    let_through()
                    for line in process.stdout or ():
                        say(line.rstrip("\n"))
                except KeyboardInterrupt:
                    process.terminate()
                    return ExitCode.INTERRUPTED
        return process.returncode if process.returncode >= 0 else 128 - process.returncode


def read_live(lines: Iterable[str]) -> str:
    """Return the SHA that the droplet said went live, "" when it said nothing of the kind; of several the last."""
    found = [match[1] for line in lines if (match := LIVE.fullmatch(line))]
    return found[-1] if found else ""


def has_asked(lines: Iterable[str], *, url: str, sha: str) -> bool:
    """Return whether ./deploy.sh has seen `url` show the release of `sha`: it is not asked twice."""
    return PUBLIC.format(url=url, name=name_of(sha)) in lines
