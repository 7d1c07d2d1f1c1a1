"""Tag a release that is put up for approval.

Runs before the gate, beside the plan, which may write nothing. Reads RELEASE_SHA. A tag that is refused is reported and
stops nothing; one that names another commit stops the deploy: who could move it could also name a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from booty.observability.text.untrusted import code
from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import Refused, tell
from deploy.pipeline.github.rest import GitHub, GitHubAnswer
from deploy.pipeline.release import SHA, name_of
from deploy.pipeline.target import Target

NOT_TAGGED = "The release was not tagged ({problem}). The deploy does not need the tag."
ELSEWHERE = """The tag `{name}` exists and names something else: {there}. Only this workflow should write such a tag,
so nothing is deployed. Find out who made it, delete it (`git push origin :refs/tags/{name}`), and run this again."""


def tag(github: GitHub, sha: str) -> str:
    """Make the tag `booty@<sha>`. Return why it could not be made, "" when it is there.

    Raises `Refused` when it is there and names anything but this commit. GitHub refuses a tag on a commit whose
    workflows differ from every branch's: hence now, since main may move while the approval is awaited.
    """
    name = name_of(sha)
    try:
        found = github.get(f"git/ref/tags/{name}")["object"]
        if (found["type"], found["sha"]) != ("commit", sha):
            raise Refused(ELSEWHERE.format(name=name, there=code(f"{found['type']} {found['sha']}", limit=80)))
    except GitHubAnswer as answer:
        return _make(github, sha) if answer.status == HTTPStatus.NOT_FOUND else _not_tagged(answer)
    except (KeyError, TypeError) as problem:
        return _not_tagged(problem)
    return ""


def _make(github: GitHub, sha: str) -> str:
    try:
        github.post("git/refs", {"ref": f"refs/tags/{name_of(sha)}", "sha": sha})
    except GitHubAnswer as answer:
        return _not_tagged(answer)
    return ""


def _not_tagged(problem: Exception) -> str:
    return NOT_TAGGED.format(problem=code(str(problem)))


def main(environment: Mapping[str, str], target: Target) -> ExitCode:  # noqa: ARG001 - every program takes a target
    """Tag the release; `FAILED` for a tag that names something else, or a SHA that is not one."""
    sha = environment["RELEASE_SHA"]
    if not SHA.fullmatch(sha):
        tell(environment, "error", f"RELEASE_SHA is not a full commit SHA: {sha!r}")
        return ExitCode.FAILED
    try:
        problem = tag(GitHub.from_environment(environment), sha)
    except Refused as refusal:
        tell(environment, "error", str(refusal))
        return ExitCode.FAILED
    if problem:
        tell(environment, "notice", problem)
    return ExitCode.DONE


if __name__ == "__main__":
    run(main, program="tag", description=__doc__)
