"""Put a release up for approval.

Runs before the gate, without secrets. Refuses, with what to do next, what must not be put before an approver.
Reads the runner's environment, RELEASE_INPUT (a SHA, `previous` or nothing), CHECK_RESULT, the repository's variables
SERVER_NAME and HEALTH_SCHEME, what must have served the release before (STAGING and STAGED), and from the step before:
SERVED (the SHA that the public address names; without it that is asked here), PROGRAMS (the commit of these programs),
PROGRAMS_ARE (`approved`, or why they are not). Writes the job summary and the outputs `verb`, `sha` and `served`, for
the jobs behind the gate, which do not ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from booty.observability.text.untrusted import code
from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import Refused, annotate, tell, write_outputs, write_summary
from deploy.pipeline.github.links import Links
from deploy.pipeline.github.rest import GitHub, GitHubAnswer
from deploy.pipeline.planning.approval_page import render
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.deployed import list_deployed
from deploy.pipeline.planning.history import read_history
from deploy.pipeline.planning.ownership import find_unguarded
from deploy.pipeline.planning.protection import NO_ENVIRONMENT, NO_REVIEWER, Protection, read_protection
from deploy.pipeline.planning.request import choose_verb, read_request
from deploy.pipeline.planning.risks import Plan, Waiting
from deploy.pipeline.planning.staged import prove_staged
from deploy.pipeline.public_health import NotKnown, health_url, served_release
from deploy.pipeline.release import SHA
from deploy.pipeline.target import Target

WORKFLOW = "deploy.yml"

NOT_IN_MAIN = "{sha} is not a commit of main. Merge it first; only what was merged is deployed."
NOT_READABLE = """The Environment `{target}` could not be checked ({problem}), so nothing is put up for approval.
Run the job again; the job needs `actions: read`."""
NOT_LISTED = "The runs that wait for approval could not be listed ({problem})."


def check_gate(github: GitHub, *, target: Target) -> Protection:
    """Return the protection of the Environment; raises `Refused` when it would let a job run that must wait."""
    try:
        protection = read_protection(github.get(target.api_path))
    except GitHubAnswer as answer:
        text = NO_ENVIRONMENT if answer.status == HTTPStatus.NOT_FOUND else NOT_READABLE
        raise Refused(text.format(target=target.name, problem=code(str(answer)))) from answer
    except (KeyError, TypeError, AttributeError) as problem:
        not_understood = code(f"not understood: {problem!r}")
        raise Refused(NOT_READABLE.format(target=target.name, problem=not_understood)) from problem
    if not (protection.is_closed or target.may_go_unapproved):
        raise Refused(NO_REVIEWER.format(target=target.name))
    return protection


def waiting_runs(github: GitHub, *, own: int, sha: str, clone: Clone) -> tuple[Waiting, ...]:
    """List the other runs that wait for their approval; a list that cannot be had is only noted."""
    try:
        runs = github.get(f"actions/workflows/{WORKFLOW}/runs", status="waiting", per_page=20)["workflow_runs"]
        return tuple(
            Waiting(
                number=run["run_number"],
                url=run["html_url"],
                sha=run["head_sha"],
                included=run["event"] == "push"
                and clone.has(run["head_sha"])
                and clone.contains(run["head_sha"], tip=sha),
            )
            for run in runs
            if run["id"] != own
        )
    except (GitHubAnswer, KeyError, TypeError, ValueError) as problem:
        annotate("notice", NOT_LISTED.format(problem=problem))
        return ()


def make_plan(environment: Mapping[str, str], *, target: Target, github: GitHub, clone: Clone) -> Plan:
    """Gather everything that the page shows; raises `Refused`."""
    request = read_request(environment)
    protection = check_gate(github, target=target)
    head = environment["GITHUB_SHA"]
    served, reason = _ask_outside(environment)
    deployed = list_deployed(github, target=target)
    history = read_history(deployed, served=served, clone=clone, wants_previous=request.sha is None)
    sha = request.sha or history.previous
    if sha and not (clone.has(sha) and clone.contains(sha, tip=head)):
        raise Refused(NOT_IN_MAIN.format(sha=sha))
    verb = choose_verb(request, served=served, clone=clone)
    comparable = sha and served and clone.has(served)
    actor = environment.get("GITHUB_TRIGGERING_ACTOR") or environment["GITHUB_ACTOR"]
    warnings = (
        *protection.warnings(actor=actor, target=target),
        *find_unguarded(github, clone=clone, main=head),
        *history.warnings,
    )
    for warning in warnings:
        annotate("warning", warning)
    return Plan(
        target=target,
        verb=verb,
        sha=sha,
        served=served,
        not_served_because=reason,
        changes=clone.changes(before=str(served), after=str(sha)) if comparable else None,
        checked=environment["CHECK_RESULT"] == "success",
        reviewers=(*protection.users, *protection.teams),
        waiting=waiting_runs(github, own=int(environment["GITHUB_RUN_ID"]), sha=sha or head, clone=clone),
        warnings=warnings,
        programs=environment.get("PROGRAMS", ""),
        programs_are=environment.get("PROGRAMS_ARE", ""),
        links=Links.from_environment(environment),
        staged=prove_staged(environment, sha=request.sha, clone=clone) if request.sha and verb == "deploy" else None,
    )


def _ask_outside(environment: Mapping[str, str]) -> tuple[str | None, str]:
    if SHA.fullmatch(environment.get("SERVED", "")):
        return environment["SERVED"], ""
    try:
        return served_release(health_url(environment)), ""
    except NotKnown as problem:
        return None, str(problem)


def main(environment: Mapping[str, str], target: Target) -> ExitCode:
    """Write the approval page and the outputs, or why nothing is put up for approval."""
    github = GitHub.from_environment(environment)
    try:
        plan = make_plan(environment, target=target, github=github, clone=Clone(Path.cwd()))
    except Refused as refusal:
        tell(environment, "error", str(refusal))
        return ExitCode.FAILED
    write_summary(environment, render(plan))
    write_outputs(environment, {"verb": plan.verb, "sha": plan.sha or "", "served": plan.served or ""})
    return ExitCode.DONE


if __name__ == "__main__":
    run(main, program="plan", description=__doc__)
