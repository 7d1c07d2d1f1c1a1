"""Run ./deploy.sh with the key, then check from outside what is served.

The only program of the workflow that sees the deploy key. Reads VERB, RELEASE_SHA and BEFORE_SHA from the plan, the
Environment's secret DEPLOY_SSH_KEY and its variables, which ./deploy.sh reads too. Exits as ./deploy.sh did, with two
exceptions: `DONE` with a warning when the release serves but the runner cannot see the public address; `FAILED` when
it succeeded but the public address serves something else. Writes the job summary and the outputs `sha` and
`url`; for staging `since` and `alerts` as well, for the page of what comes after it.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping

from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import Refused, annotate, foreign_output, tell, write_outputs, write_summary
from deploy.pipeline.public_health import NotKnown, health_url, wait_until
from deploy.pipeline.shipping.deploy_script import has_asked, read_live, redact, run_deploy, secret_lines
from deploy.pipeline.shipping.deploy_settings import check_settings, read_patience
from deploy.pipeline.shipping.outcome import SHOWN_LINES, Outcome, read_exit, render, serves, serves_something_else
from deploy.pipeline.shipping.standing import read_standing
from deploy.pipeline.target import STAGING, Target


def check_outside(
    url: str, *, wanted: str, before: str, patience_seconds: float, target: Target
) -> tuple[Outcome, str]:
    """Ask the public address until it serves `wanted`; where that is "", any release but `before` will do.

    Return the outcome, and the SHA that is served, "" when it is not the right one.
    """
    accepts = (lambda sha: sha == wanted) if wanted else (lambda sha: sha != before)
    try:
        sha = wait_until(accepts, url=url, patience_seconds=patience_seconds)
    except NotKnown as problem:
        return serves_something_else(str(problem), target=target), ""
    return serves(sha, url=url, target=target), sha


def ship(environment: Mapping[str, str], *, target: Target) -> int:
    """Deploy or roll back, write summary and outputs; return the exit code of the step. Raises `Refused`, `NotKnown`.

    A rollback to `previous` names no SHA: the droplet says which it was. BEFORE_SHA was asked before the approval, so
    it may be out of date, and counts only where the droplet says nothing.
    """
    arguments = check_settings(environment, target=target)
    url, patience = health_url(environment), read_patience(environment)
    secrets = secret_lines(environment)
    lines: deque[str] = deque(maxlen=SHOWN_LINES)

    def say(line: str) -> None:
        lines.append(redact(line, secrets))
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()

    with foreign_output():
        exit_code = run_deploy(arguments, environment, say=say)
    wanted, before = environment["RELEASE_SHA"] or read_live(lines), environment.get("BEFORE_SHA", "")
    if exit_code:
        outcome, sha = read_exit(exit_code, target=target), wanted if exit_code == ExitCode.UNSEEN else ""
    elif has_asked(lines, url=url, sha=wanted):
        outcome, sha = serves(wanted, url=url, target=target), wanted
    else:
        outcome, sha = check_outside(url, wanted=wanted, before=before, patience_seconds=patience, target=target)
    write_summary(environment, render(outcome, approver=environment.get("APPROVER", ""), lines=list(lines)))
    annotate(outcome.level, f"{outcome.headline}. {outcome.advice}")
    write_outputs(environment, {"sha": sha, "url": url if sha else ""})
    if sha and target == STAGING:  # another target's page shows it
        write_outputs(environment, read_standing(lambda words, hear: run_deploy(words, environment, say=hear), sha=sha))
    return outcome.exit_code


def main(environment: Mapping[str, str], target: Target) -> int:
    """Run `ship`; a refusal and a cancelled run are in the summary too."""
    try:
        return ship(environment, target=target)
    except (Refused, NotKnown) as refusal:  # before ./deploy.sh began
        tell(environment, "error", str(refusal))
        return ExitCode.FAILED
    except KeyboardInterrupt:  # before ./deploy.sh began, or after it ended
        outcome = read_exit(ExitCode.INTERRUPTED, target=target)
        write_summary(environment, f"## {outcome.headline}\n\n{outcome.advice}\n")
        annotate(outcome.level, f"{outcome.headline}. {outcome.advice}")
        return outcome.exit_code


if __name__ == "__main__":
    run(main, program="ship", description=__doc__)
