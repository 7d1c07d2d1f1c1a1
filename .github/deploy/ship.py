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

from changes import SHA
from outcome import SHOWN_LINES, Outcome, read_exit, render, serves, serves_something_else
from public_health import NotKnown, health_url, served_release, wait_until
from runner import Refused, annotate, foreign_output, tell, write_outputs, write_summary

SECRETS = ("DEPLOY_SSH_KEY", "SENTRY_AUTH_TOKEN", "GITHUB_TOKEN")
"""Not handed on to ./deploy.sh, which reads the key from a file."""
REQUIRED = {
    "DEPLOY_SSH_KEY": "gh secret set DEPLOY_SSH_KEY --env production < KEYFILE",
    "DEPLOY_HOST": "gh variable set DEPLOY_HOST --env production --body HOST",
    "DEPLOY_KNOWN_HOSTS": "gh variable set DEPLOY_KNOWN_HOSTS --env production < KNOWN_HOSTS_FILE",
    "SERVER_NAME": "gh variable set SERVER_NAME --body NAME",
}
DEFAULT_PATIENCE_SECONDS = "20"
SHORTEST_SECRET = 8
"""Characters; shorter lines of a key are its frame or its end, and hide nothing."""
NOT_SET = "Nothing is deployed: {names} not set. Set what is missing and run the job again:\n{commands}"
NOT_A_PATIENCE = "Nothing is deployed: the variable HEALTH_PATIENCE_SECONDS must be a whole number from 0 to 999."
NOT_OURS = "Nothing is deployed: the plan asked for {verb!r} of {sha!r}, which this program does not know."


def check_settings(environment: Mapping[str, str]) -> list[str]:
    """Return the arguments for ./deploy.sh; raises `Refused`, naming all that is missing."""
    missing = [name for name in REQUIRED if not environment.get(name)]
    if missing:
        names = ", ".join(missing) + (" is" if len(missing) == 1 else " are")
        raise Refused(NOT_SET.format(names=names, commands="\n".join(REQUIRED[name] for name in missing)))
    verb, sha = environment["VERB"], environment["RELEASE_SHA"]
    if not ((verb == "deploy" and SHA.fullmatch(sha)) or (verb == "rollback" and (not sha or SHA.fullmatch(sha)))):
        raise Refused(NOT_OURS.format(verb=verb, sha=sha))
    return [verb, *([sha] if sha else [])]


def read_patience(environment: Mapping[str, str]) -> float:
    """Return how long, in seconds, the public address may take; raises `Refused`."""
    given = environment.get("HEALTH_PATIENCE_SECONDS") or DEFAULT_PATIENCE_SECONDS
    if not re.fullmatch(r"[0-9]{1,3}", given):
        raise Refused(NOT_A_PATIENCE)
    return float(given)


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
        with subprocess.Popen(  # noqa: S603 - no shell; the arguments are a verb and a checked SHA
            ["./deploy.sh", *arguments],
            env={**handed_on, "DEPLOY_SSH_KEY_FILE": str(key)},
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
