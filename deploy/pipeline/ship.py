"""Run ./deploy.sh with the key, look from outside at what is served, say what became of it.

The only program of the workflow that sees the deploy key: it writes it to a file that only this user can read, and
removes it when it ends, however it ends. Reads VERB and RELEASE_SHA from the plan, the Environment's secret
DEPLOY_SSH_KEY and its variables, which ./deploy.sh reads too. Exits as ./deploy.sh did; 1 when that succeeded but the
public address serves something else. Writes the job summary and the outputs `sha`, `before` and `url`.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.pipeline.actions import Refused, annotate, foreign_output, tell, write_outputs, write_summary
from deploy.pipeline.deploy_settings import check_settings, read_patience
from deploy.pipeline.outcome import SHOWN_LINES, Outcome, read_exit, render, serves, serves_something_else
from deploy.pipeline.public_health import NotKnown, health_url, served_release, wait_until

SECRETS = ("DEPLOY_SSH_KEY", "SENTRY_AUTH_TOKEN", "GITHUB_TOKEN")
"""Not handed on to ./deploy.sh, which reads the key from a file."""
NOT_IN_AN_ACTOR = re.compile(r"[^A-Za-z0-9._@\[\]-]")
ACTOR_LIMIT = 64
"""What the droplet takes for an account; an odd name is no reason not to deploy."""
SHORTEST_SECRET = 8
"""Characters; shorter lines of a key are its frame or its end, and hide nothing."""


def redact(line: str, secrets: list[str]) -> str:
    """Replace what is secret in a line. GitHub masks its log; the job summary is ours to keep clean."""
    for secret in secrets:
        line = line.replace(secret, "***")
    return line


def secret_lines(environment: Mapping[str, str]) -> list[str]:
    """List every line of every secret that is long enough to be one."""
    lines = [line.strip() for name in SECRETS for line in environment.get(name, "").splitlines()]
    return [line for line in lines if len(line) >= SHORTEST_SECRET and not line.startswith("-----")]


def run_deploy(arguments: list[str], environment: Mapping[str, str], *, say: Callable[[str], None]) -> int:
    """Run ./deploy.sh, hand each line of its output to `say`, return its exit code (130 when interrupted)."""
    with tempfile.TemporaryDirectory(dir=environment.get("RUNNER_TEMP")) as folder:
        key = Path(folder) / "key"
        key.touch(mode=0o600)
        key.write_text(environment["DEPLOY_SSH_KEY"].rstrip("\n") + "\n", encoding="utf-8")
        handed_on = {name: value for name, value in environment.items() if name not in SECRETS}
        actor = NOT_IN_AN_ACTOR.sub("-", environment.get("DEPLOY_ACTOR", ""))[:ACTOR_LIMIT]
        with subprocess.Popen(  # noqa: S603 - no shell; the arguments are a verb and a checked SHA
            ["./deploy.sh", *arguments],
            env={**handed_on, "DEPLOY_SSH_KEY_FILE": str(key), "DEPLOY_ACTOR": actor},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            try:
                for line in process.stdout or ():
                    say(line.rstrip("\n"))
            except KeyboardInterrupt:
                process.terminate()
                return 130
        return process.returncode if process.returncode >= 0 else 128 - process.returncode


def look_outside(url: str, *, wanted: str, before: str, patience: float) -> tuple[Outcome, str]:
    """Ask the public address until it serves what was wanted (""; another than before).

    Return the outcome, and the SHA that is served, "" when it is not the right one.
    """
    accepts = (lambda sha: sha == wanted) if wanted else (lambda sha: sha != before)
    try:
        sha = wait_until(accepts, url=url, patience_seconds=patience)
    except NotKnown as problem:
        return serves_something_else(str(problem)), ""
    return serves(sha, url=url), sha


def ship(environment: Mapping[str, str]) -> int:
    """Deploy or roll back, write summary and outputs; the exit code of the step. Raises `Refused`."""
    arguments = check_settings(environment)
    url, patience = health_url(environment), read_patience(environment)
    before = _served_by(url)
    write_outputs(environment, {"before": before})
    secrets = secret_lines(environment)
    lines: deque[str] = deque(maxlen=SHOWN_LINES)

    def say(line: str) -> None:
        lines.append(redact(line, secrets))
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()

    with foreign_output():
        exit_code = run_deploy(arguments, environment, say=say)
    if exit_code:
        outcome, sha = read_exit(exit_code), ""
    else:
        outcome, sha = look_outside(url, wanted=environment["RELEASE_SHA"], before=before, patience=patience)
    write_summary(environment, render(outcome, approver=environment.get("APPROVER", ""), lines=list(lines)))
    annotate("error" if outcome.exit_code else "notice", f"{outcome.headline}. {outcome.advice}")
    write_outputs(environment, {"sha": sha, "url": url if sha else ""})
    return outcome.exit_code


def _served_by(url: str) -> str:
    try:
        return served_release(url)
    except NotKnown:
        return ""


def main(environment: Mapping[str, str]) -> int:
    """Run `ship`; a refusal is told in the summary too."""
    try:
        return ship(environment)
    except (Refused, NotKnown) as refusal:  # before ./deploy.sh began
        tell(environment, "error", str(refusal))
        return 1


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a cancelled run still writes its summary
    sys.exit(main(os.environ))
