"""Check that this attempt of this run was approved for its target.

A second check behind GitHub's own gate, which fails open when it is not configured, and which an administrator can
bypass. GitHub keeps one list of reviews for a run, not for an attempt of it, and the entries carry no time: so an
attempt counts as approved only when there are more reviews than earlier attempts that have used one up, and no more
rejections than those: a rejection always ends its attempt.
Shapes: https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from booty.observability.text.untrusted import code
from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import Refused, tell, write_outputs
from deploy.pipeline.github.rest import GitHub, GitHubAnswer
from deploy.pipeline.planning.protection import read_protection
from deploy.pipeline.target import TARGETS, Target

JOB = "deploy"
"""The `name` of the job that names the Environment, in target.yml; deploy.yml puts that of the target before it."""
LOOKS = 3
PAUSE_SECONDS = 2.0
"""Between looks: an approval that was given a moment ago may not be on the list yet."""

NOT_APPROVED = """This run was not approved for `{target}`, so nothing is deployed. Either the Environment has no
required reviewer, or an administrator bypassed it. Check {settings}, then start a new run
(Actions > deploy > Run workflow) and approve it."""
REJECTED = """This run was rejected for `{target}`, so nothing is deployed. Start a new run (Actions > deploy >
Run workflow) and approve it."""
STALE = """This is attempt {attempt} of the run, and the approval was given for an earlier attempt. Nothing is deployed.
Start a new run (Actions > deploy > Run workflow, release: {sha}) and approve that."""
NOT_READABLE = "The approval could not be checked, so nothing is deployed: {problem}. Run the job again."


def approvers(reviews: Any, *, target: Target) -> tuple[list[str], int]:  # noqa: ANN401 - JSON from GitHub
    """Return who approved for `target`, in GitHub's order, and how many rejections there are."""
    ours = [review for review in reviews if any(e.get("name") == target.name for e in review["environments"])]
    approved = [review["user"]["login"] for review in ours if review["state"] == "approved"]
    return approved, sum(review["state"] == "rejected" for review in ours)


def spent_reviews(jobs: Any, *, attempt: int, target: Target) -> int:  # noqa: ANN401 - JSON from GitHub
    """Count the earlier attempts that came as far as the gate of `target`.

    One that was cancelled while it waited counts too, although nobody reviewed it: that errs on the closed side.
    """
    earlier = {
        job["run_attempt"]
        for job in jobs
        if _is_at_gate(job["name"], target) and job["run_attempt"] < attempt and job["conclusion"] != "skipped"
    }
    return len(earlier)


def _is_at_gate(name: str, target: Target) -> bool:
    """Return whether a job deploys to `target`, as any does that is not known to deploy to another one."""
    *callers, own = name.split(" / ")
    return own == JOB and not any(other.name in callers for other in TARGETS if other != target)


def verify(github: GitHub, *, target: Target, run_id: int, attempt: int, sha: str) -> str:
    """Return who approved this run, "" where nobody has to; raise `Refused` when this attempt was not approved."""
    if target.may_go_unapproved and not read_protection(github.get(target.api_path)).is_closed:
        return ""
    names, rejections = approvers(github.get(f"actions/runs/{run_id}/approvals"), target=target)
    if not names:
        raise Refused(NOT_APPROVED.format(target=target.name, settings=target.settings_page))
    spent = 0
    if attempt > 1:
        jobs = github.get(f"actions/runs/{run_id}/jobs", filter="all", per_page=100)
        spent = spent_reviews(jobs["jobs"], attempt=attempt, target=target)
        if jobs["total_count"] > len(jobs["jobs"]) or len(names) + rejections <= spent:
            raise Refused(STALE.format(attempt=attempt, sha=sha))
    if rejections > spent:
        raise Refused(REJECTED.format(target=target.name))
    return ", ".join(dict.fromkeys(names))


def verify_patiently(look: Callable[[], str], *, pause: Callable[[float], object]) -> str:
    """Look `LOOKS` times before taking no for an answer; every error is a no."""
    refusal = Refused()
    for number in range(LOOKS):
        if number:
            pause(PAUSE_SECONDS)
        try:
            return look()
        except Refused as no:
            refusal = no
        except (GitHubAnswer, KeyError, TypeError, AttributeError) as problem:
            refusal = Refused(NOT_READABLE.format(problem=code(str(problem))))
    raise refusal


def main(environment: Mapping[str, str], target: Target) -> ExitCode:
    """Print who approved, or why nothing may be deployed."""
    github = GitHub.from_environment(environment)
    run_id, attempt = int(environment["GITHUB_RUN_ID"]), int(environment["GITHUB_RUN_ATTEMPT"])
    sha = environment.get("RELEASE_SHA") or "previous"
    try:
        who = verify_patiently(
            lambda: verify(github, target=target, run_id=run_id, attempt=attempt, sha=sha), pause=time.sleep
        )
    except Refused as refusal:
        tell(environment, "error", str(refusal))
        return ExitCode.FAILED
    asked = f"Approved for {target.name} by {who}" if who else f"{target.name} asks nobody for an approval"
    sys.stdout.write(f"{asked} (attempt {attempt}).\n")
    write_outputs(environment, {"approver": who})
    return ExitCode.DONE


if __name__ == "__main__":
    run(main, program="approval", description=__doc__)
