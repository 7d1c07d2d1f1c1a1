"""Run ./deploy.sh with the deploy key.

The key is in a file that only this user can read and that is on no disk: the kernel removes it with this process.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

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
def _in_memory(secret: str) -> Iterator[str]:
    """Yield the path of a file that says `secret`."""
    with os.fdopen(os.memfd_create("secret"), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(secret)
        file.flush()
        yield f"/proc/{os.getpid()}/fd/{file.fileno()}"


@contextmanager
def _interruptions() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Keep SIGINT and SIGTERM back until the function that is yielded is told what each of them does.

    A process that is being started is nobody's yet: an interruption in between would leave it running.
    """
    came: list[int] = []
    before = {number: signal.signal(number, lambda *_: came.append(1)) for number in (signal.SIGINT, signal.SIGTERM)}

    def answer(do: Callable[[], None]) -> None:
        for number in before:
            signal.signal(number, lambda *_: do())
        if came:
            do()

    try:
        yield answer
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_deploy(arguments: list[str], environment: Mapping[str, str], *, say: Callable[[str], None]) -> int:
    """Run ./deploy.sh, hand each line of its output to `say`, return its exit code.

    SIGINT or SIGTERM ends it, and it says how; a second one, before it has ended, raises KeyboardInterrupt.
    """
    handed_on = {name: value for name, value in environment.items() if name not in SECRETS}
    actor = NOT_IN_AN_ACTOR.sub("-", environment.get("DEPLOY_ACTOR", ""))[:ACTOR_LIMIT]
    with _in_memory(environment["DEPLOY_SSH_KEY"].rstrip("\n") + "\n") as key, _interruptions() as on_interruption:
        process = subprocess.Popen(  # noqa: S603 - no shell; the arguments are a verb and a checked SHA
            ["./deploy.sh", *arguments],
            env={**handed_on, "DEPLOY_SSH_KEY_FILE": key, "DEPLOY_ACTOR": actor},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        asked: list[int] = []

        def end() -> None:
            asked.append(1)
            if len(asked) > 1:
                raise KeyboardInterrupt
            process.terminate()

        with process:
            on_interruption(end)
            for line in process.stdout or ():
                say(line.rstrip("\n"))
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def read_live(lines: Iterable[str]) -> str:
    """Return the SHA that the droplet said went live, "" when it said nothing of the kind; of several the last."""
    found = [match[1] for line in lines if (match := LIVE.fullmatch(line))]
    return found[-1] if found else ""


def has_asked(lines: Iterable[str], *, url: str, sha: str) -> bool:
    """Return whether ./deploy.sh has seen `url` show the release of `sha`: it is not asked twice."""
    return PUBLIC.format(url=url, name=name_of(sha)) in lines
